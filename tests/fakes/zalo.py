"""A fake Zalo: a real HTTP server with Zalo's calls, checks, limits, windows and codes, and with faults to switch on.

Faults of a call that sends (`fake.state.faults`): `reset` and `timeout` before it is taken, `reset-after` and
`timeout-after` when it was taken, `-216` (this call alone; `state.invalidate` makes the token invalid for all),
`-32`, `-200`, `http-502` (taken), `garbage` (taken). Of a call for tokens: `token-reset`, `token-burn` (the refresh
token is used up, the answer lost), `token-slow`, `token-500`.
"""

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from datetime import datetime
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.fakes.zalo_state import ZaloState, error
from tests.fakes.zalo_templates import send_template

_LOST_BEFORE = frozenset({"reset", "timeout"})
_SENDING = _LOST_BEFORE | {"reset-after", "timeout-after", "-216", "-32", "-200", "http-502", "garbage"}
_TOKEN = frozenset({"token-reset", "token-burn", "token-slow", "token-500"})
_TAKEN = frozenset({"reset-after", "timeout-after", "http-502", "garbage"})
_TEMPLATE = "/v3.0/oa/message/template"
MAX_REQUEST = 8 * 1024 * 1024


class FakeZalo:
    """The server, on a free port of this machine; use it as a context manager."""

    def __init__(self, now: Callable[[], datetime] | None = None, hang_seconds: float = 2.0) -> None:
        self.state = ZaloState(now)
        # Name → (content type, bytes), or («redirect», address).
        self.files: dict[str, tuple[str, bytes | str]] = {}
        self.hang_seconds = hang_seconds
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        """Where it listens; serves as API and as OAuth address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "FakeZalo":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that give up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    fake: ClassVar[FakeZalo]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        state, parts = self.fake.state, urlsplit(self.path)
        if parts.path.startswith("/files/"):
            self._file(parts.path.removeprefix("/files/"))
        elif parts.path == "/v4/oa/permission":
            self._consent(dict(parse_qsl(parts.query)))
        elif parts.path in ("/v2.0/oa/getoa", "/v3.0/oa/user/detail"):
            code = state.refused(self.headers.get("access_token", ""))
            if code:
                self._answer(error(code))
            elif parts.path == "/v2.0/oa/getoa":
                data = {"oaid": state.oa_id, "name": "Sở Nội vụ (thử)", "is_verified": True, "oa_type": 4}
                self._answer({"error": 0, "message": "Success", "data": data})
            else:
                asked = json.loads(parse_qs(parts.query)["data"][0])
                person = state.people.get(asked.get("user_id"))
                data = {"user_id": asked.get("user_id"), "user_is_follower": bool(person and person.follower)}
                self._answer({"error": 0, "message": "Success", "data": data} if person else error(-201))
        else:
            self._answer({"error": -404}, 404)

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        if length > MAX_REQUEST:
            self._answer({"error": -201}, 413)
            return
        body = self.rfile.read(length)
        path = urlsplit(self.path).path
        if path == "/v4/oa/access_token":
            self._token(body)
        elif path in (_TEMPLATE, "/v3.0/oa/message/cs", "/v2.0/oa/message", "/v3.0/oa/quota/message"):
            self._message(path, body)
        elif path.startswith("/v2.0/oa/upload/"):
            self._upload(path.rpartition("/")[2], body)
        else:
            self._answer({"error": -404}, 404)

    def _token(self, body: bytes) -> None:
        state = self.fake.state
        with state.lock:
            fault = state.faults.draw(_TOKEN)
        if fault == "token-reset":
            self._reset()
        elif fault == "token-500":
            self._answer({}, 500)
        elif self.headers.get_content_type() != "application/x-www-form-urlencoded":
            self._answer({"error": -14001})
        else:
            answer = state.token_call(dict(self.headers), dict(parse_qsl(body.decode())))
            if fault == "token-burn":
                self._reset()
                return
            if fault == "token-slow":
                time.sleep(0.5)
            self._answer(answer)

    def _message(self, path: str, body: bytes) -> None:
        state = self.fake.state
        with state.lock:
            state.calls[path] += 1
            fault = state.faults.draw(_SENDING)
        if fault in _LOST_BEFORE:
            if fault == "timeout":
                time.sleep(self.fake.hang_seconds)
            self._reset()
            return
        code = state.refused(self.headers.get("access_token", ""))
        if code is None and fault in ("-32", "-200", "-216"):
            code = int(fault)
        answer = error(code) if code else self._taken(path, body, lost=fault in _TAKEN)
        state.errors[answer["error"]] += 1
        if fault not in _TAKEN:
            self._answer(answer)
        elif fault == "http-502":
            self._answer({}, 502)
        elif fault == "garbage":
            self._answer("<html>")
        else:
            if fault == "timeout-after":
                time.sleep(self.fake.hang_seconds)
            self._reset()

    def _taken(self, path: str, body: bytes, *, lost: bool) -> dict[str, Any]:
        state = self.fake.state
        try:
            fields = json.loads(body)
        except ValueError:
            fields = None
        if self.headers.get_content_type() != "application/json" or not isinstance(fields, dict):
            return error(-201)
        if path == _TEMPLATE:
            return send_template(state, fields)
        if path == "/v3.0/oa/quota/message":
            person = state.people.get(str(fields.get("user_id")))
            last = int(person.last.timestamp() * 1000) if person and person.last else 0
            return {"error": 0, "message": "Success", "data": {"last_interaction": str(last)}}
        anonymous = path == "/v2.0/oa/message"
        return state.send(fields.get("recipient"), fields.get("message"), anonymous=anonymous, lost=lost)

    def _upload(self, kind: str, body: bytes) -> None:
        state = self.fake.state
        state.calls[f"upload.{kind}"] += 1
        code = state.refused(self.headers.get("access_token", ""))
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        content = b""
        for part in BytesParser().parsebytes(head + body).walk():
            if part.get_param("name", header="content-disposition") == "file":
                content = bytes(part.get_payload(decode=True) or b"")
        self._answer(error(code) if code else state.upload(kind, content))

    def _consent(self, query: dict[str, str]) -> None:
        """Consent as the administrator does who opens the link: back to the application with a code."""
        state = self.fake.state
        if query.get("app_id") != state.app_id or query.get("redirect_uri") != state.redirect_uri:
            self._answer({"error": -14003})
            return
        code = state.grant(query.get("code_challenge", ""))
        back = urlencode({"code": code, "oa_id": state.oa_id, "state": query.get("state", "")})
        self._bytes(302, b"", "text/plain", location=f"{state.redirect_uri}?{back}")

    def _file(self, name: str) -> None:
        kind, content = self.fake.files.get(name, ("", ""))
        if kind == "redirect":
            self._bytes(302, b"", "text/plain", location=str(content))
        elif isinstance(content, bytes):
            self._bytes(200, content, kind)
        else:
            self._answer({}, 404)

    def _answer(self, body: Any, status: int = 200) -> None:
        self._bytes(status, body.encode() if isinstance(body, str) else json.dumps(body).encode(), "application/json")

    def _bytes(self, status: int, content: bytes, kind: str, location: str = "") -> None:
        state = self.fake.state
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.send_header("X-RateLimit-Limit", str(state.per_minute))
            self.send_header("X-RateLimit-Remain", str(state.remaining()))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(content)

    def _reset(self) -> None:
        """Break the connection off with a reset."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
