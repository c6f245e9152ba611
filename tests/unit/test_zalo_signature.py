"""Signatures of Zalo's webhook: every documented variant, and nothing else."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.zalo.signature import (
    VARIANTS,
    SignatureRefused,
    SignatureRules,
    Variant,
    is_handshake,
    mac,
    parse_variants,
    verify,
)

BODY = (
    '{"app_id":"1000000000000000001","event_name":"user_send_text","sender":{"id":"2000000000000000002"},'
    '"recipient":{"id":"3000000000000000003"},"user_id_by_app":"4000000000000000004","message":{"msg_id":"m1",'
    '"text":"Thủ tục cấp đổi CCCD"},"timestamp":"1790000000000"}'
).encode()
APP, ACCOUNT, STAMP = "1000000000000000001", "3000000000000000003", "1790000000000"
NOW = datetime.fromtimestamp(1790000000, UTC)
RULES = SignatureRules(oa_secret="OA_SECRET_EXAMPLE", app_secret="APP_SECRET_EXAMPLE")
# The vectors of the fact sheet.
BY_APP = "mac=31fa9ddc05e1c6a0f3a9e55629396f0f6ca71db2c81830c1bd013bc5f6b12ea2"
BY_ACCOUNT = "mac=c926216b99a23ca15bac0e9a6a5de390b27ad171670a93f3a9e4d4d482c3e609"


def signed(mac_: str, **headers: str) -> dict[str, str]:
    return {"x-zevent-signature": mac_} | {name.replace("_", "-"): value for name, value in headers.items()}


def refusal(body: bytes, headers: dict[str, str], rules: SignatureRules = RULES, now: datetime = NOW) -> str:
    try:
        verify(body, headers, rules, now)
    except SignatureRefused as refused:
        return refused.code
    return ""


def test_the_vectors_of_the_fact_sheet() -> None:
    assert mac(APP, BODY, STAMP, "OA_SECRET_EXAMPLE") == BY_APP
    assert str(verify(BODY, signed(BY_APP), RULES, NOW)) == "app_id-body-oa"
    assert str(verify(BODY, signed(BY_ACCOUNT), RULES, NOW)) == "oa_id-body-oa"


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@pytest.mark.parametrize("known", [True, False])
def test_every_variant_is_told(variant: Variant, known: bool) -> None:
    stamp = STAMP if variant.time == "body" else "1790000000777"
    secret = RULES.oa_secret if variant.secret == "oa" else RULES.app_secret
    first = APP if variant.first == "app_id" else ACCOUNT
    digest = hashlib.sha256(first.encode() + BODY + stamp.encode() + secret.encode()).hexdigest()
    rules = replace(RULES, app_id=APP, oa_id=ACCOUNT) if known else RULES
    headers = signed(f"mac={digest}", x_zevent_timestamp="1790000000777")
    assert verify(BODY, headers, rules, NOW) == variant
    others = tuple(other for other in VARIANTS if other != variant)
    assert refusal(BODY, headers, replace(rules, variants=others)) == "wrong"
    assert verify(BODY, headers, replace(rules, variants=(variant,)), NOW) == variant


def test_upper_case_and_a_missing_prefix_are_taken() -> None:
    assert refusal(BODY, signed(BY_APP.removeprefix("mac=").upper())) == ""


@pytest.mark.parametrize(
    ("headers", "code"),
    [({}, "missing"), (signed(""), "missing"), (signed("mac="), "malformed"), (signed("mac=zz"), "malformed"),
     (signed(BY_APP + "0"), "malformed"), (signed("mac=" + "0" * 64), "wrong"),
     (signed("mác=" + "0" * 64), "malformed"),
     (signed(BY_APP[:-1] + "3"), "wrong")],
)  # fmt: skip
def test_other_signatures_are_refused(headers: dict[str, str], code: str) -> None:
    assert refusal(BODY, headers) == code


def test_the_raw_bytes_count() -> None:
    assert refusal(BODY + b" ", signed(BY_APP)) == "wrong"
    assert refusal(json.dumps(json.loads(BODY)).encode(), signed(BY_APP)) == "wrong"


def test_without_a_secret_nothing_is_accepted() -> None:
    bare = SignatureRules()
    assert refusal(BODY, signed(mac(APP, BODY, STAMP, "")), bare) == "wrong"
    assert refusal(BODY, signed(BY_APP), replace(RULES, oa_secret="")) == "wrong"


def test_another_application_is_refused_where_ours_is_known() -> None:
    assert refusal(BODY, signed(BY_APP), replace(RULES, app_id="7", oa_id="8")) == "wrong"


@pytest.mark.parametrize(
    ("after", "code"),
    [(timedelta(hours=23), ""), (timedelta(hours=25), "stale"), (-timedelta(minutes=9), ""),
     (-timedelta(minutes=11), "stale"), (timedelta(hours=2), "")],
)  # fmt: skip
def test_old_and_future_events_are_refused(after: timedelta, code: str) -> None:
    assert refusal(BODY, signed(BY_APP), now=NOW + after) == code


def test_a_fresh_header_does_not_make_an_old_body_young() -> None:
    late = NOW + timedelta(days=3)
    stamp = str(int(late.timestamp() * 1000))
    assert refusal(BODY, signed(BY_APP, x_zevent_timestamp=stamp), now=late) == "stale"


def test_the_terms_cannot_be_moved_into_each_other() -> None:
    # The digits of the time, moved into the body, give the same bytes under the digest but no JSON.
    moved = BODY + STAMP[:1].encode()
    assert mac(APP, moved, STAMP[1:], "OA_SECRET_EXAMPLE") == BY_APP
    assert refusal(moved, signed(BY_APP, x_zevent_timestamp=STAMP[1:])) == "malformed"


def test_the_unsigned_body_of_saving_the_address() -> None:
    assert is_handshake(b"{}")
    assert is_handshake(b" {}\n")
    assert not is_handshake(b"")
    assert not is_handshake(b"{ }x")
    assert not is_handshake(BODY)


def test_variants_are_named_in_settings() -> None:
    assert [str(variant) for variant in parse_variants("oa_id-body-oa, app_id-header-app")] == [
        "oa_id-body-oa", "app_id-header-app",
    ]  # fmt: skip
    assert parse_variants("") == VARIANTS
    assert str(VARIANTS[0]) == "app_id-body-oa"
    with pytest.raises(ValueError, match="app_id-body-oa"):
        parse_variants("app_id")


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=120) | st.sampled_from([BODY, b"{}", b'{"timestamp":{}}', b'{"sender":1,"timestamp":1}']),
    st.text(max_size=80) | st.sampled_from([BY_APP, BY_ACCOUNT]),
    st.text(max_size=20),
)
def test_anything_is_accepted_as_signed_or_refused(body: bytes, claimed: str, stamp: str) -> None:
    code = refusal(body, signed(claimed, x_zevent_timestamp=stamp))
    assert code in {"missing", "malformed", "wrong", "stale"} or (body == BODY and claimed in {BY_APP, BY_ACCOUNT})


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    changed = bytearray(BODY)
    changed[place % len(changed)] ^= change
    assert refusal(bytes(changed), signed(BY_APP)) in {"malformed", "wrong"}
