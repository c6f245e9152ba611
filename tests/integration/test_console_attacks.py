"""Attacks on signing in: guessing, in a row and at once, and telling accounts apart."""

import asyncio
import contextlib

import httpx
import pytest

from bot.core.errors import AccountConflict, LoginLocked, LoginRefused
from bot.store import Store
from channels.console import PREFIX
from channels.console.browser import Site
from tests.contracts.steps import together
from tests.integration.console_client import STAFF, Desk, open_desk, password_of, sign_in, with_totp
from tests.integration.web_client import problem_of

WHO = STAFF["operator"]
WRONG = "không phải mật khẩu này"


@pytest.fixture
def desk(store: Store) -> Desk:
    return open_desk(store)


async def guess(desk: Desk, user: str, times: int, address: str = "10.0.0.66") -> list[int]:
    async with desk.client(address=address) as client:
        return [(await sign_in(client, user, WRONG)).status_code for _ in range(times)]


async def test_guessing_locks_the_account_but_not_its_open_session(desk: Desk) -> None:
    async with await desk.enter("operator") as open_session:
        assert await guess(desk, WHO.id, 6) == [401] * 5 + [423]
        async with desk.client() as rightful:
            problem = await sign_in(rightful, WHO.id, password_of("operator"))
            assert problem_of(problem, 423)["type"].endswith("locked")
            assert 0 < int(problem.headers["retry-after"]) <= 60
            assert (await open_session.get(f"{PREFIX}/session")).status_code == 200
            assert (await open_session.post(f"{PREFIX}/session/touch")).status_code == 200
            desk.pass_time(seconds=61)
            assert (await sign_in(rightful, WHO.id, password_of("operator"))).status_code == 200


async def test_each_round_of_guessing_waits_twice_as_long(desk: Desk) -> None:
    waits = []
    await guess(desk, WHO.id, 4)
    async with desk.client(address="10.0.0.66") as client:
        for _ in range(8):
            assert (await sign_in(client, WHO.id, WRONG)).status_code == 401
            refused = await sign_in(client, WHO.id, WRONG)
            assert refused.status_code == 423
            waits.append(int(refused.headers["retry-after"]))
            desk.pass_time(seconds=waits[-1])
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]


async def test_a_lock_says_nothing_of_whether_there_is_an_account(desk: Desk) -> None:
    known, unknown = await guess(desk, WHO.id, 7, "10.0.0.1"), await guess(desk, "khong.co", 7, "10.0.0.2")
    assert known == unknown == [401] * 5 + [423] * 2
    async with desk.client(address="10.0.0.3") as client:
        answers = [await sign_in(client, user, WRONG) for user in (WHO.id, "khong.co")]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["retry-after"] == answers[1].headers["retry-after"]


async def test_capitals_and_spaces_are_no_way_round_the_lock(desk: Desk) -> None:
    names = [WHO.id, WHO.id.upper(), f" {WHO.id}", f"{WHO.id} ", WHO.id.title()]
    async with desk.client() as client:
        assert [(await sign_in(client, name, WRONG)).status_code for name in names] == [401] * 5
        assert (await sign_in(client, WHO.id, password_of("operator"))).status_code == 423


async def test_the_same_work_is_done_for_names_without_an_account(desk: Desk) -> None:
    """So that time tells nothing: one look at a hash with the same parameters, whatever is wrong."""
    with desk.store() as unit:
        unit.principals.deactivate(STAFF["auditor"].id, desk.clock.now())
        unit.commit()
    async with desk.client() as client:
        for user in (WHO.id, "khong.co", STAFF["auditor"].id, "x"):
            before = desk.passwords.verified
            problem_of(await sign_in(client, user, WRONG), 401)
            assert desk.passwords.verified - before == 1, user


async def test_while_locked_nothing_is_hashed(desk: Desk) -> None:
    await guess(desk, WHO.id, 5)
    before = desk.passwords.verified
    await guess(desk, WHO.id, 10)
    assert desk.passwords.verified == before


async def test_guesses_at_once_are_no_more_than_guesses_in_a_row(desk: Desk) -> None:
    async with desk.client() as client:
        answers = await asyncio.gather(*(sign_in(client, WHO.id, WRONG) for _ in range(15)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [423] * 10


async def test_one_address_cannot_try_one_password_at_everybody(desk: Desk) -> None:
    async with desk.client(address="10.0.0.66") as client:
        codes = [(await sign_in(client, f"ten.{number}", WRONG)).status_code for number in range(25)]
        assert codes == [401] * 20 + [423] * 5
        assert (await sign_in(client, WHO.id, password_of("operator"))).status_code == 423
    async with desk.client(address="10.0.0.7") as client:
        assert (await sign_in(client, WHO.id, password_of("operator"))).status_code == 200, "others go on"


async def test_an_own_account_does_not_clear_guessing_at_others(desk: Desk) -> None:
    codes = []
    async with desk.client(address="10.0.0.66") as client:
        for number in range(24):
            codes.append((await sign_in(client, f"ten.{number}", WRONG)).status_code)
            await sign_in(client, STAFF["unit"].id, password_of("unit"))
    assert codes.count(401) == 20


async def test_an_office_behind_one_address_is_not_locked_by_its_typing_slips(desk: Desk) -> None:
    async with desk.client(address="10.9.9.9") as client:
        for _ in range(30):  # a day: somebody mistypes every quarter of an hour, and then gets it right
            assert (await sign_in(client, WHO.id, WRONG)).status_code == 401
            assert (await sign_in(client, WHO.id, password_of("operator"))).status_code == 200
            desk.pass_time(minutes=15)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "shared"),
    [
        ("203.0.113.{}", frozenset(), True),  # nobody's word but our own proxy's is taken for an address
        ("203.0.113.{}", frozenset({"10.0.0.9"}), False),
        ("1.1.1.{}, 203.0.113.5", frozenset({"10.0.0.9"}), True),  # what the caller wrote before our proxy
        ("2001:db8:1:2::{}", frozenset({"10.0.0.9"}), True),  # one network of IPv6 is one house
        ("2001:db8:{}::1", frozenset({"10.0.0.9"}), False),
        ("::ffff:203.0.113.{}", frozenset({"10.0.0.9"}), False),
    ],
)
async def test_addresses_are_those_that_our_proxies_saw(
    store: Store, forwarded: str, proxies: frozenset[str], shared: bool
) -> None:
    desk = open_desk(store, site=Site(proxies=proxies))
    async with desk.client(address="10.0.0.9") as client:
        codes = []
        for number in range(22):
            client.headers["X-Forwarded-For"] = forwarded.format(number + 1)
            codes.append((await sign_in(client, f"ten.{number}", WRONG)).status_code)
    assert (423 in codes) is shared


async def test_locks_and_counts_are_in_the_log_but_no_typed_name(desk: Desk) -> None:
    await guess(desk, WHO.id, 5)
    await guess(desk, "mat-khau-go-nham-o-day", 5)
    locked = desk.done("login_locked")
    assert [(entry.principal, entry.subject) for entry in locked] == [(WHO.id, WHO.id), ("unknown", "unknown")]
    assert "sau 5 lần sai" in locked[0].reason
    assert "go-nham" not in str(desk.audit())
    desk.pass_time(minutes=2)
    async with desk.client() as client:
        await sign_in(client, WHO.id, password_of("operator"))
    assert "sau 5 lần sai" in desk.done("login")[-1].reason


async def test_a_stolen_password_alone_does_not_open_an_account_with_a_second_step(desk: Desk) -> None:
    client, secret, _ = await with_totp(desk, "operator")
    await client.aclose()
    desk.pass_time(minutes=5)
    async with desk.client(address="10.0.0.66") as thief:
        answers: list[httpx.Response] = []
        for number in range(12):  # password alone in between, so that a success of half a step would clear the count
            answers.append(await sign_in(thief, WHO.id, password_of("operator")))
            answers.append(await sign_in(thief, WHO.id, password_of("operator"), f"{number:06}"))
        codes = [answer.status_code for answer in answers]
    wrong = [answer for answer in answers if answer.status_code == 401]
    assert sum(answer.json()["type"].endswith("login-refused") for answer in wrong) == 5
    assert codes[-1] == 423
    desk.pass_time(minutes=2)
    async with desk.client() as rightful:
        entered = await sign_in(rightful, WHO.id, password_of("operator"), desk.time_code(secret))
        assert entered.status_code == 200


def test_everything_at_once_ends_well(desk: Desk) -> None:
    """Right and wrong passwords, resets, locks and reading, from one address: nobody waits for ever, none is lost."""
    by = STAFF["administrator"]
    people = [who for who in STAFF if not who.startswith("administrator")]

    def work(job: int) -> int:
        done = 0
        for turn in range(6):
            who = people[(job + turn) % len(people)]
            wrong = (job + turn) % 4 == 0
            with contextlib.suppress(LoginRefused, LoginLocked, AccountConflict):
                if job == 0:
                    desk.administration.unlock(by, STAFF[who].id, "thử cùng lúc")
                elif job == 1 and turn % 3 == 0:
                    desk.administration.map_identity(by, STAFF[who].id, "subject", f"{job}-{turn}")
                else:
                    password = WRONG if wrong else password_of(who)
                    desk.signing_in.with_password(STAFF[who].id, password, None, "10.0.0.1")
            done += 1
        return done

    assert together(8, work) == [6] * 8
    with desk.store() as unit:
        assert unit.audit.verify() is None
    with desk.store() as unit:
        assert unit.audit.mismatches() == []
