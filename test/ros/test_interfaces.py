"""The interfaces say the same as the package: codes, events, kinds; every response has a code and a sentence."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from shadowhound_memory.errors import Code
from shadowhound_memory.question import Kind
from shadowhound_memory.record import EVENTS, Status, Writer
from shadowhound_memory_msgs import action, msg, srv

FOLDER = Path(__file__).parents[2] / "shadowhound_memory_msgs"
FILES = sorted(path for kind in ("msg", "srv", "action") for path in (FOLDER / kind).iterdir())
RESPONSES = [getattr(srv, path.stem).Response for path in FILES if path.suffix == ".srv"] + [action.Answer.Result]


def constants(kind: Any) -> dict[str, Any]:
    return {name: getattr(kind, name) for name in dir(type(kind)) if re.fullmatch("[A-Z][A-Z_]*", name)}


def test_codes_are_those_of_the_package() -> None:
    assert constants(msg.ResultCode) == {code.name: code.value for code in Code}


def test_events_statuses_and_writers_are_those_of_the_record() -> None:
    assert sorted(constants(msg.Memory).values()) == sorted([*EVENTS, *get_args(Status), *get_args(Writer)])


@pytest.mark.parametrize("kind", [srv.Recall.Response, action.Answer.Result])
def test_kinds_of_answer_are_those_of_the_package(kind: Any) -> None:
    assert sorted(constants(kind).values()) == sorted(get_args(Kind))


@pytest.mark.parametrize("response", RESPONSES, ids=lambda kind: kind.__name__)
def test_every_response_has_a_code_and_a_sentence(response: Any) -> None:
    fields = response.get_fields_and_field_types()
    assert (fields["code"], fields["message"]) == ("uint8", "string")


def test_the_action_asks_and_answers_as_the_service_does() -> None:
    assert action.Answer.Goal.get_fields_and_field_types() == srv.Recall.Request.get_fields_and_field_types()
    assert action.Answer.Result.get_fields_and_field_types() == srv.Recall.Response.get_fields_and_field_types()


def test_a_request_with_nothing_else_set_is_a_good_one() -> None:
    assert srv.Recall.Request().k == 10
    assert srv.Write.Request().observation.confidence == 1.0
    assert srv.Write.Request().observation.source == "robot"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_built_and_begins_with_what_it_is_for(path: Path) -> None:
    assert f'"{path.relative_to(FOLDER).as_posix()}"' in (FOLDER / "CMakeLists.txt").read_text()
    assert re.match(r"# [A-Z]", path.read_text())
