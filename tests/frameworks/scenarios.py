"""What pages ask of the same policy, and what each may expect."""

from __future__ import annotations

from typing import Any

import attrs

from corsim import Browser, Policy, Request, Response, Result

API = "https://api.example.com"
APP, ADMIN = "https://app.example.com", "https://admin.example.com"


def answer(request: Request) -> Response:
    """Do as every app of `apps` does."""
    methods = {"/items": ("GET", "HEAD", "POST", "PUT"), "/broken": ("GET", "HEAD")}.get(request.url.path)
    if methods is None:
        return Response(404)
    if request.method not in methods:
        return Response(405)
    if request.url.path == "/broken":
        return Response(500)
    return Response(200, {"X-Total": "3", "X-Hidden": "4", "Content-Type": "text/plain"}, b"ok")


POLICY = Policy(
    origins=[APP, ADMIN],
    methods=["GET", "HEAD", "POST", "PUT"],
    headers=["X-CSRF-Token", "Content-Type"],
    expose=["X-Total"],
    credentials=True,
    max_age=60,
    answer=answer,
)


@attrs.frozen
class Scenario:
    """A page, and what its script fetches, `seconds` apart if more than once."""

    page: str
    options: dict[str, Any] = attrs.field(factory=dict)
    path: str = "/items"
    seconds: tuple[float, ...] = (0,)

    def played(self, browser: Browser) -> list[str]:
        """Play it in a browser that remembers nothing yet."""
        page = browser.open(self.page)
        verdicts = []
        for seconds in self.seconds:
            browser.clock.advance(seconds)
            options = {"credentials": "include", **self.options}
            verdicts.append(verdict(page.fetch(f"{API}{self.path}", **options)))
        return verdicts


def verdict(result: Result) -> str:
    """Say what was sent, and what came of it for script; by which header it was blocked is style."""
    sent = ", ".join(exchange.request.method for exchange in result.exchanges)
    if result.blocked is not None:
        return f"{sent}: blocked"
    exposed = ", ".join(name for name in ("x-total", "x-hidden") if name in result.headers)
    return f"{sent}: {result.status} {exposed}".rstrip()


PUT = {"method": "PUT", "headers": {"X-CSRF-Token": "1"}, "body": b"{}"}
JSON = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": b"{}"}
TEXT = {"method": "POST", "body": "text"}

SCENARIOS = {
    "a page reads": Scenario(APP),
    "another page that is allowed reads": Scenario(ADMIN),
    "without credentials": Scenario(APP, {"credentials": "omit"}),
    "HEAD": Scenario(APP, {"method": "HEAD"}),
    "a simple POST": Scenario(APP, TEXT),
    "JSON": Scenario(APP, JSON),
    "PUT": Scenario(APP, PUT),
    "PUT, and again": Scenario(APP, PUT, seconds=(0, 59)),
    "PUT, and again when Max-Age has run out": Scenario(APP, PUT, seconds=(0, 61)),
    "a method that is not allowed": Scenario(APP, {"method": "DELETE"}),
    "a header that is not allowed": Scenario(APP, {"headers": {"X-Other": "1"}}),
    "a stranger reads": Scenario("https://evil.example"),
    "a stranger's PUT": Scenario("https://evil.example", PUT),
    "a stranger whose name begins alike": Scenario("https://app.example.com.evil.example"),
    "a stranger whose name ends alike": Scenario("https://evilapp.example.com"),
    "the same host over http": Scenario("http://app.example.com"),
    "the same host at another port": Scenario("https://app.example.com:8443"),
    "a page without an origin": Scenario("null"),
    "404": Scenario(APP, path="/missing"),
    "405": Scenario(APP, TEXT, path="/broken"),
    "500": Scenario(APP, path="/broken"),
    "a preflight of what is missing": Scenario(APP, PUT, path="/missing"),
    "a preflight of what raises": Scenario(APP, {"headers": {"X-CSRF-Token": "1"}}, path="/broken"),
}
