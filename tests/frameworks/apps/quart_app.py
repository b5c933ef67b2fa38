"""Quart, with quart-cors."""

from quart import Quart, Response
from quart_cors import cors

app = cors(
    Quart(__name__),
    allow_origin=["https://app.example.com", "https://admin.example.com"],
    allow_methods=["GET", "HEAD", "POST", "PUT"],
    allow_headers=["X-CSRF-Token", "Content-Type"],
    expose_headers=["X-Total"],
    allow_credentials=True,
    max_age=60,
)


@app.route("/items", methods=["GET", "POST", "PUT"])
async def items() -> Response:
    return Response("ok", headers={"X-Total": "3", "X-Hidden": "4"})


@app.get("/broken")
async def broken() -> Response:
    raise RuntimeError("broken on purpose")
