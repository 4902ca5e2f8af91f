"""What can go wrong, each with a number and a sentence. The numbers are those of the ROS interfaces."""

from enum import IntEnum


class Code(IntEnum):
    """Result codes, the same in the API, the command line and the ROS responses."""

    OK = 0
    INVALID = 1
    ID_CONFLICT = 2
    NOT_FOUND = 3
    NOT_ACTIVE = 4
    SKIPPED = 5
    BUSY = 6
    TIMEOUT = 7
    CANCELLED = 8
    LOCKED = 9
    READ_ONLY = 10
    STORE_FAILED = 11
    INTERNAL = 12
    OWN_ANSWER = 13
    MODEL_UNAVAILABLE = 14


class ShadowhoundError(Exception):
    """An error with a code and a sentence that names the value, the rule and the way out."""

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class ModelUnavailable(Exception):
    """The language model cannot answer now; the message is the fallback reason. Never reaches a user."""


class RequestRefused(ModelUnavailable):
    """The language model is there, and this request's grammar or prompt is at fault; another one may be answered."""
