"""Joining the web channel to an application."""

import logging
from collections.abc import Collection

from fastapi import APIRouter, FastAPI

from channels.web.embedding import CrossOrigin
from channels.web.middleware import BodyLimit, ErrorBoundary, SecurityHeaders
from channels.web.page import page_router, static_files
from channels.web.plain import PREFIX
from channels.web.problems import install_problem_handlers
from channels.web.widget import widget_script


def install_web_channel(app: FastAPI, router: APIRouter, max_body_bytes: int, origins: Collection[str] = ()) -> None:
    """Add the API, the pages, the error shape and the protective layers to `app`; `origins` may embed the widget.

    Make `app` with `docs_url=None, redoc_url=None`: `/docs` comes from this package and loads nothing from outside.
    """
    # At DEBUG sse-starlette logs every chunk, and with it the conversation.
    logging.getLogger("sse_starlette").setLevel(logging.INFO)
    install_problem_handlers(app)
    app.include_router(router)
    app.include_router(page_router())
    app.add_route("/widget.js", widget_script)
    app.mount("/static", static_files(), name="static")
    # The last added is the outermost.
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes)
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes, prefix=PREFIX)
    app.add_middleware(ErrorBoundary)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(CrossOrigin, origins=origins)
