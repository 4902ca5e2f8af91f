"""One writer per data directory, by a lock that names its process."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from shadowhound_memory.errors import Code, ShadowhoundError


def lock_directory(directory: Path) -> FileLock:
    """Take `writer.lock` for this process. Raises LOCKED with the id of the process that holds it."""
    path = directory / "writer.lock"
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        holder = path.read_text().strip() or "unknown"
        raise ShadowhoundError(
            Code.LOCKED, f"{directory} is written by process {holder}; stop it, use its services, or open read-only"
        ) from error
    path.write_text(f"{os.getpid()}\n")
    return lock
