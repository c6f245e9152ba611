"""Signatures: whatever is changed or repeated is refused, and the scheme stays what integrators were told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.backend.signing import (
    KEY_ID,
    NONCE,
    SIGNATURE,
    TIMESTAMP,
    MemoryNonces,
    Signable,
    SignatureRefused,
    SigningKey,
    Verifier,
    signature,
    signed_headers,
)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
KEY = SigningKey("tiepdan", "một-bí-mật-đủ-dài-để-dùng-chung-01")
REQUEST = Signable("POST", "/v1/cases?a=%C3%A0", "nội dung".encode(), "0123456789")


def verifier() -> Verifier:
    return Verifier({KEY.id: KEY}, MemoryNonces())


def judge(headers: dict[str, str], request: Signable, at: datetime = NOW, by: Verifier | None = None) -> str:
    """Return "" when accepted, else the code of the refusal."""
    by = by or verifier()
    try:
        by.check(by.credentials(headers, at), request, at)
    except SignatureRefused as refusal:
        return refusal.code
    return ""


def test_the_scheme_is_the_one_of_the_documentation() -> None:
    # Worked by hand with: printf '…' | openssl dgst -sha256 -hmac SECRET (docs/backend.md).
    key = SigningKey("tiepdan", "0123456789abcdef0123456789abcdef")
    request = Signable("POST", "/v1/cases", b'{"a":1}', "case-0001")
    assert (
        signature(key, request, "1795230000", "AAAAAAAAAAAAAAAAAAAAAAAA")
        == "329d499c247d1181f72c315b4e7431f3c1abc44f598268a4c21e0a0d66a2f9e9"
    )


def test_a_signed_request_is_accepted() -> None:
    assert judge(signed_headers(KEY, REQUEST, NOW), REQUEST) == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "PUT"},
        {"target": "/v1/cases?a=%C3%A1"},
        {"body": b"noi dung"},
        {"idempotency_key": "0123456780"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_changed_request_is_refused(changed: dict[str, str]) -> None:
    headers = signed_headers(KEY, REQUEST, NOW)
    assert judge(headers, replace(REQUEST, **changed)) == SignatureRefused.WRONG  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [KEY_ID, TIMESTAMP, NONCE, SIGNATURE])
def test_every_header_is_needed_and_covered(name: str) -> None:
    headers = signed_headers(KEY, REQUEST, NOW)
    assert judge({k: v for k, v in headers.items() if k != name}, REQUEST) == SignatureRefused.MISSING
    other = {
        KEY_ID: "another",
        TIMESTAMP: str(int(NOW.timestamp()) + 1),
        NONCE: "A" * 24,
        SIGNATURE: "0" * 64,
    }
    expected = SignatureRefused.UNKNOWN_KEY if name == KEY_ID else SignatureRefused.WRONG
    assert judge({**headers, name: other[name]}, REQUEST) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (KEY_ID, "a b"),
        (TIMESTAMP, "-1"),
        (TIMESTAMP, "1e9"),
        (TIMESTAMP, "١٢٣"),
        (NONCE, "short"),
        (NONCE, "a" * 65),
        (NONCE, "a" * 20 + "\n"),
        (SIGNATURE, "0" * 63),
        ("idempotency-key", "a\nb"),
    ],
)
def test_malformed_headers_are_refused(name: str, value: str) -> None:
    headers = {**signed_headers(KEY, REQUEST, NOW), name: value}
    assert judge(headers, REQUEST) == SignatureRefused.MALFORMED


@pytest.mark.parametrize(
    ("seconds", "code"), [(-301, "timestamp-out-of-range"), (-300, ""), (300, ""), (301, "timestamp-out-of-range")]
)
def test_old_and_future_requests_are_refused(seconds: int, code: str) -> None:
    assert judge(signed_headers(KEY, REQUEST, NOW + timedelta(seconds=seconds)), REQUEST) == code


def test_no_request_is_accepted_twice_while_its_time_is_in_range() -> None:
    by, headers = verifier(), signed_headers(KEY, REQUEST, NOW + timedelta(seconds=300))
    assert judge(headers, REQUEST, NOW, by) == ""
    for seconds in (0, 1, 299, 600):
        assert judge(headers, REQUEST, NOW + timedelta(seconds=seconds), by) == SignatureRefused.NONCE
    assert judge(headers, REQUEST, NOW + timedelta(seconds=601), by) == SignatureRefused.TIMESTAMP


def test_strangers_do_not_fill_the_memory_of_nonces() -> None:
    class Counting(MemoryNonces):
        asked = 0

        def remember(self, key_id: str, nonce: str, until: int, now: int) -> bool:
            self.asked += 1
            return super().remember(key_id, nonce, until, now)

    nonces = Counting()
    by = Verifier({KEY.id: KEY}, nonces)
    stranger = SigningKey(KEY.id, "một-bí-mật-khác-cũng-đủ-dài-để-dùng")
    assert judge(signed_headers(stranger, REQUEST, NOW), REQUEST, by=by) == SignatureRefused.WRONG
    assert nonces.asked == 0
    assert judge(signed_headers(KEY, REQUEST, NOW), REQUEST, by=by) == ""
    assert nonces.asked == 1


def test_old_nonces_are_forgotten() -> None:
    nonces = MemoryNonces()
    assert nonces.remember("k", "n", until=10, now=0)
    assert not nonces.remember("k", "n", until=10, now=10)
    assert nonces.remember("other", "n", until=10, now=10)
    assert nonces.remember("k", "n", until=20, now=11)


def test_a_short_secret_is_refused_and_a_secret_is_not_shown() -> None:
    with pytest.raises(ValueError, match="32"):
        SigningKey("tiepdan", "ngắn")
    assert KEY.secret not in repr(KEY)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_two_bodies_never_share_a_signature(one: bytes, other: bytes) -> None:
    signed = [signature(KEY, replace(REQUEST, body=body), "1", "n") for body in (one, other)]
    assert (signed[0] == signed[1]) == (one == other)
