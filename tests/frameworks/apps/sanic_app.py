"""Sanic, with sanic-ext: run with a port, for in one process its ASGI app starts only once."""

import sys

from sanic import Request, Sanic
from sanic.response import HTTPResponse, text

app = Sanic("items")
app.extend(
    config={
        "CORS_ORIGINS": ["https://app.example.com", "https://admin.example.com"],
        "CORS_METHODS": ["GET", "HEAD", "POST", "PUT"],
        "CORS_ALLOW_HEADERS": ["X-CSRF-Token", "Content-Type"],
        "CORS_EXPOSE_HEADERS": ["X-Total"],
        "CORS_SUPPORTS_CREDENTIALS": True,
        "CORS_MAX_AGE": 60,
    }
)


@app.route("/items", methods=["GET", "POST", "PUT"])
async def items(request: Request) -> HTTPResponse:
    return text("ok", headers={"X-Total": "3", "X-Hidden": "4"})


@app.get("/broken")
async def broken(request: Request) -> HTTPResponse:
    raise RuntimeError("broken on purpose")


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), single_process=True)
