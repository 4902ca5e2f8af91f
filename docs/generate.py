"""Writes the files that are made from the code: docs/interfaces.md and its tables in README.md, config/memory.yaml and
config/memory.schema.json.

Run `python docs/generate.py` after a change of a setting, of a message or of a memory's schema; it needs no ROS.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from shadowhound_memory.models.base import CAPABILITIES, Capabilities
from shadowhound_memory.record import memory_schema
from shadowhound_memory.settings import Settings, rule

ROOT = Path(__file__).resolve().parent.parent


def files() -> dict[Path, str]:
    """Every file that is made from the code, with its text."""
    return {
        ROOT / "docs" / "interfaces.md": _interfaces(),
        ROOT / "README.md": _readme(),
        ROOT / "config" / "memory.yaml": _parameter_file(),
        ROOT / "config" / "memory.schema.json": json.dumps(memory_schema(), indent=2) + "\n",
    }


def _parameters() -> dict[str, dict[str, Any]]:
    """JSON Schemas of the settings that are ROS parameters."""
    properties: dict[str, dict[str, Any]] = Settings.model_json_schema()["properties"]
    return {name: schema for name, schema in properties.items() if name != "simulated"}


def _interfaces() -> str:
    template = (ROOT / "docs" / "interfaces.template.md").read_text(encoding="utf-8")
    made = {"parameters": _parameter_table(), "capabilities": _capability_table(), "messages": _messages()}
    for name, text in made.items():
        template = template.replace(f"{{{{{name}}}}}", text)
    return template


def _readme() -> str:
    """README.md with the tables of docs/interfaces.md between its two marks."""
    begin, end = "<!-- tables: made by docs/generate.py -->", "<!-- end of tables -->"
    before, _, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition(begin)
    tables = _interfaces().partition("## Topics")[2].partition("## Messages")[0]
    tables = f"## Topics{tables}".replace("## ", "### ").replace("](#", "](docs/interfaces.md#")
    return f"{before}{begin}\n\n{tables.strip()}\n\n{end}{rest.partition(end)[2]}"


def _parameter_table() -> str:
    lines = ["| parameter | type | default | rule | what |", "| --- | --- | --- | --- | --- |"]
    for name, schema in _parameters().items():
        kind = {"number": "double", "integer": "int"}.get(schema["type"], schema["type"])
        words = rule(name).replace("|", r"\|")
        lines.append(f"| `{name}` | {kind} | `{json.dumps(schema['default'])}` | {words} | {schema['description']} |")
    return "\n".join(lines)


def _capability_table() -> str:
    names = [field.name for field in fields(Capabilities)]
    lines = [f"| backend | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
    for backend, can in CAPABILITIES.items():
        lines.append(f"| `{backend}` | {' | '.join('yes' if getattr(can, name) else 'no' for name in names)} |")
    return "\n".join(lines)


def _messages() -> str:
    parts = []
    for kind in ("msg", "srv", "action"):
        for file in sorted((ROOT / "shadowhound_memory_msgs" / kind).glob(f"*.{kind}")):
            parts.append(f"### {kind}/{file.stem}\n\n```\n{file.read_text(encoding='utf-8').strip()}\n```")
    return "\n\n".join(parts)


def _parameter_file() -> str:
    lines = ["# Every parameter of the node with its default. Made by docs/generate.py.", "/**:", "  ros__parameters:"]
    for name, schema in _parameters().items():
        words = "; ".join(filter(None, (schema["description"], rule(name))))
        lines += [f"    # {words}", f"    {name}: {json.dumps(schema['default'])}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
