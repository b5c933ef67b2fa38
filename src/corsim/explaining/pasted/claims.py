"""Lines put together: which of a paste's lines speak of one failure, and what they say between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from corsim.engines import EngineName
from corsim.explaining.causes import Cause
from corsim.explaining.pasted.found import OF_PREFLIGHTS, Found, found_in, in_devtools
from corsim.explaining.pasted.matching import Match, matches
from corsim.explaining.pasted.wordings import Elsewhere, Wording
from corsim.values.decision import Reason
from corsim.values.statuses import REDIRECT_STATUSES, is_ok_status

# Where one line has several reasons, these are the likelier ones, the likeliest first.
_COMMON = (
    Reason.ALLOW_ORIGIN_MISSING, Reason.PREFLIGHT_STATUS, Reason.ALLOW_ORIGIN_MISMATCH,
    Reason.HEADER_NOT_ALLOWED, Reason.ALLOW_ORIGIN_MULTIPLE, Reason.ALLOW_ORIGIN_WILDCARD,
    Reason.METHOD_NOT_ALLOWED, Reason.PREFLIGHT_REDIRECT, Reason.ALLOW_CREDENTIALS_NOT_TRUE,
    Reason.CONNECTION_FAILED, Reason.SCHEME_NOT_HTTP,
)  # fmt: skip
_MOST_REQUESTS = 50  # in one paste, that lines about a failure are compared with
_OF_OTHER_SCHEMES = frozenset({
    Reason.SCHEME_NOT_HTTP, Reason.UNSUPPORTED_SCHEME, Reason.BLOB_NOT_FOUND, Reason.INVALID_DATA_URL,
})  # fmt: skip
_LIKELIEST = {reason: place for place, reason in enumerate(dict.fromkeys((*_COMMON, *Reason)))}


@attrs.frozen
class Claim:
    """What one line, or several about one failure, say.

    `reasons` are None where anything may have been the reason, and `hints` then are the likelier ones; of
    either, `named` are those that a line has words of its own for. `lines` are what was understood.
    """

    found: Found
    reasons: tuple[Reason, ...] | None = None
    hints: tuple[Reason, ...] = ()
    named: frozenset[Reason] = frozenset()
    engines: tuple[EngineName, ...] = ()
    causes: tuple[Cause, ...] = ()
    elsewhere: Elsewhere | None = None
    lines: tuple[str, ...] = ()
    is_vague: bool = False

    @classmethod
    def of(cls, match: Match) -> Claim:
        """Read a match."""
        wording = match.wording
        reasons = tuple(dict.fromkeys((*wording.reasons, *wording.beside)))
        return cls(
            found=_with_one_of(in_devtools(match.line), found_in(match)),
            reasons=None if wording.is_anything else reasons,
            hints=reasons,
            named=frozenset() if wording.is_vague else frozenset(wording.reasons),
            engines=wording.engines,
            causes=wording.causes,
            elsewhere=wording.elsewhere,
            lines=(match.text,),
            is_vague=wording.is_vague or not (wording.reasons or _is_final(wording)),
        )

    def goes_with(self, other: Claim) -> bool:
        """Say whether the two can be of one failure."""
        if self.found.contradicts(other.found):
            return False
        if self.elsewhere and other.elsewhere:
            return self.elsewhere == other.elsewhere or self.is_vague or other.is_vague
        if self.reasons is None or other.reasons is None:
            return True
        return bool(set(self.reasons) & set(other.reasons)) or self.reasons == other.reasons

    def __add__(self, other: Claim) -> Claim:
        reasons = self.reasons if other.reasons is None else other.reasons
        if self.reasons is not None and other.reasons is not None:
            reasons = tuple(reason for reason in self.reasons if reason in other.reasons)
        engines = tuple(name for name in self.engines if name in other.engines)
        return Claim(
            found=self.found.filled_up(other.found),
            reasons=reasons,
            hints=self.hints or other.hints,
            named=self.named | other.named,
            engines=engines or self.engines or other.engines,
            causes=self.causes or other.causes,
            elsewhere=self.elsewhere or other.elsewhere,
            lines=(*self.lines, *other.lines),
            is_vague=self.is_vague and other.is_vague,
        )

    @property
    def left(self) -> tuple[Reason, ...]:
        """The reasons that are left, the likeliest first."""
        reasons = self.hints if self.reasons is None else self.reasons
        named = [reason for reason in reasons if reason in self.named] or list(reasons)
        return tuple(sorted(narrowed(named, self.found), key=_LIKELIEST.__getitem__))


def _is_final(wording: Wording) -> bool:
    """Say whether a wording speaks of something that needs no reason."""
    return wording.elsewhere is not None or bool(wording.causes)


def narrowed(reasons: list[Reason], found: Found) -> list[Reason]:
    """Leave out what the values in a line contradict."""
    impossible: set[Reason] = set()
    if found.status and (found.status in REDIRECT_STATUSES or is_ok_status(found.status)):
        impossible.add(Reason.PREFLIGHT_STATUS)
    if found.status and found.status not in REDIRECT_STATUSES:
        impossible.add(Reason.PREFLIGHT_REDIRECT)
    if found.is_preflight is False:
        impossible |= OF_PREFLIGHTS
    if found.is_http:
        impossible |= _OF_OTHER_SCHEMES
    if found.token is not None:
        several = any(char in found.token for char in ", \t")
        impossible.add(Reason.ALLOW_ORIGIN_MISMATCH if several else Reason.ALLOW_ORIGIN_MULTIPLE)
    if found.kind is not None and Reason.SCHEME_NOT_HTTP in reasons:
        impossible.add(Reason.SCHEME_NOT_HTTP if found.is_redirected else Reason.REDIRECT_SCHEME)
    return [reason for reason in reasons if reason not in impossible] or reasons


def claims(text: str) -> list[Claim]:
    """Read a paste: one claim a failure, in order."""
    found = _together(map(Claim.of, matches(text)))
    requests = in_devtools(text)[:_MOST_REQUESTS]
    return [attrs.evolve(each, found=_with_one_of(requests, each.found)) for each in found] or _of_status(
        text
    )


def _together(found: Iterable[Claim]) -> Iterator[Claim]:
    """Add up neighbours that speak of one failure."""
    current: Claim | None = None
    for claim in found:
        if current is not None and current.goes_with(claim):
            current = current + claim
            continue
        if current is not None:
            yield current
        current = claim
    if current is not None:
        yield current


def _with_one_of(requests: list[tuple[Found, str]], found: Found) -> Found:
    """Add the method, the URL and the status that DevTools write of a request."""
    others = (other for other, _ in requests if not found.contradicts(other))
    return found.filled_up(next(others, found))


def _of_status(text: str) -> list[Claim]:
    """Read a paste that has nothing but a request and its status, as DevTools write them."""
    return [
        Claim(found, reasons=(), causes=(Cause.SERVER_ERROR,), engines=("chromium",), lines=(line,))
        for found, line in in_devtools(text)
        if found.status and found.status >= 400
    ]
