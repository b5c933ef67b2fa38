"""What a failing test says of its fetches: the cause in one line, and a section with the rest."""

from __future__ import annotations

import textwrap
import traceback
from collections.abc import Iterator

import attrs

from corsim.explaining.exposure import hidden_headers
from corsim.explaining.facts import Facts
from corsim.explaining.network import network_lines
from corsim.fetching.flow import Exchange
from corsim.result import Result
from corsim.servers.failures import NoResponse
from corsim.testing.own_code import is_corsims, is_own
from corsim.testing.recorder import Recorder
from corsim.testing.suspects import Suspicion, browser_of, suspicion

SHOWN = 3  # results in full
NETWORK = "Network:"
LISTED = 5  # results in a line

_VERDICT = frozenset({"ok", "readable", "blocked", "type"})  # who asks for these expected another verdict


@attrs.frozen
class Story:
    """What to say of a failure: its `headline`, empty if it is about no fetch, and its `section`."""

    headline: str
    section: str


def tell(error: BaseException, recorder: Recorder) -> Story | None:
    """Say what a failure has to do with the fetches of its test; None if nothing."""
    found = suspicion(error, recorder)
    told = _culprits(found)
    everything = recorder.results()
    if everything:  # where the same lines run with one browser after another, those before have been told
        browser = browser_of((told or everything)[-1])
        everything = [result for result in everything if browser_of(result) is browser]
    others = [result for result in reversed(everything) if _failed(result) and not _in(result, told)]
    headline = _headline(told[0], found) if told else ""
    if not found.results and others and others[0] is everything[-1]:
        told, others = others[:1], others[1:]
    if not told and not others:
        return None
    said = str(error)
    parts = [
        *(full_text(result, said, found.denies) for result in told[:SHOWN]),
        *_listed(told[SHOWN:] + others),
    ]
    return Story(headline, "\n\n".join(parts))


def _culprits(found: Suspicion) -> list[Result]:
    """Choose, of the results that a statement is about, those that it didn't expect."""
    told = [result for result in found.results if _tells(result, found)]
    return [result for result in told if result.ok == found.denies] or told


def _failed(result: Result) -> bool:
    return not result.ok


def _in(result: Result, results: list[Result]) -> bool:
    return any(result is other for other in results)


def _tells(result: Result, found: Suspicion) -> bool:
    """Say whether a result that a statement names can be why it failed."""
    asked = found.words & (_VERDICT | {"exchanges"})
    return _failed(result) or bool(asked) or _hidden(result, found) is not None


def _hidden(result: Result, found: Suspicion) -> str | None:
    """Find a response header that the statement names, and script can't see."""
    if result.type != "cors":
        return None
    return next((name for name in hidden_headers(Facts(result)) if name.lower() in found.words), None)


def _headline(result: Result, found: Suspicion) -> str:
    hidden = _hidden(result, found)
    if hidden is not None:
        return (
            f"Script can't see the response header {hidden}: it was sent, and "
            "Access-Control-Expose-Headers does not name it."
        )
    if result.ok and not found.words & _VERDICT:
        return ""
    return _cause(result)


def _listed(results: list[Result]) -> Iterator[str]:
    """Write a line for each of some more that differ, and how many are left out."""
    if not results:
        return
    unlike = list({(title(result), result.status, result.blocked): result for result in results}.values())
    rows = [f"{title(result)}\n  {_cause(result)}" for result in unlike[:LISTED]]
    if len(unlike) > LISTED:
        rows.append(f"and {len(unlike) - LISTED} more")
    yield "\n".join(["Also in this test, the last first:", *rows])


def _cause(result: Result) -> str:
    return result.explain().headline


def title(result: Result) -> str:
    """Name a fetch in a line.

    >>> from corsim import Browser, Response
    >>> browser = Browser("webkit")
    >>> browser.serve("https://api.example", lambda request: Response())
    >>> title(browser.open("https://app.example").fetch("https://api.example/me"))
    'webkit: fetch GET https://api.example/me from https://app.example'
    """
    request = result.request
    what = "of what no page can ask for" if request is None else f"{request.method} {request.url}"
    return f"{result.engine}: {result.api} {what} from {result.origin}"


def full_text(result: Result, said: str = "", denied: bool = False) -> str:
    """Write all of a result: console, network tab, the app's exception, explanation and fix.

    The explanation is left out where it is in what has been `said`: a test's own message.
    `denied` is whether the test expected a result that is not ok.
    """
    parts = [title(result)]
    if result.console:
        parts.append(_below("Console:", result.console))
    if result.exchanges:
        parts.append(_below(NETWORK, network_lines(result)))
    parts += [_raised_at(exchange) for exchange in result.exchanges if _has_raised(exchange)]
    explained: str = result.explain()
    if denied and result.type == "cors":
        explained = f"{_cause(result)}\nFix: {_how_to_refuse(result)}"
    return "\n".join(parts if _words(explained) in _words(said) else [*parts, explained])


def _words(text: str) -> str:
    """Put a text in one line: pytest indents the messages of asserts."""
    return " ".join(text.split())


def _how_to_refuse(result: Result) -> str:
    """Say what keeps a page out that a test expected to be kept out."""
    allowed = Facts(result).headers.get("access-control-allow-origin", "")
    return (
        f"To keep {result.origin} out, don't answer it with Access-Control-Allow-Origin: {allowed}. "
        "What else the answer says plays no part."
    )


def _below(heading: str, lines: tuple[str, ...] | list[str]) -> str:
    return "\n".join([heading, textwrap.indent("\n".join(lines), "  ")])


def _has_raised(exchange: Exchange) -> bool:
    """Say whether an app raised; a connection that failed has no lines of the user's to show."""
    return exchange.error is not None and not isinstance(exchange.error, NoResponse)


def _raised_at(exchange: Exchange) -> str:
    assert exchange.error is not None
    where = f"{exchange.request.method} {exchange.request.url}"
    return _below(f"Raised by the app, in answer to {where}:", _raised(exchange.error))


def _raised(error: BaseException) -> list[str]:
    """Write a traceback, without the lines that frameworks have in it, but for the one that raised."""
    whole = traceback.TracebackException.from_exception(error)
    _shorten(whole)
    return "".join(whole.format()).rstrip("\n").split("\n")


def _shorten(error: traceback.TracebackException) -> None:
    """Leave of each exception's frames the user's own, and the one that raised, unless that is ours."""
    own = [frame for frame in error.stack if is_own(frame.filename)]
    last = error.stack[-1:]
    if not own or (last and last[0] not in own and not is_corsims(last[0].filename)):
        own += last
    error.stack = traceback.StackSummary.from_list(own)
    if error.__context__ is not None and all(is_corsims(frame.filename) for frame in error.__context__.stack):
        error.__context__ = None  # raised while we handled something, which is nobody else's business
    for linked in (error.__cause__, error.__context__, *(error.exceptions or ())):
        if linked is not None:
            _shorten(linked)
