"""The launch file as far as that goes without launch_ros; `make test-launch` runs it for real."""

import ast
import re
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml

from shadowhound_memory.settings import Settings

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "launch" / "memory.launch.py"


@pytest.fixture(scope="module")
def tree() -> ast.Module:
    return ast.parse(SOURCE.read_text(), str(SOURCE))


def calls(tree: ast.Module, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def keywords(call: ast.Call) -> dict[str | None, Any]:
    """The keyword arguments that are written out as values."""
    return {k.arg: k.value.value for k in call.keywords if isinstance(k.value, ast.Constant)}


def test_every_argument_is_declared_described_and_documented(tree: ast.Module) -> None:
    declared = {ast.literal_eval(call.args[0]): keywords(call) for call in calls(tree, "DeclareLaunchArgument")}
    expected = {"memory_backend", "adapter_mode", "params_file", "namespace", "robot_id", "use_sim_time", "log_level"}
    assert set(declared) == expected
    assert all(words["description"] for words in declared.values())


def test_arguments_that_are_parameters_are_settings_of_the_same_type(tree: ast.Module) -> None:
    (table,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Dict)
        and ast.unparse(node.targets[0]) == "PARAMETERS"
    ]
    kinds = {
        ast.literal_eval(name): ast.unparse(kind) for name, kind in zip(table.keys, table.values, strict=True) if name
    }
    assert kinds.pop("use_sim_time") == "bool"
    assert {name: type(getattr(Settings(), name)).__name__ for name in kinds} == kinds


def test_backend_and_adapter_mode_default_to_the_environment(tree: ast.Module) -> None:
    assert [ast.literal_eval(call.args[0]) for call in calls(tree, "EnvironmentVariable")] == [
        "MEMORY_BACKEND",
        "ADAPTER_MODE",
    ]


def test_the_node_it_starts_is_installed(tree: ast.Module) -> None:
    (node,) = calls(tree, "LifecycleNode")
    words = keywords(node)
    (script,) = entry_points(group="console_scripts", name=words["executable"])
    assert script.dist and re.sub("-", "_", script.dist.name) == words["package"]
    assert script.value == "shadowhound_memory.ros.node:main"


def test_the_default_parameter_file_is_for_that_node(tree: ast.Module) -> None:
    (path,) = calls(tree, "PathJoinSubstitution")
    _, *parts = path.args[0].elts  # type: ignore[attr-defined]
    parameters = yaml.safe_load(ROOT.joinpath(*map(ast.literal_eval, parts)).read_text())
    (node,) = calls(tree, "LifecycleNode")
    assert set(parameters) <= {"/**", keywords(node)["name"]}
