"""The node's parameters: declared from Settings, checked by Settings."""

from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.node import Node
from rclpy.parameter import Parameter

from shadowhound_memory.record import explain
from shadowhound_memory.settings import Settings, rule

NAMES = tuple(name for name in Settings.model_fields if name != "simulated")
"""The settings that are parameters; `simulated` is what use_sim_time says."""


def declare(node: Node) -> None:
    """Declare every setting with its type, default, range and description; warn of values given for unknown names.

    Raises rclpy.exceptions.ParameterException when a value given at start breaks a rule.
    """
    schemas = Settings.model_json_schema()["properties"]
    for name in NAMES:
        node.declare_parameter(name, schemas[name]["default"], _descriptor(name, schemas[name]))
    for given in getattr(node, "_parameter_overrides", {}):  # rclpy has no other way to them
        if not node.has_parameter(given):
            near = get_close_matches(given, NAMES, 1)
            advice = f"did you mean {near[0]}?" if near else "docs/interfaces.md lists them all"
            node.get_logger().warning(f"there is no parameter {given!r}, it has no effect; {advice}")


def _descriptor(name: str, schema: dict[str, Any]) -> ParameterDescriptor:
    descriptor = ParameterDescriptor(description=schema["description"], additional_constraints=rule(name))
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    if low is not None and "maximum" in schema:
        if schema["type"] == "integer":
            descriptor.integer_range = [IntegerRange(from_value=low, to_value=schema["maximum"])]
        else:
            descriptor.floating_point_range = [
                FloatingPointRange(from_value=float(low), to_value=float(schema["maximum"]))
            ]
    return descriptor


def settings_of(node: Node) -> Settings:
    """The settings as the parameters stand. Raises ShadowhoundError INVALID."""
    values = {name: node.get_parameter(name).value for name in NAMES}
    try:
        return Settings(**values, simulated=node.get_parameter("use_sim_time").value)
    except ValidationError as error:
        raise explain(error, "parameters") from None


def check(changes: list[Parameter], configured: bool) -> SetParametersResult:
    """Whether changed parameters may be set: in the state unconfigured, and when Settings finds their values good."""
    values = {parameter.name: parameter.value for parameter in changes if parameter.name in NAMES}
    if configured and (values or any(parameter.name == "use_sim_time" for parameter in changes)):
        names = ", ".join(parameter.name for parameter in changes)
        return SetParametersResult(
            successful=False, reason=f"{names}: can be set while the node is unconfigured; clean it up first"
        )
    try:
        Settings(**values)
    except ValidationError as error:
        return SetParametersResult(successful=False, reason=explain(error, "parameter").sentence)
    return SetParametersResult(successful=True)
