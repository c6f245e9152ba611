"""The page by which Zalo sees that a domain is ours: /zalo_verifier….html, as the developer console hands it out."""

import re

from fastapi import APIRouter, Response

# The code in the file's name stands once more in the file.
_NAME = re.compile(r"zalo_verifier([A-Za-z0-9_-]{10,80})\.html", re.ASCII)
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
    <meta property="zalo-platform-site-verification" content="{code}" />
</head>
<body>
There Is No Limit To What You Can Accomplish Using Zalo!
</body>
</html>
"""
_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"}


def verifier_router(name: str) -> APIRouter:
    """Return the page of a file name `zalo_verifier….html`. Raises ValueError for any other."""
    found = _NAME.fullmatch(name)
    if not found:
        raise ValueError("not a name of Zalo's")
    content = _PAGE.format(code=found[1])
    router = APIRouter(include_in_schema=False)

    @router.api_route(f"/{name}", methods=["GET", "HEAD"])
    async def verifier() -> Response:
        return Response(content, media_type="text/html", headers=_HEADERS)

    return router
