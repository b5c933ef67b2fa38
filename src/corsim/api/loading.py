"""What script hears of what an element got: `load`, or `error`.

An element that got a response may still not take it. AD-HOC: nothing is decoded here; an image is what
begins as one, by https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm, and so with media.
"""

from __future__ import annotations

from collections.abc import Callable

from corsim.engines import EngineProfile
from corsim.values.doors import Api
from corsim.values.mime import JAVASCRIPT, extract_mime_type
from corsim.values.request import Request
from corsim.values.response import Response
from corsim.values.sniffing import begins_as_image, begins_as_media
from corsim.values.statuses import is_ok_status

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"BM", b"\0\0\1\0", b"\0\0\2\0")
_MEDIA = (b"OggS\0", b"ID3", b"\x1a\x45\xdf\xa3", b"MThd\0\0\0\x06")


def essence(response: Response) -> str:
    """Find the type that a response says it is of, without parameters; empty for none."""
    mime_type = extract_mime_type(response.headers)
    return "" if mime_type is None else mime_type.essence


def _image(response: Response) -> bool:
    """Whatever the status: an image may come with a 404."""
    if essence(response) == "image/svg+xml":
        return b"<svg" in response.body
    return begins_as_image(response.body)


def _media(response: Response) -> bool:
    return is_ok_status(response.status) and begins_as_media(response.body)


def _script(response: Response, request: Request) -> bool:
    """Whatever a classic script is called; a module has to be called JavaScript.

    https://html.spec.whatwg.org/#fetch-a-single-module-script
    """
    is_module = request.call is not None and request.call.arguments.get("element") == "module"
    return is_ok_status(response.status) and (not is_module or essence(response) in JAVASCRIPT)


def _stylesheet(response: Response, profile: EngineProfile) -> bool:
    """What is of no type is taken for what it is used as."""
    is_css = essence(response) in ("text/css", "") or profile.mistyped_stylesheet == "load"  # AD-HOC
    return is_css and is_ok_status(response.status)


def _worker(response: Response, profile: EngineProfile) -> bool:
    kind = essence(response)
    is_script = kind in JAVASCRIPT or (kind == "text/plain" and profile.mistyped_worker == "load")  # AD-HOC
    return is_script and is_ok_status(response.status)


LOADS: dict[Api, Callable[[Response, Request, EngineProfile], bool]] = {
    "image": lambda response, *_: _image(response),
    "script": lambda response, request, _: _script(response, request),
    "stylesheet": lambda response, _, profile: _stylesheet(response, profile),
    "font": lambda response, *_: is_ok_status(response.status),
    "media": lambda response, *_: _media(response),
    "event_source": lambda response, *_: response.status == 200 and essence(response) == "text/event-stream",
    "beacon": lambda *_: False,
    "form": lambda *_: False,
    "worker": lambda response, _, profile: _worker(response, profile),
    "web_socket": lambda *_: True,  # what does not open is refused
}
"""Whether an element takes a response; of a beacon's and a form's no script hears."""
