# On a machine without ROS: everything in .venv, with ROS 2 from the Python package index.
# On a robot with ROS 2 use colcon instead (see README.md).
#
#   make demo         play a mission log to the real node and ask it questions
#   make test         style, types and all tests
#   make test-launch  run the launch file for real (PYTHONPATH: where launch and launch_ros are)
#   make bench        measure speed and quality
#   make bench-recall measure recall on data that is not part of this package (DATA=../shared/data)
#   make bench-adapters measure the shipped adapters and how fast adapters are served
#   make docs         write config/memory.yaml, config/memory.schema.json and docs/interfaces.md anew
#   make setup        only the set-up that the others begin with; skipped when done
#   make clean        remove what was built; .venv stays

PYTHON ?= python3

VENV := .venv
DONE := $(VENV)/.done
LOG := $(VENV)/setup.log
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
# Ends a step of the set-up: what it printed is shown only when it failed.
LOGGED = >> $(LOG) 2>&1 || { tail -n 20 $(LOG); echo "set-up failed; the whole log: $(LOG)"; exit 1; }

# A finished step leaves a file named by the content of what it was made from.
hash = $(shell cat $(1) | sha256sum | cut -c 1-16)
REQUIREMENTS := requirements.txt requirements-ros.txt requirements-dev.txt requirements-models.txt
INTERFACES := $(sort $(shell find shadowhound_memory_msgs -type f))
INSTALLED := $(DONE)/requirements-$(call hash,$(REQUIREMENTS))
GENERATED := $(DONE)/interfaces-$(call hash,requirements-ros.txt $(INTERFACES))
PACKAGED := $(DONE)/package-$(call hash,requirements.txt package.xml setup.py setup.cfg)
PREPARED := $(DONE)/models-$(call hash,requirements.txt requirements-models.txt)
PEERS := $(DONE)/bench-$(call hash,requirements-bench.txt)
finished = rm -f $(DONE)/$(1)-* && touch $@

# A sourced ROS installation must not mix with the wheels: other versions of the same libraries.
ifdef ROS_DISTRO
$(info ROS $(ROS_DISTRO) is sourced: make leaves it aside and uses the ROS wheels in $(VENV); to build for this ROS use colcon (README.md))
unexport ROS_DISTRO ROS_VERSION ROS_PYTHON_VERSION AMENT_PREFIX_PATH CMAKE_PREFIX_PATH COLCON_PREFIX_PATH
unexport PYTHONPATH LD_LIBRARY_PATH RMW_IMPLEMENTATION
endif

.PHONY: help setup demo test test-launch bench bench-recall bench-adapters docs clean
help:
	@sed -n 's/^#   //p' Makefile

setup: $(PREPARED)

demo: setup
	@$(BIN)/python demo/run.py

test: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "format the files with: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/python -m pytest --ignore test/launch

# Installed into build/launch as ROS would install it, for the launch file to find.
test-launch: setup
	@$(BIN)/python -c 'import launch_ros.actions' || { \
	  echo "launch_ros cannot be imported, and the Python package index does not have it; give its place:" \
	    "make test-launch PYTHONPATH=... (CONTRIBUTING.md says how to get it)"; exit 1; }
	@rm -rf build/launch
	@$(PIP) install --no-deps --no-build-isolation --ignore-installed --prefix build/launch . $(LOGGED)
	@mkdir -p build/launch/lib/shadowhound_memory
	@ln -s ../../bin/memory_node build/launch/lib/shadowhound_memory
	@AMENT_PREFIX_PATH=$(CURDIR)/build/launch:$(CURDIR)/$(VENV) $(BIN)/python -m pytest test/launch

bench: setup $(PEERS)
	@$(BIN)/python -m bench

bench-recall: setup $(PEERS)
	@$(BIN)/python -m bench recall --arm all $(if $(DATA),--data $(DATA))

bench-adapters: setup $(PEERS)
	@$(BIN)/python -m bench adapters

docs: setup
	@$(BIN)/python docs/generate.py

clean:
	rm -rf build install log demo/out bench/out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(DONE)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2> /dev/null || { \
	  echo "$(PYTHON) is $$($(PYTHON) --version 2> /dev/null || echo missing);" \
	    "this needs Python 3.10 to 3.13: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@test -f "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" || { \
	  echo "the headers of $(PYTHON) are missing; on Debian and Ubuntu: apt install python3-dev"; exit 1; }
	@command -v gcc > /dev/null && command -v g++ > /dev/null || { \
	  echo "gcc and g++ are missing; on Debian and Ubuntu: apt install build-essential"; exit 1; }
	@echo "setting up $(VENV): about 3 GB and a few minutes, once"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(DONE) && touch $@

# torch first, lest another package pull in a build for graphics cards. The ROS wheels name Python as it was installed on
# the machine that built them; the interfaces are built with this one.
$(INSTALLED): | $(DONE)/venv
	@echo "installing the pinned requirements"
	@$(PIP) install "$$(grep -o '^torch==[0-9.]*' requirements.txt)" $(LOGGED)
	@$(PIP) install -r requirements.txt -r requirements-ros.txt -r requirements-dev.txt $(LOGGED)
	@$(PIP) install --no-deps -r requirements-models.txt $(LOGGED)
	@include="$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("include"))')"; \
	  packages="$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"; \
	  find $(VENV)/share -name '*__rosidl_generator_pyExport.cmake' -exec sed -E -i \
	    -e "s|/opt/python/[^/]+/include/python3\.[0-9]+|$$include|g" \
	    -e "s|/opt/python/[^/]+/lib/python3\.[0-9]+/site-packages|$$packages|g" {} +
	@$(call finished,requirements)

$(GENERATED): private export VIRTUAL_ENV := $(CURDIR)/$(VENV)
$(GENERATED): private export AMENT_PREFIX_PATH := $(CURDIR)/$(VENV)
$(GENERATED): private export CMAKE_PREFIX_PATH := $(CURDIR)/$(VENV)
$(GENERATED): private export PATH := $(CURDIR)/$(BIN):$(PATH)
$(GENERATED): | $(INSTALLED)
	@echo "building the ROS interfaces"
	@rm -rf build/msgs
	@cmake -S shadowhound_memory_msgs -B build/msgs -G Ninja -DBUILD_TESTING=OFF \
	  -DCMAKE_INSTALL_PREFIX=$(CURDIR)/$(VENV) -DPython3_EXECUTABLE=$(CURDIR)/$(BIN)/python $(LOGGED)
	@cmake --build build/msgs $(LOGGED)
	@cmake --install build/msgs $(LOGGED)
	@$(call finished,interfaces)

$(PACKAGED): | $(GENERATED)
	@$(PIP) install --no-deps --no-build-isolation --editable . $(LOGGED)
	@$(call finished,package)

$(PREPARED): | $(PACKAGED)
	@echo "preparing the default models: a minute or two"
	@$(BIN)/shadowhound-memory models --prepare $(LOGGED)
	@$(call finished,models)

$(PEERS): | $(PREPARED)
	@echo "installing the peers to measure against"
	@$(PIP) install -r requirements-bench.txt $(LOGGED)
	@$(call finished,bench)
