"""The browser's half of CORS: the Fetch Standard's algorithm, run against your server.

>>> from corsim import Browser, Response
>>> browser = Browser()
>>> browser.serve("https://api.example.com",
...               lambda request: Response(200, {"Access-Control-Allow-Origin": "*"}, b"hi"))
>>> page = browser.open("https://app.example.com")
>>> page.fetch("https://api.example.com/hello").text
'hi'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corsim.api.bodies import Blob, Form, Params
    from corsim.browser import Browser
    from corsim.engines import EngineProfile
    from corsim.explaining.explain import explain
    from corsim.fetching.flow import Exchange
    from corsim.machine import Fetch
    from corsim.page import Page
    from corsim.result import Result
    from corsim.servers.policy import Policy
    from corsim.values.decision import Decision, Reason
    from corsim.values.errors import CorsimError, IllegalMove, InvalidCase, InvalidInput, NotServed
    from corsim.values.headers import Headers
    from corsim.values.request import Request
    from corsim.values.response import Response

__all__ = [
    "Blob",
    "Browser",
    "CorsimError",
    "Decision",
    "EngineProfile",
    "Exchange",
    "Fetch",
    "Form",
    "Headers",
    "IllegalMove",
    "InvalidCase",
    "InvalidInput",
    "NotServed",
    "Page",
    "Params",
    "Policy",
    "Reason",
    "Request",
    "Response",
    "Result",
    "explain",
]

# Where each name lives. It is fetched from there when it is first asked for, so that a test
# run which imports corsim and fetches nothing pays nothing.
_HOMES = {
    "corsim.api.bodies": ("Blob", "Form", "Params"),
    "corsim.browser": ("Browser",),
    "corsim.engines": ("EngineProfile",),
    "corsim.explaining.explain": ("explain",),
    "corsim.fetching.flow": ("Exchange",),
    "corsim.machine": ("Fetch",),
    "corsim.page": ("Page",),
    "corsim.result": ("Result",),
    "corsim.servers.policy": ("Policy",),
    "corsim.values.decision": ("Decision", "Reason"),
    "corsim.values.errors": ("CorsimError", "IllegalMove", "InvalidCase", "InvalidInput", "NotServed"),
    "corsim.values.headers": ("Headers",),
    "corsim.values.request": ("Request",),
    "corsim.values.response": ("Response",),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            value = globals()[name] = getattr(import_module(home), name)
            return value
    raise AttributeError(f"corsim has no {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
