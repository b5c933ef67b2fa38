"""A result for programs."""

from __future__ import annotations

from typing import Any

from corsim.explaining import explain_result
from corsim.explaining.pasted import Reading
from corsim.explaining.reasons.outcomes import verdict
from corsim.fetching.flow import Exchange
from corsim.result import Result
from corsim.values.decision import Decision

SCHEMA_VERSION = 1


def result_as_json(result: Result, framework: str | None = None) -> dict[str, Any]:
    """Turn a result into what `json.dumps` takes; headers are [name, value] pairs, as sent."""
    words = explain_result(result, framework)
    return {
        "schema_version": SCHEMA_VERSION,
        "engine": result.engine,
        "origin": result.origin,
        "verdict": verdict(result).lower(),
        "result": {
            "type": result.type,
            "readable": result.readable,
            "ok": result.ok,
            "status": result.status,
            "status_text": result.status_text,
            "url": result.url,
            "redirected": result.redirected,
            "headers": [[name, value] for name, value in result.headers.items()],
            "body": result.text,
        },
        "blocked": None if result.blocked is None else _decision(result.blocked),
        "explanation": {
            "cause": words.headline.partition(": ")[2], "cause_name": words.cause,
            "rule": words.rule, "fix": words.fix, "notes": list(words.notes),
            "fixes": [{"words": str(fix), "proven": list(fix.proven)} for fix in words.fixes],
            "framework": words.framework, "snippet": words.snippet,
        },
        "exchanges": [_exchange(exchange) for exchange in result.exchanges],
        "trace": [_decision(turn) for turn in result.trace if isinstance(turn, Decision)],
    }  # fmt: skip


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """Turn what was read of a paste into what `json.dumps` takes; null is what it does not say."""
    found = reading.found
    return {
        "schema_version": SCHEMA_VERSION,
        "verdict": reading.verdict.lower(),
        "headline": reading.headline,
        "engines": list(reading.engines),
        "reasons": list(reading.reasons),
        "causes": [
            {"cause": each.cause, "if": each.tell, "says": each.says, "fix": each.fix}
            for each in reading.suspects
        ],
        "mechanism": reading.mechanism,
        "url": found.url,
        "redirected_from": found.redirected_from,
        "origin": found.origin,
        "method": found.method,
        "header": found.header,
        "token": found.token,
        "status": found.status,
        "preflight": found.is_preflight,
        "understood": list(reading.lines),
        "explanation": str(reading),
        "also": [reading_as_json(other) for other in reading.also],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "step": decision.step.id,
        "url": decision.step.url,
        "outcome": decision.outcome,
        "reason": None if decision.reason is None else str(decision.reason),
        "subject": decision.subject,
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    request, response, error = exchange.request, exchange.response, exchange.error
    answer = None
    if response is not None:
        body = response.body.decode("utf-8", "replace")
        answer = {"status": response.status, "headers": _pairs(response.headers.pairs), "body": body}
    return {
        "preflight": exchange.is_preflight,
        "includes_credentials": exchange.includes_credentials,
        "request": {
            "method": request.method,
            "url": request.url.href,
            "headers": _pairs(request.headers.pairs),
            "body": None if request.body is None else request.body.decode("utf-8", "replace"),
        },
        "response": answer,
        "error": None if error is None else {"type": type(error).__name__, "message": str(error)},
    }


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [[name, value] for name, value in pairs]
