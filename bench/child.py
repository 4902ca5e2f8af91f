"""A Python process that answers JSON lines: one question, one reply."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from shadowhound_memory.models.local import WORKER_ENVIRONMENT


class Child:
    """`python -m MODULE ARGUMENTS`. It has the environment of the package's own worker.

    Its first line says that it is ready; `ready` holds what it said.
    """

    def __init__(self, module: str, *arguments: object) -> None:
        self._module = module
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=Path(__file__).parents[1],
            env=os.environ | WORKER_ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready = self._reply()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to a request. Raises RuntimeError when the process has ended."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._reply()

    def _reply(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended with {self._process.wait()}")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def close(self) -> None:
        """Let it end."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=60)
