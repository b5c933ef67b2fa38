"""corsim.servers.command: a command as a server."""

from __future__ import annotations

import asyncio
import socket
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from corsim import Browser, InvalidInput, Result
from corsim.servers import process
from corsim.servers.command import Process
from corsim.servers.failures import NoResponse

APP = "https://app.example.com"

# The fewest imports that will do: an interpreter that starts fast. It says where it runs.
SERVER = """
    import os, socket, sys
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    while True:
        connection = listener.accept()[0]
        if not connection.recv(65536):
            continue
        body = f"{os.getpid()} {os.environ['PORT']} {os.environ.get('GREETING')} {os.getcwd()}".encode()
        connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
        connection.close()
"""


def python(code: str, *arguments: str) -> Sequence[str]:
    return [sys.executable, "-ISc", textwrap.dedent(code), *arguments]


def serving(**options: Any) -> Process:
    return process(python(SERVER, "{port}"), **options)


def fetched(command: Process) -> Result:
    with Browser() as browser:
        browser.serve(APP, command)
        return browser.open(APP).fetch("/")


def failure(command: Process) -> str:
    """Why there was no response, as the explanation tells it."""
    result = fetched(command)
    error = result.exchanges[0].error
    assert isinstance(error, NoResponse)
    assert str(error) in result.explain()
    return str(error)


def listens(command: Process) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", command.port)) == 0


def test_it_runs_as_long_as_its_browser(tmp_path: Path) -> None:
    """It is started once, with the first request, and ended with the browser."""
    command = serving(cwd=tmp_path, env={"GREETING": "hello {port}"})
    with Browser() as browser:
        browser.serve(APP, command)
        assert repr(command).endswith("not started>")
        page = browser.open(APP)
        first, second = page.fetch("/").text, page.fetch("/").text
        assert repr(command).endswith(f"at {command.url}>")
    assert first == second
    assert first.partition(" ")[2] == f"{command.port} hello {command.port} {tmp_path}"
    assert not listens(command)


def test_one_for_many_browsers() -> None:
    """In a `with` it is started at once, outlives its browsers, and ends with the block."""
    with serving() as command:
        assert listens(command)
        assert fetched(command).text == fetched(command).text
        assert listens(command)
    assert not listens(command)
    assert fetched(command).ok  # and it may be started again


def test_a_port_of_ones_own() -> None:
    """A port may be given; when it is taken, nothing is started and nobody else is asked."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = failure(serving(port=port))
        assert f"port {port} is taken already, so " in taken
        assert taken.endswith("was not started")
    assert fetched(serving(port=port)).text.split()[1] == str(port)


def test_a_command_that_is_not_there() -> None:
    """What can't be started is named."""
    assert failure(process(["/no/such/command"])).startswith("can't start '/no/such/command': ")


def test_a_command_that_ends() -> None:
    """What ends before its port answers is shown with what it said."""
    said = failure(process(python("print('no settings'); raise SystemExit(3)")))
    assert "ended with 3 before port" in said
    assert said.endswith("It said:\n  no settings")


def test_a_command_that_listens_elsewhere() -> None:
    """What does not listen in time is ended, and named."""
    silent = process(python("import time; time.sleep(60)"), timeout=0.2)
    said = failure(silent)
    assert said.endswith("within 0.2 seconds, and said nothing")
    assert repr(silent).endswith("not started>")


def test_a_command_that_dies_later() -> None:
    """What ends between two requests is not started again behind anybody's back."""
    code = SERVER + "        print('out of memory'); sys.exit(9)\n"
    with Browser() as browser:
        browser.serve(APP, process(python(code, "{port}")))
        page = browser.open(APP)
        assert page.fetch("/").ok
        said = (str(page.fetch("/").exchanges[0].error) for _ in range(1000))
        assert any("has ended with 9. It said:\n  out of memory" in text for text in said)


def test_many_at_once() -> None:
    """Fetches that begin together start it once, and the loop is not blocked meanwhile."""

    async def main() -> set[str]:
        async with Browser() as browser:
            browser.serve(APP, serving())
            page = browser.open(APP)
            fetches = asyncio.gather(*(page.fetch_async("/") for _ in range(20)))
            await asyncio.sleep(0)
            assert not fetches.done()
            return {result.text for result in await fetches}

    assert len(asyncio.run(main())) == 1


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("uvicorn main:app", {}), (b"x", {}), (None, {}), ([], {}), ([5], {}),
        (["x"], {"port": 0}), (["x"], {"port": 65536}), (["x"], {"port": "8000"}), (["x"], {"port": True}),
        (["x"], {"timeout": 0}), (["x"], {"timeout": "5"}), (["x"], {"env": {"A": 5}}), (["x"], {"env": 5}),
    ],
)  # fmt: skip
def test_refusals(command: Any, options: dict[str, Any]) -> None:
    """What is no command, port, time or environment is refused, and shown."""
    with pytest.raises((InvalidInput, TypeError)) as caught:
        process(command, **options)
    wrong = next(iter(options.values()), command)
    assert repr(wrong["A"] if isinstance(wrong, dict) else wrong) in str(caught.value)
