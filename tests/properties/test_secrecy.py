"""What script may not read, it does not see a byte of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corsim import Response
from corsim.strategies import malformed_responses, responses
from corsim.values.safelist import CORS_SAFELISTED_RESPONSE_HEADERS
from properties.support import APP, SERVED, URLS, Situation, by_request, seen, situations, start

SECRET = "s3cr3tm4rk"


def marked(response: Response) -> Response:
    """Put the secret wherever a response can hold one."""
    pairs = [
        (name, f"{value}?{SECRET}" if name == "Location" else value) for name, value in response.headers.pairs
    ]
    pairs += [("X-Hidden", SECRET), ("ETag", SECRET), ("Set-Cookie", SECRET), ("Content-Type", SECRET)]
    return Response(response.status, pairs, SECRET, SECRET)


SECRETIVE = (responses(origin=st.just(APP), location=URLS) | malformed_responses()).map(marked)


@given(situations(), st.lists(SECRETIVE, min_size=1, max_size=4))
def test_unreadable_results_hold_nothing_of_the_response(
    situation: Situation, choices: list[Response]
) -> None:
    """An opaque or blocked result shows no byte of body, headers, status text or redirected URL."""
    browser, page = situation.opened(by_request(tuple(choices)))
    result = start(page, situation.call).run()
    # One engine lets script read the body of a redirect that leads nowhere.
    leaks = result.type == "opaqueredirect" and browser.profile.opaque_redirect_body != "null"
    if result.readable or leaks:
        return
    view = seen(result)
    assert SECRET not in repr(view)
    assert view[:5] == (result.type, False, False, 0, "")
    assert dict(result.headers) == {}
    assert result.body == b""
    # A redirect that was not followed shows the URL that script asked for, and no other.
    assert result.url in ("", situation.call[1]["url"].partition("#")[0])


@given(situations(), st.lists(SECRETIVE, min_size=1, max_size=4))
def test_a_cors_response_shows_only_the_exposed_headers(
    situation: Situation, choices: list[Response]
) -> None:
    """Of a cors response, script sees safelisted headers, those that the server named, and no cookie."""
    _, page = situation.opened(by_request(tuple(choices)))
    result = start(page, situation.call).run()
    assert "set-cookie" not in result.headers
    if result.type != "cors":
        return
    answer = result.exchanges[-1].response
    assert answer is not None
    named = answer.headers.get("access-control-expose-headers", "").lower()
    for name in result.headers:
        assert name in CORS_SAFELISTED_RESPONSE_HEADERS or name in named or "*" in named


@given(situations())
def test_only_the_wire_is_told_of_another_origins_url(situation: Situation) -> None:
    """A request line has neither fragment nor userinfo, and goes only where somebody was served."""
    _, fetch = situation.started()
    for exchange in fetch.run().exchanges:
        url = exchange.request.url
        assert url.fragment is None
        assert not url.includes_credentials
        assert str(url.origin) in SERVED
