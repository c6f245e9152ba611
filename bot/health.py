"""Whether the service lives, and whether it can answer: for the supervisor and for whoever watches it."""

import asyncio

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from bot.core.errors import StoreUnavailable
from bot.store import Store
from nlu.client import RasaDialogue


def add_health(app: FastAPI, store: Store, dialogue: RasaDialogue) -> None:
    """Add `/healthz`, always 200, and `/readyz`: 503 while the store does not answer, else whether Rasa does."""

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        try:
            await asyncio.to_thread(store.ping)
        except StoreUnavailable:
            return JSONResponse({"store": False}, status_code=503)
        return JSONResponse({"store": True, "rasa": await dialogue.healthy()})
