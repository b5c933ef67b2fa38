"""corsim.fetching.flow."""

from __future__ import annotations

from corsim import Exchange, Response
from fetching.support import ANY, API, page


def test_an_exchange_shows_its_answer() -> None:
    """A row of the network tab prints the request and how it ended, or that it waits."""
    fetch = page(Response(404, ANY)).start(f"{API}/x", method="POST")
    while fetch.pending is None:
        fetch.step()
    waiting = fetch.turn
    assert repr(waiting) == f"<Exchange POST {API}/x -> no answer yet>"
    fetch.run()
    assert isinstance(waiting, Exchange)
    assert repr(waiting) == f"<Exchange POST {API}/x -> 404>"
    assert waiting.error is None
