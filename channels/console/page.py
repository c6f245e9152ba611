"""The console's page at /ban-lam-viec, under the strictest policy that it works with."""

from fastapi import APIRouter
from starlette.responses import FileResponse

from channels.web.page import STATIC_DIR

PATH = "/ban-lam-viec"
# Nothing from elsewhere, nothing inline, no text turned into markup (trusted types), in nobody's frame.
# `data:` and `blob:` are for pictures that the API gave: the QR code, a photo of a case.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "font-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-write=(self)",
    "Cache-Control": "no-cache",
    "X-Robots-Tag": "noindex",
}


def page_router() -> APIRouter:
    """Return the page. It holds no data: everything comes from the API once somebody has signed in."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(PATH, methods=["GET", "HEAD"])
    async def console_page() -> FileResponse:
        return FileResponse(STATIC_DIR / "console" / "index.html", headers=HEADERS)

    return router
