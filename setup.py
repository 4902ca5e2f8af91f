"""The package as colcon and pip install it. Its pinned requirements stand in requirements*.txt."""

from glob import glob

from setuptools import find_packages, setup

NAME = "shadowhound_memory"
ADAPTERS = f"share/{NAME}/adapters"

setup(
    name=NAME,
    version="0.1.0",
    description="A robot's persistent memory: from an observation to a cited answer",
    license="Apache-2.0",
    maintainer="ShadowHound maintainers",
    maintainer_email="maintainers@shadowhound.example",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={NAME: ["py.typed"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        (f"share/{NAME}/launch", glob("launch/*.launch.py")),
        (f"share/{NAME}/config", glob("config/*")),
        *((version, glob(f"{version}/*")) for version in glob(f"{ADAPTERS}/*/*/*")),
    ],
    python_requires=">=3.10",
    install_requires=["setuptools"],
    extras_require={
        "test": ["pytest"],
        "train": ["torch", "transformers", "peft", "accelerate", "bitsandbytes", "PyYAML"],
    },
    entry_points={
        "console_scripts": [
            "shadowhound-memory = shadowhound_memory.__main__:main",
            "memory_node = shadowhound_memory.ros.node:main",
        ],
    },
)
