"""The clauses of the contract about signatures: what must stay outside."""

from datetime import timedelta

from actions.backends.contract import canonical
from actions.backends.verify.probe import JSON, Probe, expect, new_case, new_key, problem, status
from bot.core.backend.signing import (
    IDEMPOTENCY_KEY,
    KEY_ID,
    NONCE,
    SIGNATURE,
    TIMESTAMP,
    TOLERANCE_SECONDS,
    SignatureRefused,
    SigningKey,
    new_nonce,
)


async def signature(probe: Probe) -> None:
    case = new_case()
    wrong_secret = SigningKey(probe.key.id, f"{probe.key.secret}-sai")
    unknown_key = SigningKey(f"{probe.key.id[:50]}-la", probe.key.secret)
    status(await probe.file(case, signed_by=wrong_secret), 401, "nhận chữ ký bằng bí mật khác")
    status(await probe.file(case, signed_by=unknown_key), 401, "nhận chữ ký của khóa lạ")
    status(await probe.file(case, signed_body=canonical(new_case())), 401, "nhận chữ ký cho nội dung khác")
    for name in (KEY_ID, TIMESTAMP, NONCE, SIGNATURE):
        status(await probe.file(case, then={name: None}), 401, f"nhận yêu cầu thiếu {name}")
    await probe.expect_nothing_filed(case["case_id"])


async def signed_key(probe: Probe) -> None:
    case, other = new_case(), new_key()
    status(await probe.file(case, then={IDEMPOTENCY_KEY: other}), 401, "nhận Idempotency-Key không khớp chữ ký")
    await probe.expect_nothing_filed(other)


async def timestamp(probe: Probe) -> None:
    case = new_case()
    for seconds, when in ((-1, "đã cũ"), (1, "ở tương lai")):
        at = probe.now() + timedelta(seconds=seconds * (TOLERANCE_SECONDS + 60))
        status(await probe.file(case, at=at), 401, f"nhận giờ ký {when}")
    await probe.expect_nothing_filed(case["case_id"])
    at = probe.now() - timedelta(seconds=TOLERANCE_SECONDS - 60)
    status(await probe.file(case, at=at), 201, "không nhận giờ ký còn trong hạn")


async def nonce(probe: Probe) -> None:
    case, once = new_case(), new_nonce()
    status(await probe.file(case, nonce=once), 201, "không nhận")
    answer = await probe.file(case, nonce=once)
    status(answer, 401, "nhận lại nonce đã dùng")
    wanted = f"urn:tiepdan:problem:{SignatureRefused.NONCE}"
    expect(problem(answer)["type"] == wanted, f"«type» phải là {wanted}")


async def signed_reads(probe: Probe) -> None:
    case = new_case()
    first = await probe.filed(case)
    for path in (f"/v1/receipts/{case['case_id']}", f"/v1/cases/{first.reference}"):
        status(await probe.send("GET", path, then={SIGNATURE: None}), 401, "cho đọc mà không cần chữ ký")
    headers = {**JSON, IDEMPOTENCY_KEY: new_key()}
    event = canonical({"kind": "added", "at": probe.now().isoformat()})
    path = f"/v1/cases/{first.reference}/events"
    status(await probe.send("POST", path, event, headers, then={SIGNATURE: None}), 401, "nhận sự kiện không ký")
