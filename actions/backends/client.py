"""A complaint backend reached over HTTP: the contract of actions.backends.contract, seen from our side."""

import asyncio
import json
import re
import ssl
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from actions.backends.contract import (
    MAX_ANSWER_BYTES,
    AttachmentOut,
    CaseIn,
    EventIn,
    ReceiptOut,
    StateOut,
    canonical,
)
from bot.core.backend.signing import IDEMPOTENCY_KEY, Signable, SignatureRefused, SigningKey, signed_headers
from bot.core.cases.ports import Attachment, Receipt
from bot.core.errors import BackendRefused, BackendUnavailable, ConfigurationError
from bot.core.ports import Clock

M = TypeVar("M", bound=BaseModel)
JSON = "application/json"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Answers that no repetition will better: people must look.
FINAL = frozenset({400, 401, 403, 405, 406, 409, 410, 411, 413, 414, 415, 422, 431})
# The request came twice (something on the way repeated it), or a clock is wrong: the case itself was not judged.
_NOT_JUDGED = {SignatureRefused.NONCE: True, SignatureRefused.TIMESTAMP: False}
_CODE = re.compile(r"urn:tiepdan:problem:([a-z-]{1,40})")
_FIELDS = frozenset({*CaseIn.model_fields, *EventIn.model_fields, IDEMPOTENCY_KEY})


@dataclass(frozen=True)
class HttpBackendSettings:
    """Where the backend is, and how it is spoken to. Times in seconds.

    `url` may have a path, which the signature covers as it is sent. Plain http leaves this machine only with
    `allow_plain` (a private network whose proxies do TLS).
    """

    url: str
    key: SigningKey
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    allow_plain: bool = False
    connect_seconds: float = 5.0
    request_seconds: float = 20.0
    attachment_seconds: float = 60.0


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes
    sent: bool  # whether this was an answer to something that may have been accepted

    def problem(self) -> dict[str, Any]:
        """Return the problem document, or an empty dict where it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def code(self) -> str:
        """Return the problem's code, or "" where there is none that is ours."""
        found = _CODE.fullmatch(str(self.problem().get("type")))
        return found[1] if found else ""


class HttpBackend:
    """`bot.core.cases.ports.ComplaintBackend` over HTTP; also hands over attachments.

    Every call opens a connection of its own: an answer can then never be taken for that of another request. A client
    given to the constructor is used as it is and is not closed.
    """

    def __init__(self, settings: HttpBackendSettings, clock: Clock, client: httpx.AsyncClient | None = None) -> None:
        self._settings = settings
        self._base = settings.url.rstrip("/")
        self._clock = clock
        self._owned = client is None
        self._client = client or make_client(settings)

    async def file(self, payload: dict[str, Any], key: str) -> Receipt:
        """Hand a case over; see ComplaintBackend."""
        return await self._submit("/v1/cases", payload, key)

    async def add_event(self, reference: str, payload: dict[str, Any], key: str) -> Receipt:
        """Hand over what happened to a case since; see ComplaintBackend."""
        receipt = await self._submit(f"/v1/cases/{reference}/events", payload, key)
        if receipt.reference != reference:
            raise BackendUnavailable("hệ thống xử lý trả biên nhận của vụ việc khác", uncertain=True)
        return receipt

    async def find(self, key: str) -> Receipt | None:
        """Return the receipt of a key, or None where the backend says that it has none."""
        answer = await self._call("GET", f"/v1/receipts/{key}")
        if answer.status == HTTPStatus.NOT_FOUND and answer.code() == "receipt-unknown":
            return None
        return self._receipt(answer, key)

    async def state(self, reference: str) -> dict[str, Any]:
        """Return the fields of actions.backends.contract.StateOut, and whatever else the backend tells."""
        state = _read(StateOut, await self._call("GET", f"/v1/cases/{reference}"))
        if state.reference != reference:
            raise BackendUnavailable("hệ thống xử lý trả trạng thái của vụ việc khác")
        return state.model_dump(mode="json")

    async def attach(self, reference: str, attachment: Attachment, content: bytes) -> None:
        """Hand over a file of a case; again with the same bytes it changes nothing there."""
        digest = sha256(content).hexdigest()
        answer = await self._call(
            "PUT",
            f"/v1/cases/{reference}/attachments/{attachment.id}",
            content,
            {"Content-Type": attachment.media_type, "X-Content-SHA256": digest},
            seconds=self._settings.attachment_seconds,
        )
        stored = _read(AttachmentOut, answer)
        if (stored.id, stored.sha256) != (attachment.id, digest):
            raise BackendUnavailable("hệ thống xử lý xác nhận tệp khác với tệp đã gửi", uncertain=True)

    async def aclose(self) -> None:
        """Close the client that this object opened itself."""
        if self._owned:
            await self._client.aclose()

    async def _submit(self, path: str, payload: dict[str, Any], key: str) -> Receipt:
        try:
            body = canonical(payload)
        except ValueError:
            raise BackendRefused("nội dung có ký tự hoặc số không ghi được") from None
        return self._receipt(await self._call("POST", path, body, {"Content-Type": JSON, IDEMPOTENCY_KEY: key}), key)

    def _receipt(self, answer: _Answer, key: str) -> Receipt:
        receipt = _read(ReceiptOut, answer)
        if receipt.key != key:
            raise BackendUnavailable("hệ thống xử lý trả biên nhận của mã khác", uncertain=answer.sent)
        return receipt.receipt()

    async def _call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        seconds: float | None = None,
    ) -> _Answer:
        """Send one signed request and read its answer, whatever its status. Raises BackendUnavailable."""
        headers = headers or {}
        request = self._client.build_request(method, f"{self._base}{path}", content=body, headers=headers)
        signable = Signable(method, request.url.raw_path.decode("ascii"), body, headers.get(IDEMPOTENCY_KEY, ""))
        request.headers.update(signed_headers(self._settings.key, signable, self._clock.now()))
        sent = method != "GET"
        try:
            async with asyncio.timeout(seconds or self._settings.request_seconds):
                response = await self._client.send(request, stream=True, follow_redirects=False)
                try:
                    return _Answer(response.status_code, await _limited(response, sent), sent)
                finally:
                    await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise BackendUnavailable(f"không kết nối được hệ thống xử lý ({type(error).__name__})") from error
        except (httpx.HTTPError, TimeoutError) as error:
            cause = f"hệ thống xử lý không trả lời trọn vẹn ({type(error).__name__})"
            raise BackendUnavailable(cause, uncertain=sent) from error


def make_client(settings: HttpBackendSettings) -> httpx.AsyncClient:
    """Return a client with the TLS of the settings. Raises ConfigurationError, one line."""
    try:
        url = httpx.URL(settings.url)
    except httpx.InvalidURL:
        raise ConfigurationError("the complaint backend's address cannot be read; write https://HOST") from None
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.fragment:
        raise ConfigurationError("the complaint backend's address must be https://HOST, without a query")
    if url.scheme == "http" and url.host not in LOOPBACK and not settings.allow_plain:
        raise ConfigurationError("the complaint backend must be reached by https: complaints travel there")
    verify: ssl.SSLContext | bool = True
    if url.scheme == "https":
        try:
            verify = ssl.create_default_context(cafile=settings.ca_file)
            verify.minimum_version = ssl.TLSVersion.TLSv1_2
            if settings.client_cert:
                verify.load_cert_chain(settings.client_cert, settings.client_key)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                f"the complaint backend's certificate files cannot be used: {error.strerror or error}"
            ) from error
    return httpx.AsyncClient(
        verify=verify,
        trust_env=False,
        timeout=httpx.Timeout(settings.request_seconds, connect=settings.connect_seconds),
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=0),
        headers={"Accept": JSON, "Accept-Encoding": "identity", "User-Agent": "tiepdan"},
    )


async def _limited(response: httpx.Response, sent: bool) -> bytes:
    """Return the body up to MAX_ANSWER_BYTES, as it travelled. Raises BackendUnavailable for more."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise BackendUnavailable("hệ thống xử lý trả lời bằng kiểu nén lạ", uncertain=sent)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise BackendUnavailable("câu trả lời của hệ thống xử lý quá dài", uncertain=sent)
    return bytes(body)


def _read(model: type[M], answer: _Answer) -> M:
    """Return the body of a good answer. Raises BackendRefused or BackendUnavailable, never quoting the answer."""
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        raise _failure(answer)
    try:
        return model.model_validate_json(answer.body)
    except ValidationError:
        raise BackendUnavailable("hệ thống xử lý trả lời sai quy cách", uncertain=answer.sent) from None


def _failure(answer: _Answer) -> BackendRefused | BackendUnavailable:
    status, code, fields = answer.status, answer.code(), answer.problem().get("fields")
    named = sorted(_FIELDS & {str(f) for f in fields}) if isinstance(fields, list) else []
    said = " ".join(filter(None, (str(status), code, f"({', '.join(named)})" if named else "")))
    if status == HTTPStatus.UNAUTHORIZED and code in _NOT_JUDGED:
        return BackendUnavailable(f"hệ thống xử lý không nhận chữ ký: {said}", uncertain=_NOT_JUDGED[code])
    if status in FINAL or (status == HTTPStatus.NOT_FOUND and code == "reference-unknown"):
        return BackendRefused(f"hệ thống xử lý từ chối: {said}")
    # A 5xx may come from a gateway whose backend had accepted.
    uncertain = answer.sent and status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return BackendUnavailable(f"hệ thống xử lý đang gặp trục trặc: {said}", uncertain=uncertain)
