"""Falcon, with its own CORSMiddleware; `app` is WSGI, `asgi` is ASGI."""

import falcon
import falcon.asgi

cors = falcon.CORSMiddleware(
    allow_origins=["https://app.example.com", "https://admin.example.com"],
    allow_credentials=["https://app.example.com", "https://admin.example.com"],
    expose_headers=["X-Total"],
)


class Items:
    """/items, for WSGI."""

    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        response.content_type = falcon.MEDIA_TEXT
        response.text = "ok"
        response.set_headers({"X-Total": "3", "X-Hidden": "4"})

    on_head = on_post = on_put = on_get


class Broken:
    """/broken, for WSGI."""

    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        raise RuntimeError("broken on purpose")


class AsyncItems:
    """/items, for ASGI."""

    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response) -> None:
        Items().on_get(request, response)

    on_head = on_post = on_put = on_get


class AsyncBroken:
    """/broken, for ASGI."""

    async def on_get(self, request: falcon.asgi.Request, response: falcon.asgi.Response) -> None:
        raise RuntimeError("broken on purpose")


app = falcon.App(middleware=[cors])
app.add_route("/items", Items())
app.add_route("/broken", Broken())

asgi = falcon.asgi.App(middleware=[cors])
asgi.add_route("/items", AsyncItems())
asgi.add_route("/broken", AsyncBroken())
