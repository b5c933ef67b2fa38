"""Write the pages of docs/ that are made from tables: `python docs/generate.py [--check]`.

`spec-map.md` comes from the sources, read as text: an algorithm's docstring gives its
anchor, and a comment that begins with numbers, `# 4.1.` or `# 5. to 11.`, is a step.
`engines.md` comes from the engines' TOML files, `console.md` from their books of lines,
`published.md` from the tests of other people's servers.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
from console_page import console_page
from published_page import published_page

from corsim.cases import load_cases
from corsim.engines import ENGINES, SPEC, EngineProfile, departures
from corsim.engines.cookie_facts import CookieFacts
from corsim.engines.element_facts import ElementFacts
from corsim.engines.gates import GateFacts
from corsim.values.spec import ALGORITHMS, SPEC_REVISION, Algorithm

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "corsim"
ANCHOR = re.compile(r"https://(?:fetch|xhr|websockets)\.spec\.whatwg\.org/#([A-Za-z0-9_()?-]+)")
STEP = re.compile(r"#\s+(?P<numbers>\d[\d.]*\.(?:(?:,|\s+and|\s+to)\s+\d[\d.]*\.)*)\s+(?P<words>\S.*)")
NUMBER = re.compile(r"(?:(to)\s+)?(\d+(?:\.\d+)*)\.")


@attrs.frozen
class Note:
    """A comment that names steps of an algorithm."""

    anchor: str
    numbers: tuple[str, ...]
    span: str
    words: str
    path: Path
    line: int

    @property
    def place(self) -> str:
        """Where the comment stands, as a link."""
        path = self.path.relative_to(ROOT).as_posix()
        return f"[{path.removeprefix('src/corsim/')}:{self.line}](../{path}#L{self.line})"


def known_steps() -> dict[str, list[str]]:
    """Read the step numbers of the pinned standards, by anchor."""
    table = json.loads((ROOT / "docs" / "spec-steps.json").read_text("utf-8"))
    return {anchor: numbers.split() for anchor, numbers in table.items() if anchor != "//"}


def notes() -> Iterator[Note]:
    """Walk over every comment in the sources that names steps."""
    known = known_steps()
    for folder in ("api", "fetching", "values"):
        for path in sorted((SOURCE / folder).glob("*.py")):
            text = path.read_text("utf-8")
            lines, tree = text.splitlines(), ast.parse(text)
            module = _anchors(tree, known)
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef):
                    anchors = _anchors(function, known) or module
                    if anchors:
                        yield from _notes_in(function, anchors[0], path, lines, known)


def _anchors(node: ast.Module | ast.FunctionDef, known: dict[str, list[str]]) -> list[str]:
    """List the algorithms that a docstring cites; a module speaks of those of its functions."""
    found = ANCHOR.findall(ast.get_docstring(node) or "")
    if isinstance(node, ast.Module):
        for child in node.body:
            if isinstance(child, ast.FunctionDef):
                found += _anchors(child, known)
    return [anchor for anchor in found if anchor in known]


def _notes_in(
    function: ast.FunctionDef, anchor: str, path: Path, lines: list[str], known: dict[str, list[str]]
) -> Iterator[Note]:
    yield from _note_above(function, anchor, path, known)
    for number in range(function.lineno, (function.end_lineno or function.lineno) + 1):
        match = STEP.search(lines[number - 1])
        if match is not None and lines[number - 1].lstrip().startswith("#"):
            steps = _expand(match["numbers"], known[anchor])
            span = (
                match["numbers"].rstrip(".").replace(". to ", "–").replace(". and ", ", ").replace(".,", ",")
            )
            yield Note(anchor, steps, span, _whole(match["words"], lines, number), path, number)


def _note_above(
    function: ast.FunctionDef, anchor: str, path: Path, known: dict[str, list[str]]
) -> Iterator[Note]:
    """Take a docstring such as "Step 7.5: the method is allowed." for a note on the whole function."""
    first = (ast.get_docstring(function) or "").partition("\n")[0]
    match = re.match(r"Steps? (\d[\d.]*\d|\d)(?: (to|and) (\d[\d.]*\d|\d))?(?:, [a-z ]+)?: (.*)", first)
    if match is None:
        return
    one, word, other, words = match.groups()
    numbers = f"{one}." + (f" {word} {other}." if other else "")
    span = one + (f"–{other}" if word == "to" else f", {other}" if other else "")
    yield Note(anchor, _expand(numbers, known[anchor]), span, words, path, function.lineno)


def _whole(words: str, lines: list[str], number: int) -> str:
    """Take in the lines that go on with the comment."""
    for line in lines[number:]:
        text = line.strip()
        if not text.startswith("# ") or STEP.search(text) or text.startswith("# The "):
            break
        words += " " + text.removeprefix("# ")
    return words


def _expand(text: str, known: list[str]) -> tuple[str, ...]:
    """Write out `5. to 11.`; a number that the standard does not have stays, for the test to find."""
    numbers: list[str] = []
    for to, number in NUMBER.findall(text):
        if to and numbers and numbers[-1] in known and number in known:
            depth = number.count(".")
            between = known[known.index(numbers[-1]) + 1 : known.index(number)]
            numbers += [step for step in between if step.count(".") == depth]
        numbers.append(number)
    return tuple(numbers)


def spec_map() -> str:
    """Write the page that leads from a step of the standard to its line, and to its cases."""
    proofs: dict[str, list[str]] = {}
    for case in load_cases():
        for step in case.proves:
            proofs.setdefault(step, []).append(case.path)
    page = [
        "# The spec map",
        "",
        "<!-- Made by docs/generate.py: change the sources, not this page. -->",
        "",
        f"From a step of the Fetch Standard (commit `{SPEC_REVISION}`) or the XMLHttpRequest Standard to the",
        "line that does it, in our words, and to the [cases](../spec_cases/README.md) that prove it.",
    ]
    rows = list(notes())
    algorithms = {algorithm.anchor: algorithm for algorithm in ALGORITHMS}
    for anchor in dict.fromkeys([*algorithms, *(note.anchor for note in rows)]):
        mine = [note for note in rows if note.anchor == anchor]
        if mine:
            page += _section(algorithms.get(anchor) or Algorithm(anchor, anchor), mine, proofs)
    return "\n".join(page) + "\n"


def _section(algorithm: Algorithm, rows: list[Note], proofs: dict[str, list[str]]) -> list[str]:
    lines = ["", f"## {algorithm.name}", "", f"<{algorithm.url}>", ""]
    lines += ["| step | what happens | where | cases |", "|---|---|---|---|"]
    for note in sorted(rows, key=lambda note: [int(part) for part in note.numbers[0].split(".")]):
        span = note.span
        ids = [case for number in note.numbers for case in proofs.get(f"{algorithm.anchor} {number}", ())]
        lines.append(f"| {span} | {note.words.replace('|', chr(92) + '|')} | {note.place} | {_cases(ids)} |")
    return lines


def _cases(ids: list[str]) -> str:
    """Link the first cases, and count the others."""
    links = [f"[{case.rpartition('/')[2]}](../spec_cases/{case}.toml)" for case in dict.fromkeys(ids)]
    more = f" and {len(links) - 3} more" if len(links) > 3 else ""
    return ", ".join(links[:3]) + more


def engines() -> str:
    """Write the page of what each engine does differently."""
    page = [
        "# Where the engines leave the standard",
        "",
        "<!-- Made by docs/generate.py from src/corsim/engines: change that, not this page. -->",
        "",
        '`Browser()` is the Fetch Standard to the letter. `Browser("chromium")`, `"firefox"` and `"webkit"`',
        "have these facts, each seen in the real engine and proved by a case; where a cell is empty, it",
        "does as the standard does. How we know is told below, engine by engine.",
    ]
    for title, fields in _groups():
        page += [
            "",
            f"## {title}",
            "",
            "| | standard | Chromium | Firefox | WebKit |",
            "|---|---|---|---|---|",
        ]
        page += [_fact(field, meaning) for field, meaning in fields]
    for name in ENGINES[1:]:
        page += [
            "",
            f"## How we know: {name.capitalize()}",
            "",
            "| fact | step | evidence |",
            "|---|---|---|",
        ]
        page += [f"| `{row.field}` | {row.step} | {_cell(row.evidence)} |" for row in departures(name)]
    return "\n".join(page) + "\n"


def _groups() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Read what each fact means, and the headings between them, from the class that has them."""
    for facts in (EngineProfile, GateFacts, ElementFacts, CookieFacts):
        source = Path(inspect.getfile(facts)).read_text("utf-8")
        body = source[source.index(f"class {facts.__name__}") :].partition("    @cached_property")[0]
        for part in re.split(r"\n    # -- ", body)[1:]:
            heading, _, rest = part.partition(" --")
            found = re.findall(r'^    (\w+): .*?\n    """(.*?)"""', rest, re.MULTILINE | re.DOTALL)
            yield heading.capitalize(), [(name, " ".join(text.split())) for name, text in found]


def _fact(field: str, meaning: str) -> str:
    cells = [_value(getattr(SPEC, field))]
    for name in ENGINES[1:]:
        own = [_value(row.value) for row in departures(name) if row.field == field]
        cells.append(own[0] if own else "")
    return f"| `{field}`: {_cell(meaning)} | {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, frozenset)):
        return ", ".join(map(str, sorted(value) if isinstance(value, frozenset) else value)) or "nothing"
    return "no limit" if value is None else str(value) or "nothing"


PAGES = {
    "spec-map.md": spec_map,
    "engines.md": engines,
    "console.md": console_page,
    "published.md": published_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which are stale."""
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / "docs" / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(text, "utf-8")
    if stale:
        print(("stale: " if "--check" in arguments else "wrote: ") + ", ".join(stale))
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
