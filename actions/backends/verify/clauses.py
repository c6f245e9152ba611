"""The clauses of the contract about cases, receipts, states and files."""

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256

import httpx

from actions.backends.contract import (
    MUST_REFUSE_BYTES,
    MUST_TAKE_BYTES,
    AttachmentOut,
    StateOut,
    canonical,
    content_sha256,
)
from actions.backends.verify import doors
from actions.backends.verify.probe import (
    JSON,
    ClauseFailed,
    Probe,
    expect,
    expect_heard,
    new_case,
    new_event,
    new_key,
    problem,
    receipt,
    status,
)
from bot.core.backend.signing import IDEMPOTENCY_KEY

PARALLEL = 8
UNKNOWN_REFERENCE = "khong-co-vu-viec-nay"


@dataclass(frozen=True)
class Clause:
    """One promise of the contract; `check` raises ClauseFailed."""

    name: str
    title: str
    check: Callable[[Probe], Awaitable[None]]


async def filing(probe: Probe) -> None:
    case = new_case()
    answer = await probe.file(case)
    expect_heard(answer)
    receipt(answer, 201, case["case_id"])


async def same_key(probe: Probe) -> None:
    case = new_case()
    first = await probe.filed(case)
    again = receipt(await probe.file(case), 200, case["case_id"])
    expect(again.reference == first.reference, "gửi lại cùng mã cho ra vụ việc thứ hai")
    expect(again.received_at == first.received_at, "gửi lại cùng mã cho ra biên nhận khác")


async def other_body(probe: Probe) -> None:
    case = new_case()
    await probe.filed(case)
    answer = await probe.file({**case, "narrative_masked": "Nội dung khác."})
    status(answer, 409, "nhận nội dung khác dưới cùng một mã")


async def different_keys(probe: Probe) -> None:
    first, second = await probe.filed(new_case()), await probe.filed(new_case())
    expect(first.reference != second.reference, "hai vụ việc dùng chung một mã vụ việc")


async def find(probe: Probe) -> None:
    case = new_case()
    first = await probe.filed(case)
    found = receipt(await probe.find(case["case_id"]), 200, case["case_id"])
    expect((found.reference, found.received_at) == (first.reference, first.received_at), "tìm ra biên nhận khác")


async def find_unknown(probe: Probe) -> None:
    answer = await probe.find(new_key())
    status(answer, 404, "mã chưa dùng mà vẫn có biên nhận")
    _says(answer, "receipt-unknown")


async def concurrency(probe: Probe) -> None:
    case = new_case()
    answers = await probe.together(case, PARALLEL)
    found = [receipt(answer, (200, 201), case["case_id"]) for answer in answers]
    references = {one.reference for one in found}
    expect(len(references) == 1, f"{PARALLEL} lần gửi cùng lúc cho ra {len(references)} vụ việc")
    new = sum(answer.status_code == 201 for answer in answers)
    expect(new == 1, f"{PARALLEL} lần gửi cùng lúc có {new} lần trả 201, phải đúng một lần")


async def invalid(probe: Probe) -> None:
    case = new_case()
    del case["input_type"]
    status(await probe.file(case), 422, "nhận vụ việc thiếu input_type")
    await probe.expect_nothing_filed(case["case_id"])
    headers = {**JSON, IDEMPOTENCY_KEY: new_key()}
    status(await probe.send("POST", "/v1/cases", b"{", headers), (400, 422), "nhận nội dung không phải JSON")


async def without_key(probe: Probe) -> None:
    answer = await probe.send("POST", "/v1/cases", canonical(new_case()), JSON)
    status(answer, (400, 422), "nhận vụ việc không có Idempotency-Key")


async def unknown_fields(probe: Probe) -> None:
    case = new_case(field_of_a_later_version={"a": [1, None, True]})
    first = await probe.filed(case)
    expect((await _state(probe, first.reference)).content_sha256 == content_sha256(case), "trường mới bị bỏ mất")


async def large(probe: Probe) -> None:
    case = new_case(narrative_masked="")
    room = MUST_TAKE_BYTES - len(canonical(case))
    case["narrative_masked"] = "a" * min(room // 2, 100_000)
    case["facts"] = {"said": "b" * (MUST_TAKE_BYTES - len(canonical(case)) - 20)}
    answer = await probe.file(case)
    status(answer, 201, f"không nhận nội dung {len(canonical(case))} byte")


async def too_large(probe: Probe) -> None:
    case = new_case(padding="a" * MUST_REFUSE_BYTES)
    try:
        answer = await probe.file(case)
    except httpx.WriteError:
        raise ClauseFailed("ngắt kết nối thay vì trả 413") from None
    status(answer, 413, f"nội dung hơn {MUST_REFUSE_BYTES} byte không bị từ chối")
    await probe.expect_nothing_filed(case["case_id"])


async def unicode(probe: Probe) -> None:
    text = "Phường Hoà Bình, hòa bình, «quầy số 3», đ₫ 😀 𝒳, tab\tdòng\nmới, \u200bẩn, " + unicodedata.normalize(
        "NFD", "chữ dựng sẵn và tổ hợp: ướt ễ ặ"
    )
    case = new_case(narrative_masked=text)
    first = await probe.filed(case)
    expect(
        (await _state(probe, first.reference)).content_sha256 == content_sha256(case),
        "content_sha256 cho thấy nội dung được lưu khác với nội dung đã gửi",
    )


async def events(probe: Probe) -> None:
    first = await probe.filed(new_case())
    key, event = new_key(), new_event()
    one = receipt(await probe.event(first.reference, event, key), 201, key)
    expect(one.reference == first.reference, "biên nhận của sự kiện mang mã vụ việc khác")
    two = receipt(await probe.event(first.reference, event, key), 200, key)
    expect(two == one, "gửi lại sự kiện cho ra biên nhận khác")
    other = await probe.event(first.reference, new_event(kind="withdrawn"), key)
    status(other, 409, "nhận sự kiện khác dưới cùng một mã")
    found = receipt(await probe.find(key), 200, key)
    expect(found == one, "không tìm lại được biên nhận của sự kiện")


async def event_of_unknown_case(probe: Probe) -> None:
    answer = await probe.event(UNKNOWN_REFERENCE, new_event(), new_key())
    status(answer, 404, "nhận sự kiện của vụ việc không có")
    _says(answer, "reference-unknown")


async def state(probe: Probe) -> None:
    case = new_case()
    first = await probe.filed(case)
    found = await _state(probe, first.reference)
    expect((found.reference, found.key) == (first.reference, first.key), "trạng thái của vụ việc khác")
    answer = await probe.send("GET", f"/v1/cases/{UNKNOWN_REFERENCE}")
    status(answer, 404, "vụ việc không có mà vẫn có trạng thái")
    _says(answer, "reference-unknown")


async def attachments(probe: Probe) -> None:
    first = await probe.filed(new_case())
    path, content = (
        f"/v1/cases/{first.reference}/attachments/{new_key()}",
        b"%PDF-1.4 phi\xe1\xba\xbfu th\xe1\xbb\xad",
    )
    digest = sha256(content).hexdigest()
    headers = {"Content-Type": "application/pdf", "X-Content-SHA256": digest}
    answer = await probe.send("PUT", path, content, headers)
    status(answer, 201, "không nhận tệp")
    try:
        stored = AttachmentOut.model_validate_json(answer.content)
    except ValueError:
        raise ClauseFailed("xác nhận tệp thiếu reference, id, sha256 hoặc size") from None
    expect((stored.sha256, stored.size) == (digest, len(content)), "tệp được lưu khác với tệp đã gửi")
    status(await probe.send("PUT", path, content, headers), 200, "gửi lại cùng một tệp")
    other = content + b"!"
    headers_of_other = {**headers, "X-Content-SHA256": sha256(other).hexdigest()}
    status(await probe.send("PUT", path, other, headers_of_other), 409, "nhận tệp khác dưới cùng một mã")
    broken = await probe.send("PUT", f"{path}x", other, headers)
    status(broken, 422, "nhận tệp có nội dung không khớp X-Content-SHA256")


async def problems(probe: Probe) -> None:
    case = new_case()
    await probe.filed(case)
    marker = f"{new_key()}-không-được-lặp-lại"
    answers = (
        await probe.file({**case, "narrative_masked": marker}),
        await probe.file(new_case(severity=marker, restricted=marker)),
    )
    for answer in answers:
        problem(answer)
        expect(marker.split("-")[0] not in answer.text, "lời báo lỗi lặp lại nội dung đã gửi")


async def _state(probe: Probe, reference: str) -> StateOut:
    answer = await probe.send("GET", f"/v1/cases/{reference}")
    status(answer, 200, "không đọc được trạng thái")
    try:
        return StateOut.model_validate_json(answer.content)
    except ValueError:
        raise ClauseFailed("trạng thái thiếu reference, key, state hoặc updated_at, hoặc sai dạng") from None


def _says(answer: httpx.Response, code: str) -> None:
    expect(problem(answer)["type"] == f"urn:tiepdan:problem:{code}", f"«type» phải là urn:tiepdan:problem:{code}")


CLAUSES: tuple[Clause, ...] = (
    Clause("filing", "nhận một vụ việc, trả 201 và biên nhận", filing),
    Clause("same-key", "cùng mã, cùng nội dung: trả 200 và biên nhận cũ", same_key),
    Clause("other-body", "cùng mã, nội dung khác: từ chối bằng 409", other_body),
    Clause("different-keys", "hai mã là hai vụ việc", different_keys),
    Clause("find", "tìm lại biên nhận theo mã ngay sau khi nhận", find),
    Clause("find-unknown", "mã chưa dùng: 404", find_unknown),
    Clause("concurrency", f"{PARALLEL} lần gửi cùng lúc một mã: một vụ việc", concurrency),
    Clause("signature", "chữ ký sai, thiếu, của khóa lạ hay cho nội dung khác: 401", doors.signature),
    Clause("signed-key", "đổi Idempotency-Key sau khi ký: 401", doors.signed_key),
    Clause("timestamp", "giờ ký lệch quá 300 giây: 401", doors.timestamp),
    Clause("nonce", "dùng lại nonce: 401", doors.nonce),
    Clause("signed-reads", "đọc biên nhận và trạng thái cũng phải ký", doors.signed_reads),
    Clause("invalid", "thiếu trường hay không phải JSON: từ chối bằng 422 (400)", invalid),
    Clause("without-key", "thiếu Idempotency-Key: từ chối bằng 422 (400)", without_key),
    Clause("unknown-fields", "trường chưa biết được giữ nguyên", unknown_fields),
    Clause("large", f"nhận nội dung đến {MUST_TAKE_BYTES // 1024} KiB", large),
    Clause("too-large", f"nội dung hơn {MUST_REFUSE_BYTES // 1024} KiB: 413", too_large),
    Clause("unicode", "chữ Việt dựng sẵn, tổ hợp và mọi ký tự được giữ nguyên", unicode),
    Clause("events", "sự kiện: nhận một lần cho mỗi mã, tìm lại được", events),
    Clause("event-of-unknown-case", "sự kiện của vụ việc không có: 404", event_of_unknown_case),
    Clause("state", "đọc được trạng thái; vụ việc không có: 404", state),
    Clause("attachments", "tệp: nhận một lần, kiểm tra nội dung", attachments),
    Clause("problems", "lỗi ở dạng problem+json, không lặp lại nội dung đã gửi", problems),
)
