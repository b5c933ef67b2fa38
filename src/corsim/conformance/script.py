"""A case as the page in the browser is told it: plain JSON."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any
from urllib.parse import quote, urlsplit

from corsim.api.bodies import Blob, Form, Params, Stream
from corsim.cases import Case, FetchGiven, PageGiven
from corsim.conformance.abilities import PLANTING
from corsim.conformance.loopback import Mapping
from corsim.conformance.page_headers import mapped_page_headers
from corsim.conformance.replayable import (
    chooses_top_level_page,
    looks_at_referrers,
    pauses_of,
    plants_cookies,
)
from corsim.values.environment import DEFAULT_POLICY

_INIT = {
    "method": "method",
    "mode": "mode",
    "credentials": "credentials",
    "redirect": "redirect",
    "cache": "cache",
    "referrer_policy": "referrerPolicy",
    "integrity": "integrity",
    "keepalive": "keepalive",
    "duplex": "duplex",
    "target_address_space": "targetAddressSpace",
}


_OF_ELEMENTS = ("crossorigin", "type", "element", "fields", "enctype", "integrity", "protocols", "reconnects")


def script_of(case: Case, mapping: Mapping) -> dict[str, Any]:
    """Write down a case for `runner.js`: its pages, and the calls that they make."""
    pages = list(dict.fromkeys(given.page for given in case.fetches))
    at_top, address = chooses_top_level_page(case), looks_at_referrers(case)
    return {
        "id": mapping.prefix.strip("/"),
        "lane": _lane(case),
        "time": sum(pauses_of(case)),
        "plant": _plant(case, mapping),
        "pages": [_opened(page, mapping, at_top, address) for page in pages],
        "steps": [
            _step(given, pages.index(given.page), mapping, _reconnects(after))
            for given, after in zip(case.fetches, (*case.fetches[1:], None), strict=True)
        ],
    }


def _reconnects(given: FetchGiven | None) -> bool:
    return given is not None and bool(given.options.get("reconnects"))


def _lane(case: Case) -> str:
    if case.order:
        return "together"
    if any(row.response is not None and "Clear-Site-Data" in row.response.headers for row in case.servers):
        return "alone"
    if chooses_top_level_page(case):
        return "windows"
    if any(given.after for given in case.fetches):
        return "waits"
    redirects = (row.response is not None and 300 <= row.response.status < 400 for row in case.servers)
    return "redirects" if any(redirects) else "plain"


def _plant(case: Case, mapping: Mapping) -> list[str]:
    """List where the browser gets a cookie of each server before the case begins."""
    if not plants_cookies(case):
        return []
    urls = (urlsplit(mapping.to_url(row.url)) for row in case.servers)
    return sorted({f"{url.scheme}://{url.netloc}{mapping.prefix}{PLANTING}" for url in urls})


def _opened(page: PageGiven, mapping: Mapping, at_top: bool, address: bool) -> dict[str, Any]:
    told = _page(page, mapping)
    worker = page.worker if page.worker in ("", "blob:", "data:") else mapping.to_url(page.worker)
    window = _window(page, told, mapping) if at_top else ""
    told |= {"address": address, "window": window}
    return told | {"worker": worker} if worker else told


def _page(page: PageGiven, mapping: Mapping) -> dict[str, Any]:
    opaque = page.sandbox or page.url == "null"
    frame = "/__corsim__/page"
    lines = [f"header={quote(f'{name}: {value}')}" for name, value in mapped_page_headers(page, mapping)]
    lines += [] if page.referrer_policy == DEFAULT_POLICY else [f"policy={quote(page.referrer_policy)}"]
    frame += f"?{'&'.join(lines)}" if lines else ""
    if page.url.startswith("data:"):
        scripts = [mapping.world.url(f"/__corsim__/{name}.js") for name in ("elements", "page")]
        tags = "".join(f'<script src="{script}"></script>' for script in scripts)
        return {"src": f"data:text/html,<head></head>{tags}", "sandbox": False, "at": ""}
    if page.url == "null":
        return {"src": mapping.world.url(frame), "sandbox": True, "at": ""}
    at = mapping.to_url(page.url)
    place = urlsplit(at)
    at += "" if place.path != mapping.prefix or place.query else "/"
    return {"src": f"{place.scheme}://{place.netloc}{frame}", "sandbox": opaque, "at": at}


def _window(page: PageGiven, told: AnyMapping[str, Any], mapping: Mapping) -> str:
    """Give the top-level page to open: the page itself, or one that has it in a frame."""
    if page.embedder is not None:
        place = urlsplit(mapping.to_url(page.embedder))
    elif page.url == "null":  # what a frame's sandbox does, a header does for a page at the top
        return f"{told['src']}{'&' if '?' in told['src'] else '?'}sandbox"
    elif told["sandbox"]:  # in a page of its own server
        place = urlsplit(told["src"])
    else:
        return str(told["src"])
    return f"{place.scheme}://{place.netloc}/__corsim__/top"


def _step(given: FetchGiven, page: int, mapping: Mapping, stays: bool) -> dict[str, Any]:
    """Write down a call; `stays` is whether an event source is to connect again in the next."""
    options = given.options
    init: dict[str, Any] = {_INIT[name]: options[name] for name in options if name in _INIT}
    if "headers" in options:
        init["headers"] = [[name, mapping.to_value(value)] for name, value in options["headers"]]
    if "referrer" in options:
        init["referrer"] = mapping.to_url(options["referrer"])
    step: dict[str, Any] = {
        "page": page, "api": given.api, "after": given.after, "url": mapping.to_url(given.url), "init": init,
    }  # fmt: skip
    step |= {name: True for name in ("with_credentials", "upload_listener") if options.get(name)}
    step |= {name: options[name] for name in _OF_ELEMENTS if name in options}
    if given.api == "event_source":
        step |= {"stays": stays}
    return step | body_of(options)


def body_of(options: AnyMapping[str, Any]) -> dict[str, Any]:
    """Write down a body, if there is one; a character is a byte where its kind is of bytes."""
    body = options.get("body")
    if body is None:
        return {}
    if isinstance(body, str):
        return {"body": {"kind": "string", "value": body}}
    if isinstance(body, Stream):
        return {"body": {"kind": "stream", "value": body.data.decode("latin-1")}}
    if isinstance(body, Blob):
        return {"body": {"kind": "blob", "value": body.data.decode("latin-1"), "type": body.type}}
    if isinstance(body, (Form, Params)):
        kind = "form" if isinstance(body, Form) else "params"
        return {"body": {"kind": kind, "value": [list(entry) for entry in body.entries]}}
    return {"body": {"kind": "bytes", "value": bytes(body).decode("latin-1")}}
