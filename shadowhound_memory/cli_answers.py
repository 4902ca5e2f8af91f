"""The subcommands about answers: `recall` asks, `trace` tells how an answer came about, `rate` whether it was right."""

import argparse
import json
from datetime import datetime
from typing import Any

from shadowhound_memory.cli_arguments import read_filter, read_pose, read_time
from shadowhound_memory.cli_common import MODEL_LOAD_TIMEOUT, note_unknown, open_without_model
from shadowhound_memory.console import err, out, print_json, progress_bar
from shadowhound_memory.errors import Code, ShadowhoundError
from shadowhound_memory.exchange import answer_document, read_rows, row_to_question
from shadowhound_memory.manager import MemoryManager
from shadowhound_memory.question import Answer
from shadowhound_memory.settings import Settings


def recall(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or each of a file. Returns the exit code."""
    if (arguments.question is None) == (arguments.questions is None):
        raise ShadowhoundError(Code.INVALID, "recall takes either a question or --questions FILE.jsonl, one of the two")
    pose = read_pose(arguments.pose, arguments.frame)
    given: dict[str, Any] = {
        "filter": {"missions": arguments.mission},
        "k": arguments.k,
        "pose": pose and pose.model_dump(),
        "asked_at": read_time(arguments.asked_at, settings) if arguments.asked_at else None,
    }
    rows = list(read_rows(arguments.questions)) if arguments.questions else [(1, {"question": arguments.question})]
    refused = 0
    with MemoryManager.open(settings, read_only=True) as memory, progress_bar() as progress:
        note_unknown(memory, read_filter(arguments).missions)
        memory.wait_for_model(MODEL_LOAD_TIMEOUT)
        for number, row in progress.track(rows, description="asking"):
            try:
                if isinstance(row, ShadowhoundError):
                    raise row
                answer = memory.recall(row_to_question(given | row))
            except ShadowhoundError as error:
                if not arguments.questions:
                    raise
                refused += 1
                err.print(f"line {number}: {error.sentence}", style="red", markup=False)
                if arguments.json:
                    identity = row.get("id") if isinstance(row, dict) else None
                    print_json({"id": identity, "code": error.code, "message": error.sentence})
                continue
            if arguments.json:
                print_json(answer_document(answer))
            else:
                _show_answer(answer, settings)
    return 1 if refused else 0


def _show_answer(answer: Answer, settings: Settings) -> None:
    out.print(answer.answer, style="bold", markup=False)
    for citation in answer.citations:
        when = datetime.fromtimestamp(citation.memory.timestamp, settings.zone)
        out.print(f"  [{citation.n}] {when:%Y-%m-%d %H:%M:%S}  {citation.memory.text}", markup=False)
    if answer.place:
        out.print(f"  place: ({answer.place.x:.2f}, {answer.place.y:.2f}) in {answer.place.frame_id}", markup=False)
    if answer.place and not answer.best_pose:
        out.print(f"  not to be driven to: {answer.best_pose_refused}", markup=False)
    why = f" ({answer.fallback_reason})" if answer.fallback_reason else ""
    out.print(
        f"  route: {answer.route}{why}, {answer.seconds:.2f} s, trace {answer.trace_id}", style="dim", markup=False
    )


def trace(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show a trace, or list the latest. Returns the exit code."""
    with open_without_model(settings, read_only=True) as memory:
        if arguments.id is None:
            latest = memory.traces(max(arguments.n, 0))
        else:
            found = memory.trace(arguments.id)
    if arguments.id is not None:
        if arguments.json:
            print_json({"id": arguments.id, **found})
        else:
            _show_trace(arguments.id, found, settings)
        return 0
    for trace_id, at, trace in latest:
        if arguments.json:
            print_json({"id": trace_id, "at": at, **trace})
            continue
        when = datetime.fromtimestamp(at, settings.zone)
        out.print(
            f"{trace_id}  {when:%Y-%m-%d %H:%M:%S}  {trace.get('question', {}).get('text', '')}",
            style="bold",
            markup=False,
        )
        out.print(f"  {trace.get('answer', '')}", markup=False)
    if not latest:
        err.print("no question was asked yet, or its memories were forgotten since", markup=False)
    return 0


def _show_trace(trace_id: str, trace: dict[str, Any], settings: Settings) -> None:
    def line(name: str, text: object) -> None:
        out.print(f"{name:<11}{text}", markup=False)

    def compact(values: dict[str, Any]) -> str:
        return ", ".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())

    question, plan, cited = dict(trace.get("question", {})), dict(trace.get("plan", {})), trace.get("cited", [])
    asked_at = "unknown"
    if "asked_at" in trace:
        asked_at = f"{datetime.fromtimestamp(trace['asked_at'], settings.zone):%Y-%m-%d %H:%M:%S %Z}"
    decided, search = plan.pop("decided", []), plan.pop("search", "")
    line("trace", trace_id)
    line("question", question.pop("text", "unknown"))
    line("asked at", asked_at + (f", {compact(question)}" if question else ""))
    line("plan", compact({"search": search, **plan}))
    for decision in decided:
        line("", f"- {decision}")
    for number, candidate in enumerate(trace.get("candidates", [])):
        mark = f"[{cited.index(candidate['id']) + 1}]" if candidate["id"] in cited else ""
        line(
            "" if number else "candidates", f"{candidate['score']:.2f} {mark:<4} {candidate['id']}  {candidate['text']}"
        )
    line("cited", ", ".join(f"[{n}] {memory_id}" for n, memory_id in enumerate(cited, 1)) or "nothing")
    line("answer", trace.get("answer", "unknown"))
    line("gives", compact(trace.get("gives", {})) or "no value")
    if trace.get("best_pose_refused"):
        line("best pose", f"none: {trace['best_pose_refused']}")
    line("checks", f"{'abstained' if trace.get('abstained') else 'supported'}: {trace.get('why', 'unknown')}")
    for refusal in trace.get("refused", []):
        line("", f"draft refused: {refusal}")
    if "right" in trace:
        line("rated", "right" if trace["right"] else "wrong")
    why = f" ({trace['fallback_reason']})" if trace.get("fallback_reason") else ""
    line("route", f"{trace.get('route', 'unknown')}{why}, {trace.get('seconds', 0.0):.2f} s")


def rate(arguments: argparse.Namespace, settings: Settings) -> int:
    """Keep whether an answer was right. Returns the exit code."""
    with open_without_model(settings, read_only=True) as memory:
        memory.rate(arguments.id, arguments.verdict == "right")
    if arguments.json:
        print_json({"id": arguments.id, "right": arguments.verdict == "right"})
    else:
        out.print(f"the answer of trace {arguments.id} is kept as {arguments.verdict}", markup=False)
    return 0
