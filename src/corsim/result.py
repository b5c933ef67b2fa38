"""What a page got, and how it came about."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, lookup
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from corsim.api.event_stream import RETRY, Event, EventStream, read_event_stream
from corsim.engines import EngineName, EngineProfile
from corsim.fetching.filtered_response import FilteredResponse, ResponseType
from corsim.fetching.flow import ConnectionFailure, Exchange
from corsim.values.decision import Decision
from corsim.values.doors import Api
from corsim.values.headers import Headers
from corsim.values.mime import extract_mime_type
from corsim.values.request import Request
from corsim.values.response import NetworkError, Response
from corsim.values.statuses import is_ok_status

if TYPE_CHECKING:
    from corsim.api.timing import Timing
    from corsim.explaining import Explanation

_NOTHING = Headers()
_READ_BY_SCRIPT: frozenset[Api] = frozenset({"fetch", "xhr"})

# Those of Python's codecs that browsers have too: https://encoding.spec.whatwg.org/#names-and-labels.
WEB_CODECS = re.compile(
    "utf-8|utf-16(-[lb]e)?|iso8859-[0-9]+|cp125[0-8]|cp866|cp874|koi8-[ru]|mac-(roman|cyrillic)"
    "|gbk|gb2312|gb18030|big5|euc_(jp|kr)|cp949|shift_jis|cp932|iso2022_jp"
)


class Record(Protocol):
    """What a result reads of the fetch that it ended."""

    origin: str
    api: Api
    trace: list[Decision | Exchange]

    @property
    def request(self) -> Request | None:
        """The request that script asked for."""

    @property
    def exchanges(self) -> list[Exchange]:
        """The requests sent."""

    @property
    def engine(self) -> EngineName:
        """The name of the profile."""

    @property
    def profile(self) -> EngineProfile:
        """The profile under which it ran."""

    def server_of(self, origin: str) -> object:
        """What answers for an origin."""

    def again(
        self,
        answer: Callable[[Exchange], Response | ConnectionFailure],
        profile: EngineProfile | None = None,
        **script: Any,
    ) -> Result:
        """Make the same call again, in another engine or said otherwise, with `answer` for all servers."""


def _no_json(word: str) -> None:
    """Refuse what Python's parser takes and JavaScript's does not: NaN, Infinity."""
    raise json.JSONDecodeError(f"{word} is no JSON", word, 0)


def response_encoding(headers: Headers, body: bytes) -> str:
    """Find the codec of a `responseText`: a byte order mark's, the charset's, or UTF-8.

    https://xhr.spec.whatwg.org/#text-response. AD-HOC: labels are those that Python knows,
    but for the ones that browsers take to be windows-1252. OUT OF SCOPE: of several types of the same
    name WebKit forgets the charset of those before the last.
    """
    for mark, codec in ((BOM_UTF8, "utf-8"), (BOM_UTF16_BE, "utf-16-be"), (BOM_UTF16_LE, "utf-16-le")):
        if body.startswith(mark):
            return codec
    mime_type = extract_mime_type(headers)
    label = (mime_type and mime_type.parameter("charset")) or "utf-8"
    try:
        codec = lookup(label.strip()).name
    except (LookupError, ValueError):
        return "utf-8"
    if codec in ("iso8859-1", "ascii"):
        return "cp1252"
    return codec if WEB_CODECS.fullmatch(codec) else "utf-8"


@attrs.frozen(slots=False, repr=False, eq=False)
class Result:
    """The end of a fetch: exactly what script sees, and everything that script doesn't."""

    response: FilteredResponse | NetworkError
    fetch: Record

    @property
    def request(self) -> Request | None:
        """The request as script asked for it; None if it could not even ask."""
        return self.fetch.request

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """The network tab: every request as sent, and what came back, preflights included."""
        return self.fetch.exchanges

    @property
    def trace(self) -> Sequence[Decision | Exchange]:
        """Every decision and exchange, in order, each decision with its step of the standard."""
        return self.fetch.trace

    @property
    def engine(self) -> EngineName:
        """The engine under whose profile this happened; "spec" is the standard."""
        return self.fetch.engine

    @property
    def origin(self) -> str:
        """The page's origin, serialized."""
        return self.fetch.origin

    @property
    def api(self) -> Api:
        """The door by which script came, under the name of the method of `Page`."""
        return self.fetch.api

    @property
    def blocked(self) -> Decision | None:
        """The decision that refused: its `reason`, its `step`, the token at fault as `subject`."""
        return self.response.decision if isinstance(self.response, NetworkError) else None

    @property
    def type(self) -> ResponseType:
        """`basic`, `cors`, `opaque`, `opaqueredirect`, or `error` where script's promise rejects."""
        return "error" if isinstance(self.response, NetworkError) else self.response.type

    @property
    def readable(self) -> bool:
        """Whether script may read status, exposed headers and body: never those of an element's answer."""
        return self.type in ("basic", "cors") and self.api in _READ_BY_SCRIPT

    @property
    def status(self) -> int:
        """The status that script sees; 0 where it sees none."""
        return 0 if isinstance(self.response, NetworkError) or self._is_unseen else self.response.status

    @property
    def ok(self) -> bool:
        """Whether the response is readable, and its status 200 to 299, as JavaScript's `ok`."""
        return is_ok_status(self.status)

    @property
    def status_text(self) -> str:
        """The status message that script sees."""
        if isinstance(self.response, NetworkError) or not self.readable:
            return ""
        return self.response.internal.status_text

    @property
    def headers(self) -> Headers:
        """The headers that script sees: as a mapping lower case, sorted and combined."""
        return (
            _NOTHING if isinstance(self.response, NetworkError) or self._is_unseen else self.response.headers
        )

    @property
    def body(self) -> bytes:
        """The bytes that script can read; empty where it can't."""
        return b"" if isinstance(self.response, NetworkError) or self._is_unseen else self.response.body

    @property
    def text(self) -> str:
        """The body as `response.text()` decodes it, or as `responseText` for an XMLHttpRequest."""
        encoding = "utf-8" if self.api == "fetch" else response_encoding(self.headers, self.body)
        return self.body.decode(encoding, "replace").removeprefix("\ufeff")

    def json(self) -> Any:
        """Parse the body as `await response.json()` does.

        Raises `json.JSONDecodeError`, a `ValueError`, where script's promise is rejected; that is
        also the way of a body that script can't read, for then there is none.
        """
        text = self.body.decode("utf-8", "replace").removeprefix("\ufeff")
        try:
            return json.loads(text, parse_constant=_no_json)
        except json.JSONDecodeError as error:
            # Raised again from here: the parser's own lines tell a user nothing.
            raise json.JSONDecodeError(error.msg, error.doc, error.pos) from None

    @property
    def url(self) -> str:
        """The URL that script sees, without fragment: the last of a chain of redirects, or empty."""
        if isinstance(self.response, NetworkError) or self._is_unseen or not self.response.url_list:
            return ""
        return self.response.url_list[-1].without_fragment().href

    @property
    def redirected(self) -> bool:
        """Whether script sees that there were redirects on the way."""
        if isinstance(self.response, NetworkError) or self._is_unseen:
            return False
        return len(self.response.url_list) > 1

    @property
    def _is_unseen(self) -> bool:
        return self.api not in _READ_BY_SCRIPT

    @property
    def loaded(self) -> bool:
        """Whether `load` fires, or of an EventSource or a WebSocket `open`, rather than `error`.

        Of fetch() and XMLHttpRequest it is whether there is a response. Of a beacon and a form script
        hears nothing, so that it is False. An image or medium is judged by how its bytes begin.
        """
        if isinstance(self.response, NetworkError):
            return False
        if not self._is_unseen:
            return True
        from corsim.api.loading import LOADS

        assert self.request is not None  # there was a response to it
        return LOADS[self.api](self.response.internal, self.request, self.fetch.profile)

    @property
    def event_stream(self) -> EventStream:
        """What an event source has read: its `events`, the `last_event_id`, and its `retry` in seconds."""
        call = None if self.request is None else self.request.call
        given = {} if call is None or self.api != "event_source" else call.arguments
        is_read = self.api == "event_source" and self.loaded and not isinstance(self.response, NetworkError)
        body = self.response.internal.body if is_read else b""  # type: ignore[union-attr]  # it is no error
        return read_event_stream(
            body, given.get("last_event_id", ""), given.get("retry", RETRY), self.fetch.profile
        )

    @property
    def events(self) -> tuple[Event, ...]:
        """The events that an event source has heard, in order; empty for all else."""
        return self.event_stream.events

    @property
    def protocol(self) -> str:
        """The subprotocol of a WebSocket that opened, as its `protocol`; empty where none was agreed on."""
        request = self.request
        if isinstance(self.response, NetworkError) or self.api != "web_socket" or request is None:
            return ""
        chosen = self.response.internal.headers.get("sec-websocket-protocol", "")
        return chosen if chosen and "sec-websocket-protocol" in request.headers else ""

    @property
    def tainted(self) -> bool:
        """Whether a canvas on which it is drawn can't be read any more: another origin's, without CORS."""
        return self.type == "opaque" and self.api in ("image", "media")

    @property
    def muted_errors(self) -> bool:
        """Whether of its errors `window.onerror` hears only "Script error.": another origin's script."""
        return self.type == "opaque" and self.api == "script"

    @property
    def timing(self) -> Timing | None:
        """What the page's `PerformanceResourceTiming` of it tells, and hides; None where nothing was sent.

        >>> from corsim import Browser, Policy
        >>> browser = Browser()
        >>> browser.serve("https://api.example.com", Policy(origins="*"))
        >>> timing = browser.open("https://app.example.com").fetch("https://api.example.com/").timing
        >>> timing.shown, timing.hidden[:2]
        (False, ('redirectStart', 'redirectEnd'))
        """
        from corsim.api.timing import timing_of

        return timing_of(self.trace, self.response)

    def get_all_response_headers(self) -> str:
        """Write the visible headers as `XMLHttpRequest.getAllResponseHeaders()` does.

        https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method
        """
        spelled = not isinstance(self.response, NetworkError) and self.response.names_are_spelled
        shown = self.headers.pairs if spelled else self.headers.items()
        rows = sorted(shown, key=lambda row: row[0].upper())
        return "".join(f"{name}: {value}\r\n" for name, value in rows)

    @property
    def console(self) -> tuple[str, ...]:
        """What this engine prints in its console, one string a message; the standard prints nothing."""
        from corsim.explaining.console import console_lines

        return console_lines(self)

    def explain(self, framework: str | None = None) -> Explanation:
        """Say in plain words what happened, why, and what to change: a str, with its parts as values.

        A fix is made and the fetch made again, in every engine, before it is told. `framework` is
        the one in whose words to tell it ("fastapi", "django", "nginx", ...); by default the one
        that is recognised. Raises `InvalidInput` for one that is not known.
        """
        from corsim.explaining import explain_result

        return explain_result(self, framework)

    def __repr__(self) -> str:
        sent = "".join(f"\n  {exchange!r}" for exchange in self.exchanges)
        if self.blocked is not None:
            return f"<Result blocked: {self.blocked}{sent}>"
        seen = f"{self.status} {self.url}" if self.readable else "nothing to read"
        return f"<Result {self.type} {seen}{sent}>"
