"""What the browser tests of the widget share: a foreign page with a strict policy, and the widget in it."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from playwright.sync_api import Locator, Page
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests.browser.fakes import MemoryStore

LABEL = "Câu hỏi của anh/chị"
LAUNCHER = "Hỏi Tiếp Dân"
# The host's own style makes the usual trouble: another size of `rem`, loud rules for every tag.
STYLE = """
html { font-size: 62.5%; } body { font: 1.6rem/1.5 serif; margin: 2rem; max-width: 60rem; }
button { background: red; border-radius: 0; text-transform: uppercase; } p { color: #222; }
dialog { border: 9px solid red; } .shell, .log { display: none; }
"""
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin phường</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/host.css"></head>
<body><header><a href="#tin">Trang chủ</a></header><main><h1>Cổng thông tin phường</h1>
<p>Tin tức và <a id="tin" href="#tin">lịch tiếp công dân</a>.</p><p><button id="own">Nút của cổng</button></p></main>
<script async src="{address}/widget.js" {attributes}></script></body></html>"""


@dataclass
class Host:
    """The foreign page's server: where it is, what it puts into its page, whether it has a strict policy."""

    address: str = ""
    widget_address: str = ""
    attributes: str = ""
    strict: bool = True


@dataclass
class Embedding:
    """A host, and the service that it embeds."""

    host: Host
    store: MemoryStore
    origin: str


# Opens the host page on a device, with the script's attributes (the fixture open_host).
OpenHost = Callable[..., Page]


def policy(service: str) -> str:
    """The two directives that docs/widget.md asks for; everything else is forbidden."""
    return (
        f"default-src 'none'; style-src 'self'; script-src {service}; connect-src {service}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def host_app(host: Host) -> FastAPI:
    """The foreign site."""
    app = FastAPI(docs_url=None, redoc_url=None)

    def page(_request: Request) -> HTMLResponse:
        body = PAGE.replace("{address}", host.widget_address).replace("{attributes}", host.attributes)
        return HTMLResponse(
            body, headers={"Content-Security-Policy": policy(host.widget_address)} if host.strict else {}
        )

    app.add_route("/", page)
    app.add_route("/host.css", lambda _request: Response(STYLE, media_type="text/css"))
    return app


def launch(page: Page) -> Locator:
    """Open the panel by its button and return it."""
    page.get_by_role("button", name=LAUNCHER).click()
    return page.get_by_role("dialog", name="Tiếp Dân")


def ask(page: Page, text: str) -> None:
    """Type a message and send it."""
    page.get_by_label(LABEL).fill(text)
    page.get_by_label(LABEL).press("Enter")
