"""`corsim.explain`: of a result, or of console text that somebody pasted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, overload

from corsim.values.errors import wrong_type

if TYPE_CHECKING:
    from corsim.explaining.explanation import Explanation
    from corsim.explaining.pasted import Reading
    from corsim.result import Result


@overload
def explain(what: Result) -> Explanation: ...
@overload
def explain(what: str | Iterable[str]) -> Reading: ...


def explain(what: Result | str | Iterable[str]) -> Explanation | Reading:
    """Say in plain words what a result, or console text pasted as it stands, is about.

    Of text it returns a `Reading`: `str()` of it is the explanation, its `reasons` and `causes` are
    those that the text can have, the likeliest first. Text that is no console line is a `Reading` too,
    which says so. Several lines, as in `result.console`, may come as one text or as a list.

    >>> from corsim import explain
    >>> reading = explain("Request header field x-token is not allowed by Access-Control-Allow-Headers.")
    >>> reading.reason, reading.tokens
    (<Reason.HEADER_NOT_ALLOWED: 'header-not-allowed'>, ('x-token',))

    Raises `TypeError` for what is neither.
    """
    if isinstance(what, str):
        from corsim.explaining.pasted import read

        return read(what)
    from corsim.result import Result

    if isinstance(what, Result):
        return what.explain()
    if not isinstance(what, (list, tuple)) or not all(isinstance(line, str) for line in what):
        raise wrong_type("what is to be explained", "a Result, or text from a console", what)
    return explain("\n".join(what))
