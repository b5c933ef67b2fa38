"""Edits in words: what to type, where, and in which engines it was tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from corsim.engines import ENGINES, EngineName
from corsim.explaining.causes import Cause
from corsim.explaining.fixing.edits import Edit, RequestEdit, ResponseEdit
from corsim.explaining.fixing.remedies import ALLOW, CREDENTIALS, HEADERS, METHODS
from corsim.explaining.notes import ENGINE_NAMES, enumerated
from corsim.values.doors import Element

if TYPE_CHECKING:
    from corsim.explaining.explanation import Fix
    from corsim.result import Result

_OPTIONS = {
    "method": (
        "In the page write method: '{value}'. Browsers put only DELETE, GET, HEAD, OPTIONS, POST and PUT "
        "into capitals, and methods are compared letter by letter."
    ),
    "mode": "In the page take out mode: '{mode}'.",
    "redirect": "In the page leave out redirect: '{redirect}'.",
    "header": "In the page take {value} out of the request: it is a header that servers send, not pages.",
    "content_type": (
        "In the page send the body as {value}, which goes unasked as from a plain form, if the server "
        "reads it so."
    ),
}
_CREDENTIALS = {
    ("include", "fetch"): "In the page write credentials: 'include'.",
    ("include", "xhr"): "In the page write xhr.withCredentials = true.",
    ("include", "event_source"): "In the page write new EventSource(url, {withCredentials: true}).",
    ("same-origin", "event_source"): "If no cookies are needed, leave out withCredentials in the page.",
    ("same-origin", "fetch"): "If no cookies are needed, leave out credentials: 'include' in the page.",
    ("same-origin", "xhr"): "If no cookies are needed, leave out withCredentials in the page.",
}


def written(edits: Sequence[Edit], result: Result) -> str:
    """Write edits in words, the page's first, then the answers in the order in which they come."""
    page = [_to_the_page(edit, result) for edit in edits if isinstance(edit, RequestEdit)]
    seen = [_to_an_answer(edit, result) for edit in edits if isinstance(edit, ResponseEdit) and edit.seen]
    later = [edit for edit in edits if isinstance(edit, ResponseEdit) and not edit.seen]
    return "\n".join([*page, *seen, *(_to_what_comes_next(edit, result) for edit in later)])


def _to_the_page(edit: RequestEdit, result: Result) -> str:
    if edit.option == "url":
        asked = "" if result.request is None else result.request.url.href
        return f"In the page call {edit.value} itself{_shape(asked, edit.value)}."
    if result.api in get_args(Element):
        state = "use-credentials" if edit.value == "include" else "anonymous"
        needless = "If no cookies are needed, in" if edit.option == "credentials" else "In"
        return f'{needless} the page write crossorigin="{state}".'
    if edit.option == "credentials":
        return _CREDENTIALS[edit.value, result.api]
    now = result.request
    mode, redirect = ("", "") if now is None else (now.mode, now.redirect)
    return _OPTIONS[edit.option].format(value=edit.value, mode=mode, redirect=redirect)


def _shape(old: str, new: str) -> str:
    """Name the two redirects that nobody meant to meet."""
    if new == old:
        return ""
    if new.rstrip("/") == old.rstrip("/"):
        return " (only the last slash differs)"
    if new == old.replace("http://", "https://", 1):
        return " (only the scheme differs)"
    return ""


def _to_an_answer(edit: ResponseEdit, result: Result) -> str:
    asked = f"{edit.method} {edit.url}"
    if edit.is_preflight and result.request is not None and result.request.method == "OPTIONS":
        asked = f"the preflight {asked}"  # so that it is not taken for script's own
    lines = _lines(edit) if edit.status is None else [*_kept(edit, result), *_lines(edit)]
    less = [header.name for header in edit.headers if header.action == "remove"]
    without = f", without {', '.join(less)}" if less else ""
    if edit.status is not None:
        what = f"Answer {asked} with status {edit.status}{without}"
        return "\n".join([f"{what}{',' if less else ''} and", *lines]) if lines else f"{what}."
    if not lines:
        return f"From the answer to {asked}, take out {', '.join(less)}."
    return "\n".join([f"On the answer to {asked}{without}, send", *lines])


def _kept(edit: ResponseEdit, result: Result) -> list[str]:
    """Name what allows something already: who answers otherwise now has to say it again."""
    before = [one for one in result.exchanges if edit.is_about(one.request)]
    if not edit.is_preflight or not before or before[-1].response is None:
        return []
    headers, new = before[-1].response.headers, {header.name.lower() for header in edit.headers}
    names = [
        name for name in (ALLOW, CREDENTIALS, METHODS, HEADERS) if name in headers and name.lower() not in new
    ]
    return [
        f"  {name}: {headers[name]}" for name in names if headers[name] != "null"
    ]  # which nobody should allow


def _to_what_comes_next(edit: ResponseEdit, result: Result) -> str:
    who = "the preflight " if edit.is_preflight else ""
    what = f"Then {who}{edit.method} {edit.url} goes out; nobody has seen its answer yet, and it needs"
    return "\n".join([what, *_kept(edit, result), *_lines(edit)])


def _lines(edit: ResponseEdit) -> list[str]:
    return [f"  {header}" for header in edit.headers if header.action != "remove"]


def proof(fix: Fix, cause: Cause | None = None, alone: bool = True) -> str:
    """Say in which engines a fix was tried and found to work, and what then is so; or that each was."""
    with_this = "made again with this" if alone else "made again with each of them"
    engines = named(fix.proven)
    if cause is Cause.COOKIES_HELD_BACK:
        passes = f"{with_this}, credentials go along and the page reads the answer in {engines}."
    elif cause in (Cause.HEADER_NOT_EXPOSED, Cause.EXPOSE_WILDCARD_WITH_CREDENTIALS):
        passes = f"{with_this}, script sees what was hidden in {engines}."
    elif fix.end.readable and not fix.end.ok:
        passes = f"{with_this}, the page can read the {fix.end.status} in {engines}."
    else:
        passes = f"{with_this}, the fetch passes in {engines}."
    if any(isinstance(edit, ResponseEdit) and not edit.seen for edit in fix.edits):
        return f"Proven as far as the server was seen: {passes}"
    return f"Proven: {passes}"


def named(engines: Sequence[EngineName]) -> str:
    """Name engines as people do, with the standard at the end.

    >>> named(["spec", "chromium", "webkit"])
    'Chromium, WebKit and the standard'
    """
    names = [ENGINE_NAMES[name] for name in ENGINES if name in engines and name in ENGINE_NAMES]
    return enumerated([*names, "the standard"] if "spec" in engines else names)
