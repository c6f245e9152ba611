"""What the clauses are made of: signed requests that may be spoiled on purpose, and what is expected of answers."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx

from actions.backends.contract import ReceiptOut, canonical
from bot.core.backend.signing import IDEMPOTENCY_KEY, Signable, SignatureRefused, SigningKey, signed_headers
from bot.core.ports import Clock

PROBLEM = "application/problem+json"
JSON = {"Content-Type": "application/json"}


class ClauseFailed(Exception):
    """The backend broke a clause; the message says how."""


class Unheard(ClauseFailed):
    """The backend takes nothing that is signed with our secret: no further clause can be judged."""


def expect(holds: bool, otherwise: str) -> None:
    """Raise ClauseFailed unless something holds."""
    if not holds:
        raise ClauseFailed(otherwise)


class Probe:
    """Speaks to one backend under one key."""

    def __init__(self, client: httpx.AsyncClient, url: str, key: SigningKey, clock: Clock) -> None:
        self._client = client
        self._base = url.rstrip("/")
        self.key = key
        self._clock = clock

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock.now()

    async def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        signed_by: SigningKey | None = None,
        at: datetime | None = None,
        nonce: str | None = None,
        signed_body: bytes | None = None,
        then: Mapping[str, str | None] | None = None,
    ) -> httpx.Response:
        """Send a request signed by the rules; every keyword breaks one of them.

        `signed_body` is signed in place of what is sent; `then` replaces headers after signing (None removes one).
        """
        request = self._client.build_request(method, self._base + path, content=body, headers=dict(headers or {}))
        target = request.url.raw_path.decode("ascii")
        covered = Signable(
            method,
            target,
            body if signed_body is None else signed_body,
            request.headers.get(IDEMPOTENCY_KEY, ""),
        )
        request.headers.update(signed_headers(signed_by or self.key, covered, at or self.now(), nonce))
        for name, value in (then or {}).items():
            if value is None:
                del request.headers[name]
            else:
                request.headers[name] = value
        return await self._client.send(request, follow_redirects=False)

    async def file(self, payload: dict[str, Any], key: str | None = None, **broken: Any) -> httpx.Response:
        """File a case, under its own id unless another key is given."""
        headers = {**JSON, IDEMPOTENCY_KEY: key or payload["case_id"]}
        return await self.send("POST", "/v1/cases", canonical(payload), headers, **broken)

    async def filed(self, payload: dict[str, Any]) -> ReceiptOut:
        """File a case that must be accepted, and return its receipt."""
        return receipt(await self.file(payload), 201, payload["case_id"])

    async def find(self, key: str) -> httpx.Response:
        """Ask for the receipt of a key."""
        return await self.send("GET", f"/v1/receipts/{key}")

    async def event(self, reference: str, payload: dict[str, Any], key: str) -> httpx.Response:
        """Send an event of a case."""
        headers = {**JSON, IDEMPOTENCY_KEY: key}
        return await self.send("POST", f"/v1/cases/{reference}/events", canonical(payload), headers)

    async def together(self, payload: dict[str, Any], times: int) -> list[httpx.Response]:
        """File one case several times at once."""
        return list(await asyncio.gather(*(self.file(payload) for _ in range(times))))

    async def expect_nothing_filed(self, key: str) -> None:
        """Prove that nothing was accepted under a key."""
        status(await self.find(key), 404, "một yêu cầu bị từ chối vẫn được ghi nhận")


def expect_heard(answer: httpx.Response) -> None:
    """Raise Unheard when what was signed by the rules was refused with 401."""
    if answer.status_code != HTTPStatus.UNAUTHORIZED:
        return
    try:
        code = str(problem(answer)["type"]).rpartition(":")[2]
    except ClauseFailed:
        code = ""
    why = "giờ của hai máy lệch nhau" if code == SignatureRefused.TIMESTAMP else "bí mật không khớp"
    raise Unheard(f"{why}: hệ thống trả 401{f' ({code})' if code else ''} cho một yêu cầu ký đúng cách")


def new_key() -> str:
    """Return a key that was never used."""
    return uuid.uuid4().hex


def new_case(**fields: Any) -> dict[str, Any]:
    """Return a case that says of itself that it is a test."""
    return {
        "case_id": new_key(),
        "number": "PA-0000-0000",
        "channel": "verify",
        "received_at": datetime.now(UTC).isoformat(),
        "input_type": "PHAN_ANH_HANH_VI",
        "behaviour_codes": ["TD-XUCPHAM"],
        "severity": 1,
        "access_class": "normal",
        "unit_id": None,
        "narrative_masked": "Đây là phiếu thử của tiepdan backend verify, xin bỏ qua.",
        "anonymous": True,
        "attachments": [],
        "restricted": {"narrative_raw": None, "contact": None, "identity": "anonymous"},
        **fields,
    }


def new_event(**fields: Any) -> dict[str, Any]:
    """Return an event of a test."""
    at = datetime.now(UTC).isoformat()
    return {"kind": "added", "at": at, "sequence": 2, "body": {"text": "Thông tin thêm của phiếu thử."}, **fields}


def status(answer: httpx.Response, wanted: int | tuple[int, ...], otherwise: str) -> None:
    """Raise ClauseFailed unless the answer has a wanted status."""
    allowed = wanted if isinstance(wanted, tuple) else (wanted,)
    said = " hoặc ".join(map(str, allowed))
    expect(answer.status_code in allowed, f"{otherwise}: trả {answer.status_code}, phải là {said}")


def receipt(answer: httpx.Response, wanted: int | tuple[int, ...], key: str) -> ReceiptOut:
    """Return the receipt of an answer with a wanted status, whose key must be the one that was sent."""
    status(answer, wanted, "không nhận")
    try:
        found = ReceiptOut.model_validate_json(answer.content)
    except ValueError:
        raise ClauseFailed("biên nhận thiếu reference, key hoặc received_at, hoặc sai dạng") from None
    expect(found.key == key, "biên nhận mang mã bàn giao khác với mã đã gửi")
    return found


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem document of an answer."""
    kind = answer.headers.get("content-type", "").split(";")[0].strip()
    expect(kind == PROBLEM, f"lỗi {answer.status_code} không ở dạng {PROBLEM}")
    try:
        value = json.loads(answer.content)
    except ValueError:
        raise ClauseFailed(f"lỗi {answer.status_code} không phải JSON") from None
    expect(isinstance(value, dict) and isinstance(value.get("type"), str), "tài liệu lỗi không có «type»")
    found: dict[str, Any] = value
    return found
