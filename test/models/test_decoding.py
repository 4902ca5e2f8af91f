"""The decoder against the plain generation of transformers: batching, padding and shared prompts change nothing."""

from pathlib import Path

import pytest
import torch
from requests_to_ask import request_for

from shadowhound_memory.models.base import Completion, Request
from shadowhound_memory.models.decoding import STEP_TOKENS, Decoder
from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.settings import Settings

TEXTS = ["Battery at 18 percent near the lift.", "door 204 closed", "Water on the floor in corridor B. " * 6]
FREE = "start: /(?s:.)*/"
"""A grammar that allows everything: what it yields must be what the model says by itself."""


@pytest.fixture(scope="module")
def folder() -> Path:
    return ready_path(find_language_model(Settings()))


@pytest.fixture(scope="module")
def decoder(folder: Path) -> Decoder:
    torch.set_num_threads(1)  # threads that wait for each other are slow on busy cores
    return Decoder(folder, "cpu", "float32", "none")


def complete(decoder: Decoder, requests: list[Request]) -> list[Completion]:
    steps = decoder.steps(requests)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            return finished.value


def test_a_batch_says_what_transformers_generates(decoder: Decoder, folder: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    requests = [request_for(text, grammar=FREE, max_tokens=10) for text in TEXTS]
    replies = complete(decoder, requests)
    again = complete(decoder, requests)
    assert [reply.text for reply in again] == [reply.text for reply in replies]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    for request, reply in zip(requests, replies, strict=True):
        inputs = tokenizer.apply_chat_template(
            request.messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        output = model.generate(**inputs, do_sample=False, max_new_tokens=10)
        expected = tokenizer.decode(output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
        assert reply.text == expected


def test_a_long_prompt_is_fed_in_parts(decoder: Decoder) -> None:
    """Nothing holds the worker for long: each forward pass is bounded, whatever a request brings."""
    steps = decoder.steps([request_for("a door and a window and " * (STEP_TOKENS // 5), max_tokens=4)])
    assert sum(1 for _ in steps) >= 2
