"""Where there is no room the version that serves stays the one that serves, and nothing half-written is left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from adapters_to_test import beside_the_shipped, make_adapter

from shadowhound_memory.adapters.promotion import ADAPTER, BASE, RULES
from shadowhound_memory.adapters.registry import CURRENT, Registry
from shadowhound_memory.models.files import child_environment

LIMITED = """
import resource, signal, sys
from shadowhound_memory.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(main(sys.argv[2:]))
"""


def adapters(limit: int, *arguments: str) -> tuple[int, str]:
    """The command with files of at most so many bytes: its exit code and what it said on standard error."""
    command = [sys.executable, "-c", LIMITED, str(limit), "adapters", *arguments]
    done = subprocess.run(command, env=child_environment(), capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, " ".join(done.stderr.split())


def figures(value: float) -> dict[str, float]:
    return {"rows": 60.0, "schema": 1.0, "event": value, "tag F1": value, "inventions": 0.0}


def trained(folder: Path, value: float) -> Path:
    ways = {ADAPTER: figures(value), BASE: figures(0.5), RULES: figures(0.5), beside_the_shipped(): figures(0.5)}
    return make_adapter(folder, scope="site", evaluation={"held out": ways})


@pytest.mark.parametrize(
    ("command", "limit"),
    [("promote", 100), ("promote", 800), ("rollback", 0)],
    ids=["the weights do not fit", "the card does not fit", "the pointer does not fit"],
)
def test_a_full_disk_leaves_what_serves_and_says_so(command: str, limit: int, tmp_path: Path) -> None:
    data = ["--data-dir", str(tmp_path)]
    registry = Registry(tmp_path / "adapters")
    for value in (0.6, 0.7):
        assert adapters(10**6, "promote", str(trained(tmp_path / str(value), value)), *data) == (0, "")
    better = trained(tmp_path / "better", 0.9)
    before = sorted((tmp_path / "adapters").rglob("*"))
    code, told = adapters(limit, command, str(better) if command == "promote" else "writing/site", *data)
    assert code == os.EX_IOERR and "Traceback" not in told and "File too large" in told
    assert sorted((tmp_path / "adapters").rglob("*")) == before
    assert (registry.own / "writing/site" / CURRENT).read_text() == "1\n2\n"
    serving = registry.current("writing", "site")
    assert serving and serving.name == "writing/site/2"
