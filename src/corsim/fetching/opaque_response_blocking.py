"""Opaque response blocking: https://github.com/annevk/orb.

AD-HOC: the standard has none of it. Engines keep from a page what an element could make no use of anyway,
so that it never comes near its script. Of what script itself fetches without CORS they empty the body, which
it can't see, and so nothing of that is done here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from corsim.engines import EngineProfile
from corsim.fetching.mime_type_check import type_read
from corsim.fetching.nosniff_check import determine_nosniff
from corsim.values.decision import Decision, Reason
from corsim.values.mime import JAVASCRIPT
from corsim.values.origin import same_origin
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.sniffing import begins_as_image, begins_as_media
from corsim.values.spec import MAIN_FETCH

NO_SUCH_TYPE = Decision(MAIN_FETCH["12"], "an element may make use of it, for all that can be seen")

_OFFICE = (
    "presentationml.presentation", "presentationml.template", "spreadsheetml.sheet", "spreadsheetml.template",
    "wordprocessingml.document", "wordprocessingml.template",
)  # fmt: skip
NEVER_FOR_ELEMENTS: frozenset[str] = frozenset(
    {f"application/{name}" for name in (
        "gzip", "x-gzip", "x-protobuf", "zip", "pdf", "msexcel", "mspowerpoint", "msword", "msword-template",
        "vnd.ces-quickpoint", "vnd.ces-quicksheet", "vnd.ces-quickword", "vnd.ms-excel",
        "vnd.ms-excel.sheet.macroenabled.12", "vnd.ms-powerpoint",
        "vnd.ms-powerpoint.presentation.macroenabled.12", "vnd.ms-word", "vnd.ms-word.document.12",
        "vnd.ms-word.document.macroenabled.12", "vnd.msword", "vnd.presentation-openxml",
        "vnd.presentation-openxmlm", "vnd.spreadsheet-openxml", "vnd.wordprocessing-openxml",
        *(f"vnd.openxmlformats-officedocument.{kind}" for kind in _OFFICE),
    )} | {"text/event-stream", "text/csv", "multipart/signed", "multipart/byteranges"}
)  # fmt: skip
"""What no element uses, however it begins."""

_PLAYLISTS = frozenset({"application/dash+xml", "application/vnd.apple.mpegurl", "audio/mpegurl", "text/vtt"})

# How what is no script begins; `<!--` begins a comment of a script, too, up to the end of the line.
_COMMENTS = re.compile(rb"(?:[ \t\r\n]*<!--.*?-->[^\r\n]*[\r\n])*", re.DOTALL)
_TAGS = rb"!doctype html|script|html|head|iframe|h1|div|font|table|a|style|title|b|p"
_HTML = re.compile(rb"[ \t\r\n]*<(?:%s)" % _TAGS, re.IGNORECASE)
_XML = re.compile(rb"[ \t\r\n]*<\?xml")
_JSON_OBJECT = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"(?:[^"\\]|\\.)*"[ \t\r\n]*:', re.DOTALL)
_BREAKERS = (b")]}'", b"{}&&", b"{} &&", b"for(;;);", b"while(1);", b"for (;;);", b"while (1);")
_SNIFFED = 1024  # bytes


def opaque_response_check(request: Request, response: Response, profile: EngineProfile) -> Decision:
    """Decide whether what an element gets of another origin is kept from it."""
    mime_type = type_read(response.headers, profile)
    essence = "" if mime_type is None else mime_type.essence
    if OPAQUE_RESPONSES[profile.opaque_responses](request, response, essence):
        return Decision(MAIN_FETCH["12"], "network error", Reason.OPAQUE_RESPONSE, essence)
    return NO_SUCH_TYPE


def _is_markup_or_json(essence: str) -> bool:
    """Say whether a type is that of HTML, XML or JSON."""
    return essence.endswith(("+json", "+xml")) or essence in (
        "text/html", "text/json", "application/json", "text/xml", "application/xml",
    )  # fmt: skip


def _begins_unlike_script(body: bytes) -> bool:
    start = body[:_SNIFFED]
    comments = _COMMENTS.match(start)
    without = start[comments.end() if comments else 0 :]
    is_markup = _HTML.match(without) or _XML.match(start)
    return bool(is_markup or start.startswith(_BREAKERS) or _JSON_OBJECT.match(start))


def _by_beginning(request: Request, response: Response, essence: str) -> bool:
    """Keep what begins as HTML, XML or JSON, unless it is of no type, or comes from home in the end."""
    if same_origin(request.origin, request.url.origin):
        return False
    if essence in ("text/css", "image/svg+xml", "application/ogg") or essence in _PLAYLISTS:
        return False
    if essence.startswith(("audio/", "video/")):
        return False
    if essence in NEVER_FOR_ELEMENTS:
        return True
    if determine_nosniff(response.headers) and (_is_markup_or_json(essence) or essence == "text/plain"):
        return True
    if begins_as_image(response.body) or begins_as_media(response.body) or not essence:
        return False
    return _begins_unlike_script(response.body)


def _by_parsing(_: Request, response: Response, essence: str) -> bool:
    """Keep what is no script, unless it is called one, or is of no type at all.

    AD-HOC: there is no parser of scripts here. No script is JSON, nor what begins unlike one.
    """
    nosniff = determine_nosniff(response.headers)
    if essence in JAVASCRIPT or essence in ("text/css", "image/svg+xml") or essence in _PLAYLISTS:
        return False
    if essence == "text/plain" and nosniff:
        return False
    if essence in NEVER_FOR_ELEMENTS:
        return True
    if _is_markup_or_json(essence) and (nosniff or response.status == 206):
        return True
    if begins_as_image(response.body) or begins_as_media(response.body):
        return False
    if nosniff or not 200 <= response.status <= 299:
        return True
    if not essence:
        return False
    return essence.startswith(("audio/", "image/", "video/")) or not _may_be_script(response.body)


def _may_be_script(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return not _begins_unlike_script(body)
    return False


OPAQUE_RESPONSES: dict[str, Callable[[Request, Response, str], bool]] = {
    "by-beginning": _by_beginning,
    "by-parsing": _by_parsing,
}
"""Whether an engine keeps a response from an element, for each way of those that do."""
