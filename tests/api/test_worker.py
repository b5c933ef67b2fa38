"""Workers: what they refuse from their caller, and what they are to the page that starts them."""

from __future__ import annotations

import pytest

from corsim import Blob, Browser, Page, Request, Response
from corsim.values.errors import IllegalMove, InvalidInput

SCRIPT = Response(200, {"Content-Type": "text/javascript"})


def opened(script: Response = SCRIPT, engine: str = "spec") -> Page:
    """Open a page whose server answers workers with a script, and all else with its path."""

    def serve(request: Request) -> Response:
        return script if request.destination == "worker" else Response(200, body=request.url.path)

    browser = Browser(engine)
    browser.serve("https://app.example", serve)
    return browser.open("https://app.example/page")


def test_a_worker_has_a_url_of_its_own() -> None:
    """Relative URLs begin there, and so does a worker that a worker starts."""
    worker = opened().worker("/a/worker.js")
    assert (worker.url, worker.origin) == ("https://app.example/a/worker.js", "https://app.example")
    assert worker.fetch("data").text == worker.xhr("data").text == "/a/data"
    nested = worker.worker("b/nested.js")
    assert nested.url == "https://app.example/a/b/nested.js"
    assert repr(nested) == "<Worker https://app.example/a/b/nested.js with origin https://app.example>"


def test_a_worker_that_never_ran_asks_nothing() -> None:
    """Its script did not load, and that is said when it is used."""
    worker = opened(Response(404)).worker("/worker.js")
    assert worker.script is not None
    assert "type of JavaScript" in worker.script.explain()
    with pytest.raises(IllegalMove, match="never ran"):
        worker.fetch("/data")


def test_a_foreign_script_is_explained() -> None:
    """No header of CORS would help, and that is what is said."""
    script = opened().worker("https://cdn.example/worker.js").script
    assert script is not None
    assert "No header of CORS" in script.explain()


def test_a_worker_of_a_blob_has_no_script_to_fetch() -> None:
    """Its URL is a blob's, and its origin the page's."""
    worker = opened().worker(Blob(b"", "text/javascript"))
    assert worker.script is None
    assert worker.url.startswith("blob:https://app.example/")
    assert worker.fetch("https://app.example/data").type == "basic"


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (("https://",), {}),
        (("/worker.js",), {"type": "shared"}),
        (("/worker.js",), {"type": "module", "credentials": "all"}),
    ],
)
def test_bad_input_is_refused(arguments: tuple[str, ...], options: dict[str, str]) -> None:
    """What is no URL or no word of HTML is refused, with the value and what would be right."""
    with pytest.raises(InvalidInput, match=r"take|give"):
        opened().worker(*arguments, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("door", ["image", "script", "stylesheet", "font", "media", "beacon", "form"])
def test_elements_are_started_too(door: str) -> None:
    """`page.starting` gives the fetch, not begun; run, it ends as the page's own does."""
    page = opened()
    fetch = getattr(page.starting, door)("/it")
    assert not fetch.done
    assert fetch.run().exchanges[0].request.url.path == "/it"
    assert fetch.result.loaded is getattr(page, door)("/it").loaded
