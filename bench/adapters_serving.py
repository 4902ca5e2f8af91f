"""How fast adapters are served: switching, a token, a cold one among a hundred, mixed batches, write-behind."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any, Literal

import numpy as np
import torch
from matplotlib import pyplot
from peft import PeftModel
from transformers import AutoModelForCausalLM

from bench import adapters_made, report
from bench.report import OUT, Figure
from bench.writing import LOAD_TIMEOUT, OBSERVATIONS, pending
from shadowhound_memory.adapters.registry import Registry
from shadowhound_memory.drafting import draft_batch
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import Completion, Request
from shadowhound_memory.models.decoding import Decoder
from shadowhound_memory.models.files import find_language_model, ready_path
from shadowhound_memory.models.local import LocalModel
from shadowhound_memory.models.lora import RESIDENT, Adapters
from shadowhound_memory.models.worker import THREADS
from shadowhound_memory.prompts import writing_request
from shadowhound_memory.routing import Route, route
from shadowhound_memory.settings import Settings
from training.ways import complete

TOKENS = 32
BATCH = 8
ANYTHING = "start: /[a-z ]{400}/"
"""A grammar that forces no token and does not end within TOKENS."""
PART = "adapters-serving"

Runs = list[list[float]]


@dataclass(frozen=True)
class Amount:
    """How much is measured: runs of each, switches and adapters of a run, records written behind."""

    runs: int = 5
    switches: int = 40
    adapters: int = 100
    records: int = 32


QUICK = Amount(runs=1, switches=4, adapters=6, records=8)


def run(quick: bool = False) -> None:
    """Measure, publish `adapters-serving.json` and a plot."""
    amount = QUICK if quick else Amount()
    torch.set_num_threads(THREADS)
    base = ready_path(find_language_model(Settings()))
    texts = [json.loads(line)["text"] for line in OBSERVATIONS.read_text(encoding="utf-8").splitlines()]
    figures: list[Figure] = []
    detail: dict[str, Any] = {"amount": vars(amount), "threads": THREADS}
    with tempfile.TemporaryDirectory(prefix="bench-adapters-") as temporary:
        root = Path(temporary)
        folders = {
            f"a{number}": adapters_made.make(root / str(number), base, number)
            for number in range(max(amount.adapters, RESIDENT))
        }
        _switching(amount, base, folders, figures, detail)
        _cold_loading(amount, base, folders, figures, detail)
        decoder = Decoder(base, "cpu", "float32", "none")
        decoder.know(folders)
        _tokens(amount, decoder, list(folders), texts, figures, detail)
        _cold_requests(amount, decoder, list(folders), texts, figures, detail)
        _mixed(amount, decoder, list(folders)[:RESIDENT], texts, figures, detail)
        del decoder
        for dtype in ("float32", "bfloat16"):
            _write_behind(amount, root / "memory", dtype, folders["a0"], texts, figures, detail)
    report.publish(PART, figures, detail)
    _plot(detail)


def _model(base: Path) -> Any:
    return AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()


def _switching(
    amount: Amount, base: Path, folders: dict[str, Path], figures: list[Figure], detail: dict[str, Any]
) -> None:
    """Between two that are resident: ours, then PEFT's own call."""
    pair = list(folders)[:2]
    adapters = Adapters(_model(base))
    adapters.know(folders)
    plain = PeftModel.from_pretrained(_model(base), folders[pair[0]], adapter_name=pair[0]).eval()
    plain.load_adapter(folders[pair[1]], pair[1])
    seconds: dict[str, Runs] = {"ours": [], "peft": []}
    for name in pair:
        _activate(adapters, name)
    for _ in range(amount.runs):
        names = list(islice(cycle(pair), amount.switches))
        seconds["ours"].append([_timed(_activate, adapters, name) for name in names])
        seconds["peft"].append([_timed(plain.set_adapter, name) for name in names])
    summary = {way: report.milliseconds(runs) for way, runs in seconds.items()}
    detail["switch"] = summary
    figures.append(
        Figure(
            "switch between two resident adapters", summary["ours"]["p50_ms"], "ms", 10,
            note=f"PEFT's set_adapter {summary['peft']['p50_ms']:.3g} ms", runs=summary["ours"]["p50_ms_of_runs"],
        )
    )  # fmt: skip


def _cold_loading(
    amount: Amount, base: Path, folders: dict[str, Path], figures: list[Figure], detail: dict[str, Any]
) -> None:
    """Each adapter once, none of them resident: ours with its check, then PEFT plainly with as many kept."""
    adapters = Adapters(_model(base))
    adapters.know(folders)
    ours = [_timed(_activate, adapters, name) for name in folders]
    del adapters
    first, *others = folders
    plain: Any = PeftModel.from_pretrained(_model(base), folders[first], adapter_name=first).eval()

    def load(name: str) -> None:
        plain.load_adapter(folders[name], name)
        plain.set_adapter(name)
        if len(plain.peft_config) > RESIDENT:
            plain.delete_adapter(next(iter(plain.peft_config)))

    theirs = [_timed(load, name) for name in others]
    ours, theirs = ours[RESIDENT:] or ours, theirs[RESIDENT:] or theirs
    detail["load"] = {"ours": ours, "peft": theirs}
    figures.append(
        report.ratio(
            f"load of an adapter that is not resident, {len(folders)} in turn", [theirs], [ours], None,
            f"ours {1e3 * median(ours):.3g} ms with its check, PEFT load, set and delete {1e3 * median(theirs):.3g} ms",
        )
    )  # fmt: skip


def _tokens(
    amount: Amount,
    decoder: Decoder,
    names: Sequence[str],
    texts: Sequence[str],
    figures: list[Figure],
    detail: dict[str, Any],
) -> None:
    """One reply of TOKENS tokens, with an adapter and with the base in turn."""
    runs: dict[str, list[float]] = {"adapter": [], "base": []}
    for turn in range(amount.runs + 1):
        for way, adapter in (("adapter", names[0]), ("base", None)):
            request = Request("writing", [{"role": "user", "content": texts[0]}], {}, ANYTHING, TOKENS, adapter)
            seconds, (reply,) = _complete(decoder, [request])
            if turn:  # the first warms up
                runs[way].append(seconds / reply.completion_tokens)
    ratios = [one / other for one, other in zip(runs["adapter"], runs["base"], strict=True)]
    detail["seconds_per_token"] = runs
    figures.append(
        Figure(
            "time per token with an active adapter", median(ratios), "x base", 1.2,
            note=f"{1e3 * median(runs['adapter']):.3g} ms, base {1e3 * median(runs['base']):.3g} ms", runs=ratios,
        )
    )  # fmt: skip


def _cold_requests(
    amount: Amount,
    decoder: Decoder,
    names: Sequence[str],
    texts: Sequence[str],
    figures: list[Figure],
    detail: dict[str, Any],
) -> None:
    """The time to a first token with each adapter in turn, and with the same again."""
    seconds: dict[str, Runs] = {"cold": [], "resident": []}
    for turn in range(min(2, amount.runs)):
        for each in seconds.values():
            each.append([])
        for number, name in enumerate(names):
            for way, text in zip(seconds, (texts[number], texts[number + 1]), strict=True):
                request = Request("writing", [{"role": "user", "content": text}], {}, ANYTHING, 1, name)
                seconds[way][turn].append(_complete(decoder, [request])[0])
    cold, resident = (report.milliseconds(runs) for runs in seconds.values())
    detail["first_token"] = {"cold": cold, "resident": resident, "seconds": seconds}
    for name in ("p50", "p99"):
        figures.append(
            Figure(
                f"cold request to its first token, {len(names)} registered, {name}", cold[f"{name}_ms"], "ms",
                note=f"resident {resident[f'{name}_ms']:.4g} ms; {RESIDENT} are kept",
            )
        )  # fmt: skip


def _mixed(
    amount: Amount,
    decoder: Decoder,
    names: Sequence[str],
    texts: Sequence[str],
    figures: list[Figure],
    detail: dict[str, Any],
) -> None:
    """The same records in one batch of mixed adapters, adapter by adapter, and one by one."""
    requests = [
        writing_request(pending(text), Route("writing", "bench", name, "adapter"))
        for text, name in zip(texts[:BATCH], cycle(names), strict=False)
    ]
    ways: dict[str, list[list[Request]]] = {
        "mixed": [requests],
        "one adapter at a time": [[each for each in requests if each.adapter == name] for name in names],
        "batch of one": [[each] for each in requests],
    }
    runs: dict[str, Runs] = {way: [] for way in ways}
    said: dict[str, dict[str, str]] = {}
    for way, batches in [*ways.items()] * amount.runs:
        runs[way].append([0.0])
        for batch in batches:
            seconds, replies = _complete(decoder, batch)
            runs[way][-1][0] += seconds
            said.setdefault(way, {}).update(
                (request.messages[-1]["content"], reply.text) for request, reply in zip(batch, replies, strict=True)
            )
    same = sum(said["mixed"][asked] == reply for asked, reply in said["batch of one"].items())
    detail["mixed"] = {"seconds": runs, "records": len(requests), "same_as_alone": same}
    taken = f"{median(runs['mixed'][i][0] for i in range(amount.runs)):.3g} s"
    for way in list(ways)[1:]:
        note = (
            f"{len(requests)} records, {len(names)} adapters: {taken}; {same} of {len(requests)} as in batches of one"
        )
        figures.append(report.ratio(f"a batch of mixed adapters, against {way}", runs[way], runs["mixed"], None, note))


def _write_behind(
    amount: Amount,
    directory: Path,
    dtype: Literal["float32", "bfloat16"],
    spare: Path,
    texts: Sequence[str],
    figures: list[Figure],
    detail: dict[str, Any],
) -> None:
    """Through the worker with the shipped writing adapter, else a random one: in batches and one by one."""
    settings = Settings(data_dir=str(directory), adapter_mode="writing", dtype=dtype)
    registry = Registry(settings.directory / "adapters")
    if registry.current("writing", "fleet") is None:
        registry.set_current(registry.add(spare))
    model = LocalModel(settings)
    try:
        if not model.wait_ready(LOAD_TIMEOUT):
            raise RuntimeError(f"there is no local model to measure: {model.state}")
        way = route("writing", settings, model)
        memories = [pending(text, str(number)) for number, text in enumerate(texts[: amount.records])]
        draft_batch(memories[:1], settings, model, Metrics())

        def write(size: int) -> None:
            for at in range(0, len(memories), size):
                draft_batch(memories[at : at + size], settings, model, Metrics())

        rates: dict[int, list[float]] = {1: [], 8: [], 16: []}
        for size in [*rates] * min(3, amount.runs):
            rates[size].append(len(memories) / _timed(write, size))
    finally:
        model.close()
    detail.setdefault("records_per_second", {})[dtype] = {"route": str(way), **rates}
    for size in (8, 16):
        runs = [many / one for many, one in zip(rates[size], rates[1], strict=True)]
        note = f"{median(rates[size]):.3g} records/s, one by one {median(rates[1]):.3g}; {way.adapter or way}"
        name = f"write-behind in batches of {size}, {dtype}"
        figures.append(Figure(name, median(runs), "x faster", 3, "higher", note, runs))


def _complete(decoder: Decoder, requests: Sequence[Request]) -> tuple[float, list[Completion]]:
    start = time.perf_counter()
    replies = complete(decoder, requests)
    return time.perf_counter() - start, replies


def _activate(adapters: Adapters, name: str) -> None:
    with adapters.active([name]):
        pass


def _timed(act: Callable[..., Any], *given: Any) -> float:
    start = time.perf_counter()
    act(*given)
    return time.perf_counter() - start


def _plot(detail: dict[str, Any]) -> None:
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for label, values in (("ours, checked", detail["load"]["ours"]), ("PEFT plainly", detail["load"]["peft"])):
        left.ecdf(1e3 * np.array(values), label=label)
    left.set_xscale("log")
    left.set_xlabel("ms")
    left.set_ylabel("share of loads")
    left.set_title("An adapter that is not resident")
    left.legend()
    for dtype, runs in detail["records_per_second"].items():
        rates = {f"{size}, {dtype}": median(each) for size, each in runs.items() if size != "route"}
        drawn = right.bar(list(rates), list(rates.values()))
        right.bar_label(drawn, [f"{rate:.2f}" for rate in rates.values()])
    one_by_one = median(detail["records_per_second"]["float32"][1])
    right.axhline(3 * one_by_one, color="C3", linestyle="--", label="bar: 3 x one by one")
    right.tick_params("x", rotation=25)
    right.set_xlabel("observations in a batch")
    right.set_ylabel("records per second")
    right.set_title("Write-behind with an adapter")
    right.legend()
    figure.savefig(OUT / f"{PART}.png", dpi=130)
    pyplot.close(figure)
