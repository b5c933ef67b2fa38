"""An API with sanic-ext's CORS, or Sanic-Cors: which, says the variable SHOP."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from sanic import Request, Sanic, json

PATTERN = r"https://.*\.example\.com"
APP = "https://app.example"

kind = os.environ["SHOP"]
if kind == "cors":
    sys.modules["sanic_ext"] = None  # type: ignore[assignment]  # as if it were not installed
if kind == "ext-alone":
    sys.modules["pydantic"] = None  # type: ignore[assignment]  # as after `pip install sanic[ext]`

app = Sanic("shop")
app.config.CORS_SUPPORTS_CREDENTIALS = True
if kind == "ext-pattern":
    app.config.CORS_ORIGINS = re.compile(PATTERN)
if kind in ("ext", "ext-alone"):
    app.config.CORS_ORIGINS = APP
if kind.startswith("cors"):
    from sanic_cors import CORS

    CORS(app, origins=PATTERN, supports_credentials=True)


@app.route("/items", methods=["GET", "PUT"])
async def items(request: Request) -> Any:
    """Answer."""
    return json({"count": 3})
