"""The served model against a fake OpenAI-compatible server on loopback that plays what real ones get wrong."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from requests_to_ask import REPLY_SCHEMA, request_for

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.models.base import Priority
from shadowhound_memory.models.served import ServedModel
from shadowhound_memory.record import Observation
from shadowhound_memory.settings import Settings


def completion(content: str | None = "{}", finish: str = "stop", refusal: str | None = None) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }


def failure(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "fake", "code": None, "param": None}}


class FakeServer(ThreadingHTTPServer):
    """A fake server: answers each request as it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FakeHandler)
        self.status = 200
        self.kind = "application/json"
        self.body: bytes = json.dumps(completion()).encode()
        self.first: list[bytes] = []
        """Bodies of the first answers, before `body`."""
        self.headers: dict[str, str] = {}
        self.delay = 0.0
        self.asked: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def play(self, body: object, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status, self.kind, self.headers = status, kind, headers


class FakeHandler(BaseHTTPRequestHandler):
    server: FakeServer

    def do_POST(self) -> None:
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        body = self.server.first.pop(0) if self.server.first else self.server.body
        headers = {"Content-Type": self.server.kind, "Content-Length": str(len(body))} | self.server.headers
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # the client may have stopped waiting
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    thread = threading.Thread(target=fake.serve_forever, args=(0.05,))
    thread.start()
    yield fake
    fake.shutdown()
    thread.join()
    fake.server_close()


@pytest.fixture
def model(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedModel]:
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    served = ServedModel(Settings(memory_backend="openai", openai_base_url=server.address, openai_model="fake"))
    yield served
    served.close()


def reason(model: ServedModel, timeout: float = 10) -> str:
    with pytest.raises(ModelUnavailable) as unavailable:
        model.complete([request_for("a door")], Priority.WRITING, timeout)
    said = str(unavailable.value)
    assert "\n" not in said and len(said) < 400
    return said


def test_a_reply_with_its_cost(server: FakeServer, model: ServedModel) -> None:
    server.play(completion('{"event":"note"}'))
    replies = model.complete([request_for(text) for text in "abcdef"], Priority.RECALL, 10)
    assert [(reply.text, reply.finished) for reply in replies] == [('{"event":"note"}', True)] * 6
    assert (replies[0].prompt_tokens, replies[0].completion_tokens) == (7, 3)
    asked = server.asked[0]
    assert asked["model"] == "fake"
    assert asked["response_format"]["json_schema"]["schema"] == REPLY_SCHEMA
    assert sorted(each["messages"][-1]["content"] for each in server.asked) == list("abcdef")
    assert model.state == "ready"


def test_a_memory_says_that_its_draft_was_repaired(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    text = "A door stands ajar."
    server.first = [json.dumps(completion("no draft")).encode()]
    server.play(completion(json.dumps({"event": "state_changed", "text": text, "tags": ["object:door"]})))
    settings = Settings(
        data_dir=str(tmp_path), memory_backend="openai", openai_base_url=server.address, openai_model="fake"
    )
    with MemoryManager.open(settings) as memory:
        repaired, first = (memory.write(Observation(text=text), wait=30) for _ in range(2))
    assert (repaired.written_by, repaired.degraded, repaired.event) == ("model", False, "state_changed")
    assert repaired.route == f"{first.route} (repaired)"


def test_a_server_that_counts_no_tokens(server: FakeServer, model: ServedModel) -> None:
    server.play({**completion("{}"), "usage": None})
    assert model.complete([request_for("a door")], Priority.RECALL, 10)[0].prompt_tokens == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({**completion(), "choices": []}, "without a choice"),
        ({**completion(), "choices": None}, "without a choice"),
        ({"detail": "welcome"}, "without a choice"),
        ({**completion(), "choices": [{"index": 0, "finish_reason": "stop"}]}, "without a choice"),
        (completion(None, refusal="I cannot help with that"), "refused: I cannot help"),
        (completion('{"event":', finish="length"), "not whole (finish_reason length)"),
        (completion("", finish="content_filter"), "not whole (finish_reason content_filter)"),
        (completion(None), "empty"),
        ([1, 2], "other than"),
    ],
)
def test_an_answer_that_is_none(server: FakeServer, model: ServedModel, body: object, said: str) -> None:
    server.play(body)
    assert said in reason(model)


@pytest.mark.parametrize(
    "choices",
    ["no", 5, {"a": 1}, [5], [None], [{}], [{"message": 5, "finish_reason": "stop"}], completion(5)["choices"]],  # type: ignore[arg-type]
)
def test_an_answer_of_other_types(server: FakeServer, model: ServedModel, choices: object) -> None:
    server.play({"choices": choices})
    assert reason(model)


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": None}, {"prompt_tokens": "many", "completion_tokens": []}])
def test_tokens_that_are_no_numbers(server: FakeServer, model: ServedModel, usage: object) -> None:
    server.play(completion() | {"usage": usage})
    [reply] = model.complete([request_for("a door")], Priority.WRITING, 10)
    assert (reply.prompt_tokens, reply.completion_tokens) == (0, 0)


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_a_page_instead_of_an_answer(server: FakeServer, model: ServedModel, kind: str) -> None:
    server.play(b"<html><body>Log in</body></html>", kind=kind)
    assert "/v1" in reason(model)


def test_a_body_that_is_cut(server: FakeServer, model: ServedModel) -> None:
    server.play(json.dumps(completion()).encode()[:50])
    assert "JSON" in reason(model)
    server.play(json.dumps(completion()).encode(), Content_Length="100000")
    assert "broke off" in reason(model)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "HTTP 400: fake words"),
        (401, "OPENAI_API_KEY"),
        (403, "OPENAI_API_KEY"),
        (404, "'fake'"),
        (429, "429"),
        (500, "500"),
    ],
)
def test_an_error_status(server: FakeServer, model: ServedModel, status: int, said: str) -> None:
    server.play(failure("fake words\nin two lines"), status=status, Retry_After="100")
    assert said in reason(model)
    server.play(b"<html>gateway</html>", status=status, kind="text/html")
    assert str(status) in reason(model)
    assert len(server.asked) == 2, "asked again although the caller decides about that"


def test_a_slow_server(server: FakeServer, model: ServedModel) -> None:
    server.delay = 1.5
    assert "no answer within" in reason(model, timeout=0.3)


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    model = ServedModel(Settings(memory_backend="openai", openai_base_url="http://127.0.0.1:9/v1"))
    assert "cannot be reached" in reason(model)
    model.close()


@pytest.mark.parametrize("key", [None, ""])
def test_no_key(monkeypatch: pytest.MonkeyPatch, key: str | None) -> None:
    if key is None:
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    else:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    model = ServedModel(Settings(memory_backend="openai"))
    assert "OPENAI_API_KEY is not set" in model.state
    assert "OPENAI_API_KEY is not set" in reason(model)
    model.close()


def test_adapters_are_refused(model: ServedModel) -> None:
    with pytest.raises(ModelUnavailable, match="adapter"):
        model.complete([request_for("a door", adapter="writing-1")], Priority.WRITING, 5)
