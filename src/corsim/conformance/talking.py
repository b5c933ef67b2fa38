"""A command that is talked to by lines: started, asked, heard, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Sequence
from subprocess import PIPE

import attrs

_LONGEST_LINE = 1 << 24
_LINES_SHOWN = 20
_GRACE = 2.0
"""Seconds for a command to end by itself when nothing more comes."""


class CommandMissing(Exception):
    """What the command line names can't be run; the message says why."""


@attrs.define
class Talk:
    """A running command, and the last lines of its stderr."""

    process: asyncio.subprocess.Process
    complaints: deque[str] = attrs.field(factory=lambda: deque(maxlen=_LINES_SHOWN))
    listener: asyncio.Task[None] | None = None

    def say(self, line: bytes) -> None:
        """Write a line to its stdin; one that is gone shows it by what it answers."""
        assert self.process.stdin is not None
        if not self.process.stdin.is_closing():
            self.process.stdin.write(line)

    async def hear(self, seconds: float) -> bytes:
        """Read a line of its stdout, empty at its end.

        Raises `TimeoutError` if none comes, and `ValueError` if one does not end.
        """
        assert self.process.stdout is not None
        return await asyncio.wait_for(self.process.stdout.readline(), max(seconds, 0))

    async def end_told(self) -> str:
        """Say how a command ended that is silent for good, and what it complained of before."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), _GRACE)
        if self.listener is not None:
            await asyncio.wait([self.listener], timeout=_GRACE)
        code = self.process.returncode
        if code is None:
            return self.with_complaints("the command closed its stdout")
        how = f"was ended by {_signal_name(-code)}" if code < 0 else f"ended with code {code}"
        return self.with_complaints(f"the command {how}")

    def with_complaints(self, what: str) -> str:
        """Put what was said on stderr below a sentence."""
        return "\n".join([what, *(f"    {line}" for line in self.complaints)])

    async def listen(self) -> None:
        """Keep the last lines of stderr; a command that nobody listens to would come to a stop."""
        assert self.process.stderr is not None
        with contextlib.suppress(ValueError):
            async for line in self.process.stderr:
                self.complaints.append(line.decode("utf-8", "replace").rstrip())


@contextlib.asynccontextmanager
async def talking(command: Sequence[str]) -> AsyncIterator[Talk]:
    """Start a command; at the end its stdin is closed, and what does not go by itself is ended."""
    try:
        # A group of its own, so that what it starts ends with it, and nobody else does.
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LONGEST_LINE, start_new_session=True
        )
    except OSError as error:
        raise CommandMissing(f"can't run {command[0]!r}: {error.strerror or error}") from error
    talk = Talk(process)
    talk.listener = asyncio.create_task(talk.listen())
    try:
        yield talk
    finally:
        await _end(process)
        talk.listener.cancel()


async def _end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if number is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _GRACE)
    with contextlib.suppress(ProcessLookupError):  # what outlives the command
        os.killpg(process.pid, signal.SIGKILL)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
