"""Codes that people type, and the credentials that they are checked against."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pyotp import TOTP

from bot.core.staff.accounts import ConsoleSession, Credentials, Way, login_of
from bot.core.staff.codes import (
    ALPHABET,
    new_one_time_password,
    new_recovery_codes,
    one_time_form,
    recovery_hash,
    spend,
)
from bot.core.staff.marks import Marks
from bot.credentials import Argon2Passwords, PyotpCodes, qr_svg
from tests.integration.console_client import STAFF

NOW = datetime(2026, 11, 23, 2, 0, 10, tzinfo=UTC)
CODES = PyotpCodes()
# RFC 6238, appendix B: the shared secret of its test values, in base32.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_VALUES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


def held(**given: object) -> Credentials:
    return replace(Credentials(password="x", totp=RFC_SECRET), **given)  # type: ignore[arg-type]


def code(steps: int = 0) -> str:
    return TOTP(RFC_SECRET).at(NOW, counter_offset=steps)


@pytest.mark.parametrize(("seconds", "expected"), RFC_VALUES.items())
def test_time_codes_are_those_of_the_standard(seconds: int, expected: str) -> None:
    assert CODES.step(RFC_SECRET, expected, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_good_one_step_around_its_own(steps: int) -> None:
    after = spend(held(), code(steps), CODES, NOW)
    assert after is not None
    assert after.step == int(NOW.timestamp()) // 30 + steps


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_a_code_of_another_time_is_refused(steps: int) -> None:
    assert spend(held(), code(steps), CODES, NOW) is None


def test_no_code_is_taken_twice_nor_an_older_one_after_a_newer() -> None:
    after = spend(held(), code(), CODES, NOW)
    assert after is not None
    assert spend(after, code(), CODES, NOW) is None
    assert spend(after, code(-1), CODES, NOW) is None
    assert spend(after, code(1), CODES, NOW) is not None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000 0", "-1", "12345\n6"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert spend(held(), typed, CODES, NOW) is None


def test_a_code_may_be_typed_with_a_gap() -> None:
    assert spend(held(), f"{code()[:3]} {code()[3:]}", CODES, NOW) is not None


def test_recovery_codes_stand_in_once_each_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    credentials = held(recovery=tuple(recovery_hash(each) for each in codes))
    first = spend(credentials, codes[0].lower().replace("-", " "), CODES, NOW)
    assert first is not None
    assert len(first.recovery) == len(codes) - 1
    assert spend(first, codes[0], CODES, NOW) is None
    assert spend(first, codes[1].replace("-", ""), CODES, NOW) is not None


def test_without_a_second_step_no_code_is_right() -> None:
    assert spend(held(totp=None, recovery=(recovery_hash("AAAA"),)), "AAAA", CODES, NOW) is None


def test_codes_are_random_and_have_no_sign_that_is_misread() -> None:
    made = {new_one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert set("".join(made)) <= {*ALPHABET, "-"}
    assert not set(ALPHABET) & set("AEIOU01L2Z5S8B")
    assert len(set(new_recovery_codes())) == 10


def test_a_one_time_password_is_read_as_it_is_copied_from_paper() -> None:
    made = new_one_time_password()
    assert one_time_form(made.lower().replace("-", " ")) == one_time_form(made) == made.replace("-", "")


def test_a_one_time_password_has_its_time() -> None:
    until = NOW + timedelta(hours=72)
    one_time = Credentials().with_one_time("hash", until)
    assert one_time.must_change
    assert one_time.usable(until - timedelta(seconds=1))
    assert not one_time.usable(until)
    own = one_time.with_password("other")
    assert not own.must_change
    assert own.usable(until + timedelta(days=900))
    assert not Credentials().usable(NOW)


def test_credentials_come_back_as_they_were_stored() -> None:
    full = Credentials("h", True, NOW, "A", "B", 7, ("x", "y"))
    assert Credentials.from_json(full.to_json()) == full
    assert Credentials.from_json(Credentials().to_json()) == Credentials()


def test_taking_the_second_step_away_leaves_nothing_of_it() -> None:
    assert Credentials("h", False, None, "A", "B", 7, ("x",)).without_totp() == Credentials("h")


def test_a_session_lives_until_idle_or_old_or_locked() -> None:
    idle, who = timedelta(minutes=30), STAFF["operator"]
    session = ConsoleSession(who, Way.PASSWORD, NOW, NOW, NOW + timedelta(hours=12))
    assert session.alive(NOW + timedelta(minutes=29), idle)
    assert not session.alive(NOW + timedelta(minutes=30), idle)
    busy = replace(session, seen_at=NOW + timedelta(hours=11, minutes=59))
    assert busy.alive(NOW + timedelta(hours=11, minutes=59, seconds=59), idle)
    assert not busy.alive(NOW + timedelta(hours=12), idle)
    assert not replace(session, principal=replace(who, active=False)).alive(NOW, idle)


def test_a_login_is_the_same_however_it_is_written() -> None:
    assert login_of(" Lan.NT ") == login_of("lan.nt")


def test_marks_differ_by_purpose_key_and_value() -> None:
    marks, other = Marks("a" * 32), Marks("b" * 32)
    made = {marks.session("t"), marks.csrf("t"), marks.attempts("account", "t"), marks.attempts("address", "t")}
    made |= {marks.single_sign_on("state", "t"), marks.single_sign_on("nonce", "t")}
    made |= {other.session("t"), marks.session("u")}
    assert len(made) == 8
    assert marks.csrf("t") == Marks("a" * 32).csrf("t")


def test_argon2id_with_the_parameters_of_the_standard() -> None:
    hashed = Argon2Passwords().hash("chim hót ngoài đồng")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_passwords_fit_or_not() -> None:
    fast = Argon2Passwords(time_cost=1, memory_kib=8)
    hashed = fast.hash("đúng")
    assert hashed != fast.hash("đúng"), "each has a salt of its own"
    assert fast.verify(hashed, "đúng")
    assert not fast.verify(hashed, "sai")
    assert not fast.verify(None, "đúng")
    assert not fast.verify("no hash", "đúng")
    assert not fast.outdated(hashed)
    assert Argon2Passwords(time_cost=2, memory_kib=8).outdated(hashed)


def test_the_picture_is_plain_svg() -> None:
    drawn = qr_svg(CODES.uri(RFC_SECRET, "lan.nt"))
    assert drawn.startswith("<svg ")
    assert 'viewBox="' in drawn
    assert not {"<script", "style=", "href"} & {part for part in ("<script", "style=", "href") if part in drawn}
    assert "otpauth://totp/" in CODES.uri(RFC_SECRET, "lan.nt")
    assert "issuer=Ti%E1%BA%BFp%20D%C3%A2n" in CODES.uri(RFC_SECRET, "lan.nt")
