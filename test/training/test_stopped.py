"""Trainings that end early, in processes of their own: killed, interrupted, out of memory, on a full disk. What was
kept goes on, what went wrong is said in a sentence."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_model import tiny_model

from shadowhound_memory.adapters.card import CARD, CONFIG, WEIGHTS
from shadowhound_memory.adapters.verify import verify
from shadowhound_memory.models.files import child_environment
from training import train
from training.grammar.expand import samples
from training.saving import last_checkpoint
from training.train import CONFIGS

STEPS = 20
LIMITED = """
import resource, signal, sys
import torch
from training import train
torch.set_num_threads(1)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
name, limit = sys.argv[1], int(sys.argv[2])
if name == "AS":
    limit += int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limit, limit))
sys.exit(train.main(sys.argv[3:]))
"""
"""Trains with files of at most so many bytes (FSIZE), or so many bytes of memory more than it has (AS)."""


def recipe(folder: Path, **changes: int) -> Path:
    """The default recipe with these values, four pairs a step and a checkpoint after each."""
    text = (CONFIGS / "smollm2-135m.yaml").read_text()
    for name, value in ({"batch": 4, "effective_batch": 4, "eval_steps": 1, "patience": 1000} | changes).items():
        text = re.sub(rf"^{name}: \S+", f"{name}: {value}", text, flags=re.MULTILINE)
    path = folder / "recipe.yaml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("training")
    rows = folder / "rows.jsonl"
    drawn = (
        {"input": each.text, "output": {"event": each.event, "tags": each.tags}} for each in samples(24, 1, "train")
    )
    rows.write_text("".join(json.dumps(row) + "\n" for row in drawn))
    model, config = tiny_model(folder / "tiny"), recipe(folder)
    given = {"data": rows, "eval": rows, "model": model, "config": config, "device": "cpu"}
    return ["writing", "--json", *(part for name, value in given.items() for part in (f"--{name}", str(value)))]


def run(command: list[str]) -> "subprocess.Popen[str]":
    environment = child_environment() | {"MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # also in a background that ignores Ctrl-C
    )  # fmt: skip


def stop_after_two(arguments: list[str], out: Path, how: signal.Signals) -> tuple[int, str]:
    """Signal a training once its second checkpoint is whole. Returns its exit code and what it said."""
    child = run(["-m", "training.train", *arguments, "--out", str(out), "--max-steps", str(STEPS)])
    while child.poll() is None and last_checkpoint(out) in (None, out / "checkpoint-1"):
        time.sleep(0.02)
    child.send_signal(how)
    _, told = child.communicate(timeout=120)
    return child.returncode, told


def resumed(arguments: list[str], out: Path, capsys: pytest.CaptureFixture[str]) -> int:
    capsys.readouterr()
    assert train.main([*arguments, "--out", str(out), "--max-steps", str(STEPS), "--resume"]) == 0
    verify(out)
    assert {path.name for path in out.iterdir()} == {CARD, CONFIG, WEIGHTS}
    return json.loads(capsys.readouterr().out.splitlines()[-1])["steps"]


def test_a_killed_training_goes_on_from_its_last_whole_checkpoint(arguments, tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    code, told = stop_after_two(arguments, out, signal.SIGKILL)
    assert code == -signal.SIGKILL and not (out / CARD).exists(), told
    whole = last_checkpoint(out)
    assert whole
    half = out / f"checkpoint-{STEPS - 1}"  # as if it had been killed while it wrote this one
    shutil.copytree(whole, half)
    state = half / "trainer_state.json"
    state.write_bytes(state.read_bytes()[:100])
    (half / "optimizer.pt").unlink()
    assert resumed(arguments, out, capsys) == STEPS


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(arguments, tmp_path: Path, capsys) -> None:
    (tmp_path / "rows.jsonl").write_text("mine")
    assert train.main([*arguments, "--out", str(tmp_path)]) == 1
    assert "rows.jsonl, which is of no training" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]
    checkpoint = tmp_path / "out" / "checkpoint-1"
    checkpoint.mkdir(parents=True)
    (checkpoint / "trainer_state.json").write_text("{}")
    assert train.main([*arguments, "--out", str(tmp_path / "out")]) == 1
    assert "checkpoint-1 of another training" in capsys.readouterr().err


def test_after_control_c_the_checkpoint_is_kept_and_named(arguments, tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    code, told = stop_after_two(arguments, out, signal.SIGINT)
    assert code == 130 and "Traceback" not in told
    kept = last_checkpoint(out)
    assert kept and told.splitlines()[-1] == f"training: stopped; --resume goes on from step {kept.name.split('-')[1]}"
    assert resumed(arguments, out, capsys) == STEPS


def limited(name: str, limit: int, arguments: list[str], out: Path) -> str:
    """Train under a limit; it must fail, with a sentence as its last line. Returns this line."""
    child = run(["-c", LIMITED, name, str(limit), *arguments, "--out", str(out), "--max-steps", "4"])
    _, told = child.communicate(timeout=200)
    assert child.returncode == 1 and "Traceback" not in told, told
    assert not (out / CARD).exists()
    return told.splitlines()[-1]


def test_out_of_memory_names_the_settings_to_lower(arguments, tmp_path: Path) -> None:
    large = [*arguments, "--config", str(recipe(tmp_path, batch=24, effective_batch=24))]
    told = limited("AS", 400 * 2**20, large, tmp_path / "out")
    assert told == "training: out of memory; lower `batch` or `max_tokens` in the config, or use --quantize nf4"


@pytest.mark.parametrize("limit", [20_000, 50_000], ids=["weights do not fit", "moments do not fit"])
def test_a_full_disk_is_said_with_what_is_kept(arguments, limit: int, tmp_path: Path) -> None:
    told = limited("FSIZE", limit, arguments, tmp_path / "out")
    assert told.startswith(f"training: {tmp_path / 'out'} cannot be written (")
    assert "make room there; no checkpoint was written yet" in told
