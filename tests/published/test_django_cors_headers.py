"""django-cors-headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frameworks.apps.django_app  # noqa: F401 — it configures Django
import pytest
from corsheaders.defaults import default_headers, default_methods
from django.core.checks import run_checks
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.test import override_settings
from django.urls import path

from corsim import Page
from published.defects import API, APP, opened, published, works

CORS = "corsheaders.middleware.CorsMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"

# A process has one Django project: this one takes back what the other has configured.
BARE = {
    "ROOT_URLCONF": __name__,
    "ALLOWED_HOSTS": ["*"],
    "CORS_ALLOWED_ORIGINS": [],
    "CORS_ALLOW_METHODS": default_methods,
    "CORS_ALLOW_HEADERS": default_headers,
    "CORS_EXPOSE_HEADERS": [],
    "CORS_ALLOW_CREDENTIALS": False,
    "CORS_PREFLIGHT_MAX_AGE": 86400,
}


def items(request: HttpRequest) -> JsonResponse:
    """The view, which says what it was asked."""
    return JsonResponse({"method": request.method})


urlpatterns = [path("items", items), path("slash/", items)]


@pytest.fixture
def shop() -> Any:
    """Open a page next to a Django project with these settings."""
    entered = []

    def shop(page: str = APP, middleware: tuple[str, ...] = (CORS, COMMON), **policy: Any) -> Page:
        entered.append(override_settings(**BARE | policy, MIDDLEWARE=list(middleware)))
        entered[-1].enable()
        return opened(WSGIHandler(), page)

    yield shop
    for overridden in reversed(entered):
        overridden.disable()


Shop = Callable[..., Page]


@published("django-cors-headers", "4.9.0", says="Result cors 200")
def test_a_pattern_matches_whole_origins(shop: Shop) -> None:
    """CORS_ALLOWED_ORIGIN_REGEXES are only held at their beginning: anything may follow, such as another
    domain.
    """
    patterns = {"CORS_ALLOWED_ORIGIN_REGEXES": [r"https://\w+\.example\.com"], "CORS_ALLOW_CREDENTIALS": True}
    works(shop("https://shop.example.com", **patterns).fetch(f"{API}/items", credentials="include"))
    thief = shop("https://shop.example.com.evil.test", **patterns)
    assert not thief.fetch(f"{API}/items", credentials="include").readable


@pytest.mark.parametrize("origin", [f"{APP}:443", "https://APP.example", "https://*.example"])
@published("django-cors-headers", "4.9.0", says="no complaint")
def test_an_origin_that_no_browser_sends_is_complained_of(origin: str, shop: Shop) -> None:
    """`manage.py check` is silent about a default port, a capital letter or a `*`, with which an origin
    never matches.
    """
    if shop(CORS_ALLOWED_ORIGINS=[origin]).fetch(f"{API}/items").readable:
        return
    assert [found.id for found in run_checks()], f"{origin}: no complaint, and no page is let in"


@published("django-cors-headers", "4.9.0", says="preflights == 2")
def test_a_max_age_of_zero_is_zero(shop: Shop) -> None:
    """CORS_PREFLIGHT_MAX_AGE = 0 sends no Access-Control-Max-Age, and a browser then remembers for five
    seconds.
    """
    page = shop(CORS_ALLOWED_ORIGINS=[APP], CORS_PREFLIGHT_MAX_AGE=0)
    fetches = [works(page.fetch(f"{API}/items", method="PUT")) for _ in range(2)]
    preflights = sum(
        exchange.request.method == "OPTIONS" for fetch in fetches for exchange in fetch.exchanges
    )
    assert preflights == 2, f"preflights == 2 is expected, not {preflights}"


@published("django-cors-headers", "4.9.0", says="header-not-allowed")
def test_every_header_is_every_header(shop: Shop) -> None:
    """CORS_ALLOW_HEADERS = ["*"] is sent as it stands, which with credentials is a header named `*`."""
    page = shop(CORS_ALLOWED_ORIGINS=[APP], CORS_ALLOW_CREDENTIALS=True, CORS_ALLOW_HEADERS=["*"])
    works(page.fetch(f"{API}/items", headers={"X-Token": "1"}))
    assert page.fetch(f"{API}/items", headers={"X-Token": "1"}, credentials="include").readable


@published("django-cors-headers", "4.9.0", says="allow-origin-missing")
def test_the_redirect_to_a_slash_has_headers(shop: Shop) -> None:
    """With CorsMiddleware after CommonMiddleware, APPEND_SLASH redirects with no header; `check` is
    silent.
    """
    page = shop(middleware=(COMMON, CORS), CORS_ALLOWED_ORIGINS=[APP])
    works(page.fetch(f"{API}/slash/"))
    assert page.fetch(f"{API}/slash").readable


@published("django-cors-headers", "4.9.0", says="'GET'")
def test_a_post_to_a_missing_slash_is_still_a_post(shop: Shop) -> None:
    """With CorsMiddleware first, APPEND_SLASH answers 301 to a POST, and a browser goes on with GET."""
    result = shop(CORS_ALLOWED_ORIGINS=[APP]).fetch(f"{API}/slash", method="POST", body="order=1")
    assert result.exchanges[-1].request.method == "POST"
