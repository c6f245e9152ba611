"""The chat page at `/` and the API documentation at `/docs`, both from files of this package."""

from pathlib import Path

from fastapi import APIRouter
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

STATIC_DIR = Path(__file__).resolve().parent.parent / "static"
# Files keep their names between versions, so browsers ask each time and mostly get 304.
_REVALIDATE = {"Cache-Control": "no-cache"}


class RevalidatedFiles(StaticFiles):
    """Static files that browsers may keep but must revalidate."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, or the 304 of one already held."""
        response = await super().get_response(path, scope)
        response.headers.update(_REVALIDATE)
        return response


def static_files() -> ASGIApp:
    """Return the application that serves channels/static, compressed where the browser takes it."""
    return GZipMiddleware(RevalidatedFiles(directory=STATIC_DIR), minimum_size=500)


def page_router() -> APIRouter:
    """Return `/` and `/docs`."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    async def chat_page() -> FileResponse:
        return FileResponse(STATIC_DIR / "chat" / "index.html", headers=_REVALIDATE)

    @router.api_route("/docs", methods=["GET", "HEAD"])
    async def api_documentation() -> FileResponse:
        return FileResponse(STATIC_DIR / "docs" / "index.html", headers=_REVALIDATE)

    return router
