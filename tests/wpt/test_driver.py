"""The driver of web-platform-tests, as far as it needs neither them nor an engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from corsim.servers.failures import NoResponse
from wpt.documents import html_rows
from wpt.expectations import (
    KINDS,
    PATH,
    Expectations,
    Expected,
    Reason,
    improvements,
    load,
    regressions,
    written,
)
from wpt.files import files_under
from wpt.running import Outcome, Subtest
from wpt.server import address_space_of, names_under, origins, parse_response


def test_each_expected_failure_has_a_reason() -> None:
    """A reason is one of those that are listed, each of a known kind, and none is left over."""
    expectations = load()
    used = {reason for file in expectations.files.values() for reason in (*file.fails.values(), file.whole)}
    assert used - {""} == set(expectations.reasons)
    assert {reason.kind for reason in expectations.reasons.values()} <= set(KINDS)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Writing what came about keeps the reasons, and marks what is new."""
    known = Expectations(
        "c", {"r": Reason("driver", "why")}, {"a": Expected(1, {"x": "r"}), "b": Expected(2)}
    )
    outcome = Outcome((Subtest("x", "FAIL"), Subtest("y", "FAIL"), Subtest("z", "PASS")))
    path = tmp_path / PATH.name
    path.write_text(written(known, {"a": outcome, "c": Outcome()}))
    assert load(path).files == {
        "a": Expected(1, {"x": "r", "y": "?"}),
        "b": Expected(2),
        "c": Expected(0, {}, "?"),
    }


def test_regressions() -> None:
    """Fewer that pass, a failure that is new, and a file that reports nothing are worse; a pass is better."""
    expected = Expected(1, {"x": "r"})
    assert list(regressions(expected, Outcome((Subtest("x", "FAIL"), Subtest("z", "PASS"))))) == []
    worse = list(regressions(expected, Outcome((Subtest("z", "FAIL", "no"),))))
    assert worse == ["1 passed before, and now 0", "FAIL 'z': no"]
    assert list(regressions(Expected(), Outcome((), "hangs"))) == ["it reports nothing: hangs"]
    assert list(improvements(expected, Outcome((Subtest("x", "PASS"),)))) == ["passes now: 'x' (r)"]


def test_responses_are_read_off_the_wire() -> None:
    """Status, headers in order, and the body as its framing says."""
    raw = b"HTTP/1.1 404 Not here\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    response = parse_response(raw)
    assert (response.status, response.status_text, response.body) == (404, "Not here", b"hi")
    assert response.headers.pairs[0] == ("A", "1")
    assert parse_response(b"HTTP/1.1 200 OK\nContent-Length: 1\n\nhi").body == b"h"


@pytest.mark.parametrize(
    "raw",
    [
        b"hi", b"HTTP/1.1 x\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip",
    ],
)  # fmt: skip
def test_what_is_no_response(raw: bytes) -> None:
    """What an HTTP client refuses is none."""
    with pytest.raises(NoResponse):
        parse_response(raw)


def test_html_that_loads_something() -> None:
    """Elements are nested, their characters decoded, and a void one holds nothing."""
    rows = html_rows("<p id=a>x&amp;<img src=y>z</p><script>a<b</script>")
    assert rows == [["p", [["id", "a"]], ["x&", ["img", [["src", "y"]], []], "z"]], ["script", [], ["a<b"]]]


def test_the_tests_of_a_checkout(tmp_path: Path) -> None:
    """Scripts and pages with the harness are tests, a variant each; what stands in resources is none."""
    (tmp_path / "xhr" / "resources").mkdir(parents=True)
    (tmp_path / "xhr" / "a.any.js").write_text("// META: variant=?1\n// META: variant=?2\n")
    (tmp_path / "xhr" / "b.https.html").write_text("<script src=/resources/testharness.js></script>")
    (tmp_path / "xhr" / "c.html").write_text("<p>")
    (tmp_path / "xhr" / "resources" / "d.any.js").write_text("")
    assert [(file.path, file.url) for file in files_under(tmp_path, ["xhr"])] == [
        ("xhr/a.any.js?1", "http://web-platform.test:8000/xhr/a.any.html?1"),
        ("xhr/a.any.js?2", "http://web-platform.test:8000/xhr/a.any.html?2"),
        ("xhr/b.https.html", "https://web-platform.test:8443/xhr/b.https.html"),
    ]


def test_the_names_of_the_servers() -> None:
    """Each is what a URL parser makes of it."""
    assert names_under("web-platform.test")["élève"] == "xn--lve-6lad.web-platform.test"
    assert {"http://web-platform.test:8000", "https://www1.not-web-platform.test.:8444"} <= set(origins())


@pytest.mark.parametrize(
    ("port", "space"), [(8000, "loopback"), (8443, "loopback"), (8002, "local"), (8446, "public")]
)
def test_a_port_says_where_its_server_pretends_to_be(port: int, space: str) -> None:
    """What is private, and what is public, is in the name of the server; all else is on this machine."""
    assert address_space_of(port) == space


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("a.any.js", "http://web-platform.test:8000"),
        ("a.https.any.js", "https://web-platform.test:8443"),
        ("a.h2.any.js", "https://web-platform.test:9000"),
    ],
)
def test_a_files_name_says_on_which_server_it_is(tmp_path: Path, name: str, origin: str) -> None:
    """A flag before the ending is for another server, and each is one that is served."""
    (tmp_path / "fetch").mkdir()
    (tmp_path / "fetch" / name).write_text("")
    (file,) = files_under(tmp_path, ["fetch"])
    assert file.url.startswith(f"{origin}/fetch/a.")
    assert origin in origins()
