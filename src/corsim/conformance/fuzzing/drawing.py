"""A seed and a number make a case: a fetch that works, and then a few things that are odd."""

from __future__ import annotations

from random import Random
from typing import Any, TypeAlias

import attrs

from corsim.conformance.fuzzing import dimensions as of
from corsim.conformance.fuzzing.dimensions import Groups, pick

Document: TypeAlias = dict[str, Any]
"""A case as the TOML of its file has it."""

BODILESS = frozenset({204, 205, 304})
_LISTED = ("X-A", "x-b", "X-CSRF-Token", "Content-Type", "Range", "Accept")


def draw_document(random: Random) -> Document:
    """Draw what is given in a case: its fetches and its servers."""
    scene = _Scene(random)
    fetches = [scene.fetch()]
    if random.random() < 0.22:
        fetches += [scene.next_fetch(fetches[0]) for _ in range(random.choice((1, 1, 2, 2, 3)))]
        if random.random() < 0.08:
            fetches[-1]["after"] = f"{random.choice(of.WAITS):g}s"
    return {"fetch": fetches, "server": scene.servers(fetches)}


@attrs.define
class _Scene:
    """Who asks whom: the page, and the URLs from the first one asked to the last one led to."""

    random: Random
    page: dict[str, Any] = attrs.field(init=False)
    urls: tuple[str, ...] = attrs.field(init=False)
    _odd: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.page = dict(pick(self.random, of.PAGES))
        path = pick(self.random, of.PATHS)
        hosts = [pick(self.random, of.TARGETS) for _ in range(pick(self.random, of.HOPS) + 1)]
        self.urls = tuple(host + (path if at == 0 else f"/r{at}") for at, host in enumerate(hosts))
        self._odd = self.random.choice((0, 0, 0, 1, 1, 1, 2, 2, 3))

    def chance(self, of_one: float) -> bool:
        return self.random.random() < of_one

    def pick(self, groups: Groups[Any]) -> Any:
        return pick(self.random, groups)

    # -- what script asks for ----------------------------------------------------------------

    def fetch(self) -> Document:
        """Draw one call of script."""
        fetch: Document = {**self.page, "url": self._url()}
        method = self.pick(of.METHODS)
        headers = [self._header() for _ in range(self.random.choice((0, 0, 0, 1, 1, 1, 2, 3)))]
        options: Document = {"method": method, "headers": headers}
        if method.upper() not in ("GET", "HEAD", "TRACE", "CONNECT", "TRACK") or self.chance(0.02):
            options["body"] = self.pick(of.BODIES) if self.chance(0.6) else None
        if self.chance(0.22):
            fetch["api"] = "xhr"
            options |= {"with_credentials": self.chance(0.45), "upload_listener": self.chance(0.2)}
        else:
            options |= self._init()
        unset = {"method": "GET", "with_credentials": False, "upload_listener": False, "headers": []}
        keep = {name: value for name, value in options.items() if value != unset.get(name)}
        return fetch | {name: value for name, value in keep.items() if value is not None}

    def next_fetch(self, first: Document) -> Document:
        """Draw a later call, mostly to the URL of the first, that may profit from what is remembered."""
        if self.chance(0.4):
            return dict(first)
        again = self.fetch()
        again["url"] = first["url"]
        return (
            again
            if self.chance(0.7)
            else first | {name: again[name] for name in ("method", "headers") if name in again}
        )

    def _url(self) -> str:
        url = self.urls[0]
        if not self.chance(0.06):
            return url
        return str(self.pick(of.ODD_URLS)).format(at=url, host=url.removeprefix("https://"))

    def _init(self) -> Document:
        tables: dict[str, Groups[Any]] = {
            "mode": of.MODES, "credentials": of.CREDENTIALS, "redirect": of.REDIRECTS, "cache": of.CACHES,
            "referrer_policy": of.POLICIES,
        }  # fmt: skip
        init = {name: value for name, groups in tables.items() if (value := self.pick(groups))}
        if init.get("cache") == "only-if-cached" and self.chance(0.8):
            init["mode"] = "same-origin"
        if init.get("mode") == "no-cors" and not self.page["page"].startswith(of.APP):
            # In a foreign frame browsers then say `Origin`, for the storage access that it may ask for.
            init.pop("credentials", None)
        referrer = self.pick(of.REFERRERS)
        return init if referrer is None else init | {"referrer": referrer}

    def _header(self) -> list[str]:
        kind = self.random.random()
        if kind < 0.18:
            return ["Content-Type", self.pick(of.CONTENT_TYPES)]
        if kind < 0.25:
            return ["Range", self.pick(of.RANGES)]
        if kind < 0.5:
            odd = f"a{self.random.choice(of.BYTES)}b"
            return [self.pick(of.SAFELISTED), odd if self.chance(0.3) else self.pick(of.SAFE_VALUES)]
        name = self.pick(of.PLAIN_NAMES)
        if "method" in name.lower() and name[0] in "Xx":
            return [name, self.random.choice(of.OVERRIDES)]
        return [name, self.pick(of.PLAIN_VALUES)]

    # -- what servers answer -----------------------------------------------------------------

    def servers(self, fetches: list[Document]) -> list[Document]:
        """Draw the answers of every URL: to a preflight, and to the request itself."""
        needs = _Needs.of(fetches, self.random)
        rows = []
        for at, url in enumerate(self.urls):
            here = f"{url.partition('#')[0]}"
            tainted = at > 1 and self._is_tainted(at)
            origin = "null" if needs.opaque or tainted else needs.origin
            shared = self._sharing(origin, needs.credentials)
            preflight = {"on": f"OPTIONS {here}", "status": self._maybe_odd(204, of.PREFLIGHT_STATUSES, 0.1)}
            rows.append(preflight | {"headers": self._spelled([*shared, *self._allowing(needs)])})
            if self.chance(0.06):  # another answer to the first that asks for this
                rows.insert(-1, self._other_preflight(rows[-1], needs))
            again = self._sharing(origin, needs.credentials)
            rows.append(self._answer(at, f"* {here}", again))
        return rows

    def _is_tainted(self, at: int) -> bool:
        hosts = [url.partition("/")[2].split("/")[1] for url in self.urls]
        return any(hosts[n] != hosts[n - 1] and hosts[n - 1] != "app.example" for n in range(1, at + 1))

    def _maybe_odd(self, usual: Any, odd: Groups[Any], often: float) -> Any:
        """Give what works, or while there are odd things left to put in, now and then another."""
        if self._odd > 0 and self.chance(often * 3):
            self._odd -= 1
            return self.pick(odd)
        return usual

    def _sharing(self, origin: str, credentials: bool) -> list[list[str]]:
        usual = (origin,) if credentials or self.chance(0.6) else ("*",)
        lines = self._maybe_odd(usual, of.ALLOW_ORIGIN, 0.07)
        allow = ("true",) if credentials or self.chance(0.1) else ()
        allow = self._maybe_odd(allow, of.ALLOW_CREDENTIALS, 0.06 if credentials else 0.01)
        rows = [["Access-Control-Allow-Origin", line.format(origin=origin)] for line in lines]
        return rows + [["Access-Control-Allow-Credentials", line] for line in allow]

    def _allowing(self, needs: _Needs) -> list[list[str]]:
        rows = []
        for name, tokens, often in (
            ("Access-Control-Allow-Methods", needs.methods, 0.08),
            ("Access-Control-Allow-Headers", needs.names, 0.1),
        ):
            usual = ("*",) if not needs.credentials and self.chance(0.1) else ("{list}",) if tokens else ()
            for line in self._maybe_odd(usual, of.LISTS, often):
                words = {"{list}": ", ".join(tokens), "{first}": tokens[0] if tokens else "a"}
                for word, value in words.items():
                    line = line.replace(word, value)
                rows.append([name, line])
        often = 0.9 if needs.repeated else 0.1
        if self.chance(often):
            rows += [["Access-Control-Max-Age", line] for line in self.pick(of.MAX_AGES)]
        return rows

    def _other_preflight(self, row: Document, needs: _Needs) -> Document:
        method = self.random.choice(needs.methods or ("PUT",))
        sharing = ("access-control-allow-origin", "access-control-allow-credentials")
        rest = [pair for pair in row["headers"] if pair[0].strip().lower() in sharing]
        asking = f"Access-Control-Request-Method: {method}"
        return row | {"with": [asking], "headers": [*rest, *self._allowing(needs)]}

    def _answer(self, at: int, on: str, sharing: list[list[str]]) -> Document:
        if at + 1 < len(self.urls):
            following = self.urls[at + 1]
            lines = self._maybe_odd(("{next}",), of.LOCATIONS, 0.1)
            words = {"{next}": following, "{host}": following.removeprefix("https://")}
            locations = [["Location", _replaced(line, words)] for line in lines]
            return {
                "on": on,
                "status": self.random.choice(of.REDIRECT_STATUSES),
                "headers": [*sharing, *locations],
            }
        shown = [list(self.pick(of.ANSWER_HEADERS)) for _ in range(self.random.choice((0, 0, 1, 2, 4)))]
        exposing = [["Access-Control-Expose-Headers", line] for line in self.pick(of.EXPOSE)] if shown else []
        status = self.pick(of.STATUSES)
        body = "" if status in BODILESS else self.pick(of.ANSWER_BODIES)
        return {
            "on": on,
            "status": status,
            "headers": self._spelled([*sharing, *exposing, *shown]),
            "body": body,
        }

    def _spelled(self, rows: list[list[str]]) -> list[list[str]]:
        if not rows or not self.chance(0.06):
            return rows
        at, spell = self.random.randrange(len(rows)), self.random.choice(of.SPELLINGS)
        return [*rows[:at], [spell(rows[at][0]), rows[at][1]], *rows[at + 1 :]]


def _replaced(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text


@attrs.frozen
class _Needs:
    """What servers have to allow for all the fetches to work."""

    origin: str
    opaque: bool
    credentials: bool
    methods: tuple[str, ...]
    names: tuple[str, ...]
    repeated: bool

    @classmethod
    def of(cls, fetches: list[Document], random: Random) -> _Needs:
        page = fetches[0]["page"]
        opaque = page == "null" or page.startswith("data:") or "sandbox" in fetches[0]
        asked = [row.get("method", "GET") for row in fetches]
        known = ("DELETE", "POST", "PUT", "OPTIONS", "GET", "HEAD")
        methods = [method.upper() if method.upper() in known else method for method in asked]
        names = {name.lower(): name for row in fetches for name, _ in row.get("headers", ())}
        if any("body" in row for row in fetches):
            names.setdefault("content-type", "Content-Type")
        listed = [name if random.random() < 0.5 else name.lower() for name in names.values() if name.strip()]
        return cls(
            "/".join(page.split("/")[:3]), opaque,
            any(row.get("credentials") == "include" or "with_credentials" in row for row in fetches),
            tuple(dict.fromkeys(method for method in methods if method.strip())), tuple(listed),
            len(fetches) > 1,
        )  # fmt: skip
