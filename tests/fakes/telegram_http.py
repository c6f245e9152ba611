"""The HTTP side of the fake Bot API: paths, form fields, file downloads, and the ways an answer can go wrong."""

import json
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from tests.fakes.telegram_rules import Refusal

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram, Fault

JSON = "application/json"


class Handler(BaseHTTPRequestHandler):
    """Answers `/bot{token}/{method}` and `/file/bot{token}/{path}`."""

    protocol_version = "HTTP/1.1"
    # The head and the body of an answer go out as one, else the client's delayed acknowledgement costs 40 ms.
    wbufsize = -1
    fake: "FakeTelegram"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.path.startswith("/"):
            self.fake.proxied.append(self.path.partition("/bot")[0])
            self._send(502, b"<html>no such host</html>", "text/html")
            return
        token, _, method = unquote(self.path).removeprefix("/bot").partition("/")
        if self.headers.get_content_type() == JSON:
            fields = {key: str(value) for key, value in json.loads(content).items()}
        else:
            fields = dict(parse_qsl(content.decode(), keep_blank_values=True))
        fault = self.fake.fault_for(method)
        if fault and not fault.kind.startswith(("taken", "truncated")):
            self._go_wrong(fault)
            return
        if token != self.fake.token:
            answer = Refusal(401, "Unauthorized").answer
        else:
            try:
                answer = {"ok": True, "result": self.fake.call(method, fields)}
            except Refusal as refusal:
                answer = refusal.answer
        if fault:
            if isinstance(result := answer.get("result"), dict) and "message_id" in result:
                self.fake.lost.add(result["message_id"])
            self._go_wrong(fault, answer)
            return
        self._send(answer.get("error_code", 200), json.dumps(answer).encode())

    def do_GET(self) -> None:
        fault = self.fake.fault_for("download")
        self.fake.downloads += 1
        token, _, path = unquote(self.path).removeprefix("/file/bot").partition("/")
        ref = path.rsplit("file_", 1)[-1]
        if fault and fault.kind != "truncated":
            self._go_wrong(fault)
        elif token != self.fake.token or ref not in self.fake.files:
            self._send(404, b'{"ok":false,"error_code":404,"description":"Not Found"}')
        elif fault:
            self._half(self.fake.files[ref])
        else:
            self._send(200, self.fake.files[ref], "application/octet-stream")

    def _go_wrong(self, fault: "Fault", answer: dict[str, Any] | None = None) -> None:
        if fault.kind == "status":
            self._send(fault.status, fault.content, "text/html" if fault.content.startswith(b"<") else JSON)
        elif fault.kind == "truncated":
            self._half(json.dumps(answer).encode())
        else:
            if fault.kind.endswith("hang"):
                time.sleep(fault.seconds)
            # With a linger of nothing, closing sends RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

    def _half(self, content: bytes) -> None:
        self._head(200, len(content), "application/octet-stream")
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        self.close_connection = True

    def _send(self, status: int, content: bytes, kind: str = JSON) -> None:
        self._head(status, len(content), kind)
        try:
            self.wfile.write(content)
            self.wfile.flush()
        except OSError:
            self.close_connection = True  # the client did not wait

    def _head(self, status: int, length: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        if 300 <= status < 400:
            self.send_header("Location", "http://169.254.169.254/latest/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""
