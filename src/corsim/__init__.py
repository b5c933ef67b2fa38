"""The browser's half of CORS: the Fetch Standard's algorithm, run against your server.

>>> from corsim import Browser, Response
>>> browser = Browser()
>>> browser.serve("https://api.example.com",
...               lambda request: Response(200, {"Access-Control-Allow-Origin": "*"}, b"hi"))
>>> page = browser.open("https://app.example.com")
>>> page.fetch("https://api.example.com/hello").text
'hi'
"""

from corsim.api.bodies import Blob, Form, Params
from corsim.browser import Browser
from corsim.engines import EngineProfile
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
]
