"""The local model through its own door: valid replies, recall first, and a worker that may die at any time."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from jsonschema import validate
from requests_to_ask import REPLY_SCHEMA, request_for

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.models.base import Completion, Priority
from shadowhound_memory.models.local import LocalModel
from shadowhound_memory.settings import Settings

OBSERVATIONS = [
    "Saw the red mug on the kitchen table, next to a newspaper.",
    "Battery dropped to 18 percent while I was waiting near the lift.",
    'Someone said: "please bring the first aid kit to the Küche"',
    "door 204 closed",
    "Water on the floor in corridor B. " * 8,
]
ENDLESS = "start: /[a-z ]{4000}/"
"""A grammar whose reply lasts until max_tokens: it keeps the model busy for as long as a test needs."""


def endless(model: LocalModel, timeout: float) -> tuple[threading.Thread, list[str]]:
    """Keep the model busy with writing, in a thread of its own; the list receives the reason why it ended."""
    reasons: list[str] = []

    def work() -> None:
        try:
            requests = [request_for(text, grammar=ENDLESS, max_tokens=1500) for text in OBSERVATIONS[:2]]
            model.complete(requests, Priority.WRITING, timeout)
        except ModelUnavailable as unavailable:
            reasons.append(str(unavailable))

    thread = threading.Thread(target=work)
    thread.start()
    return thread, reasons


def test_replies_of_a_batch_follow_the_schema(local_model: LocalModel) -> None:
    replies = local_model.complete([request_for(text) for text in OBSERVATIONS], Priority.WRITING, 120)
    assert len(replies) == len(OBSERVATIONS)
    for reply in replies:
        assert reply.finished
        validate(json.loads(reply.text), REPLY_SCHEMA)
        assert reply.prompt_tokens > 50 and reply.completion_tokens > 10


def test_a_grammar_narrows_the_reply(local_model: LocalModel) -> None:
    grammar = r"""
start: "{\"event\":\"" EVENT "\",\"text\":\"" TEXT "\",\"tags\":[]}"
EVENT: "object_seen" | "note"
TEXT: SUB & /[^ ].{3,}/
SUB: %regex {"substring_words": "Saw the red mug on the kitchen table"}
"""
    (reply,) = local_model.complete([request_for(OBSERVATIONS[0], grammar=grammar)], Priority.WRITING, 60)
    assert json.loads(reply.text)["text"] in OBSERVATIONS[0]


def test_what_leaves_no_choice_needs_no_model(local_model: LocalModel) -> None:
    (reply,) = local_model.complete([request_for("anything", grammar='start: "fixed words"')], Priority.WRITING, 60)
    assert (reply.text, reply.finished) == ("fixed words", True)


def test_a_reply_cut_at_max_tokens_says_so(local_model: LocalModel) -> None:
    (reply,) = local_model.complete([request_for("a door", max_tokens=8)], Priority.WRITING, 60)
    assert not reply.finished


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (request_for("a door", grammar="start: missing_rule"), "grammar"),
        (request_for("a door " * 6000), "over the 3072 for writing"),
        (request_for("a door", max_tokens=9000), "window"),
        (request_for("a door", adapter="writing-1"), "adapter 'writing-1'"),
    ],
)
def test_a_request_it_cannot_serve_is_refused_with_a_reason(local_model, request_, reason) -> None:
    with pytest.raises(ModelUnavailable, match=reason):
        local_model.complete([request_], Priority.WRITING, 60)
    assert local_model.complete([request_for("a door")], Priority.WRITING, 60)[0].finished


def test_no_requests_no_replies(local_model: LocalModel) -> None:
    assert local_model.complete([], Priority.WRITING, 60) == []


def test_recall_overtakes_writing_a_timeout_frees_and_a_killed_worker_returns(
    local_model: LocalModel,
) -> None:
    writing, reasons = endless(local_model, timeout=60)
    time.sleep(0.5)
    (reply,) = local_model.complete([request_for("a door")], Priority.RECALL, 60)
    assert reply.finished and writing.is_alive(), "the recall waited for the writing"
    with pytest.raises(ModelUnavailable, match=r"longer than 0\.5 s"):
        local_model.complete([request_for("a door", grammar=ENDLESS, max_tokens=1500)], Priority.RECALL, 0.5)
    assert local_model.complete([request_for("a door")], Priority.RECALL, 60)[0].finished
    killed = local_model.process_id
    os.kill(killed, signal.SIGKILL)
    writing.join()
    assert "killed by SIGKILL" in reasons[0]
    with pytest.raises(ModelUnavailable, match=r"SIGKILL|loading"):
        local_model.complete([request_for("a door")], Priority.RECALL, 1)
    deadline = time.monotonic() + 120
    while local_model.state != "ready" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert local_model.process_id != killed
    assert local_model.complete([request_for("a door")], Priority.RECALL, 60)[0].finished


def test_the_worker_is_nice_and_ignores_ctrl_c(local_model: LocalModel) -> None:
    worker = psutil.Process(local_model.process_id)
    assert worker.nice() > psutil.Process().nice()
    worker.send_signal(signal.SIGINT)
    assert local_model.complete([request_for("a door")], Priority.WRITING, 60)[0].finished


def test_the_worker_dies_with_a_killed_parent() -> None:
    code = (
        "from shadowhound_memory.models.local import LocalModel\n"
        "from shadowhound_memory.settings import Settings\n"
        "import time\n"
        "model = LocalModel(Settings())\n"
        "while model.process_id is None: time.sleep(0.05)\n"
        "print(model.process_id, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        worker = psutil.Process(int(parent.stdout.readline()))
    finally:
        parent.kill()
        parent.wait()
    worker.wait(timeout=60)


def test_a_missing_model_is_a_reason_and_a_state() -> None:
    model = LocalModel(Settings(model="/nowhere/model.gguf"))
    try:
        assert not model.wait_ready(60)
        assert "/nowhere/model.gguf" in model.state
        with pytest.raises(ModelUnavailable, match=re.escape(model.state)):
            model.complete([request_for("a door")], Priority.RECALL, 1)
    finally:
        model.close()


def test_a_folder_that_is_no_model_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    model = LocalModel(Settings(model=str(tmp_path)))
    try:
        assert not model.wait_ready(120)
        assert "cannot be loaded" in model.state and str(tmp_path) in model.state
    finally:
        model.close()


def test_closing_ends_the_worker_and_what_waits() -> None:
    model = LocalModel(Settings())
    assert model.wait_ready(240)
    worker = psutil.Process(model.process_id)
    outcome: list[Completion | str] = []

    def ask() -> None:
        try:
            outcome.extend(model.complete([request_for("x", grammar=ENDLESS, max_tokens=1500)], Priority.RECALL, 60))
        except ModelUnavailable as unavailable:
            outcome.append(str(unavailable))

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.5)
    model.close()
    asking.join()
    assert "closed" in outcome[0]
    worker.wait(timeout=10)
    assert model.state == "closed"
