"""What `result.explain()` returns: a text, and the parts of it as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from corsim.engines import EngineName
from corsim.explaining.causes import Cause
from corsim.explaining.fixing.edits import Edit
from corsim.explaining.origins import Difference
from corsim.values.decision import Reason
from corsim.values.spec import Step

if TYPE_CHECKING:
    from corsim.result import Result


@attrs.frozen
class Fix:
    """A change that was tried before it is told: made again with it, the fetch passes.

    `edits` are the change as data, to servers' answers and to the page's call; `proven` are the
    engines in which it passes, the result's own among them; `end` is how it then ends there.
    """

    edits: tuple[Edit, ...]
    proven: tuple[EngineName, ...]
    words: str
    end: Result = attrs.field(eq=False, repr=False)

    def __str__(self) -> str:
        return self.words


class Explanation(str):
    """Why a fetch ended as it did, and what to change. It is a str, hence good as an assertion's message.

    >>> from corsim import Browser, Response
    >>> browser = Browser()
    >>> browser.serve("https://api.example", lambda request: Response(200))
    >>> why = browser.open("https://app.example").fetch("https://api.example/me").explain()
    >>> why.cause, why.reason, why.fixes[0].proven
    (<Cause.NO_CORS_HEADERS: 'no-cors-headers'>, <Reason.ALLOW_ORIGIN_MISSING: 'allow-origin-missing'>, \
('spec', 'chromium', 'firefox', 'webkit'))
    """

    headline: str
    """The first line: the verdict, and the cause as a sentence."""
    cause: Cause | None
    """What somebody did, behind the rule that refused; None where nothing is wrong."""
    reason: Reason | None
    """The rule that refused, by its name; None where nothing was refused."""
    step: Step | None
    """The step of the standard that refused; None where nothing was refused."""
    rule: str
    """The rule as a sentence."""
    advice: str
    """What to look at or to do that is no edit of headers; it may be empty."""
    fixes: tuple[Fix, ...]
    """What mends it, the best first, each proven; empty where nothing that was tried does."""
    diff: tuple[Difference, ...]
    """How the origin that was allowed differs from the one that asked; empty if that is not the point."""
    error: BaseException | None
    """What the app raised on the last request."""
    framework: str | None
    """The framework in whose words the first fix is told, too."""
    snippet: str
    """What to write there; empty without a framework, and where the server has nothing to change."""
    notes: tuple[str, ...]
    """What else is worth knowing."""

    def __new__(cls, text: str, **parts: Any) -> Explanation:
        """Make one of its text and its parts."""
        explanation = super().__new__(cls, text)
        explanation.__dict__.update(parts)
        return explanation

    @property
    def fix(self) -> str:
        """The advice and the first fix in HTTP's terms, as they stand in the text."""
        return "\n".join(filter(None, (self.advice, str(self.fixes[0]) if self.fixes else "")))
