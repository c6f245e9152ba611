"""Accounts of several channels are joined by a code that the citizen types, once, in time, and by nothing else."""

import random
from datetime import timedelta

import pytest

from bot.core.channels.joining import LIFE, LOCK, MAX_TRIES, Judged, TakeCode, new_code
from bot.core.errors import DecideAnew
from bot.core.messages import Turn
from bot.store import Store
from tests.contracts.steps import together
from tests.integration.talk_steps import NOW, Talks

MINE = "phiếu của tôi đến đâu rồi"


@pytest.fixture
def talks(store: Store) -> Talks:
    return Talks(store)


def test_a_case_filed_on_one_channel_is_followed_on_another_without_its_secret(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    number, _ = talks.codes[talks.file(web)]
    assert talks.says(zalo, MINE).act == "status_ask_number"
    assert talks.says(zalo, number).act == "status_ask_secret"
    talks.join(web, zalo)
    shown = talks.says(zalo, MINE)
    assert (shown.act, shown.data["case_number"]) == ("status", number)
    assert talks.says(zalo, number).act == "status"
    assert talks.presses(zalo, "j:cases").data["case_number"] == number


def test_nothing_is_shown_before_the_citizen_says_that_the_device_is_theirs(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    number, _ = talks.codes[talks.file(web)]
    talks.join(web, zalo, own=False)
    assert talks.says(zalo, "chuyện khác").act == "other", "the question was passed over"
    asked = talks.says(zalo, MINE)
    assert asked.act == "join_whose_first"
    assert [button.id for button in asked.buttons] == ["j:own", "j:others"]
    assert talks.says(zalo, number).act == "status_ask_secret"
    assert talks.says(zalo, MINE).act == "join_whose_first"
    assert talks.says(zalo, "cho mình").act == "join_own"
    assert talks.says(zalo, MINE).act == "status"


@pytest.mark.parametrize("answer", ["cho người khác", "máy dùng chung", "hỏi hộ mẹ tôi"])
def test_on_a_shared_device_nothing_is_joined(talks: Talks, answer: str) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    talks.file(web)
    talks.join(web, zalo, own=False)
    assert talks.says(zalo, answer).act == "join_others"
    assert talks.says(zalo, MINE).act == "status_ask_number"
    with talks.store() as unit:
        assert unit.joins.of(web) is unit.joins.of(zalo) is None


def test_it_works_both_ways_and_for_three(talks: Talks) -> None:
    web, zalo, telegram = talks.open("web"), talks.open("zalo"), talks.open("telegram")
    of_zalo = talks.codes[talks.file(zalo)][0]
    talks.join(web, zalo)
    assert talks.says(web, MINE).act == "join_whose_first", "the page too may be open on a shared machine"
    talks.presses(web, "j:own")
    assert talks.says(web, MINE).data["case_number"] == of_zalo
    talks.join(zalo, telegram)
    assert talks.says(telegram, MINE).data["case_number"] == of_zalo
    talks.now += timedelta(minutes=1)
    of_web = talks.codes[talks.file(web)][0]
    assert talks.says(telegram, MINE).data["case_number"] == of_web, "the latest first"
    assert talks.says(zalo, MINE).data["case_number"] == of_zalo, "its own before others'"


def test_a_code_works_once(talks: Talks) -> None:
    web, zalo, telegram = talks.open("web"), talks.open("zalo"), talks.open("telegram")
    talks.file(web)
    code = talks.code(web)
    assert talks.says(zalo, code).act == "join_whose"
    assert talks.says(telegram, code).act == "join_wrong"
    assert talks.says(zalo, code).act == "join_wrong"
    assert talks.says(telegram, MINE).act == "status_ask_number"


def test_of_two_who_type_it_at_once_one_is_joined(talks: Talks) -> None:
    web = talks.open("web")
    others = [talks.open("zalo") for _ in range(4)]
    code = talks.code(web)

    def take(job: int) -> bool:
        turn = Turn("t", others[job], "", None, talks.now, talks.now, 0)
        with talks.store() as unit:
            try:
                TakeCode(code).apply(unit, turn)
            except DecideAnew:
                return False
            unit.commit()
        return True

    assert sorted(map(bool, together(4, take))) == [False, False, False, True]
    with talks.store() as unit:
        assert len(unit.joins.group(web)) == 2


def test_a_code_lives_for_ten_minutes(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    code = talks.code(web)
    talks.now += LIFE - timedelta(seconds=2)
    with talks.store() as unit:
        assert unit.joins.judge(zalo, code, talks.now) is Judged.FITS
    talks.now += timedelta(seconds=2)
    assert talks.says(zalo, code).act == "join_wrong"


def test_a_new_code_makes_the_old_one_void(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    old = talks.code(web)
    new = talks.code(web)
    assert talks.says(zalo, old).act == "join_wrong"
    assert talks.says(zalo, f"mã là {new.lower()} nhé").act == "join_whose"


def test_ones_own_code_and_one_of_the_same_channel_join_nothing(talks: Talks) -> None:
    web, other_web, zalo = talks.open("web"), talks.open("web"), talks.open("zalo")
    talks.file(web)
    code = talks.code(web)
    assert talks.says(web, code).act == "join_own_code"
    assert talks.says(other_web, code).act == "join_same_channel"
    assert talks.says(other_web, MINE).act == "status_ask_number"
    assert talks.says(zalo, code).act == "join_whose", "neither used it up"
    assert talks.says(zalo, talks.code(web)).act == "join_already"


def test_guessing_is_stopped_after_a_few_tries_and_people_are_told_once(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    code = talks.code(web)
    for _ in range(MAX_TRIES):
        assert talks.says(zalo, new_code()).act == "join_wrong"
    assert talks.says(zalo, code).act == "join_wrong", "no code is looked at any more, the right one neither"
    assert talks.tasks() == ["join_guessing"]
    assert talks.says(web, code).act == "join_own_code", "somebody else is not locked"
    talks.now += LOCK
    assert talks.says(zalo, talks.code(web)).act == "join_whose"
    for _ in range(2 * MAX_TRIES):
        talks.says(web, new_code())
    assert talks.tasks() == ["join_guessing"]


def test_slips_of_a_code_count_as_tries_and_a_right_one_forgets_them(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    for _ in range(MAX_TRIES - 1):
        assert talks.says(zalo, "NT-0000-1111").act == "join_wrong"
    assert talks.says(zalo, talks.code(web)).act == "join_whose"
    talks.presses(zalo, "j:others")
    for _ in range(MAX_TRIES - 1):
        talks.says(zalo, "NT-0000-1111")
    assert talks.says(zalo, talks.code(web)).act == "join_whose"


def test_many_guessers_hit_no_code(talks: Talks) -> None:
    """Every conversation may guess five times: a hundred of them against ten codes that wait."""
    for _ in range(10):
        talks.code(talks.open("web"))
    chance = random.Random(5)
    with talks.store() as unit:
        for number in range(100):
            signs = "".join(chance.choice("ACDEFHKMNPRTXY34679") for _ in range(8))
            assert unit.joins.judge(f"nobody-{number}", f"NT-{signs[:4]}-{signs[4:]}", talks.now) is Judged.WRONG


def test_only_a_hash_of_a_code_is_stored(talks: Talks) -> None:
    web = talks.open("web")
    code = talks.code(web)
    with talks.store.engine.connect() as connection:
        [row] = connection.exec_driver_sql("SELECT * FROM join_codes").all()
    told = " ".join(map(str, row))
    assert code not in told
    assert code.replace("-", "") not in told
    assert len(row[0]) == 64


def test_parting_takes_everything_back_that_joining_gave(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    number, secret = talks.codes[talks.file(web)]
    talks.join(web, zalo)
    assert talks.says(zalo, MINE).act == "status"
    assert talks.state(zalo).case_id is not None
    assert talks.says(zalo, "bỏ nối tài khoản").act == "join_left"
    assert talks.state(zalo).case_id is None
    assert talks.says(zalo, MINE).act == "status_ask_number"
    assert talks.says(zalo, number).act == "status_ask_secret"
    assert talks.says(zalo, secret).act == "status", "with the secret as ever"
    assert talks.says(web, MINE).act == "status", "its own case stays where it was filed"
    assert talks.says(web, "hủy liên kết tài khoản").act == "join_none"


def test_when_the_other_side_parts_a_case_at_hand_is_gone_too(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    number, _ = talks.codes[talks.file(web)]
    talks.join(web, zalo)
    assert talks.says(zalo, number).act == "status"
    assert talks.presses(web, "j:leave").act == "join_left"
    assert talks.says(zalo, number).act == "status_ask_secret"
    assert talks.state(zalo).case_id is None


def test_a_case_opened_with_its_secret_stays_open_after_parting(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    number, secret = talks.codes[talks.file(web)]
    talks.join(web, zalo)
    talks.says(zalo, "bỏ nối tài khoản")
    talks.says(zalo, number)
    talks.says(zalo, secret)
    talks.join(web, zalo)
    talks.says(zalo, number)
    talks.says(zalo, "bỏ nối tài khoản")
    assert talks.says(zalo, number).act == "status"


def test_a_code_that_waits_is_void_after_parting(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    code = talks.code(web)
    talks.says(web, "bỏ nối tài khoản")
    assert talks.says(zalo, code).act == "join_wrong"


def test_who_clears_a_conversation_is_joined_no_more(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    talks.file(web)
    talks.join(web, zalo)
    with talks.store() as unit:
        unit.erase_conversation(web, NOW)
        unit.commit()
    assert talks.says(zalo, MINE).act == "status_ask_number"


@pytest.mark.parametrize("button", ["j:own", "j:others", "j:here", "j:there", "j:cases"])
def test_buttons_that_nobody_was_given_do_nothing(talks: Talks, button: str) -> None:
    web = talks.open("web")
    talks.file(talks.open("zalo"))
    assert talks.presses(web, button).act == "join_none"
    assert talks.presses(web, "j:x").act == "other"
    with talks.store() as unit:
        assert unit.joins.of(web) is None


def test_others_know_nothing_of_it(talks: Talks) -> None:
    web, zalo, stranger = talks.open("web"), talks.open("zalo"), talks.open("zalo")
    number, _ = talks.codes[talks.file(web)]
    talks.join(web, zalo)
    assert talks.says(stranger, MINE).act == "status_ask_number"
    assert talks.says(stranger, number).act == "status_ask_secret"


def test_notices_go_where_a_case_was_filed_unless_chosen(talks: Talks) -> None:
    web, zalo = talks.open("web"), talks.open("zalo")
    with talks.store() as unit:
        assert unit.joins.notified(web) == web
    talks.join(web, zalo)
    with talks.store() as unit:
        assert unit.joins.notified(web) == web
    assert talks.presses(zalo, "j:here").act == "join_notices_here"
    with talks.store() as unit:
        assert (unit.joins.notified(web), unit.joins.notified(zalo)) == (zalo, zalo)
    assert talks.presses(zalo, "j:there").act == "join_notices_there"
    with talks.store() as unit:
        assert unit.joins.notified(web) == web
    talks.presses(zalo, "j:here")
    talks.says(zalo, "bỏ nối tài khoản")
    with talks.store() as unit:
        assert unit.joins.notified(web) == web


def test_one_persons_two_groups_become_one(talks: Talks) -> None:
    web, zalo, telegram, other = (talks.open(c) for c in ("web", "zalo", "telegram", "web"))
    talks.join(web, zalo)
    talks.join(telegram, other)
    talks.join(zalo, telegram)
    with talks.store() as unit:
        assert sorted(unit.joins.group(web)) == sorted([web, zalo, telegram, other])
        unit.joins.leave(zalo)
        unit.joins.leave(other)
        assert sorted(unit.joins.group(web)) == sorted([web, telegram])
        unit.joins.leave(web)
        assert unit.joins.of(telegram) is None
        unit.commit()


def test_the_clock_of_a_turn_decides(talks: Talks) -> None:
    assert talks.now == NOW
    web, zalo = talks.open("web"), talks.open("zalo")
    code = talks.code(web)
    with talks.store() as unit:
        assert unit.joins.judge(zalo, code, talks.now + LIFE + timedelta(seconds=1)) is Judged.WRONG
