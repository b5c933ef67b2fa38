"""FastAPI, with Starlette's CORSMiddleware."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example.com", "https://admin.example.com"],
    allow_methods=["GET", "HEAD", "POST", "PUT"],
    allow_headers=["X-CSRF-Token", "Content-Type"],
    expose_headers=["X-Total"],
    allow_credentials=True,
    max_age=60,
)


@app.api_route("/items", methods=["GET", "HEAD", "POST", "PUT"])
async def items() -> PlainTextResponse:
    return PlainTextResponse("ok", headers={"X-Total": "3", "X-Hidden": "4"})


@app.get("/broken")
async def broken() -> None:
    raise RuntimeError("broken on purpose")
