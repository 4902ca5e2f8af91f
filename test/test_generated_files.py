"""The files that are made from the code are current."""

import runpy
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parent.parent / "docs" / "generate.py"
FILES: dict[Path, str] = runpy.run_path(str(GENERATOR))["files"]()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_generated_file_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == FILES[path], "run python docs/generate.py"
