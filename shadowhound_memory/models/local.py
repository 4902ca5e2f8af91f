"""A language model on this machine, in a worker process that is watched and started again when it dies."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from shadowhound_memory.adapters.card import AdapterCard
from shadowhound_memory.adapters.merged import merged_card, merged_for
from shadowhound_memory.adapters.registry import Entry, Registry
from shadowhound_memory.adapters.selection import Serving, select
from shadowhound_memory.adapters.verify import AdapterRefused
from shadowhound_memory.errors import ModelUnavailable, RequestRefused
from shadowhound_memory.metrics import Metrics
from shadowhound_memory.models.base import CAPABILITIES, MERGED, Completion, Priority, Request, Task
from shadowhound_memory.models.files import base_sha256, child_environment, find_language_model, ready_path
from shadowhound_memory.models.messages import Cancel, Job, Load, Loaded, Result
from shadowhound_memory.prompts import template_hash
from shadowhound_memory.settings import Settings

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
PROBE_TIMEOUT = 60.0
RETRY_FAILED = 300.0
"""Seconds after which an adapter that could not be loaded is tried again: the memory that it lacked may be free."""
WORKER_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "OMP_WAIT_POLICY": "PASSIVE",
}

log = logging.getLogger(__name__)


class LocalModel:
    """The model of `settings.model`. Loading starts at once, behind the caller; until it is done `complete` refuses."""

    capabilities = CAPABILITIES["local"]

    def __init__(self, settings: Settings, metrics: Metrics | None = None) -> None:
        """`metrics` counts the prompts that keep to their task's cap."""
        self.name = Path(settings.model).name.removesuffix(".gguf") if os.sep in settings.model else settings.model
        self._settings = settings
        self._metrics = metrics or Metrics()
        self._lock = threading.Lock()
        self._state = "loading"
        self._settled = threading.Event()
        self._closing = threading.Event()
        self._numbers = count()
        self._waiting: dict[int, Future[list[Completion]]] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._registry = Registry(settings.directory / "adapters")
        self._base_sha256 = ""
        self._merged: AdapterCard | None = None
        self._chosen: dict[Task, Entry] = {}
        self._folders: dict[str, Path] = {}
        self._failed: dict[Path, tuple[float, str]] = {}
        self._supervisor = threading.Thread(target=self._supervise, name="local-model", daemon=True)
        self._supervisor.start()

    @property
    def state(self) -> str:
        """`loading`, `ready`, or why it cannot answer."""
        return self._state

    @property
    def process_id(self) -> int | None:
        """The worker's process id, None while there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def wait_ready(self, timeout: float) -> bool:
        """Wait until the model is ready, at most `timeout` seconds; False when it is not or cannot be."""
        self._settled.wait(timeout)
        return self._state == "ready"

    def adapter_for(self, task: Task) -> tuple[str | None, str]:
        """The name of the adapter that serves a task on this robot and base, MERGED when it is in the weights, or None;
        and why."""
        if self._merged is not None:
            return merged_for(self._merged, task, self._serving(task), self._registry)
        selection = select(self._registry, task, self._serving(task), self.chosen(task))
        if selection.name is not None and selection.folder is not None:
            self._folders[selection.name] = selection.folder
        return selection.name, selection.reason

    def chosen(self, task: Task) -> Entry | None:
        """The adapter that `load_adapter` lets serve a task before any other."""
        return self._chosen.get(task)

    def check_adapter(self, entry: Entry) -> Task:
        """The task of a version that may serve on this robot and base. Raises AdapterRefused when it may not."""
        if entry.card is None:
            raise AdapterRefused(entry.problem or "its card cannot be read")
        task, mode = entry.card.task, self._settings.adapter_mode
        if mode not in (task, "all"):
            raise AdapterRefused(f"adapter_mode {mode!r} uses no {task} adapter; set it to 'all'")
        if self._merged is not None:
            raise AdapterRefused(f"the model {self.name} has an adapter merged, and takes no other")
        if not self._base_sha256:
            raise AdapterRefused(f"the local model {self.name} is not known yet: {self._state}")
        try:
            self._serving(task).check(entry)
        except OSError as error:
            raise AdapterRefused(f"{error.filename} cannot be read: {error.strerror}") from error
        return task

    def load_adapter(self, entry: Entry) -> None:
        """Load a version into the worker and let it serve its task before any other.

        Raises AdapterRefused when it does not stand the check or the worker cannot load it, ModelUnavailable when the
        model cannot answer now; either way the choice stays as it was.
        """
        if self._state != "ready":
            raise ModelUnavailable(f"the local model {self.name} is not ready: {self._state}")
        self._failed.pop(entry.folder, None)  # it is tried again
        task = self.check_adapter(entry)
        self._folders[entry.name] = entry.folder
        messages = [{"role": "system", "content": "."}, {"role": "user", "content": "."}]
        probe = Request(task, messages, {}, grammar="start: /(?s:.)*/", max_tokens=1, adapter=entry.name)
        try:
            self.complete([probe], Priority.RECALL, PROBE_TIMEOUT)
        except ModelUnavailable:
            self.check_adapter(entry)
            raise
        with self._lock:
            self._chosen[task] = entry

    def unload_adapter(self, name: str) -> bool:
        """Take back the choice of this adapter; False when it is not chosen."""
        with self._lock:
            tasks = [task for task, entry in self._chosen.items() if entry.name == name]
            for task in tasks:
                del self._chosen[task]
        return bool(tasks)

    def _serving(self, task: Task) -> Serving:
        since = time.monotonic() - RETRY_FAILED
        failed = {folder: reason for folder, (at, reason) in self._failed.copy().items() if at > since}
        return Serving(self._settings.robot_id, self._base_sha256, template_hash(task), failed)

    def complete(self, requests: list[Request], priority: Priority, timeout: float) -> list[Completion]:
        """Complete a batch. Raises ModelUnavailable while loading, if the worker dies or refuses, at the timeout."""
        if not requests:
            return []
        named = {request.adapter for request in requests if request.adapter not in (None, MERGED)}
        if unknown := named - set(self._folders):
            raise ModelUnavailable(f"the local model has no adapter {min(unknown)!r} selected")
        # The worker knows adapters by their folders.
        paths = {name: str(self._folders[name]) for name in named}
        jobs = [replace(one, adapter=paths.get(one.adapter or "")) for one in requests]
        future: Future[list[Completion]] = Future()
        with self._lock:
            if self._state != "ready":
                raise ModelUnavailable(f"the local model {self.name} is not ready: {self._state}")
            number = next(self._numbers)
            self._waiting[number] = future
            self._send(Job(number, priority, jobs, {path: Path(path) for path in paths.values()}))
        try:
            completions = future.result(timeout)
            self._metrics.count("prompts_within_cap", len(completions))
            return completions
        except FutureTimeoutError:
            with self._lock:
                self._send(Cancel(number))
            raise ModelUnavailable(f"the local model {self.name} took longer than {timeout:g} s") from None
        finally:
            self._waiting.pop(number, None)

    def close(self) -> None:
        """Stop the worker. Calls that wait get ModelUnavailable."""
        with self._lock:
            self._closing.set()
            if self._process is not None:
                self._process.kill()
        self._supervisor.join(timeout=5)

    def _send(self, message: Job | Cancel) -> None:
        """Send to the worker; when it has just died the supervisor fails the job."""
        try:
            if self._connection is not None:
                self._connection.send(message)
        except OSError:
            log.debug("the worker is gone before %s", type(message).__name__)

    def _supervise(self) -> None:
        try:
            found = find_language_model(self._settings)
            folder = ready_path(found)
            self._merged = merged_card(folder, self._registry)
            if self._settings.adapter_mode != "none" and self._merged is None:
                self._base_sha256 = base_sha256(found)
        except ModelUnavailable as missing:
            self._settle(str(missing))
            return
        except AdapterRefused as refused:
            self._settle(f"{folder} has an adapter merged that is refused: {refused}")
            return
        backoff = FIRST_BACKOFF
        while not self._closing.is_set():
            self._settled.clear()
            self._state = "loading"
            process, connection = self._start(folder)
            try:
                while True:
                    message = connection.recv()
                    if isinstance(message, Loaded) and message.reason is not None:
                        self._settle(f"{folder} cannot be loaded: {message.reason}")
                        return
                    if isinstance(message, Loaded):
                        self._settle("ready")
                    elif isinstance(message, Result):
                        backoff = FIRST_BACKOFF
                        self._deliver(message)
            except (EOFError, OSError):
                pass
            finally:
                self._bury(process, connection, backoff)
            self._closing.wait(backoff)
            backoff = min(2 * backoff, LONGEST_BACKOFF)

    def _start(self, folder: Path) -> tuple[subprocess.Popen[bytes], Connection]:
        ours, theirs = socket.socketpair()
        connection = Connection(ours.detach())
        with self._lock, theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "shadowhound_memory.models.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=child_environment() | WORKER_ENVIRONMENT,
            )
            self._process, self._connection = process, connection
            if self._closing.is_set():
                process.kill()
        settings = self._settings
        connection.send(Load(folder, settings.device, settings.dtype, settings.quantize))
        return process, connection

    def _settle(self, state: str) -> None:
        self._state = state
        self._settled.set()
        if state != "ready":
            log.error("local model %s: %s", self.name, state)

    def _deliver(self, result: Result) -> None:
        if result.adapter is not None:
            self._failed[Path(result.adapter)] = (time.monotonic(), result.reason or "")
        future = self._waiting.pop(result.number, None)
        if future is None:
            return
        if result.completions is not None:
            future.set_result(result.completions)
        else:
            if result.refused == "prompt":
                self._metrics.count("prompts_over_cap")
            kind = RequestRefused if result.refused else ModelUnavailable
            future.set_exception(kind(f"the local model {self.name} refused: {result.reason}"))

    def _bury(self, process: subprocess.Popen[bytes], connection: Connection, backoff: float) -> None:
        """After the worker's end: say so, and fail what waited for it."""
        code = process.wait()
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        with self._lock:
            if self._closing.is_set():
                self._state = "closed"
            elif self._state in ("loading", "ready"):
                self._state = f"its process {how}; it starts again in {backoff:g} s"
                log.warning("local model %s: %s", self.name, self._state)
            self._connection = self._process = None
            connection.close()
            waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            future.set_exception(ModelUnavailable(f"the local model {self.name} is gone: {self._state}"))
