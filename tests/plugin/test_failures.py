"""What a failing test says: the cause first, then console, network tab, the app's exception and the fix."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import corsim

from .conftest import Run

# Each test fails; its docstring is the beginning of the line that must come first.
WAYS_TO_FAIL = '''
    MISSING = "Blocked: GET https://api.example/ was answered with 200, without the header Access-Control"

    def test_ok(page):
        """MISSING"""
        result = page().fetch(API)
        assert result.ok

    def test_readable(page):
        """MISSING"""
        result = page().fetch(API)
        assert result.readable, "the page must see this"

    def test_status(page):
        """MISSING"""
        result = page().fetch(API)
        assert result.status == 200

    def test_body(page):
        """MISSING"""
        result = page().fetch(API)
        body = result.body
        assert body == b"[]"

    def test_blocked(page):
        """MISSING"""
        assert page().fetch(API).blocked is None

    def test_no_name(page):
        """MISSING"""
        assert page().fetch(
            API,
        ).ok

    def test_xhr(page):
        """MISSING"""
        assert page().xhr(API).ok

    def test_step_by_step(page):
        """MISSING"""
        fetch = page().start(API)
        fetch.run()
        assert fetch.result.ok

    def must_be_read(result):
        assert result.readable

    def test_helper(page):
        """MISSING"""
        must_be_read(page().fetch(API))

    def test_own_message(page):
        """MISSING"""
        result = page().fetch(API)
        assert result.ok, result.explain()

    def test_exception(page):
        """MISSING"""
        result = page().fetch(API)
        result.headers["content-type"]

    def test_explicit(page):
        """MISSING"""
        result = page().fetch(API)
        if not result.ok:
            pytest.fail("not ok")

    def test_attribute(page):
        """MISSING"""
        class Client:
            def __init__(self):
                self.answer = page().fetch(API)
        client = Client()
        assert client.answer.ok

    def test_the_bad_one_of_many(page):
        """Blocked: the answer to the preflight (OPTIONS) of PUT https://api.example/ has no Access-Control"""
        opened = page(ANY)
        results = [opened.fetch(API, method=method) for method in ("GET", "PUT")]
        assert all(result.ok for result in results)

    def test_not_ok(page):
        """Readable: GET https://api.example/ answered 200, and the page at https://app.example may"""
        result = page(ANY).fetch(API)
        assert not result.ok

    def test_hidden_header(page):
        """Script can't see the response header X-Count: it was sent, and Access-Control-Expose-Headers"""
        result = page(ANY, ("X-Count", "3")).fetch(API)
        assert result.headers.get("X-Count") == "3"

    def test_status_of_the_server(page):
        """Readable, but not ok: this is not CORS: GET https://api.example/ answered 404"""
        result = page(ANY, status=404).fetch(API)
        assert result.ok
'''


def failures(result: pytest.RunResult) -> dict[str, str]:
    """What the terminal shows of each failed test, by its name."""
    text = result.stdout.str().partition("= FAILURES =")[2].partition("= short test summary info =")[0]
    parts = re.split(r"^_+ (\S.*\S) _+$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def docstrings(module: str) -> dict[str, str]:
    """The docstring of each test of a module."""
    constants = dict(re.findall(r'^ *([A-Z]+) = "(.*)"$', module, re.MULTILINE))
    found = re.findall(r'def (test_\w+)\(.*\):\n +"""(.*)"""', module)
    return {name: constants.get(text, text) for name, text in found}


@pytest.mark.parametrize("way", ["rewrite", "plain"])
def test_the_first_line_names_the_cause(run: Run, way: str) -> None:
    """Whatever a test asserts of a result and in whichever words, also without assertion rewriting."""
    result = run(WAYS_TO_FAIL, "-o", "cors_engines=chromium", f"--assert={way}")
    expected, shown = docstrings(WAYS_TO_FAIL), failures(result)
    result.assert_outcomes(failed=len(expected))
    for name, cause in expected.items():
        text = shown[f"{name}[chromium]"]
        first = next(line for line in text.splitlines() if line.startswith("E  "))
        assert first.lstrip("E ").removeprefix("AssertionError: ").startswith(cause), text
        assert text.count("\nchromium: ") == 1, text
        assert text.count("\nNetwork:\n") == 1, text
        assert text.count("Fix: ") == 1, text


def test_the_whole_of_a_failure(run: Run) -> None:
    """Console, network tab with the token marked, the rule with its step, and the fix, in this order."""
    result = run(
        """
        def test_it(page):
            result = page(("Access-Control-Allow-Origin", "https://app.example/")).fetch(API)
            assert result.ok
        """,
        "-k", "firefox",
    )  # fmt: skip
    shown = failures(result)["test_it[firefox]"]
    result.stdout.fnmatch_lines([
        "E       Blocked: the answer to GET https://api.example/ says Access-Control-Allow-Origin: https://app.e*",
        "* CORS *",
        "firefox: fetch GET https://api.example/ from https://app.example",
        "Console:",
        "  Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at *",
        "Network:",
        "  GET https://api.example/",
        "      Origin: https://app.example",
        "    -> 200",
        "      Access-Control-Allow-Origin: https://app.example/",
        "                                   ^^^^^^^^^^^^^^^^^^^^ allow-origin-mismatch",
        "Rule: *",
        "      CORS check 4, https://fetch.spec.whatwg.org/#concept-cors-check",
        "Fix: *",
        "  Access-Control-Allow-Origin: https://app.example",
    ])  # fmt: skip
    assert "src/corsim" not in shown


def test_the_exception_of_the_app(run: Run) -> None:
    """It is shown with its own causes, the user's lines, and none of the framework's or of ours."""
    result = run(
        """
        from fastapi import FastAPI
        from starlette.middleware.cors import CORSMiddleware

        app = FastAPI()
        app.add_middleware(CORSMiddleware, allow_origins=[APP])

        @app.get("/")
        async def index():
            return find({})

        def find(table):
            try:
                return table["user"]
            except KeyError as error:
                raise RuntimeError("no user") from error

        @pytest.mark.cors(engines="webkit")
        def test_it(cors_browser):
            cors_browser.serve(API, app)
            result = cors_browser.open(APP).fetch(API)
            assert result.ok
        """
    )
    shown = failures(result)["test_it[webkit]"]
    result.stdout.fnmatch_lines([
        "E       Blocked: the app raised RuntimeError: no user, and GET https://api.example/ *",
        "Raised by the app, in answer to GET https://api.example/:",
        "*in find",
        "      return table*user*",
        "  KeyError: 'user'",
        "  The above exception was the direct cause of the following exception:",
        "*in index",
        "*in find",
        "  RuntimeError: no user",
    ])  # fmt: skip
    files = re.findall(r'File "(.*)", line', shown)
    assert {Path(file).name for file in files} == {"test_the_exception_of_the_app.py"}


def test_the_exception_of_a_wsgi_app(run: Run) -> None:
    """No exception that we met on the way is chained to it, and no frame of ours, whatever was wrong."""
    result = run(
        """
        pytestmark = pytest.mark.cors(engines="spec")

        def test_wsgi(cors_browser):
            def app(environ, start_response):
                raise ValueError("broken")

            cors_browser.serve(API, app)
            assert cors_browser.open(APP).fetch(API).ok

        def test_a_message_that_is_none(cors_browser):
            async def app(scope, receive, send):
                await send({"type": "http.response.start", "status": "200"})

            cors_browser.serve(API, app)
            assert cors_browser.open(APP).fetch(API).ok

        def test_nothing_listens(cors_browser):
            cors_browser.serve(API, "http://127.0.0.1:1")
            assert cors_browser.open(APP).fetch(API).ok
        """
    )
    shown = failures(result)
    for name in ("test_wsgi[spec]", "test_a_message_that_is_none[spec]"):
        assert len(re.findall(r'File "(.*)", line', shown[name])) == 1, shown[name]
        assert "E       Blocked: the app raised " in shown[name]
    assert "Raised by" not in shown["test_nothing_listens[spec]"]
    assert "got no response: nothing listens at http://127.0.0.1:1" in shown["test_nothing_listens[spec]"]


@pytest.mark.parametrize("style", ["auto", "long", "short", "line", "native", "no"])
def test_every_style_of_traceback(run: Run, style: str) -> None:
    """Each says the cause once before what it says itself; the summary too."""
    result = run(
        """
        @pytest.mark.cors(engines="spec")
        def test_it(page):
            result = page().fetch(API)
            assert result.ok
        """,
        f"--tb={style}", "-rf",
    )  # fmt: skip
    text = result.stdout.str()
    cause = "Blocked: GET https://api.example/ was answered with 200"
    assert re.search(r"^FAILED \S+ - Blocked: ", text, re.MULTILINE)
    if style != "no":
        assert cause in text
        assert text.index(cause) < text.index("spec: fetch GET https://api.example/ from")
        assert "Fix: " in text


def test_unrelated_failures_are_left_alone(run: Run) -> None:
    """No line is put before a failure that is about no fetch; without a bad fetch, no section either."""
    result = run(
        """
        def test_without_browser():
            assert 1 == 2

        @pytest.mark.cors(engines="spec")
        def test_after_a_good_fetch(page):
            result = page(ANY).fetch(API)
            assert result.ok
            assert 1 == 2

        @pytest.mark.cors(engines="spec")
        def test_what_was_sent(page):
            result = page(ANY).fetch(API)
            assert len(result.exchanges) == 2

        @pytest.mark.cors(engines="spec")
        def test_after_a_bad_one(page):
            page().fetch(API)
            assert 1 == 2
        """
    )
    shown = failures(result)
    assert "CORS" not in shown["test_without_browser"]
    assert "CORS" not in shown["test_after_a_good_fetch[spec]"]
    sent = shown["test_what_was_sent[spec]"]
    assert next(line for line in sent.splitlines() if line.startswith("E  ")).endswith("assert 1 == 2")
    assert "\nNetwork:\n  GET https://api.example/\n" in sent
    last = shown["test_after_a_bad_one[spec]"]
    assert next(line for line in last.splitlines() if line.startswith("E  ")).endswith("assert 1 == 2")
    assert "spec: fetch GET https://api.example/ from https://app.example" in last


def test_tests_that_pass_say_nothing(run: Run) -> None:
    """A fetch that was meant to be blocked, and one that was expected to fail, print nothing."""
    result = run(
        """
        def test_it(page):
            assert not page().fetch(API).ok

        @pytest.mark.xfail
        def test_expected(page):
            assert page().fetch(API).ok
        """
    )
    result.assert_outcomes(passed=3, xfailed=3)
    assert "Blocked" not in result.stdout.str()


def test_what_a_browser_has_not_is_refused_at_the_users_line(run: Run) -> None:
    """A mistake in Python shows the user's line and what would be right, and no frame of ours."""
    result = run(
        """
        pytestmark = pytest.mark.cors(engines="spec")

        def test_type(page):
            page().fetch(API, method=3)

        def test_nobody_serves(cors_browser):
            cors_browser.open(APP).fetch(API)

        def test_json(page):
            assert page().fetch(API).json() == []

        def test_page(cors_browser):
            cors_browser.open("app.example")

        def test_served(cors_browser):
            cors_browser.serve("api.example", lambda request: Response())
        """
    )
    result.assert_outcomes(failed=5)
    result.stdout.fnmatch_lines([
        "E       TypeError: method must be str, not int: 3",
        "E       corsim.values.errors.NotServed: nobody serves https://api.example *",
        "E       Blocked: GET https://api.example/ was answered with 200*",
        "E       json.decoder.JSONDecodeError: Expecting value: *",
        "E       corsim.values.errors.InvalidInput: can't open 'app.example': *",
        "E       corsim.values.errors.InvalidInput: can't serve 'api.example': *",
    ])  # fmt: skip
    assert str(Path(corsim.__file__).parent) not in result.stdout.str()
    assert "hidden" not in result.stdout.str()
    assert "raw_decode" not in result.stdout.str()


def test_a_mistake_of_ours_is_not_hidden(run: Run) -> None:
    """An exception that corsim did not raise on purpose keeps its frames."""
    result = run(
        """
        @pytest.mark.cors(engines="spec")
        def test_it(page, monkeypatch):
            monkeypatch.setattr("corsim.page.Fetch", None)
            page().fetch(API)
        """
    )
    assert "page.py" in failures(result)["test_it[spec]"]


def test_a_mistake_in_telling_ends_no_run(run: Run) -> None:
    """Whatever goes wrong while we explain, the user's own failure is shown, and the next test runs."""
    result = run(
        """
        pytestmark = pytest.mark.cors(engines="spec")

        def test_it(page, monkeypatch):
            monkeypatch.setattr("corsim.pytest_plugin.failures.tell", lambda error, recorder: 1 / 0)
            assert page().fetch(API).ok

        def test_next(page): pass
        """
    )
    result.assert_outcomes(passed=1, failed=1)
    assert "could not tell what this has to do with CORS: ZeroDivisionError" in result.stdout.str()


def test_proxies_are_not_asked(run: Run) -> None:
    """A lazy object that raises when it is looked at takes no part."""
    result = run(
        """
        class Proxy:
            def __getattribute__(self, name):
                raise RuntimeError("outside of a context")

        proxy = Proxy()

        @pytest.mark.cors(engines="spec")
        def test_it(page):
            result = page().fetch(API)
            assert (proxy, result)[1].ok
        """
    )
    result.stdout.fnmatch_lines(["E       Blocked: GET https://api.example/ was answered with 200*"])


def test_a_failing_fixture(run: Run) -> None:
    """What fails while a test is set up is told like what fails in it."""
    result = run(
        """
        @pytest.fixture
        def answer(page):
            result = page().fetch(API)
            assert result.ok

        @pytest.mark.cors(engines="spec")
        def test_it(answer): pass
        """
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["E       Blocked: GET https://api.example/ was answered with 200*", "Fix: *"]
    )


def test_browsers_of_ones_own(run: Run) -> None:
    """A failure is told also where the test makes its browser itself."""
    result = run(
        """
        def test_it():
            with Browser("firefox") as browser:
                browser.serve(API, lambda request: Response())
                result = browser.open(APP).fetch(API)
                assert result.ok
        """
    )
    result.stdout.fnmatch_lines(["E  * Blocked: GET https://api.example/ *", "firefox: fetch GET *"])


@pytest.mark.parametrize("marker", ["asyncio", "anyio"])
def test_async_failures(run: Run, marker: str) -> None:
    """An async test's failure has the cause, and no frame of ours."""
    result = run(
        f"""
        @pytest.mark.{marker}
        @pytest.mark.cors(engines="spec")
        async def test_it(page):
            result = await page().fetch_async(API)
            assert result.ok
        """,
        "-p", "no:asyncio" if marker == "anyio" else "no:anyio",
    )  # fmt: skip
    result.stdout.fnmatch_lines(["E       Blocked: GET https://api.example/ *", "spec: fetch GET *"])
    assert "corsim/pytest_plugin" not in result.stdout.str()


def test_a_group_of_exceptions(run: Run) -> None:
    """Of tasks that failed together the first is told."""
    result = run(
        """
        import asyncio

        @pytest.mark.asyncio
        @pytest.mark.cors(engines="spec")
        async def test_it(page):
            opened = page()

            async def read():
                result = await opened.fetch_async(API)
                assert result.ok

            async with asyncio.TaskGroup() as group:
                group.create_task(read())
        """
    )
    text = failures(result)["test_it[spec]"]
    assert text.index("Blocked: GET https://api.example/ ") < text.index("spec: fetch GET ")


def test_properties(run: Run) -> None:
    """A Hypothesis test makes its own browser, and only the example that failed is told."""
    result = run(
        """
        from hypothesis import given, strategies

        @given(strategies.integers(1, 3))
        def test_it(number):
            with Browser("spec") as browser:
                browser.serve(API, lambda request: Response(200, [ANY] if request.url.path == "/1" else []))
                result = browser.open(APP).fetch(f"{API}/{number}")
                assert result.ok
        """
    )
    text = failures(result)["test_it"]
    assert "E  " in text
    assert "Blocked: GET https://api.example/2 was answered with 200" in text
    assert "/3 from" not in text


def test_engines_that_agree_are_told_once(run: Run) -> None:
    """The second and third engine have their own console; what is the same stands above, with the first."""
    said = run(
        """
        def test_ok(cors_browser):
            cors_browser.serve("https://api.example", lambda request: Response())
            assert cors_browser.open("https://app.example").fetch("https://api.example/").ok
        """
    ).stdout.str()
    assert said.count("Console:") == 3
    assert said.count("\nFix: ") == 1
    assert said.count("Network, cause and fix are those of test_ok[chromium], above.") == 2
    assert said.count("E       Blocked: GET https://api.example/ was answered with 200") == 3
