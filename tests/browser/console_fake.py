"""A fake of the console's API that keeps to the contract (unknown fields are refused), for the page's own tests.

Run `python -m tests.browser.console_fake [PORT]` and open /ban-lam-viec at the printed address.
"""

import sys
import threading
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI, Request
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.web.middleware import ErrorBoundary, SecurityHeaders
from channels.web.page import STATIC_DIR, static_files
from channels.web.problems import install_problem_handlers
from tests.browser.console_calls import install_calls
from tests.browser.console_filing import install_filing
from tests.browser.console_people import CHAU, COOKIE, DAI, HUNG, LAN, People, install_people
from tests.browser.console_sample import samples
from tests.browser.console_suggestions import install_suggestions
from tests.browser.console_talks import FakeConsole, install_talks
from tests.browser.fakes import serving

# The policy under which the page is served (channels/console/page.py).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


class DeskCookie:
    """Lets the desk's API take the fake's cookie: the person's own token is put in, after the same CSRF check."""

    def __init__(self, app: ASGIApp, people: People, tokens: dict[str, str]) -> None:
        self._app, self._people, self._tokens = app, people, tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/desk"):
            request = Request(scope)
            found = self._people.sessions.get(request.cookies.get(COOKIE, ""))
            proven = found and (request.method == "GET" or request.headers.get("x-csrf-token") == found[1])
            if found and proven and found[0] in self._tokens:
                token = f"Bearer {self._tokens[found[0]]}".encode()
                scope = {**scope, "headers": [*scope["headers"], (b"authorization", token)]}
        await self._app(scope, receive, send)


def console_app(fake: FakeConsole, app: FastAPI | None = None, tokens: dict[str, str] | None = None) -> FastAPI:
    """Return an application with the page and the fake API; `app` may bring the real desk, `tokens` by person."""
    if app is None:
        app = FastAPI(docs_url=None, redoc_url=None)
        install_problem_handlers(app)

    install_people(app, fake.people)
    install_talks(app, fake)
    install_suggestions(app, fake)
    install_calls(app, fake.people, fake.hotline)
    install_filing(app, fake.people, fake.hotline)

    @app.get("/ban-lam-viec")
    async def page() -> FileResponse:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return FileResponse(STATIC_DIR / "console" / "index.html", headers=headers)

    app.mount("/static", static_files(), name="static")
    app.add_middleware(DeskCookie, people=fake.people, tokens=tokens or {})
    app.add_middleware(ErrorBoundary)
    app.add_middleware(SecurityHeaders)
    return app


def filled_fake() -> FakeConsole:
    """Return a fake with an office and its conversations."""
    fake = FakeConsole()
    fake.people.add(LAN, HUNG, CHAU, DAI)
    fake.talks = {talk.id: talk for talk in samples(datetime.now(UTC) - timedelta(minutes=1))}
    fake.hotline.pushed = fake.changes
    fake.presence = {"hung.tv": "available", "chau.nb": "busy"}
    return fake


if __name__ == "__main__":
    with serving(console_app(filled_fake()), port=int(sys.argv[1]) if len(sys.argv) > 1 else 0) as address:
        print(f"{address}/ban-lam-viec", flush=True)
        threading.Event().wait()
