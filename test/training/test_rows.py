"""Rows that are broken are named by line and left out, or end the reading; the others are read whatever is beside."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training.data import read_rows, read_writing_rows

GOOD = json.dumps({"input": "a door", "output": {"event": "note", "tags": ["object:door"]}}).encode()
BROKEN: dict[str, tuple[bytes, str]] = {
    "half a row": (GOOD[:20], "line 2"),
    "no JSON": (b"a door", "Expecting value"),
    "invalid UTF-8": (GOOD.replace(b"door", b"d\xff\xfer"), "'utf-8' codec can't decode byte 0xff"),
    "a list": (b"[1, 2]", "[1, 2] is no JSON object"),
    "a string": (b'"a door"', '"a door" is no JSON object'),
    "null": (b"null", "null is no JSON object"),
    "no output": (b'{"input": "a door"}', "the field 'output' is missing"),
    "no words": (b'{"input": " ", "output": {"event": "note", "tags": []}}', "the observation's words"),
    "an unknown event": (GOOD.replace(b"note", b"dance"), "event"),
    "tags that are none": (GOOD.replace(b'["object:door"]', b"7"), "not iterable"),
    "an output that is a string": (b'{"input": "a door", "output": "note"}', "string indices"),
    "brackets without end": (b"[" * 200_000, "line 2"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_row_is_named_and_left_out_or_ends_the_reading(fault: str, tmp_path: Path, capsys) -> None:
    row, reason = BROKEN[fault]
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join([GOOD, row, GOOD, b""]))
    assert [text for text, _ in read_writing_rows(path)] == ["a door", "a door"]
    told = capsys.readouterr().err
    assert f"{path}, line 2: " in told and reason in told and told.count("left out") == 1
    with pytest.raises(ValueError, match="line 2"):
        list(read_writing_rows(path, strict=True))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD + b"\n" + GOOD,
        GOOD + b"\r\n" + GOOD + b"\r\n",
        b"\n\n" + GOOD + b"\n \n" + GOOD + b"\n\n",
    ],
    ids=["a byte order mark", "CRLF", "empty lines"],
)
def test_what_editors_add_is_no_fault(content: bytes, tmp_path: Path, capsys) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    assert [text for text, _ in read_writing_rows(path, strict=True)] == ["a door", "a door"]
    assert capsys.readouterr().err == ""


def test_a_line_ends_at_a_newline_and_at_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    said = ["one\u2028two", "three\x85four", "five\x0bsix"]
    path.write_text("".join(json.dumps({"said": each}, ensure_ascii=False) + "\n" for each in said), encoding="utf-8")
    assert list(read_rows(path, lambda row: row["said"], strict=True)) == said


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(st.one_of(st.just(GOOD), st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")))))
def test_whatever_stands_between_good_rows_they_are_read(lines: list[bytes], tmp_path: Path, capsys) -> None:
    capsys.readouterr()
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join(lines))
    assert len(list(read_writing_rows(path))) == lines.count(GOOD)
    told = [int(line.split(", line ")[1].split(":")[0]) for line in capsys.readouterr().err.splitlines()]
    assert told == sorted(set(told)) and set(told) <= {n for n, line in enumerate(lines, 1) if line != GOOD}
