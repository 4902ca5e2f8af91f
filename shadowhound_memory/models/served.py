"""A language model behind an OpenAI-compatible server. What goes wrong there becomes a readable reason to fall back."""

import json
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import openai
from openai.types.chat import ChatCompletion

from shadowhound_memory.errors import ModelUnavailable
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import CAPABILITIES, PROMPT_TOKENS, Completion, Priority, Request, Task
from shadowhound_memory.settings import Settings

PARALLEL_REQUESTS = 4
NO_KEY = "OPENAI_API_KEY is not set; set it, to any word for a server that asks for none"


class ServedModel:
    """`settings.openai_model` at `settings.openai_base_url`; the key is the environment's OPENAI_API_KEY."""

    capabilities = CAPABILITIES["openai"]

    def __init__(self, settings: Settings, metrics: Metrics | None = None) -> None:
        """`metrics` counts the prompts that keep to their task's cap, by what the server says that they have."""
        self._metrics = metrics or Metrics()
        self.name = settings.openai_model
        self._timeout = settings.openai_timeout
        self._client: openai.OpenAI | None = None
        if os.environ.get("OPENAI_API_KEY"):
            # Retries are left out: the library would sleep up to 120 s when a server asks for it, past every deadline.
            self._client = openai.OpenAI(base_url=settings.openai_base_url or None, max_retries=0)

    @property
    def state(self) -> str:
        """`ready`, or why it cannot answer. Whether the server is there shows when it is asked."""
        return "ready" if self._client else NO_KEY

    def adapter_for(self, task: Task) -> tuple[str | None, str]:
        """None: a server's adapters are not known here."""
        return None, "the server is not asked for adapters"

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        """Complete a batch, some requests at once. Raises ModelUnavailable with the reason of the first failure."""
        if not requests:
            return []
        deadline = time.monotonic() + timeout
        with ThreadPoolExecutor(min(PARALLEL_REQUESTS, len(requests))) as pool:
            futures = [pool.submit(self._ask, request, deadline) for request in requests]
            try:
                return [future.result() for future in futures]
            finally:
                pool.shutdown(cancel_futures=True)

    def close(self) -> None:
        """Close the connections."""
        if self._client:
            self._client.close()

    def _ask(self, request: Request, deadline: float) -> Completion:
        if self._client is None:
            raise ModelUnavailable(NO_KEY)
        if request.adapter is not None:
            raise ModelUnavailable(f"the server is not asked for adapters, and {request.adapter!r} is one")
        started = time.monotonic()
        timeout = min(self._timeout, deadline - started)
        if timeout <= 0:
            raise ModelUnavailable("no time was left to ask the server")
        try:
            reply = self._client.chat.completions.create(  # type: ignore[call-overload]
                model=self.name,
                messages=request.messages,
                response_format={
                    "type": "json_schema",
                    # Strict takes a part of JSON Schema only, which the schemas of tools need not keep to.
                    "json_schema": {"name": "reply", "schema": request.schema, "strict": request.task != "skills"},
                },
                max_completion_tokens=request.max_tokens,
                temperature=0,
                timeout=timeout,
            )
        except (openai.OpenAIError, json.JSONDecodeError) as error:
            raise ModelUnavailable(f"{self._client.base_url}: {_reason(error, self.name, timeout)}") from error
        except Exception as error:  # the library builds its types from whatever was sent, unchecked
            raise ModelUnavailable(f"cannot be asked: {type(error).__name__}: {error}"[:200]) from error
        try:
            completion = _completion(reply, time.monotonic() - started)
        except (AttributeError, TypeError, KeyError) as error:
            raise ModelUnavailable("the server answered with something other than a chat completion") from error
        within = completion.prompt_tokens <= PROMPT_TOKENS[request.task]
        self._metrics.count(f"prompts_{'within' if within else 'over'}_cap")
        return completion


def _reason(error: Exception, model: str, timeout: float) -> str:
    match error:
        case openai.APITimeoutError():
            return f"no answer within {timeout:.3g} s"
        case openai.APIConnectionError():
            return f"cannot be reached or broke off ({error.__cause__ or error})"
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return f"the key in OPENAI_API_KEY is not accepted (HTTP {error.status_code})"
        case openai.NotFoundError():
            return f"knows no model {model!r} at this address (HTTP 404): {_said(error)}"
        case openai.RateLimitError():
            return f"too many requests or no credit left (HTTP 429): {_said(error)}"
        case openai.APIStatusError():
            return f"HTTP {error.status_code}: {_said(error)}"
        case json.JSONDecodeError():
            return "answered with something other than JSON; does the address end in /v1?"
        case _:
            return f"{type(error).__name__}: {error}"[:200]


def _said(error: openai.APIStatusError) -> str:
    """The server's own words, one short line."""
    body = error.body
    said = body.get("message") if isinstance(body, Mapping) else body
    return " ".join(str(said or "no message").split())[:200]


def _completion(reply: object, seconds: float) -> Completion:
    """The reply as a completion. The library does not validate what servers send, so every part may be missing."""
    if not isinstance(reply, ChatCompletion):
        raise ModelUnavailable(
            "the server answered with something other than a chat completion; does its address end in /v1?"
        )
    choice = reply.choices[0] if reply.choices else None
    if choice is None or choice.message is None:
        raise ModelUnavailable("the server answered without a choice")
    if choice.message.refusal:
        raise ModelUnavailable(f"the model refused: {choice.message.refusal[:200]}")
    if choice.finish_reason != "stop":
        raise ModelUnavailable(f"the model's reply is not whole (finish_reason {choice.finish_reason})")
    if not choice.message.content:
        raise ModelUnavailable("the model's reply is empty")
    if not isinstance(choice.message.content, str):
        raise ModelUnavailable("the model's reply is no text")
    usage = reply.usage

    def tokens(counted: object) -> int:
        return counted if isinstance(counted, int) else 0

    return Completion(
        text=choice.message.content,
        finished=True,
        prompt_tokens=tokens(usage.prompt_tokens) if usage else 0,
        completion_tokens=tokens(usage.completion_tokens) if usage else 0,
        seconds=seconds,
    )
