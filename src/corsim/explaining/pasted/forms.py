"""A template's forms: every way in which it can be written, as literals with fields between them.

The books of lines are written forwards by `console.lines`; here they are read backwards. A
template names phrases, and a phrase has a finite number of wordings, so a template has a finite
number of forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter

import attrs

from corsim.explaining.console.book import Phrase

LEADS = frozenset({"refused", "blocked", "led_on"})
"""Phrases that begin a line; people often paste what comes after them alone."""

LOAD = "Failed to load resource: "
"""What consoles write before an error, and DevTools replace by the method and the URL."""


@attrs.frozen
class Form:
    """Literals, with a field between each two: `literals[0] fields[0] literals[1] ...`.

    `told` is what it says by being in this form: `is_preflight`, `is_xhr`.
    """

    literals: tuple[str, ...] = ("",)
    fields: tuple[str, ...] = ()
    told: Mapping[str, bool] = attrs.field(factory=dict, eq=False)

    def __add__(self, other: Form) -> Form:
        *most, end = self.literals
        begin, *rest = other.literals
        return Form((*most, end + begin, *rest), (*self.fields, *other.fields), {**self.told, **other.told})

    def contradicts(self, other: Form) -> bool:
        """Say whether the two can't be of one fetch."""
        return any(other.told.get(name, value) is not value for name, value in self.told.items())


def forms(template: str, phrases: Mapping[str, tuple[Phrase, ...]], *, whole: bool = True) -> list[Form]:
    """List the forms of a template; unless `whole`, without the phrase that leads it in.

    >>> [form.literals for form in forms("{who} failed", {"who": (Phrase("It"), Phrase("That"))})]
    [('It failed',), ('That failed',)]
    """
    found = [Form()]
    for literal, name, _, _ in Formatter().parse(template if whole else template.removeprefix(LOAD)):
        found = [form + Form((literal,)) for form in found]
        if name is None:
            continue
        if name not in phrases:
            found = [form + Form(("", ""), (name,)) for form in found]
        elif whole or name not in LEADS:
            ends = list(_wordings(name, phrases, whole))
            found = [form + end for form in found for end in ends if not form.contradicts(end)]
    return list(dict.fromkeys(found))


def _wordings(name: str, phrases: Mapping[str, tuple[Phrase, ...]], whole: bool) -> Iterator[Form]:
    """List the forms of a phrase; none at all is one, where each of its wordings has a condition."""
    for phrase in phrases[name]:
        told = {key: value for key, value in phrase.when.items() if isinstance(value, bool)}
        for form in forms(phrase.text, phrases, whole=whole):
            yield Form(told=told) + form
    if all(phrase.when for phrase in phrases[name]):
        conditions = phrases[name][0].when
        yield Form(told={key: not value for key, value in conditions.items() if isinstance(value, bool)})
