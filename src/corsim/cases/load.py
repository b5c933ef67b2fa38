"""Reading spec cases: TOML in, frozen cases out, and a refusal for whatever is not a case."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import attrs
import tomli

from corsim.api.elements import Enctype
from corsim.cases.model import (
    Because,
    Case,
    EngineDifference,
    Expect,
    ExpectRequest,
    FetchGiven,
    Outcome,
    PageGiven,
    Row,
    ServerAnswer,
    Table,
)
from corsim.cases.reading import (
    At,
    Reader,
    body,
    boolean,
    closed,
    entry,
    header,
    integer,
    latin,
    many,
    matching,
    numbered,
    one_or_many,
    position,
    seconds,
    sentence,
    status,
    text,
    word,
)
from corsim.cases.rules import RULES
from corsim.engines import ENGINES, EngineProfile
from corsim.engines.gates import LocalNetwork
from corsim.values.address_space import ADDRESS_SPACES, AddressSpace
from corsim.values.decision import Reason
from corsim.values.doors import Api
from corsim.values.environment import REFERRER_POLICIES
from corsim.values.errors import InvalidCase
from corsim.values.response import Response

QUIRKS = tuple(field.name for field in attrs.fields(EngineProfile) if field.name != "name")
STEP = matching(
    r"[a-z][a-z0-9-]*\??( [0-9]+(\.[0-9]+)*)?", "an anchor and a step, such as 'concept-cors-check 4'"
)
_REQUEST_LINE = matching(r"\S+ https?://\S+", "a method and an absolute URL")
_ENGINE = word(*ENGINES[1:])

# -- finding the files -------------------------------------------------------------------


def spec_cases_directory() -> Path:
    """Find the cases: inside the installed package, or at the top of a checkout."""
    shipped = Path(__file__).parents[1] / "spec_cases"
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "spec_cases"


def case_files(directory: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Walk over the TOML files as (path, file), sorted; the path is the case's id."""
    root = directory or spec_cases_directory()
    for folder in sorted(filter(Path.is_dir, root.iterdir()), key=_name):
        for file in sorted(folder.glob("*.toml"), key=_name):
            yield f"{folder.name}/{file.stem}", file


def _name(place: Path) -> str:
    return place.stem


@lru_cache(maxsize=4)
def _documents(directory: Path | None) -> tuple[tuple[str, dict[str, Any]], ...]:
    return tuple((path, _parsed(path, file.read_text("utf-8"))) for path, file in case_files(directory))


def _parsed(path: str, source: str) -> dict[str, Any]:
    try:
        return tomli.loads(source)
    except tomli.TOMLDecodeError as error:
        raise InvalidCase(f"{path}.toml: is no TOML: {error}") from None


@lru_cache(maxsize=4)
def load_cases(directory: Path | None = None) -> tuple[Case, ...]:
    """Load every case, sorted by path.

    Raises `InvalidCase`, naming the file and the key, for what is not a case.
    """
    return tuple(parse_case(path, data) for path, data in _documents(directory) if "table" not in data)


@lru_cache(maxsize=4)
def load_tables(directory: Path | None = None) -> tuple[Table, ...]:
    """Load every table of rows, sorted by path; raises as `load_cases` does."""
    return tuple(parse_table(path, data) for path, data in _documents(directory) if "table" in data)


# -- tables ------------------------------------------------------------------------------


def parse_table(path: str, data: dict[str, Any]) -> Table:
    """Make a table of what its TOML says; raises `InvalidCase`."""
    at = At(f"{path}.toml")
    rule = RULES[word(*RULES)(data.get("table"), at / "table")]

    def row(value: object, at: At) -> Row:
        cells = closed(value, at, {**rule.given, **rule.expect, "because": sentence}, rule.required)
        expect = {name: cell for name, cell in cells.items() if name in rule.expect}
        if not expect:
            raise at.refuse(f"must say what comes out: {', '.join(rule.expect)}")
        given = {name: cell for name, cell in cells.items() if name in rule.given}
        return Row(given, expect, cells.get("because", ""))

    readers: dict[str, Reader[Any]] = {
        "table": text, "title": sentence, "proves": one_or_many(STEP), "rows": many(row, at_least=1)
    }  # fmt: skip
    table = closed(data, at, readers, required=tuple(readers))
    return Table(path, table["table"], table["title"], table["proves"], table["rows"])


# -- cases -------------------------------------------------------------------------------


def _reason(value: object, at: At) -> Reason:
    return Reason(word(*Reason)(value, at))


def _because(value: object, at: At) -> Because:
    readers: dict[str, Reader[Any]] = {"reason": _reason, "subject": text, "step": STEP}
    return Because(**closed(value, at, readers))


def _expect_request(value: object, at: At) -> ExpectRequest:
    readers: dict[str, Reader[Any]] = {
        "has": many(sentence), "lacks": many(sentence), "body": text, "credentials": boolean,
        "held_back": many(sentence), "ignored": many(sentence),
    }  # fmt: skip
    return ExpectRequest(**closed(value, at, readers))


_OBSERVED: dict[str, Reader[Any]] = {
    "sent": many(_REQUEST_LINE),
    "result": word(*get_args(Outcome)),
    "status": integer,
    "url": text,
    "redirected": boolean,
    "headers": many(text),
    "body": text,
    "loaded": boolean,
    "tainted": boolean,
    "muted_errors": boolean,
    "events": many(text),
    "protocol": text,
    "request": numbered(_expect_request),
}


def _expect(value: object, at: At) -> Expect:
    return Expect(**closed(value, at, _OBSERVED, required=("sent", "result")))


_PAGE: dict[str, Reader[Any]] = {
    "page": text,
    "sandbox": boolean,
    "embedder": text,
    "page_referrer_policy": word(*REFERRER_POLICIES[1:]),
    "page_headers": many(header),
    "tab": position,
    "worker": text,
}
_PAGE_FIELDS = {"page": "url", "page_referrer_policy": "referrer_policy", "page_headers": "headers"}
_CALL: dict[str, Reader[Any]] = {"url": text, "api": word(*get_args(Api)), "after": seconds}
_OPTIONS: dict[str, dict[str, Reader[Any]]] = {
    "fetch": {
        "mode": text,
        "credentials": text,
        "redirect": text,
        "cache": text,
        "referrer": text,
        "referrer_policy": text,
        "keepalive": boolean,
        "duplex": text,
        "integrity": text,
        "target_address_space": text,
    },
    "xhr": {"with_credentials": boolean, "upload_listener": boolean},
}
_COMMON: dict[str, Reader[Any]] = {"method": text, "headers": many(header), "body": body}
_CROSSORIGIN: dict[str, Reader[Any]] = {"crossorigin": word("anonymous", "use-credentials")}
_ELEMENT_OPTIONS: dict[str, dict[str, Reader[Any]]] = {
    "image": _CROSSORIGIN,
    "script": {**_CROSSORIGIN, "type": word("classic", "module"), "integrity": text},
    "stylesheet": {**_CROSSORIGIN, "integrity": text},
    "font": {},
    "media": {**_CROSSORIGIN, "element": word("audio", "video")},
    "event_source": {"with_credentials": boolean, "reconnects": boolean},
    "beacon": {"body": body},
    "web_socket": {"protocols": many(text)},
    "worker": {
        "type": word("classic", "module"),
        "credentials": word("same-origin", "omit", "include"),
    },
    "form": {"method": word("get", "post"), "fields": many(entry), "enctype": word(*get_args(Enctype))},
}
_THEN: dict[str, Reader[Any]] = {"expect": _expect, "because": _because}


def _options(api: object) -> dict[str, Reader[Any]]:
    """What can be said of a call by one door; of an unknown one what all calls of script have."""
    if not isinstance(api, str):
        return _COMMON
    return _ELEMENT_OPTIONS[api] if api in _ELEMENT_OPTIONS else _COMMON | _OPTIONS.get(api, {})


def _fetch(value: object, at: At) -> tuple[FetchGiven, Expect | None, Because | None]:
    """Read one call of script, with what is expected of it if that is written beside it."""
    api: object = value.get("api", "fetch") if isinstance(value, dict) else "fetch"
    options = _options(api)
    fields = closed(value, at, {**_PAGE, **_CALL, **options, **_THEN}, required=("page", "url"))
    page = {_PAGE_FIELDS.get(name, name): fields[name] for name in _PAGE if name in fields}
    given = {name: fields[name] for name in options if name in fields}
    fetch = FetchGiven(
        PageGiven(**page), fields["url"], fields.get("api", "fetch"),
        fields.get("after", 0.0), given,
    )  # fmt: skip
    return fetch, fields.get("expect"), fields.get("because")


def _server(value: object, at: At) -> ServerAnswer:
    readers: dict[str, Reader[Any]] = {
        "on": _REQUEST_LINE, "with": many(sentence), "status": status,
        "headers": many(header), "body": latin, "fails": boolean, "accepts": boolean,
    }  # fmt: skip
    fields = closed(value, at, readers, required=("on",))
    method, _, url = fields["on"].partition(" ")
    response = None
    if not fields.get("fails"):
        data = fields.get("body", "").encode("latin-1")
        response = Response(fields.get("status", 200), fields.get("headers", ()), data)
    return ServerAnswer(method, url, fields.get("with", ()), response, fields.get("accepts", False))


def _move(value: object, at: At) -> int | float:
    return seconds(value, at) if isinstance(value, str) else position(value, at)


def _difference(value: object, at: At) -> dict[str, Any]:
    """Read what an engine does otherwise: it is put together with the expectation later."""
    readers: dict[str, Reader[Any]] = {**_OBSERVED, "because": _because}
    whole: dict[str, Reader[Any]] = {
        **readers, "quirk": one_or_many(word(*QUIRKS)), "same_as": _ENGINE,
        "fetch": numbered(lambda item, place: closed(item, place, readers)),
    }  # fmt: skip
    fields = closed(value, at, whole)
    if ("same_as" in fields) == ("quirk" in fields):
        raise at.refuse("must name either a quirk or the engine that it is same_as")
    if "same_as" in fields and len(fields) > 1:
        raise at.refuse("is the same as another engine, so it can't add anything")
    return fields


def _places(value: object, at: At) -> tuple[tuple[str, AddressSpace], ...]:
    """Read where servers are, by origin."""
    if not isinstance(value, dict):
        raise at.refuse(f"must be a table of origins, not {value!r}")
    space = word(*ADDRESS_SPACES)
    return tuple((origin, space(item, at / origin)) for origin, item in value.items())  # type: ignore[misc]


_CASE: dict[str, Reader[Any]] = {
    "title": sentence,
    "proves": one_or_many(STEP),
    "story": sentence,
    "seen": many(matching(r"(chromium|firefox|webkit) \S+", "an engine and its version")),
    "order": many(_move, at_least=1),
    "local_network": word(*get_args(LocalNetwork)),
    "places": _places,
    "fetch": many(_fetch, at_least=1),
    "server": many(_server),
    "expect": _expect,
    "because": _because,
    "engine": lambda value, at: closed(value, at, dict.fromkeys(ENGINES[1:], _difference)),
}


def parse_case(path: str, data: dict[str, Any]) -> Case:
    """Make a case of what its TOML says; raises `InvalidCase`."""
    at = At(f"{path}.toml")
    fields = closed(data, at, _CASE, required=("title", "proves", "fetch"))
    expect = _expectations(fields, at)
    return Case(
        path=path,
        title=fields["title"],
        proves=fields["proves"],
        fetches=tuple(fetch for fetch, _, _ in fields["fetch"]),
        expect=expect,
        servers=fields.get("server", ()),
        differences=_differences(fields.get("engine", {}), expect, at / "engine"),
        order=_checked_order(fields.get("order", ()), len(expect), at / "order"),
        local_network=fields.get("local_network"),
        places=fields.get("places", ()),
        story=fields.get("story", ""),
        seen=fields.get("seen", ()),
    )


def _expectations(fields: dict[str, Any], at: At) -> tuple[Expect, ...]:
    """Give every fetch its expectation: its own, or for a single fetch the one at the top."""
    fetches, found = fields["fetch"], []
    for number, (_, expect, because) in enumerate(fetches, 1):
        last = number == len(fetches)
        if len(fetches) == 1 and expect is None:
            expect = fields.get("expect")
        elif last and "expect" in fields:
            raise (at / "expect").refuse("stands beside a fetch that has its own, or beside several")
        if expect is None:
            raise (at / "fetch" / number / "expect").refuse("is missing")
        if last and "because" in fields:
            if because is not None:
                raise (at / "because").refuse("stands beside the last fetch's own")
            because = fields["because"]
        found.append(attrs.evolve(expect, because=because))
    return tuple(found)


def _checked_order(order: tuple[int | float, ...], fetches: int, at: At) -> tuple[int | float, ...]:
    for move in order:
        if isinstance(move, int) and move > fetches:
            raise at.refuse(f"names fetch {move} of {fetches}")
    return order


def _differences(
    engines: dict[str, dict[str, Any]], expect: tuple[Expect, ...], at: At
) -> tuple[EngineDifference, ...]:
    """Put each engine's differences together with the expectation."""
    rows = []
    for name in ENGINES:
        fields = engines.get(name)
        if fields is None:
            continue
        if "same_as" in fields:
            fields = engines.get(fields["same_as"], fields)
            if "same_as" in fields:
                raise (at / name / "same_as").refuse("names an engine whose differences are not written here")
        rows.append(EngineDifference(name, fields["quirk"], _differing(fields, expect, at / name)))
    return tuple(rows)


def _differing(fields: dict[str, Any], expect: tuple[Expect, ...], at: At) -> tuple[Expect, ...]:
    changes = dict(fields.get("fetch", ()))
    own = {key: value for key, value in fields.items() if key not in ("quirk", "same_as", "fetch")}
    if own and len(expect) > 1:
        raise at.refuse("must say of which fetch it speaks: fetch.1, fetch.2")
    if own:
        changes[1] = {**changes.get(1, {}), **own}
    for number in changes:
        if number > len(expect):
            raise (at / "fetch" / number).refuse(f"is one of {len(expect)} fetches")
    return tuple(_changed(old, changes.get(number, {})) for number, old in enumerate(expect, 1))


def _changed(expect: Expect, changes: dict[str, Any]) -> Expect:
    """Another result, or other requests, leave nothing of what was said about the old ones."""
    dropped: dict[str, Any] = {}
    if "result" in changes:
        dropped |= {"status": None, "url": None, "redirected": None, "headers": None, "body": None}
        dropped |= {"because": None, "loaded": None, "tainted": None, "muted_errors": None}
        dropped |= {"events": None, "protocol": None}
    if "sent" in changes:
        dropped |= {"request": ()}
    return attrs.evolve(expect, **{**dropped, **changes})
