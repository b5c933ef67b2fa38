"""Litestar, with its own CORSConfig."""

from litestar import HttpMethod, Litestar, MediaType, Response, get, route
from litestar.config.cors import CORSConfig


@route(
    "/items", http_method=[HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT], status_code=200
)
async def items() -> Response[str]:
    return Response("ok", media_type=MediaType.TEXT, headers={"X-Total": "3", "X-Hidden": "4"})


@get("/broken")
async def broken() -> None:
    raise RuntimeError("broken on purpose")


cors = CORSConfig(
    allow_origins=["https://app.example.com", "https://admin.example.com"],
    allow_methods=["GET", "HEAD", "POST", "PUT"],
    allow_headers=["X-CSRF-Token", "Content-Type"],
    expose_headers=["X-Total"],
    allow_credentials=True,
    max_age=60,
)
app = Litestar([items, broken], cors_config=cors)
