"""What surrounds CORS: a seed and a number make a case of cookies, schemes, frames, referrers and elements.

Where `drawing` has one odd thing of a call or an answer, here all is well-formed, and what is drawn is who
asks whom: pages and servers over http and https, of one site and of several, each asked more than once, so
that what the first answer sets shows in the next request.
"""

from __future__ import annotations

from random import Random

import attrs

from corsim.conformance.fuzzing import around as of
from corsim.conformance.fuzzing.dimensions import pick
from corsim.conformance.fuzzing.drawing import Document

_PLACES = ("/me", "/a/b", "/a/", "/a/b/c")


def draw_surroundings(random: Random) -> Document:
    """Draw what is given in a case: its pages, what they ask for, and its servers."""
    return _Scene(random).document()


@attrs.define
class _Scene:
    """The pages, and chains of URLs: the first is asked for, each leads to the next."""

    random: Random
    pages: list[Document] = attrs.field(init=False)
    chains: list[list[str]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.pages = [self._page() for _ in range(self.random.choice((1, 1, 1, 2)))]
        self.chains = [self._chain(at) for at in range(self.random.choice((1, 1, 2)))]

    def chance(self, of_one: float) -> bool:
        return self.random.random() < of_one

    def document(self) -> Document:
        """Put it together."""
        number = self.random.choice((1, 2, 2, 3, 3, 4))
        fetches = [self._call() for _ in range(number)]
        servers = []
        if self.chance(0.25):
            element, answers = self._element()
            fetches.insert(self.random.randint(0, len(fetches)), element)
            servers += answers
        if self.chance(0.04):
            fetches[-1]["after"] = "2.5s"
        for chain in self.chains:
            servers += self._answers(chain, "ok")
        # Where cookies are set each page is at the top of a window of its own.
        servers[-1]["headers"].append(["Set-Cookie", self._cookie(servers[-1]["on"].partition(" ")[2])])
        return {"fetch": fetches, "server": servers}

    # -- what pages ask for ------------------------------------------------------------------

    def _page(self) -> Document:
        page = dict(pick(self.random, of.PAGES))
        policy = pick(self.random, of.PAGE_POLICIES)
        return page | ({"page_referrer_policy": policy} if policy else {})

    def _chain(self, at: int) -> list[str]:
        hops = pick(self.random, of.HOPS)
        first = pick(self.random, of.TARGETS) + self.random.choice(_PLACES)
        return [first, *(f"{pick(self.random, of.TARGETS)}/r{at}{hop}" for hop in range(hops))]

    def _call(self) -> Document:
        fetch: Document = {**self.random.choice(self.pages), "url": self.random.choice(self.chains)[0]}
        method = pick(self.random, of.METHODS)
        if method != "GET":
            fetch["method"] = method
        if method in ("POST", "PUT") and self.chance(0.7):
            fetch["body"] = "a"
        if self.chance(0.1):
            fetch["headers"] = [["X-A", "1"]]
        if self.chance(0.2):
            return fetch | {"api": "xhr"} | ({"with_credentials": True} if self.chance(0.6) else {})
        tables = {
            "mode": of.MODES, "credentials": of.CREDENTIALS, "redirect": of.REDIRECTS,
            "referrer": of.REFERRERS, "referrer_policy": of.POLICIES,
        }  # fmt: skip
        init = {
            name: value for name, groups in tables.items() if (value := pick(self.random, groups)) is not None
        }
        return fetch | init

    def _element(self) -> tuple[Document, list[Document]]:
        """Draw an element, whose URL nothing else asks for, and its answers."""
        kind, options, answer = pick(self.random, of.ELEMENTS)
        hops = pick(self.random, of.HOPS)
        chain = [f"{pick(self.random, of.TARGETS)}/{name}" for name in ("el", "e1", "e2", "e3")[: hops + 1]]
        element = {**self.random.choice(self.pages), "url": chain[0], "api": kind, **options}
        if "crossorigin" not in options and kind in of.BY_CROSSORIGIN and self.chance(0.5):
            element["crossorigin"] = self.random.choice(("anonymous", "use-credentials"))
        return element, self._answers(chain, answer["body"], answer["type"])

    # -- what servers answer -----------------------------------------------------------------

    def _answers(self, chain: list[str], body: str, kind: str = "") -> list[Document]:
        """Draw the answers of every URL of a chain, all but the last of which lead on."""
        rows = []
        for url, following in zip(chain, [*chain[1:], None], strict=True):
            headers = [*self._cookies(url), *self._policies(following is not None)]
            given: Document = {"body": body}
            if following is not None:
                given = {"status": self.random.choice((301, 302, 303, 307, 308))}
                headers.append(["Location", following])
            elif kind:
                headers.append(["Content-Type", kind])
            elif self.chance(0.06):
                given["status"] = 404
            rows += self._shared(url, given, headers)
        return rows

    def _shared(self, url: str, given: Document, headers: list[list[str]]) -> list[Document]:
        """Write an answer, with the preflight's before it, once for each origin that may read it."""
        asked = [list(pair) for pair in of.ALLOWED] + (self._cookies(url) if self.chance(0.3) else [])
        rows = []
        for origin in [*(self._origins() if self.chance(0.88) else ()), None]:
            having = {"with": [f"Origin: {origin}"]} if origin else {}
            leave = [["Access-Control-Allow-Origin", "*"]] if self.chance(0.3) else []
            if origin:
                leave = [
                    ["Access-Control-Allow-Origin", origin],
                    ["Access-Control-Allow-Credentials", "true"],
                ]
            rows.append({"on": f"OPTIONS {url}", **having, "status": 204, "headers": [*leave, *asked]})
            rows.append({"on": f"* {url}", **having, **given, "headers": [*leave, *headers]})
        return rows

    def _origins(self) -> list[str]:
        """List what the pages call themselves, and redirects."""
        urls = [page["page"] for page in self.pages if page["page"].startswith("http")]
        return list(dict.fromkeys([*("/".join(url.split("/")[:3]) for url in urls), "null"]))

    def _policies(self, moves: bool) -> list[list[str]]:
        rows = []
        if self.chance(0.12):
            rows.append(["Cross-Origin-Resource-Policy", pick(self.random, of.RESOURCE_POLICIES)])
        if self.chance(0.3 if moves else 0.05):
            rows.append(["Referrer-Policy", pick(self.random, of.REFERRER_POLICY_LINES)])
        return rows

    # -- cookies -----------------------------------------------------------------------------

    def _cookies(self, url: str) -> list[list[str]]:
        number = self.random.choice((0, 0, 1, 1, 1, 2, 3))
        return [["Set-Cookie", self._cookie(url)] for _ in range(number)]

    def _cookie(self, url: str) -> str:
        if self.chance(0.06):
            return pick(self.random, of.ODD_COOKIES)
        name = self.random.choice(("a", "b", "c"))
        attributes: list[str] = list(pick(self.random, of.USUAL_ATTRIBUTES))
        for groups, often in of.OTHER_ATTRIBUTES:
            if self.chance(often):
                attributes.append(pick(self.random, groups))
        if self.chance(0.12):
            host = url.split("/")[2].partition(":")[0]
            domains = (host, host, host.partition(".")[2] or host, "example", f".{host}", "other.example")
            attributes.append(f"Domain={self.random.choice(domains)}")
        if self.chance(0.06):
            name = f"__Secure-{name}"
        if self.chance(0.2):
            self.random.shuffle(attributes)
        value = pick(self.random, of.COOKIE_VALUES)
        return "; ".join([f"{name}={value}", *attributes])
