"""Pasted text, folded: what copying changes is taken out, and each character knows where it stood.

Between a console and an issue tracker a line is wrapped, quoted, coloured, escaped and
prettified. Without white space, quotes and the case of letters, all of these are the same.
"""

from __future__ import annotations

import re
from html import unescape

import attrs

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
# Mail, comments in code, and tables put something in front of each line.
_QUOTED_LINE = re.compile(r"(?<=\n)[ \t]*(?:>[ \t]*|(?://|\*|#|\|)[ \t]+)+")
_TAG = re.compile(
    r"</?(?:a|b|br|code|div|em|font|i|kbd|li|p|pre|samp|small|span|strong|td|tt|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BOLD = re.compile(r"(?<![\w'\"*])\*\*(?=\S)|(?<=\S)\*\*(?![\w'\"*])")
# A quote as an entity or an escape: the paste comes from HTML, or out of a string of some language.
_ENTITY = re.compile(r"&(?:quot|apos|lsquo|rsquo|ldquo|rdquo|nbsp|#0*39|#x0*27|#0*34|#821[6-9]|#822[01]);")
_ESCAPED_QUOTE = re.compile(r"\\u(?:201[89cd]|002[27]|0060)", re.IGNORECASE)
# UTF-8 read as Windows-1252, as old forums have it.
_MISREAD = {"â€˜": "‘", "â€™": "’", "â€œ": "“", "â€\x9d": "”", "â€”": "—"}

QUOTES = "'\"`´‘’‚‛“”„‟‹›«»′″\N{FULLWIDTH APOSTROPHE}\N{FULLWIDTH QUOTATION MARK}\N{REPLACEMENT CHARACTER}"
_DROPPED = re.compile(
    rf"[\s\\{QUOTES}\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x1f\x7f-\x9f]+"
)
_LOWER = {ord(upper): ord(upper) + 32 for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@attrs.frozen
class Folded:
    """Text without what copying changes; `places[i]` is where its i-th character stands in `original`."""

    text: str
    places: tuple[int, ...] = attrs.field(repr=False)
    original: str = attrs.field(repr=False)

    def between(self, start: int, end: int) -> str:
        """Take from the original what stands between two places of the folded text, both ends whole."""
        first = self.places[start - 1] + 1 if start else 0
        last = self.places[end] if end < len(self.places) else len(self.original)
        return self.original[first:last]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Say where in the original a part of the folded text stands."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> str:
    """Take out of a text what copying changes.

    >>> fold("has been\\n  blocked by ‘CORS’ policy")
    'hasbeenblockedbycorspolicy'
    """
    return _DROPPED.sub("", text).translate(_LOWER)


def fold_paste(text: str) -> Folded:
    """Fold a paste, mending first what can't be mistaken for a value."""
    text = mended(text)
    kept = [part for gap in _gaps(text) for part in gap]
    return Folded("".join(text[i] for i in kept).translate(_LOWER), tuple(kept), text)


def mended(text: str) -> str:
    """Undo colours, the quoting of mail, markup, and quotes that are escapes or entities."""
    text = _BOLD.sub("", _TAG.sub("", _QUOTED_LINE.sub("", _ANSI.sub("", text))))
    for wrong, right in _MISREAD.items():
        text = text.replace(wrong, right)
    if _ENTITY.search(text):
        text = unescape(text)
    return _ESCAPED_QUOTE.sub(lambda escape: chr(int(escape.group()[2:], 16)), text)


def _gaps(text: str) -> list[range]:
    """List the stretches between what is dropped."""
    ends = [0, *(place for match in _DROPPED.finditer(text) for place in match.span()), len(text)]
    return [range(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True)]
