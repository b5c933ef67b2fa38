"""What a page's own headers have to do with a result, in words."""

from __future__ import annotations

import pytest

from corsim import Browser, Response
from explaining.support import ALLOW, API, PAGE, run

CSP, COEP = "Content-Security-Policy", "Cross-Origin-Embedder-Policy"


def notes(**headers: str) -> tuple[str, ...]:
    """Fetch from a page with these headers, and take the notes; `_` stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return run(ALLOW, page_headers=named).explain().notes


@pytest.mark.parametrize(
    ("policy", "note"),
    [
        ("connect-source *", f"No browser knows connect-source in {CSP}: it is called connect-src."),
        ("hello", f"No browser knows hello in {CSP}."),
        ("img-src *; img-src 'self'", f"Of two img-src in one {CSP} the first counts."),
        (
            "img-src self",
            "self in img-src is the name of a host: the keyword is 'self', with quotes.",
        ),
        ("img-src 'none' *", "'none' in img-src counts only where it stands alone."),
        ("img-src a_b", "a_b in img-src is no source that a browser understands, and matches nothing."),
        ("img-src 'a'", "'a' in img-src is no source that a browser understands, and matches nothing."),
        ("img-src é", f"A directive of {CSP} with a character beyond ASCII is passed over."),
    ],
)
def test_what_a_policy_gets_wrong_is_said(policy: str, note: str) -> None:
    """Browsers pass it over in silence, so the result has a note."""
    assert notes(Content_Security_Policy=policy) == (note,)


def test_a_sound_policy_has_no_note() -> None:
    """What browsers understand is not spoken of."""
    sound = (
        "connect-src 'self' https: *.example:* 'nonce-abc'; sandbox allow-scripts allow-same-origin, img-src"
    )
    assert notes(Content_Security_Policy=sound.replace("img-src", "img-src *")) == ()


def test_what_only_reports_is_said() -> None:
    """A header that only reports blocks nothing."""
    for name in (CSP, COEP):
        assert notes(**{f"{name}-Report-Only": "connect-src 'none'"}) == (
            f"{name}-Report-Only blocks nothing: it only reports.",
        )


def test_embedder_policies_that_are_none() -> None:
    """A malformed one, an unknown one, and one of a page that is not secure."""
    assert notes(Cross_Origin_Embedder_Policy="Require-Corp") == (
        f"{COEP}: Require-Corp counts for nothing, since it is not well-formed, or not known.",
    )
    insecure = run(page="http://app.example", page_headers={COEP: "require-corp"}).explain().notes
    assert f"{COEP}: require-corp counts for nothing, since the page is not secure." in insecure
    assert notes(Cross_Origin_Embedder_Policy="unsafe-none") == ()


def test_a_referrer_policy_that_is_none() -> None:
    """None of its words is known."""
    assert notes(Referrer_Policy="always")[0].startswith("Referrer-Policy: always counts for nothing")
    assert notes(Referrer_Policy="origin") == ()


@pytest.mark.parametrize(
    "policy",
    ["connect-src 'self'", "default-src 'none'", "connect-src", "connect-src 'NONE' https://b.example"],
)
@pytest.mark.parametrize("url", [f"{API}:8443/me", "data:text/plain,hi"])
def test_the_policy_that_is_advised_lets_it_through(policy: str, url: str) -> None:
    """What an explanation says to write, written, is no longer what refuses."""
    refused = run(url=url, page_headers={CSP: policy}).explain()
    advised = refused.advice.split("\n")[1].strip()
    browser = Browser()
    browser.serve(f"{API}:8443", lambda request: Response(200, [ALLOW]))
    assert browser.open(PAGE, headers={CSP: advised}).fetch(url).ok


def test_an_embedder_policy_is_mended_by_the_server_that_answers() -> None:
    """The header is proven; and so is asking by CORS."""
    explanation = run(mode="no-cors", page_headers={COEP: "require-corp"}).explain()
    assert [fix.proven[0] for fix in explanation.fixes] == ["spec", "spec"]
    assert "Cross-Origin-Resource-Policy: cross-origin" in explanation
