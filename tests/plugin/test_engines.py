"""The fixture `cors_browser`, and the engines in which a test runs."""

from __future__ import annotations

import pytest

from .conftest import Run


def ran(result: pytest.RunResult) -> list[str]:
    """What ran, by the ids that a user reads."""
    return [line.partition("::")[2].split()[0] for line in result.outlines if " PASSED" in line]


def test_a_test_runs_in_all_three_engines(run: Run) -> None:
    """By default once in each engine, and its name says in which."""
    result = run(
        """
        def test_it(request, cors_browser):
            assert cors_browser.profile.name in request.node.name
        """,
        "-v",
    )
    assert ran(result) == ["test_it[chromium]", "test_it[firefox]", "test_it[webkit]"]


def test_the_marker_narrows_and_adds(run: Run) -> None:
    """The nearest marker says where: on a test, a class or a module; the standard is an engine too."""
    result = run(
        """
        pytestmark = pytest.mark.cors(engines="webkit")

        def test_module(cors_browser): pass

        @pytest.mark.cors(engines=("firefox", "spec"))
        class TestClass:
            def test_class(self, cors_browser): pass

            @pytest.mark.cors(engines=["chromium"])
            def test_own(self, cors_browser): pass

        def test_without(): pass
        """,
        "-v", "--strict-markers",
    )  # fmt: skip
    assert ran(result) == [
        "test_module[webkit]",
        "TestClass::test_class[firefox]",
        "TestClass::test_class[spec]",
        "TestClass::test_own[chromium]",
        "test_without",
    ]


def test_the_setting(run: Run, pytester: pytest.Pytester) -> None:
    """`cors_engines` holds for the tests without a marker."""
    result = run("def test_it(cors_browser): pass", "-v", "-o", "cors_engines=spec chromium")
    assert ran(result) == ["test_it[spec]", "test_it[chromium]"]
    pytester.makepyprojecttoml(
        '[tool.pytest.ini_options]\ncors_engines = ["firefox", "spec"]\n'
        'asyncio_default_fixture_loop_scope = "function"\n'
    )
    result = run("def test_it(cors_browser): pass", "-v", "-c", "pyproject.toml")
    assert ran(result) == ["test_it[firefox]", "test_it[spec]"]
    result = run("def test_it(cors_browser): pass", "-o", "cors_engines=opera")
    assert "the setting cors_engines names 'opera', which is no engine" in result.stdout.str()


@pytest.mark.parametrize(
    ("mark", "complaint"),
    [
        ("cors(engines=['chrome'])", "names 'chrome', which is no engine: take some of 'spec', 'chromium'"),
        ("cors(engines=[3])", "names 3, which is no engine"),
        ("cors(engines=[])", "takes one engine or a list of them, out of 'spec', 'chromium', *: not []"),
        ("cors(engines=None)", "takes one engine or a list of them, *: not None"),
        ("cors(engines=['spec', 'spec'])", "names an engine twice: ['spec', 'spec']"),
        ("cors", "marked with cors(): write @pytest.mark.cors(engines=['chromium'])"),
        ("cors('spec')", "marked with cors('spec'): write @pytest.mark.cors(engines=['chromium'])"),
        ("cors(engine='spec')", "marked with cors(engine='spec'): write @pytest.mark.cors(engines="),
    ],
)
def test_a_wrong_marker_is_told(run: Run, mark: str, complaint: str) -> None:
    """The value and what would be right, without a line of ours."""
    result = run(f"@pytest.mark.{mark}\ndef test_it(cors_browser): pass")
    result.assert_outcomes(errors=1)
    for part in complaint.split("*"):
        assert part in result.stdout.str()
    assert "test_it" in result.stdout.str()
    assert "engines.py" not in result.stdout.str()


def test_other_parametrizations(run: Run) -> None:
    """Engines multiply with a user's own parameters; who parametrizes the fixture itself chooses."""
    result = run(
        """
        @pytest.mark.cors(engines=["spec", "webkit"])
        @pytest.mark.parametrize("method", ["GET", "PUT"])
        def test_times(cors_browser, method): pass

        @pytest.mark.parametrize("cors_browser", ["firefox"], indirect=True)
        def test_chosen(cors_browser):
            assert cors_browser.profile.name == "firefox"
        """,
        "-v",
    )
    assert sorted(ran(result)) == [
        "test_chosen[firefox]",
        "test_times[spec-GET]",
        "test_times[spec-PUT]",
        "test_times[webkit-GET]",
        "test_times[webkit-PUT]",
    ]


def test_the_fixture_can_be_overridden(run: Run) -> None:
    """A project's own `cors_browser` builds on ours, in each engine still."""
    result = run(
        """
        @pytest.fixture
        def cors_browser(cors_browser):
            cors_browser.serve(API, lambda request: Response(200, [ANY]))
            return cors_browser

        def test_it(cors_browser):
            assert cors_browser.open(APP).fetch(API).ok
        """
    )
    result.assert_outcomes(passed=3)


def test_by_getfixturevalue_there_is_one_engine(run: Run) -> None:
    """Pytest has no say then in how often a test runs, so a marker must name the one."""
    result = run(
        """
        def test_many(request):
            request.getfixturevalue("cors_browser")

        @pytest.mark.cors(engines="spec")
        def test_one(request):
            assert request.getfixturevalue("cors_browser").profile.name == "spec"
        """
    )
    result.assert_outcomes(passed=1, failed=1)
    assert "mark it with @pytest.mark.cors(engines='chromium')" in result.stdout.str()


LIFESPAN = """
    import asyncio
    began, ended = [], []

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            began.append(asyncio.get_running_loop())
            await send({"type": "lifespan.startup.complete"})
            await receive()
            ended.append(asyncio.get_running_loop())
            await send({"type": "lifespan.shutdown.complete"})
        else:
            headers = [(b"access-control-allow-origin", b"*")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
"""


def test_the_browser_is_new_and_is_closed(run: Run) -> None:
    """Each test has its own browser; when the test is over, its apps' lifespans have ended."""
    result = run(
        LIFESPAN
        + """
    @pytest.mark.parametrize("time", [1, 2])
    def test_it(cors_browser, time):
        assert len(began) == len(ended)
        assert not list(cors_browser.preflight_cache)
        cors_browser.serve(API, app)
        assert cors_browser.open(APP).fetch(API).ok
        assert len(began) == len(ended) + 1
    """
    )
    result.assert_outcomes(passed=6)


@pytest.mark.parametrize("marker", ["asyncio", "anyio"])
def test_async_tests(run: Run, marker: str) -> None:
    """An async test awaits its fetches, or doesn't; its apps end in the loop in which they began."""
    result = run(
        LIFESPAN
        + f"""
    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.mark.{marker}
    @pytest.mark.parametrize("time", [1, 2])
    async def test_it(cors_browser, time):
        assert began == ended
        cors_browser.serve(API, app)
        results = await asyncio.gather(*(cors_browser.open(APP).fetch_async(API) for _ in range(3)))
        assert [result.ok for result in results] == [True] * 3
        assert began[-1] is asyncio.get_running_loop()

    @pytest.mark.{marker}
    async def test_sync_calls(cors_browser):
        cors_browser.serve(API, app)
        assert cors_browser.open(APP).fetch(API).ok

    class TestMethods:
        @pytest.mark.{marker}
        async def test_method(self, cors_browser):
            cors_browser.serve(API, app)
            assert (await cors_browser.open(APP).xhr_async(API)).ok

    def test_in_the_end():
        assert len(began) == 12
        assert began == ended
    """,
        "-W", "error",
    )  # fmt: skip
    result.assert_outcomes(passed=13)
