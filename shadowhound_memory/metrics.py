"""Counters that survive a restart, latencies of this process, and what they say about the models."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from threading import Lock
from typing import Any

VALIDITY_BAR = 0.98
ENOUGH = 50


class Metrics:
    """Thread-safe. `flush` hands the counts over to the store; the last 1000 latencies of each stage stay here."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._flushing = Lock()
        self._counts: defaultdict[str, float] = defaultdict(float)
        self._seconds: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=1000))

    def count(self, name: str, by: float = 1) -> None:
        """Add to a counter."""
        with self._lock:
            self._counts[name] += by

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Keep how long the block took, in seconds."""
        start = time.perf_counter()
        try:
            yield
        finally:
            with self._lock:
                self._seconds[stage].append(time.perf_counter() - start)

    def flush(self, keep: Callable[[dict[str, float]], None]) -> None:
        """Hand the counts since the last call over to `keep`, after those that another thread is handing over."""
        with self._flushing:  # whoever reads what is kept next finds all that was taken from here
            with self._lock:
                counts, self._counts = dict(self._counts), defaultdict(float)
            keep(counts)

    def counted(self) -> dict[str, float]:
        """The counts since the last `flush`, which stay here."""
        with self._lock:
            return dict(self._counts)

    def latencies(self) -> dict[str, dict[str, float]]:
        """Per stage: number, p50 and p99 in milliseconds, of this process."""
        with self._lock:
            stages = {stage: list(values) for stage, values in self._seconds.items()}
        return {
            stage: {
                "n": len(values),
                "p50_ms": round(1e3 * median(values), 2),
                "p99_ms": round(1e3 * (quantiles(values, n=100)[98] if len(values) > 1 else values[0]), 2),
            }
            for stage, values in stages.items()
        }


def summarize(counts: dict[str, float]) -> dict[str, Any]:
    """Rates from the counters, and advice when they say that an adapter would help."""

    def rate(part: str, whole: str) -> float | None:
        return round(counts.get(part, 0) / counts[whole], 4) if counts.get(whole) else None

    counts = counts | {"prompts": counts.get("prompts_within_cap", 0) + counts.get("prompts_over_cap", 0)}
    validity = rate("drafts_valid_first", "drafts")
    grounded = rate("answers_grounded", "answers_drafted")
    advice = []
    if validity is not None and validity < VALIDITY_BAR and counts["drafts"] >= ENOUGH:
        advice.append(
            f"{validity:.0%} of drafts were valid at first try (bar {VALIDITY_BAR:.0%}): a writing adapter would help"
        )
    if grounded is not None and grounded < 0.5 and counts["answers_drafted"] >= ENOUGH:
        advice.append(f"{grounded:.0%} of drafted answers stood the check: a recall adapter would help")
    return {
        "json_valid_first_try": validity,
        "repaired": int(counts.get("drafts_repaired", 0)),
        "degraded": rate("degraded", "written"),
        "refused_as_invented": int(counts.get("drafts_invented", 0)),
        "text_similarity": rate("similarity", "written"),
        "tokens_per_memory": rate("writing_tokens", "written_by_model"),
        "tokens_per_recall": rate("recall_tokens", "answers_drafted"),
        "prompts_within_cap": rate("prompts_within_cap", "prompts"),
        "answers_grounded": grounded,
        "abstained": rate("abstained", "recalls"),
        "advice": advice,
    }
