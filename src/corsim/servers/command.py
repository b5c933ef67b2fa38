"""A command as a server: started, waited for at its port, ended."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Lock
from types import TracebackType
from typing import IO

from corsim.servers import TIMEOUT, Answer, Crash, check_timeout
from corsim.servers.failures import NoResponse
from corsim.servers.http import HttpServer
from corsim.servers.waiting import in_thread
from corsim.values.errors import InvalidInput, check_str, wrong_type
from corsim.values.request import Request

HOST = "127.0.0.1"
PAUSE = 0.02  # seconds between two knocks at a port
PATIENCE = 5.0  # seconds that a command has to end by itself
SHOWN_LINES = 20


class Process:
    """A command that serves at a port, made by `corsim.servers.process`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        port: int | None = None,
        timeout: float = TIMEOUT,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.command = _checked_command(command)
        self.port = _checked_port(port)
        check_timeout(timeout)
        self._chosen = port is not None
        self._timeout, self._cwd, self._env = timeout, cwd, _checked_variables(env)
        self._running: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._lock = Lock()
        self.held = False  # by a `with`, so that no browser ends it

    @property
    def url(self) -> str:
        """Where it listens, once it is started."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Start the command, and wait until its port answers; raises `NoResponse` if it does not."""
        with self._lock:
            if self._running is None or self._running.poll() is not None:
                self._stop()
                self._start()

    def start_once(self) -> None:
        """Do the same, but leave a command alone that was started and has died since."""
        with self._lock:
            if self._running is None:
                self._start()

    def _start(self) -> None:
        self._launch()
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise

    def stop(self) -> None:
        """End the command, and whatever it has started."""
        with self._lock:
            self._stop()

    def _launch(self) -> None:
        if self._chosen and _answers(self.port):
            raise NoResponse(
                f"port {self.port} is taken already, so {self._shown} was not started",
                "End what listens there, or give no port, and write {port} where the command wants it.",
            )
        if not self._chosen:
            self.port = _free_port()
        self._output = TemporaryFile()  # noqa: SIM115 — it lives as long as the command
        try:
            self._running = subprocess.Popen(
                [self._filled(word) for word in self.command],
                cwd=self._cwd,
                env={**os.environ, "PORT": str(self.port), **self._own_variables()},
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            what = f"can't start {self._shown}: {error}"
            raise NoResponse(what, "Is it installed, and on the PATH?") from error
        self._end = weakref.finalize(self, _kill, self._running)

    def _wait(self) -> None:
        """Knock until somebody opens, the command dies, or the time is up."""
        assert self._running is not None
        until = time.monotonic() + self._timeout
        while not _answers(self.port):
            status = self._running.poll()
            if status is not None:
                what = f"{self._shown} ended with {status} before port {self.port} answered"
                raise NoResponse(what + self._said(), "Run the command by hand, and see why it ends.")
            if time.monotonic() > until:
                what = f"{self._shown} did not answer at port {self.port} within {self._timeout:g} seconds"
                raise NoResponse(what + self._said(), "Does it listen at this port, on 127.0.0.1?")
            time.sleep(PAUSE)

    def _stop(self) -> None:
        if self._running is not None:
            self._end()
            self._running = None
        if self._output is not None:
            self._output.close()
            self._output = None

    def _filled(self, text: str) -> str:
        return text.replace("{port}", str(self.port))

    def _own_variables(self) -> dict[str, str]:
        return {name: self._filled(value) for name, value in self._env.items()}

    @property
    def _shown(self) -> str:
        return repr(shlex.join(self.command).replace("'{port}'", "{port}"))

    def _said(self) -> str:
        """Show the last lines of what the command has printed."""
        assert self._output is not None
        self._output.seek(0)
        lines = self._output.read().decode("utf-8", "replace").splitlines()[-SHOWN_LINES:]
        return ". It said:\n" + "\n".join(f"  {line}" for line in lines) if lines else ", and said nothing"

    def died(self) -> str:
        """Say how the command ended, if it did, and what it said; nothing while it runs."""
        status = None if self._running is None else self._running.poll()
        return "" if status is None else f"{self._shown} has ended with {status}{self._said()}"

    def __enter__(self) -> Process:
        self.start()
        self.held = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.held = False
        self.stop()

    def __repr__(self) -> str:
        state = "not started" if self._running is None else f"at {self.url}"
        return f"<Process {self._shown}, {state}>"


class ProcessServer:
    """Serve with a command, which is started with the first request and ended with `close`."""

    def __init__(self, process: Process, timeout: float | None = TIMEOUT) -> None:
        self._process = process
        self._timeout = timeout
        self._server: HttpServer | None = None

    async def __call__(self, request: Request) -> Answer:
        """Answer one request."""
        process = self._process
        died = process.died()
        if died:
            return Crash(NoResponse(died, "Run the command by hand, and see why it ends."))
        try:
            await in_thread(process.start_once)
        except NoResponse as error:
            return Crash(error)
        if self._server is None or str(self._server.url.origin) != process.url:
            self._server = HttpServer(process.url, self._timeout)
        return await self._server(request)

    async def close(self) -> None:
        """End the command, unless a `with` holds it."""
        if not self._process.held:
            await in_thread(self._process.stop)


def _checked_command(command: object) -> tuple[str, ...]:
    if isinstance(command, (str, bytes)) or not isinstance(command, Sequence):
        raise wrong_type("a command", "a list of str, such as ['uvicorn', 'main:app']", command)
    words = tuple(str(word) if isinstance(word, os.PathLike) else word for word in command)
    if not words or not all(isinstance(word, str) for word in words):
        raise InvalidInput(f"{command!r} is no command: give its words, such as ['uvicorn', 'main:app']")
    return words


def _checked_variables(env: object) -> dict[str, str]:
    if env is None:
        return {}
    if not isinstance(env, Mapping):
        raise wrong_type("env", "a mapping of str, such as {'DEBUG': '1'}", env)
    for each in (*env, *env.values()):
        check_str("each name and value of env", each)
    return dict(env)


def _checked_port(port: object) -> int:
    if port is None:
        return 0
    if isinstance(port, bool) or not isinstance(port, int):
        raise wrong_type("port", "an int, or None for a free one", port)
    if not 0 < port < 65536:
        raise InvalidInput(f"{port} is no port: take one from 1 to 65535, or None for a free one")
    return port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


def _kill(running: subprocess.Popen[bytes]) -> None:
    """End a command and its children: kindly first, then not."""
    for final in (False, True):
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                running.terminate()
            else:
                os.killpg(running.pid, signal.SIGKILL if final else signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            running.wait(PATIENCE)
            return
