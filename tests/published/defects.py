"""What marks a test as a known defect, and what the tests share."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from packaging.version import Version

from corsim import Browser, Page, Reason, Result
from corsim.servers import cdn

API = "https://api.example"
APP = "https://app.example"
EVIL = "https://evil.test"


class Mended(Warning):
    """A release no longer has a defect that the table names."""


class Unfit(RuntimeError):
    """What has to work for the test to mean anything does not work."""


def published(package: str, seen_in: str, says: Reason | str, thread: str = "") -> Callable[[Any], Any]:
    """Expect the test's assertion to fail, and its message to name what is wrong.

    `says` stands in that message; `thread` is where it was reported, if it was. A test
    that passes is a failure in the release that the defect was seen in, and a warning in
    a later one.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @pytest.mark.frameworks
        @pytest.mark.filterwarnings("ignore", f"default::{__name__}.Mended")
        @functools.wraps(test)
        def expected(*args: Any, **kwargs: Any) -> None:
            installed = version(package)
            try:
                test(*args, **kwargs)
            except AssertionError as failure:
                if says not in str(failure):
                    raise
                pytest.xfail(f"{package} {installed}: {says}")
            if Version(installed) <= Version(seen_in):
                pytest.fail(f"{package} {installed} does not have this defect, which is said of {seen_in}")
            warnings.warn(f"mended in {package} {installed}, was seen in {seen_in}", Mended, stacklevel=1)

        return expected  # type: ignore[no-any-return]

    return decorate


browsers: list[Browser] = []  # which a fixture closes


def opened(app: Any, page: str = APP, api: str = API) -> Page:
    """Open a page in a browser to which this app serves the API."""
    browser = Browser("chromium")
    browsers.append(browser)
    browser.serve(api, app)
    return browser.open(page)


def works(result: Result) -> Result:
    """Make sure of a request that has nothing to do with the defect."""
    if not result.ok:
        raise Unfit(result.explain())
    return result


def shared_cache(app: Any) -> Any:
    """Put a cache in front of an app that keeps, as many a CDN is told to, what says nothing of caching."""
    return cdn(app, default_ttl=60)
