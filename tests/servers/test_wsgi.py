"""corsim.servers.wsgi."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.validate import validator

import pytest

from corsim import Browser, Response, Result

APP = "https://app.example.com:8443"
App = Callable[[Any, Any], Iterable[bytes]]


def fetched(app: App, url: str = "/a%20b/%E9?d=%20e", **options: Any) -> Result:
    with Browser() as browser:
        browser.serve(APP, app)
        return browser.open(APP).fetch(url, **options)


def error_of(app: App) -> tuple[int, str]:
    """The status that the client has, 0 for none, and the exception that was kept."""
    exchange = fetched(app).exchanges[0]
    return (0 if exchange.response is None else exchange.response.status), repr(exchange.error)


def test_the_environment() -> None:
    """The app sees method, host, scheme, path and headers of the simulated URL, and the body."""
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("200 OK", [])
        return []

    headers = {"X-A": "\xe9", "Content-Type": "text/x", "X_B": "not this"}
    assert fetched(app, method="PUT", body=b"\xff!", headers=headers).status == 200
    assert (seen["REQUEST_METHOD"], seen["wsgi.url_scheme"]) == ("PUT", "https")
    assert (seen["HTTP_HOST"], seen["SERVER_NAME"]) == ("app.example.com:8443", "app.example.com")
    assert (seen["SERVER_PORT"], seen["SERVER_PROTOCOL"]) == ("8443", "HTTP/1.1")
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/a b/\xe9", "d=%20e")
    assert (seen["HTTP_X_A"], seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("\xe9", "text/x", "2")
    assert seen["body"] == b"\xff!"
    assert "HTTP_X_B" not in seen


def test_the_protocol_is_kept() -> None:
    """The standard library's validator finds nothing to complain of, with a body and without."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    checked = validator(app)  # takes *args, which tell nothing of what it is
    calls: list[dict[str, Any]] = [{}, {"method": "PUT", "body": b"abc"}]
    for options in calls:
        result = fetched(lambda environ, start_response: checked(environ, start_response), **options)
        assert (result.body, result.exchanges[0].error) == (options.get("body", b""), None)


def test_what_comes_back() -> None:
    """Status text, duplicates, latin-1 and every piece arrive, whether returned, generated or written."""

    def app(environ: Any, start_response: Any) -> Iterator[bytes]:
        write = start_response("299 So so", [("X-A", "\xe9"), ("x-a", "2"), ("X-B", "")])
        write(b"one ")
        yield b""
        yield b"two"

    result = fetched(app)
    assert (result.status, result.status_text, result.body) == (299, "So so", b"one two")
    assert result.headers["x-a"] == "\xe9, 2"
    assert result.exchanges[0].response == Response(
        299, [("X-A", "\xe9"), ("x-a", "2"), ("X-B", "")], b"one two", "So so"
    )


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_bodies_that_cannot_be_sent(method: str, status: int) -> None:
    """HEAD, 204 and 304 have no body, whatever the app returns."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response(f"{status} ", [("X-A", "1")])
        return [b"no"]

    response = fetched(app, method=method).exchanges[0].response
    assert response is not None
    assert (response.status, response.body) == (status, b"")


def test_close_is_called() -> None:
    """What the app returns is closed, also where it raises on the way."""
    closed: list[str] = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append("closed")

    class Broken(Body):
        def __iter__(self) -> Iterator[bytes]:
            raise ValueError("oops")

    def returning(body: Body) -> App:
        def app(environ: Any, start_response: Any) -> Body:
            start_response("200 OK", [])
            return body

        return app

    fetched(returning(Body([b"x"])))
    fetched(returning(Broken()))
    assert closed == ["closed", "closed"]


def test_an_app_that_raises() -> None:
    """Before the first byte it is a 500; after it, a broken connection. The exception is kept."""

    def early(environ: Any, start_response: Any) -> list[bytes]:
        raise ValueError("oops")

    def started(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b""
        raise ValueError("oops")

    def late(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"half"
        raise ValueError("oops")

    assert error_of(early) == (500, "ValueError('oops')")
    assert error_of(started) == (500, "ValueError('oops')")
    assert error_of(late) == (0, "ValueError('oops')")


def test_an_error_page_of_the_apps_own() -> None:
    """With exc_info the head is replaced, as long as nothing was sent; afterwards it is raised."""

    def app(early: bool) -> App:
        def serve(environ: Any, start_response: Any) -> Iterator[bytes]:
            start_response("200 OK", [])
            yield b"" if early else b"half"
            try:
                raise ValueError("oops")
            except ValueError as error:
                start_response("503 Sorry", [], (type(error), error, error.__traceback__))
            yield b"sorry"

        return serve

    assert error_of(app(early=True)) == (503, "None")
    assert error_of(app(early=False)) == (0, "ValueError('oops')")


@pytest.mark.parametrize(
    ("calls", "body", "message"),
    [
        ([], [], "never called start_response"), ([], [b"x"], "before it called start_response"),
        ([("200 OK", []), ("200 OK", [])], [], "called twice"), ([(200, [])], [], "str, not int: 200"),
        ([("OK", [])], [], "'OK' is no status in WSGI: write '200 OK'"), ([("99 Odd", [])], [], "no status"),
        ([("100 Continue", [])], [], "status 100"),
        ([("200 OK", {"X-A": "1"})], [], "a list of"), ([("200 OK", [["X-A", "1"]])], [], "tuple, not list"),
        ([("200 OK", [("X-A", 5)])], [], "str, not int: 5"), ([("200 OK", [("X-A", "a\nb")])], [], "X-A"),
        ([("200 OK", [("X-A",)])], [], "tuple, not tuple: .'X-A',"),
        ([("200 OK", [])], ["text"], "bytes, not str: 'text'"),
    ],
)  # fmt: skip
def test_what_no_server_would_send(calls: list[Any], body: Any, message: str) -> None:
    """What breaks the protocol is the app's failure: a 500, with an error that shows the value."""

    def app(environ: Any, start_response: Any) -> Any:
        for call in calls:
            start_response(*call)
        return body

    exchange = fetched(app).exchanges[0]
    assert exchange.response is not None
    assert exchange.response.status == 500
    with pytest.raises(Exception, match=message):
        raise exchange.error or AssertionError("nothing was raised")


def in_which_thread(threads: list[threading.Thread]) -> App:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        threads.append(threading.current_thread())
        start_response("200 OK", [])
        return []

    return app


def test_threads() -> None:
    """Synchronous code calls the app where it stands; an event loop is never blocked by it."""
    threads: list[threading.Thread] = []
    assert fetched(in_which_thread(threads)).ok

    async def main() -> Result:
        async with Browser() as browser:
            browser.serve(APP, in_which_thread(threads))
            return await browser.open(APP).fetch_async("/")

    assert asyncio.run(main()).ok
    assert threads[0] is threading.current_thread()
    assert threads[1] is not threading.current_thread()


def test_apps_that_wait_for_each_other() -> None:
    """Under a loop, fetches of one page are in the app at once, and other tasks go on meanwhile."""
    met, waiting = threading.Event(), threading.Barrier(20, timeout=30)

    def app(environ: Any, start_response: Any) -> list[bytes]:
        waiting.wait()
        assert met.wait(30)
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    async def main() -> list[str]:
        async with Browser() as browser:
            browser.serve(APP, app)
            page = browser.open(APP)
            fetches = [asyncio.ensure_future(page.fetch_async(f"/{number}")) for number in range(20)]
            while waiting.n_waiting:
                await asyncio.sleep(0)
            met.set()
            return [result.text for result in await asyncio.gather(*fetches)]

    assert asyncio.run(main()) == [f"/{number}" for number in range(20)]


def test_an_exception_comes_as_it_was_raised() -> None:
    """It has no context of ours: a traceback begins with the app."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        raise KeyError("name")

    error = fetched(app).exchanges[0].error
    assert isinstance(error, KeyError)
    assert error.__context__ is None


def test_500_at_once() -> None:
    """Five hundred fetches have a thread each, and each gets its own answer."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    async def main() -> list[str]:
        async with Browser() as browser:
            browser.serve(APP, app)
            page = browser.open(APP)
            results = await asyncio.gather(*(page.fetch_async(f"/{number}") for number in range(500)))
            return [result.text for result in results]

    assert asyncio.run(main()) == [f"/{number}" for number in range(500)]


def test_an_app_that_never_answers() -> None:
    """Under a loop it is given up in time, though its thread can't be ended."""
    go_on = threading.Event()

    def app(environ: Any, start_response: Any) -> list[bytes]:
        go_on.wait(30)
        return []

    async def main() -> Result:
        async with Browser() as browser:
            browser.serve(APP, app, timeout=0.05)
            return await browser.open(APP).fetch_async("/")

    result = asyncio.run(main())
    go_on.set()
    assert str(result.exchanges[0].error) == "no whole answer came within 0.05 seconds of real time"
    assert "no whole answer came" in result.explain()
