"""The demo's API: FastAPI behind Starlette's CORSMiddleware, with two mistakes and without."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware

NOTES = {1: "water the plants", 2: "call mum"}
HITS: dict[str, int] = {}


def make_app(mended: bool = False) -> FastAPI:
    """Make the API, as it was shipped or as it should have been."""
    app = FastAPI()
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["https://app.example.com"],
        allow_credentials=True,
        allow_methods=["GET", "PUT", "DELETE"],
        # The page sends X-Request-Id since last week, and nobody told the API.
        allow_headers=["X-CSRF-Token", "X-Request-Id"] if mended else ["X-CSRF-Token"],
        expose_headers=["X-Total-Count"],
        max_age=600,
    )

    @app.get("/me")
    async def me() -> dict[str, str]:
        return {"name": "Ada"}

    @app.get("/notes")
    async def notes(response: Response) -> dict[int, str]:
        response.headers["X-Total-Count"] = str(len(NOTES))
        response.headers["X-Served-By"] = "api-7"
        return NOTES

    @app.put("/notes/{number}")
    async def write(number: int) -> dict[str, int]:
        return {"saved": number}

    @app.delete("/notes/{number}")
    async def delete(number: int) -> dict[str, int]:
        return {"deleted": number}

    @app.get("/logo.png")
    async def logo() -> Response:
        return Response(b"\x89PNG", media_type="image/png")

    @app.get("/report")
    async def report() -> dict[str, float]:
        hits = len(HITS)
        return {"notes_per_hit": len(NOTES) / (max(hits, 1) if mended else hits)}

    return app
