"""What script hears of what an element got: `load`, or `error`.

An element that got a response may still not take it. AD-HOC: nothing is decoded here; an image is what
begins as one, by https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm, and so with media.
"""

from __future__ import annotations

from collections.abc import Callable

from corsim.engines import EngineProfile
from corsim.values.doors import Api
from corsim.values.mime import parse_mime_type
from corsim.values.response import Response
from corsim.values.statuses import is_ok_status

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"BM", b"\0\0\1\0", b"\0\0\2\0")
_MEDIA = (b"OggS\0", b"ID3", b"\x1a\x45\xdf\xa3", b"MThd\0\0\0\x06")

_OLD = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"]
JAVASCRIPT = frozenset(
    {
        f"{kind}/{x}{name}"
        for kind in ("application", "text")
        for x in ("", "x-")
        for name in ("ecmascript", "javascript")
    }
    | {f"text/javascript{version}" for version in _OLD}
    | {"text/jscript", "text/livescript"}
)
"""The types of scripts: https://mimesniff.spec.whatwg.org/#javascript-mime-type."""


def essence(response: Response) -> str:
    """Find the type that a response says it is of, without parameters; empty for none."""
    mime_type = parse_mime_type(response.headers.get("content-type", ""))
    return "" if mime_type is None else mime_type.essence


def _image(response: Response) -> bool:
    """Whatever the status: an image may come with a 404."""
    if essence(response) == "image/svg+xml":
        return b"<svg" in response.body
    riff = response.body[:4] == b"RIFF" and response.body[8:14] == b"WEBPVP"
    return riff or response.body.startswith(_IMAGES)


def _media(response: Response) -> bool:
    body = response.body
    boxed = body[4:8] == b"ftyp" or (body[:4] == b"RIFF" and body[8:12] in (b"WAVE", b"AVI "))
    return is_ok_status(response.status) and (boxed or body.startswith(_MEDIA))


def _stylesheet(response: Response, profile: EngineProfile) -> bool:
    is_css = essence(response) == "text/css" or profile.mistyped_stylesheet == "load"  # AD-HOC
    return is_css and is_ok_status(response.status)


def _worker(response: Response, profile: EngineProfile) -> bool:
    kind = essence(response)
    is_script = kind in JAVASCRIPT or (kind == "text/plain" and profile.mistyped_worker == "load")  # AD-HOC
    return is_script and is_ok_status(response.status)


LOADS: dict[Api, Callable[[Response, EngineProfile], bool]] = {
    "image": lambda response, _: _image(response),
    "script": lambda response, _: is_ok_status(response.status),
    "stylesheet": _stylesheet,
    "font": lambda response, _: is_ok_status(response.status),
    "media": lambda response, _: _media(response),
    "event_source": lambda response, _: response.status == 200 and essence(response) == "text/event-stream",
    "beacon": lambda response, _: False,
    "form": lambda response, _: False,
    "worker": _worker,
    "web_socket": lambda response, _: True,  # what does not open is refused
}
"""Whether an element takes a response; of a beacon's and a form's no script hears."""
