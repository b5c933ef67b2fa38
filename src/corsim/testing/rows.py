"""One fetch of a test, for a program: what a report has of it."""

from __future__ import annotations

from typing import Any

from corsim.explaining.network import failure_text
from corsim.explaining.reasons.outcomes import verdict
from corsim.fetching.flow import Exchange
from corsim.result import Result


def fetch_row(result: Result) -> dict[str, Any]:
    """Turn a result into what `json.dumps` takes; `cause`, `headline` and `fix` are None where it is ok.

    >>> from corsim import Browser, Response
    >>> browser = Browser("firefox")
    >>> browser.serve("https://api.example", lambda request: Response(404))
    >>> row = fetch_row(browser.open("https://app.example").fetch("https://api.example/me"))
    >>> row["verdict"], row["blocked"]["reason"], row["requests"][0]["status"]
    ('blocked', 'allow-origin-missing', 404)
    """
    request, blocked = result.request, result.blocked
    words = None if result.ok else result.explain()
    return {
        "engine": result.engine,
        "api": result.api,
        "page": result.origin,
        "method": None if request is None else request.method,
        "url": None if request is None else request.url.href,
        "verdict": verdict(result).lower(),
        "status": result.status,
        "requests": [_request_row(exchange) for exchange in result.exchanges],
        "blocked": None if blocked is None else {
            "reason": str(blocked.reason),
            "subject": blocked.subject,
            "step": str(blocked.step),
            "url": blocked.step.url,
        },
        "console": list(result.console),
        "cause": None if words is None else words.cause,
        "headline": None if words is None else words.headline,
        "fix": None if words is None else words.fix,
    }  # fmt: skip


def _request_row(exchange: Exchange) -> dict[str, Any]:
    return {
        "method": exchange.request.method,
        "url": exchange.request.url.href,
        "preflight": exchange.is_preflight,
        "status": None if exchange.response is None else exchange.response.status,
        "error": None if exchange.error is None else failure_text(exchange.error),
    }


def row_title(row: dict[str, Any]) -> str:
    """Say in a line what became of a fetch."""
    what = "what no page can ask for" if row["url"] is None else f"{row['method']} {row['url']}"
    title = f"{row['engine']}: {row['api']} {what} from {row['page']}: {row['verdict']}"
    blocked = row["blocked"]
    if blocked is None:
        return f"{title}, {row['status']}" if row["status"] else title
    token = f" {blocked['subject']!r}" if blocked["subject"] else ""
    return f"{title}, {blocked['reason']}{token} ({blocked['step']})"
