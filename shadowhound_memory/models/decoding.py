"""Decoding a batch under grammars: llguidance masks what the model may not say, and what it must say is not sampled.

Imported by the worker process only (torch, transformers, llguidance). Rows of a batch are ragged: one that has many
tokens to feed (its prompt, or a forced run such as `","text":"`) stands beside others that have one. Within a step rows
are padded on the right and the padding's slots in the KV cache stay masked; positions count real tokens only.
"""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import llguidance.hf
import numpy as np
import torch
from llguidance import LLMatcher
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig, DynamicCache

from shadowhound_memory.models.base import PROMPT_TOKENS, Completion, Request
from shadowhound_memory.models.lora import Adapters
from shadowhound_memory.models.messages import Refused

STEP_OVERHEAD = 24
"""What a forward pass costs by itself, in tokens' worth of arithmetic (measured: 60 ms beside 2.3 ms a token)."""
STEP_TOKENS = 256
"""Most tokens fed in one forward pass, all rows together: bounds how long a more urgent job waits."""
SHARED_PROMPTS = 4
SHORTEST_SHARED = 32

Steps = Generator[None, None, list[Completion]]


class RowRefused(ValueError):
    """A request that cannot be decoded, and what of it is at fault."""

    def __init__(self, what: Refused, reason: str) -> None:
        super().__init__(reason)
        self.what = what


@dataclass
class _Row:
    """One reply in the making. `pending` are tokens not fed yet, `fed` how many were."""

    prompt: list[int]
    matcher: LLMatcher
    max_tokens: int
    adapter: str | None
    pending: list[int] = field(default_factory=list)
    fed: int = 0
    reply: list[int] = field(default_factory=list)
    probability: float = 1.0
    seconds: float = 0.0

    @property
    def finished(self) -> bool:
        return self.matcher.is_stopped() or len(self.reply) >= self.max_tokens

    def force(self) -> None:
        """Take the tokens that the grammar leaves no choice about."""
        if forced := self.matcher.compute_ff_tokens():
            self.matcher.consume_tokens(forced)
            self.reply += forced
            self.pending += forced

    def take(self, token: int, probability: float) -> None:
        """Take a chosen token and what is forced after it."""
        self.matcher.consume_token(token)
        self.probability *= probability
        self.reply.append(token)
        self.pending.append(token)
        if not self.finished:
            self.force()


@dataclass
class _Shared:
    """The start of a prompt that later prompts share, with its keys and values."""

    tokens: list[int]
    adapter: str | None
    cache: Any  # a DynamicCache, whose layers' types are wider than what a decoder has


class Decoder:
    """A causal language model of transformers, loaded from a folder; replies greedily under a schema or a grammar."""

    def __init__(self, folder: Path, device: str, dtype: str, quantize: str) -> None:
        options: dict[str, Any] = {"dtype": getattr(torch, dtype), "device_map": {"": device}}
        if quantize == "nf4":
            options["quantization_config"] = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
                load_in_4bit=True,
                bnb_4bit_quant_type="nf4",
                bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=getattr(torch, dtype),
            )
        model: Any = AutoModelForCausalLM.from_pretrained(folder, **options)
        self._model = model.eval()
        self._head = self._model.get_output_embeddings()
        self._device = torch.device(device)
        tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        self._tokenizer = tokenizer
        self._vocabulary: int = self._model.get_input_embeddings().weight.shape[0]
        self._grammar_tokenizer = llguidance.hf.from_tokenizer(
            self._tokenizer, n_vocab=self._vocabulary, eos_token=self._model.generation_config.eos_token_id
        )
        self._shared: list[_Shared] = []
        self._adapters = Adapters(self._model)

    def know(self, adapters: dict[str, Path]) -> None:
        """Where the adapters lie that requests will name."""
        self._adapters.know(adapters)

    def steps(self, requests: Sequence[Request]) -> Steps:
        """Complete a batch; pauses after each forward pass, returns the completions. Raises RowRefused if it cannot."""
        started = time.monotonic()
        rows = [self._row(request) for request in requests]
        shared = yield from self._share(requests, rows)
        live = [row for row in rows if not row.finished]
        cache, mask = self._start(shared, live)
        while live:
            mask, ended = self._step(live, cache, mask)
            for row in ended:
                row.seconds = time.monotonic() - started
            keep = [i for i, row in enumerate(live) if not row.finished]
            live = [live[i] for i in keep]
            if ended and live:
                cache.batch_select_indices(torch.tensor(keep, device=self._device))
                mask = mask[keep]
            yield
        return [self._completion(row) for row in rows]

    def _row(self, request: Request) -> _Row:
        if request.grammar is not None:
            grammar = LLMatcher.grammar_from_lark(request.grammar)
        else:
            grammar = LLMatcher.grammar_from_json_schema(request.schema, overrides={"whitespace_flexible": False})
        matcher = LLMatcher(self._grammar_tokenizer, grammar)
        if matcher.is_error():
            raise RowRefused("grammar", f"the grammar is not understood: {_why(matcher)}")
        row = _Row(prompt_tokens(self._tokenizer, request.messages), matcher, request.max_tokens, request.adapter)
        if len(row.prompt) > (most := PROMPT_TOKENS[request.task]):
            raise RowRefused("prompt", f"a prompt of {len(row.prompt)} tokens is over the {most} for {request.task}")
        window = getattr(self._model.config, "max_position_embeddings", None)
        if window and len(row.prompt) + request.max_tokens > window:
            raise RowRefused(
                "prompt", f"a prompt of {len(row.prompt)} tokens does not fit the model's window of {window}"
            )
        row.pending = list(row.prompt)
        row.force()
        return row

    def _share(self, requests: Sequence[Request], rows: Sequence[_Row]) -> Generator[None, None, _Shared | None]:
        """What all prompts start with, as far as it is known; what precedes the last message is learned if less is."""
        adapter = rows[0].adapter
        if any(row.adapter != adapter for row in rows):
            return None
        messages = requests[0].messages
        preceding = prompt_tokens(self._tokenizer, [*messages[:-1], {**messages[-1], "content": ""}])
        length = min(_common(preceding, row.prompt) for row in rows)
        learned = [each for each in self._shared if each.adapter == adapter]
        known = max(learned, key=lambda each: _common(each.tokens, preceding), default=None)
        usable = min(_common(known.tokens, row.prompt[:-1]) for row in rows) if known else 0
        if length >= SHORTEST_SHARED and usable < length // 2:
            known = _Shared(preceding[:length], adapter, DynamicCache(config=self._model.config))
            for start in range(0, length, STEP_TOKENS):
                tokens = torch.tensor([known.tokens[start : start + STEP_TOKENS]])
                self._forward([adapter], known.cache, tokens, None, None)
                yield
            self._shared = [*self._shared[-SHARED_PROMPTS + 1 :], known]
            usable = length
        if known is None or usable < SHORTEST_SHARED:
            return None
        cache = DynamicCache(
            ((layer.keys[..., :usable, :], layer.values[..., :usable, :]) for layer in known.cache.layers),
            config=self._model.config,
        )
        return _Shared(known.tokens[:usable], adapter, cache)

    def _start(self, shared: _Shared | None, rows: Sequence[_Row]) -> tuple[Any, torch.Tensor]:
        if shared is None:
            return DynamicCache(config=self._model.config), torch.ones(len(rows), 0, dtype=torch.long)
        for row in rows:
            row.fed = len(shared.tokens)
            row.pending = row.pending[row.fed :]
        shared.cache.batch_repeat_interleave(len(rows))
        return shared.cache, torch.ones(len(rows), len(shared.tokens), dtype=torch.long)

    def _step(self, rows: Sequence[_Row], cache: Any, mask: torch.Tensor) -> tuple[torch.Tensor, list[_Row]]:
        """One forward pass; rows with nothing left to feed choose a token. Returns the longer mask and who finished."""
        length = _step_length([len(row.pending) for row in rows])
        tokens = torch.zeros(len(rows), length, dtype=torch.long)
        valid = torch.zeros_like(tokens)
        positions = torch.zeros_like(tokens)
        for i, row in enumerate(rows):
            now, row.pending = row.pending[:length], row.pending[length:]
            tokens[i, : len(now)] = torch.tensor(now)
            valid[i, : len(now)] = 1
            positions[i] = torch.arange(row.fed, row.fed + length)
            row.fed += len(now)
        mask = torch.cat([mask, valid], dim=1)
        hidden = self._forward([row.adapter for row in rows], cache, tokens, mask, positions)
        drained = [i for i, row in enumerate(rows) if not row.pending]
        if drained:
            last = valid[drained].sum(1).to(self._device) - 1
            chosen = self._choose(hidden[drained, last], [rows[i].matcher for i in drained])
            for i, token, probability in zip(drained, *chosen, strict=True):
                rows[i].take(token, probability)
        return mask, [rows[i] for i in drained if rows[i].finished]

    @torch.inference_mode()
    def _forward(
        self,
        adapters: Sequence[str | None],
        cache: Any,
        tokens: torch.Tensor,
        mask: torch.Tensor | None,
        positions: torch.Tensor | None,
    ) -> torch.Tensor:
        with self._adapters.active(adapters):
            return self._model.base_model(
                input_ids=tokens.to(self._device),
                attention_mask=None if mask is None else mask.to(self._device),
                position_ids=None if positions is None else positions.to(self._device),
                past_key_values=cache,
                use_cache=True,
            ).last_hidden_state

    @torch.inference_mode()
    def _choose(self, hidden: torch.Tensor, matchers: Sequence[LLMatcher]) -> tuple[list[int], list[float]]:
        """The likeliest token that each grammar allows, and its probability among those."""
        bits = np.stack([np.frombuffer(matcher.compute_bitmask(), np.uint8) for matcher in matchers])
        allowed = np.unpackbits(bits, axis=1, count=self._vocabulary, bitorder="little").astype(bool)
        logits = self._head(hidden).float()
        likeliest = logits.masked_fill_(torch.from_numpy(~allowed).to(self._device), -torch.inf).softmax(-1).max(-1)
        return likeliest.indices.tolist(), likeliest.values.tolist()

    def _completion(self, row: _Row) -> Completion:
        if row.matcher.is_error():
            raise RowRefused("grammar", f"the grammar failed while decoding: {_why(row.matcher)}")
        text = self._tokenizer.decode(row.reply, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        stopped = row.matcher.is_stopped()
        return Completion(text, stopped, len(row.prompt), len(row.reply), row.seconds, row.probability)


def prompt_tokens(tokenizer: Any, messages: Sequence[dict[str, str]]) -> list[int]:
    """The tokens of a prompt, up to where the reply begins; without a chat template the messages as paragraphs."""
    if tokenizer.chat_template is None:
        text = "\n\n".join(message["content"] for message in messages) + "\n\n"
    else:
        text = tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
    return tokenizer(text, add_special_tokens=False).input_ids


def _why(matcher: LLMatcher) -> str:
    """Why a matcher failed, without the dump of its state."""
    return matcher.get_error().partition("<state>")[0].strip()


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens both start with."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _step_length(pending: Sequence[int]) -> int:
    """How many tokens per row to feed next: the number that feeds most tokens for what the padded pass costs."""
    most = max(1, STEP_TOKENS // len(pending))
    lengths = {min(count, most) for count in pending}
    return max(lengths, key=lambda n: sum(min(count, n) for count in pending) / (STEP_OVERHEAD + n * len(pending)))
