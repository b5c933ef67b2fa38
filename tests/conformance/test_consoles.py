"""Captured consoles, without a browser: what is read of each protocol, and how it is compared."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from corsim.conformance.comparing import seen_fetches
from corsim.conformance.consoles.chromium import Listener, line_of
from corsim.conformance.consoles.comparing import console_mismatches
from corsim.conformance.consoles.firefox import Marionette
from corsim.conformance.consoles.mapped import mapped_case
from corsim.conformance.consoles.printed import Printed
from corsim.conformance.consoles.webkit import take_down
from corsim.conformance.loopback import Mapping, World
from corsim.conformance.script import script_of
from corsim.conformance.server import RawRequest
from corsim.conformance.session import Replay, Session

from .given import case

REFUSED = """
title = "A response without the header fails"
proves = "concept-cors-check 2"
[[fetch]]
page = "https://app.example"
url = "https://api.example/me"
[[server]]
on = "GET https://api.example/me"
with = ["Origin: https://app.example"]
status = 302
headers = ["Location: https://api.example/there", "Vary: a"]
[expect]
sent = ["GET https://api.example/me"]
result = "network error"
"""


def replay_of(text: str = REFUSED) -> Replay:
    given = case(text)
    mapping = Mapping(World((40123, 40124)), "/0123ab-7")
    return Replay(given, mapping, script_of(given, mapping), ())


# -- marks -------------------------------------------------------------------------------


def test_lines_between_marks() -> None:
    """What stands between two marks is given; what a page printed before is forgotten."""
    printed = Printed()
    for line in ("of the page", "Uncaught 1 begins", "one\n", "two", "Uncaught 1 is over", "later"):
        printed.add(line)
    assert asyncio.run(printed.between("1 begins", "1 is over")) == ("one", "two")


def test_marks_are_waited_for() -> None:
    """A console may be slower than the page."""

    async def slowly() -> tuple[str, ...] | None:
        printed = Printed()
        asyncio.get_running_loop().call_later(0.01, printed.add, "begins")
        asyncio.get_running_loop().call_later(0.02, printed.add, "a line")
        asyncio.get_running_loop().call_later(0.03, printed.add, "over")
        return await printed.between("begins", "over")

    assert asyncio.run(slowly()) == ("a line",)


def test_marks_that_never_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A console that says nothing is told apart from a fetch of which nothing is said."""
    monkeypatch.setattr("corsim.conformance.consoles.printed.PATIENCE", 0.01)
    assert asyncio.run(Printed().between("begins", "over")) is None


def test_a_session_that_is_listened_to() -> None:
    """Pages are told to print marks, and what stands between them is kept step by step."""
    asked: list[tuple[str, str]] = []

    async def hear(begin: str, end: str) -> tuple[str, ...]:
        asked.append((begin, end))
        return (f"line {len(asked)}",)

    async def talk() -> tuple[Any, Replay]:
        session = Session(hear=hear)
        session.world = World((40123, 40124))
        first = REFUSED.index("[[fetch]]")
        fetch = REFUSED[first : REFUSED.index("[[server]]")]
        expect = '[fetch.expect]\nsent = []\nresult = "network error"\n'
        servers = REFUSED[REFUSED.index("[[server]]") : REFUSED.index("[expect]")]
        await session.offer([case(f"{REFUSED[:first]}{fetch}{expect}{fetch}{expect}{servers}")])
        answer = await session.handle(RawRequest("GET", "/__corsim__/batch?after=0", ()))
        assert answer is not None
        batch = json.loads(answer.body)
        name = batch["replays"][0]["id"]
        await session.handle(RawRequest("POST", f"/__corsim__/step?id={name}&step=1", ()))
        body = json.dumps({"id": name, "results": [{"rejected": True, "error": "x"}] * 2}).encode()
        await session.handle(RawRequest("POST", "/__corsim__/result", (), body))
        return batch, session.replays[name]

    batch, replay = asyncio.run(talk())
    assert [tuple(step["marks"]) for step in batch["replays"][0]["steps"]] == asked
    assert len({mark for marks in asked for mark in marks}) == 4
    assert [fetch.console for fetch in seen_fetches(replay)] == [("line 1",), ("line 2",)]


# -- each protocol -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "params", "line"),
    [
        ("Log.entryAdded", {"entry": {"source": "network", "text": "Failed"}}, "Failed"),
        ("Runtime.consoleAPICalled", {"args": [{"value": "a"}, {"description": "Error"}]}, "a Error"),
        ("Runtime.exceptionThrown", {"exceptionDetails": {"text": "Uncaught", "exception": {"value": "x"}}},
         "Uncaught x"),
        ("Runtime.exceptionThrown", {"exceptionDetails": {"text": "Uncaught"}}, "Uncaught "),
        ("Target.targetDestroyed", {"targetId": "1"}, None),
    ],
)  # fmt: skip
def test_chromiums_events(method: str, params: dict[str, Any], line: str | None) -> None:
    """Log entries, console calls and uncaught exceptions are lines; other events are none."""
    assert line_of({"method": method, "params": params}) == line


def test_chromiums_targets() -> None:
    """A target that comes up is listened to before it runs; the first page is led to the URL."""
    written: list[bytes] = []
    listener = Listener(written.append, "http://app.localhost:1/", Printed())
    for session, kind in (("s1", "page"), ("s2", "iframe")):
        info = {"type": kind, "targetId": session}
        listener.heard(
            {"method": "Target.attachedToTarget", "params": {"sessionId": session, "targetInfo": info}}
        )
    sent = [json.loads(message.rstrip(b"\0")) for message in written]
    assert [(row["sessionId"], row["method"]) for row in sent] == [
        ("s1", "Log.enable"), ("s1", "Runtime.enable"), ("s1", "Target.setAutoAttach"),
        ("s1", "Runtime.runIfWaitingForDebugger"), ("s1", "Page.navigate"),
        ("s2", "Log.enable"), ("s2", "Runtime.enable"), ("s2", "Target.setAutoAttach"),
        ("s2", "Runtime.runIfWaitingForDebugger"),
    ]  # fmt: skip
    assert len({row["id"] for row in sent}) == len(sent)
    assert sent[4]["params"] == {"url": "http://app.localhost:1/"}


def test_marionettes_messages() -> None:
    """Commands and answers are JSON behind their length; what Firefox refuses is an error."""
    asked: list[Any] = []

    async def firefox(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers = [[1, 1, None, {"value": "ü"}], [1, 2, {"message": "no such thing"}, None]]
        for message in ({"marionetteProtocol": 3}, *answers):
            data = json.dumps(message).encode()
            writer.write(b"%d:%s" % (len(data), data))
            if message is not answers[-1]:
                length = await reader.readuntil(b":")
                asked.append(json.loads(await reader.readexactly(int(length[:-1]))))
        writer.close()

    async def talk() -> Any:
        server = await asyncio.start_server(firefox, "127.0.0.1", 0)
        async with server:
            marionette = Marionette(*await asyncio.open_connection(*server.sockets[0].getsockname()[:2]))
            greeting = await marionette.greeted()
            value = await marionette.run("WebDriver:ExecuteScript", "return 'ü'")
            with pytest.raises(OSError, match="Firefox refuses WebDriver:Fly: no such thing"):
                await marionette.call("WebDriver:Fly", high=True)
            marionette.writer.close()
            return greeting, value

    assert asyncio.run(talk()) == ({"marionetteProtocol": 3}, "ü")
    assert asked == [
        [0, 1, "WebDriver:ExecuteScript", {"script": "return 'ü'", "args": [], "sandbox": "system"}],
        [0, 2, "WebDriver:Fly", {"high": True}],
    ]


def test_webkits_output() -> None:
    """A message begins behind its source and level, and may go on; GLib's warnings are none."""
    printed = Printed()
    for line in (
        "mark 1",
        "CONSOLE SECURITY ERROR Unsafe attempt to load URL http://api.localhost:1/.",
        "",
        "(MiniBrowser:12): Gtk-WARNING **: no theme",
        "http://app.localhost:1/page.js:8:3: CONSOLE JS ERROR Fetch API cannot load http://x.localhost:1/.",
        "CONSOLE LOG mark 2",
    ):
        take_down(line if line != "mark 1" else f"CONSOLE LOG {line}", printed)
    assert asyncio.run(printed.between("mark 1", "mark 2")) == (
        "Unsafe attempt to load URL http://api.localhost:1/.",
        "Fetch API cannot load http://x.localhost:1/.",
    )


# -- comparing ---------------------------------------------------------------------------


def test_a_case_with_the_names_of_this_machine() -> None:
    """URLs, origins in headers and locations are those that the browser saw."""
    header = 'headers = ["Accept: https://app.example"]'
    mapped = mapped_case(replay_of(REFUSED.replace("[[server]]", f"{header}\n[[server]]")))
    given, answer = mapped.fetches[0], mapped.servers[0]
    assert given.page.url == "http://app.localhost:40123/0123ab-7/"
    assert given.url == "http://api.localhost:40123/0123ab-7/me"
    assert given.options["headers"] == (("Accept", "http://app.localhost:40123"),)
    assert (answer.url, answer.having) == (given.url, ("Origin: http://app.localhost:40123",))
    assert answer.response is not None
    assert answer.response.headers["location"] == "http://api.localhost:40123/0123ab-7/there"


def test_a_page_without_an_address_stays_one() -> None:
    """An opaque origin and a data: page are the same everywhere."""
    for page in ("null", "data:text/html,x"):
        replay = replay_of(REFUSED.replace('page = "https://app.example"', f'page = "{page}"'))
        assert mapped_case(replay).fetches[0].page.url == page


PRINTED = (
    "Cross-origin redirection to http://api.localhost:40123/0123ab-7/there denied by Cross-Origin Resource "
    "Sharing policy: Origin http://app.localhost:40123 is not allowed by Access-Control-Allow-Origin. "
    "Status code: 302",
    "Fetch API cannot load http://api.localhost:40123/0123ab-7/me due to access control checks.",
)


def test_a_console_that_agrees() -> None:
    """The lines are those that the simulator writes for the same names."""
    replay = replay_of()
    replay.printed = [PRINTED]
    assert console_mismatches(replay, "webkit") == ()


def test_a_console_that_disagrees() -> None:
    """A missing line is a mismatch, told in the names of the case."""
    replay = replay_of()
    replay.printed = [PRINTED[1:]]
    (mismatch,) = console_mismatches(replay, "webkit")
    assert (mismatch.where, mismatch.what) == ("fetch 1", "console")
    assert mismatch.got == ("Fetch API cannot load https://api.example/me due to access control checks.",)
    assert "redirection to https://api.example/there denied" in mismatch.expected[0]
    assert len(console_mismatches(replay, "chromium")) == 1


def test_a_console_that_was_not_heard() -> None:
    """Where the marks never came, that is said; where nobody listened, nothing is."""
    replay = replay_of()
    assert console_mismatches(replay, "webkit") == ()
    replay.printed = [None]
    assert "neither" in str(console_mismatches(replay, "webkit")[0])


def test_what_others_say_about_a_fetch() -> None:
    """Lines about cookies and the like are left out, and the frame goes by its page's address."""
    replay = replay_of(REFUSED.replace("[[server]]", 'mode = "same-origin"\n[[server]]'))
    lines = (
        "Cookie “a” will soon be rejected",
        "Security Error: Content at http://app.localhost:40123/__corsim__/page?policy=unsafe-url may not "
        "load data from http://api.localhost:40123/0123ab-7/me.",
    )
    replay.printed = [lines]
    assert console_mismatches(replay, "firefox") == ()
    assert len(console_mismatches(replay, "chromium")[0].got) == 2


def test_a_number_drawn_at_random() -> None:
    """A page without an origin has a number in Firefox, which nobody can foresee."""
    text = REFUSED.replace("[[server]]", 'mode = "same-origin"\n[[server]]')
    replay = replay_of(
        text.replace('page = "https://app.example"', 'page = "https://app.example"\nsandbox = true')
    )
    replay.printed = [
        (
            "Security Error: Content at moz-nullprincipal:{d94e78f3-f5bf-42f9-84ee-fe1c0e4428d4}"
            "?http://app.localhost:40123 may not load data from http://api.localhost:40123/0123ab-7/me.",
        )
    ]
    assert console_mismatches(replay, "firefox") == ()


def test_a_fetch_that_could_not_be_asked_for() -> None:
    """What script could not even ask for has no page to name, and no line either."""
    replay = replay_of(REFUSED.replace('url = "https://api.example/me"', 'url = "http://["', 1))
    replay.printed = [("anything",)]
    assert console_mismatches(replay, "firefox")[0].got == ("anything",)
    replay.printed = [()]
    assert console_mismatches(replay, "firefox") == ()
