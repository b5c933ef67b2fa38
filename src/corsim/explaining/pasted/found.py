"""The values that a paste holds, by what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs

from corsim.explaining.pasted.matching import Match
from corsim.values.decision import Reason
from corsim.values.headers import byte_lowercase
from corsim.values.methods import byte_uppercase
from corsim.values.url import parse_url

# What a field of a template is; the others keep their names.
_ROLES = {
    "target": "url",
    "bare_target": "url",
    "covered_url": "url",
    "first_url": "redirected_from",
    "page_origin": "origin",
    "subject": "token",
    "escaped_subject": "token",
    "decoded_subject": "token",
    "allow_methods": "token",
    "allow_headers": "token",
    "unlisted_header": "header",
    "bare_location": "location",
    "refused_location": "location",
    "bare_refused_location": "location",
    "redirector": "url",
}
# What Chromium's DevTools write of a request: GET https://api.example/me net::ERR_FAILED 500 (Internal ...)
_IN_DEVTOOLS = re.compile(
    r"\b(?P<method>[A-Z]{3,16})\s+(?P<url>[a-z][a-z0-9+.-]*:\S+)\s+"
    r"(?:net::ERR_[A-Z_]+(?:\.\w+)?)?(?:\s*(?P<status>\d{3})(?= *\(| *$))?",
    re.MULTILINE,
)


@attrs.frozen
class Found:
    """What stands in the paste; None is what does not.

    `url` is where the answer came from that was refused, `redirected_from` what script had asked for.
    `token` is the part of a header at fault, `kind` what loaded: `fetch`, `XMLHttpRequest`, `font`.
    `status` is 0 where the browser says that there was none. `is_origin_own` where `origin` is certainly the
    page's; some engines name what the request said of it, which a redirect makes `null`. `other` has what
    is left, by its name.
    """

    url: str | None = None
    origin: str | None = None
    redirected_from: str | None = None
    location: str | None = None
    method: str | None = None
    header: str | None = None
    token: str | None = None
    status: int | None = None
    kind: str | None = None
    is_preflight: bool | None = None
    is_origin_own: bool | None = None
    other: Mapping[str, str] = attrs.field(factory=lambda: MappingProxyType({}), hash=False)

    @property
    def is_answered(self) -> bool:
        """Whether the line says with which status the server answered."""
        return bool(self.status)

    @property
    def has_null_origin(self) -> bool:
        """Whether the request said `null`; the page has no origin, or a redirect took it away."""
        return self.origin == "null"

    @property
    def may_have_lost_origin(self) -> bool:
        """Whether a redirect may have done that."""
        return self.is_redirected or (self.has_null_origin and not self.is_origin_own)

    @property
    def is_origin_known(self) -> bool:
        """Whether the line says whose page it was."""
        return self.origin is not None

    @property
    def allows_no_origin(self) -> bool:
        """Whether what the server allows is neither an origin nor anything that means one."""
        url = parse_url(self.token or "")
        return self.token not in (None, "null", "*") and (url is None or not url.is_http)

    @property
    def may_be_preflight(self) -> bool:
        """Whether a preflight's own causes are worth a word: not where nothing at all is known."""
        return bool(self.is_preflight) or (self.is_preflight is None and bool(self.status))

    @property
    def is_preflight_told(self) -> bool:
        """Whether it certainly was a preflight."""
        return self.is_preflight is True

    @property
    def is_method_known(self) -> bool:
        """Whether the line names the method."""
        return self.method is not None

    @property
    def is_lower_case(self) -> bool:
        """Whether the method has lower-case letters."""
        return self.method is not None and byte_uppercase(self.method) != self.method

    @property
    def is_answer_header(self) -> bool:
        """Whether the request header is one that only servers send."""
        return self.header is not None and byte_lowercase(self.header).startswith("access-control-")

    @property
    def is_content_type(self) -> bool:
        """Whether the request header is Content-Type."""
        return self.header is not None and byte_lowercase(self.header) == "content-type"

    @property
    def may_be_authorization(self) -> bool:
        """Whether the request header is Authorization, or is not known."""
        return self.header is None or byte_lowercase(self.header) == "authorization"

    @property
    def is_file(self) -> bool:
        """Whether the URL is of a file."""
        return (self.location or self.url or "").startswith("file:")

    @property
    def is_http(self) -> bool:
        """Whether the URL is known, and http: or https:."""
        return (self.url or "").startswith(("http:", "https:"))

    @property
    def may_be_file(self) -> bool:
        """Whether it is, or is not known."""
        return self.is_file or not (self.location or self.url)

    @property
    def is_redirected(self) -> bool:
        """Whether the line says that redirects led to `url`."""
        return self.redirected_from is not None

    def contradicts(self, other: Found) -> bool:
        """Say whether the two can't be of one failure."""
        urls = self.url is not None and other.url is not None and not self._is_about(other)
        if None not in (self.is_preflight, other.is_preflight) and self.is_preflight != other.is_preflight:
            return True
        origins = self.origin is not None and other.origin is not None and self.origin != other.origin
        return urls or (origins and "null" not in (self.origin, other.origin))

    def _is_about(self, other: Found) -> bool:
        ours, theirs = (
            {_bare(url) for url in (one.url, one.redirected_from) if url} for one in (self, other)
        )
        return bool(ours & theirs)

    def filled_up(self, other: Found) -> Found:
        """Take from another line what this one does not say."""
        missing = {
            name: value for name, value in attrs.asdict(other, recurse=False).items()
            if getattr(self, name) is None and value is not None
        }  # fmt: skip
        return attrs.evolve(self, **missing)


def _origin(text: str) -> str:
    """Put an origin right that somebody wrote as a URL."""
    url = parse_url(text)
    return url.origin.serialized if url is not None and url.is_http else text


def _bare(url: str) -> str:
    parsed = parse_url(url)
    return url if parsed is None else parsed.without_fragment().without_credentials().href


def found_in(match: Match) -> Found:
    """Name the values of a match by what they are."""
    told = match.wording.form.told
    values: dict[str, str] = {}
    for name, value in match.values.items():
        values.setdefault(_ROLES.get(name, name), value)
    known = {name: values.pop(name) for name in list(values) if name in _TEXTS}
    if "origin" in known:
        known["origin"] = _origin(known["origin"])
    status = values.pop("status", None)
    if "kind" not in known and "is_xhr" in told:
        known["kind"] = "XMLHttpRequest" if told["is_xhr"] else "fetch"
    found = Found(
        **known,
        status=None if status is None else _number(status),
        is_preflight=False if told.get("is_led_on") else told.get("is_preflight"),
        is_origin_own=True if "page_origin" in match.values else None,
        other=MappingProxyType(values),
    )
    return _by_reason(found, match.wording.reasons)


_TEXTS = frozenset({"url", "origin", "redirected_from", "location", "method", "header", "token", "kind"})


def _number(status: str) -> int:
    return int(status) if status.isdecimal() else 0


def _by_reason(found: Found, reasons: Iterable[Reason]) -> Found:
    """Say of a token what it is, and of a preflight's own failures that they are that."""
    only = set(reasons)
    if only and only <= OF_PREFLIGHTS:
        found = attrs.evolve(found, is_preflight=True)
    if only == {Reason.METHOD_NOT_ALLOWED}:
        method = found.method or found.token
        return attrs.evolve(found, method=method, token=method)
    if only == {Reason.HEADER_NOT_ALLOWED}:
        header = found.header or found.token
        return attrs.evolve(found, header=header, token=header)
    return found


OF_PREFLIGHTS = frozenset({
    Reason.PREFLIGHT_STATUS, Reason.PREFLIGHT_REDIRECT, Reason.ALLOW_METHODS_MALFORMED,
    Reason.ALLOW_HEADERS_MALFORMED, Reason.METHOD_NOT_ALLOWED, Reason.HEADER_NOT_ALLOWED,
})  # fmt: skip


def in_devtools(text: str) -> list[tuple[Found, str]]:
    """List the requests that DevTools name, each with the text that it was read from."""
    return [(_in_devtools(**line.groupdict()), line[0]) for line in _IN_DEVTOOLS.finditer(text)]


def _in_devtools(method: str, url: str, status: str | None) -> Found:
    """Name a request; a status is that of the request itself, which may have been the preflight."""
    is_preflight = method == "OPTIONS"
    return Found(
        url=url,
        method=None if is_preflight else method,
        status=None if status is None else int(status),
        is_preflight=None if status is None else is_preflight,
    )
