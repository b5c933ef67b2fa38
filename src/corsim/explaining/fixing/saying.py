"""Edits of the page's call, as the arguments of its door: an element says little of what it asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from corsim.explaining.fixing.edits import Edit, RequestEdit

if TYPE_CHECKING:
    from corsim.result import Result


def is_sayable(edit: Edit, result: Result) -> bool:
    """Say whether the door by which a page asked has a word for an edit; a server has one for each."""
    if not isinstance(edit, RequestEdit) or result.api in ("fetch", "xhr"):
        return True
    call = None if result.request is None else result.request.call
    return call is not None and bool(_of_an_element(edit, call.arguments))


def said(result: Result, edits: Iterable[RequestEdit]) -> dict[str, Any]:
    """Write edits of the page's call as its arguments."""
    call = None if result.request is None else result.request.call
    if call is None:
        return {}
    if result.api not in ("fetch", "xhr"):
        return {name: value for edit in edits for name, value in _of_an_element(edit, call.arguments).items()}
    init = call.arguments.get("init")
    where, pairs = ("headers", call.arguments["headers"]) if init is None else ("pairs", init.pairs)
    changed: dict[str, Any] = {}
    for edit in edits:
        if edit.option in ("header", "content_type"):
            name = "content-type" if edit.option == "content_type" else edit.value
            pairs = tuple(pair for pair in pairs if pair[0].lower() != name)
            pairs = (*pairs, ("Content-Type", edit.value)) if edit.option == "content_type" else pairs
            changed[where] = pairs
        elif edit.option == "credentials" and result.api == "xhr":
            changed["with_credentials"] = edit.value == "include"
        else:
            changed[edit.option] = edit.value
    return changed


def _of_an_element(edit: RequestEdit, arguments: dict[str, Any]) -> dict[str, Any]:
    """An element has a URL, and perhaps `crossorigin`; an EventSource `withCredentials`."""
    if edit.option == "url":
        return {"url": edit.value}
    if edit.option == "credentials" and "with_credentials" in arguments:
        return {"with_credentials": edit.value == "include"}
    if (
        edit.option in ("credentials", "mode")
        and "crossorigin" in arguments
        and arguments["element"] != "font"
    ):
        return {"crossorigin": "use-credentials" if edit.value == "include" else "anonymous"}
    return {}
