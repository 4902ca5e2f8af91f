"""`python -m training.train writing|recall --data FILE.jsonl --eval FILE.jsonl --out DIR`: an adapter with its card.

The loss is on the reply's tokens only, after the prompt that the node uses. `--resume` goes on from the last checkpoint
in DIR; `accelerate launch -m training.train …` trains on several devices or machines. QLoRA: `--quantize nf4`.
"""

import argparse
import contextlib
import ctypes
import hashlib
import itertools
import json
import math
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import torch
import yaml
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
    set_seed,
)
from transformers.modeling_layers import GradientCheckpointingLayer

from shadowhound_memory.adapters.card import AdapterCard, Source
from shadowhound_memory.models.base import Task
from shadowhound_memory.models.decoding import prompt_tokens
from shadowhound_memory.models.files import base_sha256, find_language_model, ready_path
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.settings import Settings
from training.data import Pair, origin, read_pairs
from training.saving import explain, finish, how_to_go_on, last_checkpoint, refuse_folder, save_weights

CONFIGS = Path(__file__).parent / "configs"
IGNORED = -100
M_MMAP_THRESHOLD = -3
"""Its number in glibc's malloc.h."""
PADDING = -1
LONGEST_PACK = 1200
"""Tokens of a row that holds several pairs."""
MOST_PACKED = 16

Row = dict[str, list[int]]
"""Pairs that begin alike: `input_ids`, `labels`, `positions` and `part` of each token: 0 where all share it, else the
pair's number. A token sees the shared ones and its own pair's before it, so that each pair is computed as if alone."""


class Config(BaseModel):
    """How to train; a YAML file of training/configs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: int = Field(ge=1, le=256)
    alpha: float = Field(gt=0)
    dropout: float = Field(ge=0, lt=1)
    targets: list[str] = Field(min_length=1)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(ge=0)
    batch: int = Field(ge=1)
    effective_batch: int = Field(ge=1)
    epochs: float = Field(gt=0)
    eval_steps: int = Field(ge=1)
    patience: int = Field(ge=1)
    max_tokens: int = Field(ge=16)
    dtype: Literal["float32", "bfloat16", "float16"]


class AnswerTrainer(Trainer):
    """A Trainer that computes logits where the reply stands and nowhere else: they cost most where the vocabulary is
    large."""

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Mean cross-entropy of the reply's tokens."""
        labels = inputs["labels"][:, 1:]
        kept = (labels != IGNORED).any(0).nonzero().squeeze(1)
        dtype = model.get_input_embeddings().weight.dtype
        hidden = torch.zeros(inputs["seen"].shape, dtype=dtype, device=labels.device)
        outputs = model(
            input_ids=inputs["input_ids"],
            attention_mask=hidden.masked_fill_(~inputs["seen"], torch.finfo(dtype).min)[:, None],
            position_ids=inputs["positions"],
            logits_to_keep=kept,
            use_cache=False,
        )
        wanted = labels[:, kept]
        counts = wanted != IGNORED
        loss = torch.nn.functional.cross_entropy(outputs.logits[counts].float(), wanted[counts], reduction="sum")
        if num_items_in_batch is None:
            loss = loss / counts.sum()
        else:  # of all processes together, which average their gradients
            loss = loss / num_items_in_batch * self.accelerator.num_processes
        return (loss, {"loss": loss}) if return_outputs else loss

    def prediction_step(self, model: Any, inputs: dict[str, Any], *_: Any, **__: Any) -> tuple[Any, None, None]:
        """The loss alone."""
        with torch.no_grad():
            return self.compute_loss(model, self._prepare_inputs(inputs)).detach(), None, None


class EvaluatesAtTheEnd(TrainerCallback):
    """Else the steps after the last evaluation could not be the best."""

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Ask for an evaluation at the last step."""
        if state.global_step >= state.max_steps:
            control.should_evaluate = True


def main(argv: Sequence[str] | None = None) -> int:
    """Train; 1 with a sentence on standard error when it cannot, 130 after Ctrl-C."""
    arguments = _parser().parse_args(argv)
    try:
        summary = train(arguments)
    except KeyboardInterrupt:
        print(f"training: stopped; {how_to_go_on(arguments.out)}", file=sys.stderr)
        return 130
    except Exception as error:
        if (reason := explain(error, arguments.out)) is None:
            raise
        print(f"training: {reason}", file=sys.stderr)
        return 1
    print(json.dumps(summary) if arguments.json else "\n".join(f"{name}: {value}" for name, value in summary.items()))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("task", choices=("writing", "recall"))
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="rows of training.synthesize or export")
    parser.add_argument("--eval", type=Path, required=True, help="rows whose loss decides when to stop")
    parser.add_argument("--out", type=Path, required=True, help="folder of the adapter, of checkpoints meanwhile")
    parser.add_argument("--config", default="smollm2-135m", help="a file or one of training/configs (%(default)s)")
    parser.add_argument("--model", default=Settings().model, help="base: name, folder or GGUF file (%(default)s)")
    parser.add_argument("--quantize", choices=("none", "nf4"), default="none")
    parser.add_argument("--compile", action="store_true", help="compile the layers: some minutes, then faster steps")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--scope", choices=("robot", "site", "fleet"), default="fleet")
    parser.add_argument("--scope-name", default="default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--max-steps", type=int, default=-1, help="stop after so many steps")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    parser.add_argument("--strict", action="store_true", help="stop at the first broken row")
    parser.add_argument("--json", action="store_true", help="the summary as JSON, no progress bar")
    return parser


def train(arguments: argparse.Namespace) -> dict[str, Any]:
    """Train and write the adapter. Raises ValueError or ModelUnavailable with the reason when it cannot."""
    refuse_folder(arguments.out, arguments.resume)
    if not arguments.scope_name.strip():
        raise ValueError("--scope-name is empty: name the robot, the site or the fleet")
    if len({path.name for path in arguments.data}) < len(arguments.data):
        raise ValueError("two files of --data have one name: the card names them by it; rename one")
    if arguments.device == "cuda" and torch.cuda.device_count() > 1 and "WORLD_SIZE" not in os.environ:
        raise ValueError(
            f"there are {torch.cuda.device_count()} GPUs: start it by `accelerate launch -m training.train …`, or with "
            "CUDA_VISIBLE_DEVICES=0 on one of them"
        )
    config = _config(arguments.config)
    compiler = os.environ.get("CXX", "g++")
    if arguments.compile and arguments.device == "cpu" and not shutil.which(compiler):
        raise ValueError(f"--compile needs the C++ compiler {compiler}, which is not installed; or leave --compile out")
    _return_memory_at_once()
    settings = Settings(model=arguments.model, device=arguments.device, quantize=arguments.quantize)
    found = find_language_model(settings)
    folder = ready_path(found)
    set_seed(arguments.seed)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    rows, sources = [], {}
    for path in arguments.data:
        kept = _rows(arguments.task, path, tokenizer, config.max_tokens, arguments.strict)
        rows += kept
        if kept:
            sources[path.name] = Source(rows=len(kept), sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    held_out = _rows(arguments.task, arguments.eval, tokenizer, config.max_tokens, arguments.strict)
    if len(rows) < 2 or not held_out:
        raise ValueError(f"{len(rows)} rows to train on and {len(held_out)} to evaluate: two and one are the least")
    memories, missions = origin([*arguments.data, arguments.eval])
    packed, packed_held_out = _pack(rows), _pack(held_out)
    model = _model(folder, config, arguments)
    started = time.monotonic()
    trainer = AnswerTrainer(
        model,
        _training_arguments(config, arguments, len(packed), len(rows)),
        lambda batch: _collate(batch, tokenizer.pad_token_id),
        packed,
        packed_held_out,
        callbacks=[EarlyStoppingCallback(config.patience), EvaluatesAtTheEnd()],
    )
    checkpoint = last_checkpoint(arguments.out) if arguments.resume else None
    with contextlib.redirect_stdout(sys.stderr):
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        after = trainer.evaluate()["eval_loss"]
    summary = {
        "rows": len(rows),
        "steps": trainer.state.global_step,
        "eval_loss": round(after, 4),
        "minutes": round((time.monotonic() - started) / 60, 1),
        "adapter": str(arguments.out),
    }
    if not math.isfinite(after):
        raise ValueError(f"the loss is {after}; lower learning_rate in the config")
    if trainer.is_world_process_zero():
        card = AdapterCard(
            task=arguments.task, scope=arguments.scope, scope_name=arguments.scope_name,
            base_model=Path(arguments.model).name.removesuffix(".gguf"), base_sha256=base_sha256(found),
            rank=config.rank, alpha=config.alpha, targets=tuple(config.targets),
            template_sha256=template_hash(arguments.task), data=sources,
            missions=tuple(sorted(missions)), memories=tuple(sorted(memories)),
            settings=config.model_dump() | {"seed": arguments.seed, "quantize": arguments.quantize} | _cost(summary),
            files=save_weights(model, arguments.out, arguments.model),
            created=round(time.time(), 3),
        )  # fmt: skip
        finish(card, arguments.out)
    return summary


def _return_memory_at_once() -> None:
    """Large pieces of memory go back when they are freed. Left to itself glibc raises the size from which they do, and
    as batches differ in length its heap grows to 12 GB where 3.5 are in use."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_MMAP_THRESHOLD, 4 << 20)


def _cost(summary: dict[str, Any]) -> dict[str, Any]:
    return {name: summary[name] for name in ("steps", "minutes", "eval_loss")}


def _config(name: str) -> Config:
    known = CONFIGS / f"{name}.yaml"
    path = known if known.is_file() else Path(name)
    if not path.is_file():
        names = ", ".join(sorted(each.stem for each in CONFIGS.glob("*.yaml")))
        raise ValueError(f"there is no config {path}; name a file or one of {names}")
    try:
        return Config.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise ValueError(f"{path}: {error}") from error


def _rows(task: Task, path: Path, tokenizer: Any, longest: int, strict: bool) -> list[Row]:
    """A row for each pair, broken ones and those above `longest` tokens left out."""
    rows = [_row(pair, tokenizer) for pair in read_pairs(task, path, strict=strict)]
    kept = [row for row in rows if len(row["input_ids"]) <= longest]
    if len(kept) < len(rows):
        print(f"{path}: {len(rows) - len(kept)} rows above max_tokens {longest} left out", file=sys.stderr)
    return kept


def _row(pair: Pair, tokenizer: Any) -> Row:
    prompt = prompt_tokens(tokenizer, pair.messages)
    reply = [*tokenizer(pair.reply, add_special_tokens=False).input_ids, tokenizer.eos_token_id]
    tokens = [*prompt, *reply]
    return {
        "input_ids": tokens,
        "labels": [IGNORED] * len(prompt) + reply,
        "positions": list(range(len(tokens))),
        "part": [1] * len(tokens),
    }


def _pack(rows: Sequence[Row]) -> list[Row]:
    """Neighbouring rows that begin alike for a third of their length as one: what they share is computed once."""
    groups: list[list[Row]] = []
    for row in rows:
        group = [*groups[-1], row] if groups else [row]
        shared, lengths = _alike(group), [len(each["input_ids"]) for each in group]
        fits = sum(lengths) - (len(group) - 1) * shared <= LONGEST_PACK and len(group) <= MOST_PACKED
        if groups and fits and 3 * shared >= max(lengths):
            groups[-1] = group
        else:
            groups.append([row])
    return [_joined(group) for group in groups]


def _alike(rows: Sequence[Row]) -> int:
    """How many tokens all begin with, short of the last of a prompt, which each reply's first is learnt from."""
    prompts = [row["input_ids"][: row["labels"].count(IGNORED) - 1] for row in rows]
    alike = (len(set(tokens)) == 1 for tokens in zip(*prompts, strict=False))
    return sum(1 for _ in itertools.takewhile(bool, alike))


def _joined(rows: Sequence[Row]) -> Row:
    shared = _alike(rows) if len(rows) > 1 else 0
    joined = {name: values[:shared] for name, values in rows[0].items()}
    joined["part"] = [0] * shared
    for number, row in enumerate(rows, 1):
        for name, values in row.items():
            joined[name] = joined[name] + (values[shared:] if name != "part" else [number] * (len(values) - shared))
    return joined


def _collate(rows: Sequence[Row], padding: int) -> dict[str, torch.Tensor]:
    """Padded on the left, so that replies end together and few logits are needed; `seen`: which tokens each sees."""
    longest = max(len(row["input_ids"]) for row in rows)

    def padded(name: str, fill: int) -> torch.Tensor:
        return torch.tensor([[fill] * (longest - len(row[name])) + row[name] for row in rows])

    part = padded("part", PADDING)
    same = (part[:, :, None] == part[:, None, :]) | ((part[:, None, :] == 0) & (part[:, :, None] != PADDING))
    return {
        "input_ids": padded("input_ids", padding),
        "labels": padded("labels", IGNORED),
        "positions": padded("positions", 0),
        "seen": same & torch.ones(longest, longest, dtype=torch.bool).tril(),
    }


def _model(folder: Path, config: Config, arguments: argparse.Namespace) -> Any:
    options: dict[str, Any] = {"dtype": getattr(torch, config.dtype)}
    if arguments.device == "cpu":
        options["attn_implementation"] = "eager"  # a sixth faster there than fused attention under a mask
    if arguments.quantize == "nf4":
        options |= {
            "device_map": {"": f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if arguments.device == "cuda" else "cpu"},
            "quantization_config": BitsAndBytesConfig(
                load_in_4bit=True,
                bnb_4bit_quant_type="nf4",
                bnb_4bit_use_double_quant=True,
                bnb_4bit_compute_dtype=getattr(torch, config.dtype),
            ),
        }
    model: Any = AutoModelForCausalLM.from_pretrained(folder, **options)
    if arguments.quantize == "nf4":
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=arguments.device != "cpu")
    lora = LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,  # type: ignore[arg-type]
        lora_dropout=config.dropout,
        target_modules=config.targets,
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(model, lora)
    if arguments.compile:
        for module in model.modules():
            if isinstance(module, GradientCheckpointingLayer):  # every decoder layer is one
                module.compile(dynamic=True)
    return model


def _training_arguments(config: Config, arguments: argparse.Namespace, rows: int, pairs: int) -> TrainingArguments:
    on_gpu = arguments.device != "cpu"
    optimizer = "adamw_torch"
    if arguments.quantize == "nf4" and on_gpu:
        optimizer = "paged_adamw_8bit"
    elif arguments.quantize == "nf4":
        print("there is no paged optimizer without CUDA: training goes on with adamw_torch", file=sys.stderr)
    each = round(pairs / rows)
    batch = max(1, min(config.batch // each, rows))
    return TrainingArguments(
        output_dir=str(arguments.out),
        per_device_train_batch_size=batch,
        per_device_eval_batch_size=batch,
        gradient_accumulation_steps=max(
            1, config.effective_batch // (each * batch * int(os.environ.get("WORLD_SIZE", "1")))
        ),
        num_train_epochs=config.epochs,
        max_steps=arguments.max_steps,
        learning_rate=config.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=config.warmup_steps,
        optim=optimizer,
        eval_strategy="steps",
        save_strategy="steps",
        eval_steps=config.eval_steps,
        save_steps=config.eval_steps,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        logging_steps=20,
        train_sampling_strategy="group_by_length",
        remove_unused_columns=False,
        use_cpu=not on_gpu,
        dataloader_pin_memory=on_gpu,
        seed=arguments.seed,
        disable_tqdm=arguments.json,
        report_to="none",
    )


if __name__ == "__main__":
    sys.exit(main())
