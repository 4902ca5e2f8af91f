"""Requests that the tests of this folder ask of a model."""

from shadowhound_memory.models.base import Request

REPLY_SCHEMA = {
    "type": "object",
    "properties": {
        "event": {"enum": ["object_seen", "battery_status", "note"]},
        "text": {"type": "string", "minLength": 3, "maxLength": 60},
        "tags": {"type": "array", "items": {"type": "string", "pattern": "^(object|room):[a-z]{1,12}$"}, "maxItems": 2},
    },
    "required": ["event", "text", "tags"],
    "additionalProperties": False,
}
EXAMPLE = '{"event":"object_seen","text":"a green bottle beside the sink","tags":["object:bottle","room:kitchen"]}'


def request_for(text: str, *, grammar: str | None = None, max_tokens: int = 160, adapter: str | None = None) -> Request:
    """A request with an instruction and an example in front, as the package's own requests have."""
    messages = [
        {"role": "system", "content": "Turn what a robot perceived into a short record in JSON."},
        {"role": "user", "content": "In the kitchen there is a green bottle next to the sink."},
        {"role": "assistant", "content": EXAMPLE},
        {"role": "user", "content": text},
    ]
    return Request("writing", messages, REPLY_SCHEMA, grammar=grammar, max_tokens=max_tokens, adapter=adapter)
