"""Which foreign pages may use the web channel: CORS for exactly the listed origins, and for nobody else."""

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What the widget calls; the officers' API and the documentation are not among them.
_SHARED = ("/api/web/", "/api/files/")
_SCRIPT = "/widget.js"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}


class CrossOrigin:
    """Lets the pages of `origins` read what the widget calls. No cookies are involved, so none are allowed.

    With an empty list it adds nothing: browsers keep the API to our own pages.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        script = path == _SCRIPT
        if scope["type"] != "http" or not self._origins or not (script or path.startswith(_SHARED)):
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        origin = asked.get("origin", "")
        listed = origin in self._origins

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if script:  # a plain <script> names no origin, so this cannot depend on it; it holds no secret
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                if listed:
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                    headers["Access-Control-Expose-Headers"] = "Retry-After"
            await send(message)

        if listed and scope["method"] == "OPTIONS" and "access-control-request-method" in asked:
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)
