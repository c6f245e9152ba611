"""The second step of signing in: set up, asked for, used once, lost, taken away."""

import asyncio

import pytest

from bot.store import Store
from channels.console import PREFIX
from tests.integration.console_client import STAFF, Desk, open_desk, password_of, sign_in, with_totp
from tests.integration.web_client import problem_of

WHO = STAFF["supervisor"]
PASSWORD = password_of("supervisor")


@pytest.fixture
def desk(store: Store) -> Desk:
    return open_desk(store)


async def test_once_confirmed_the_code_is_asked_for(desk: Desk) -> None:
    client, secret, codes = await with_totp(desk, "supervisor")
    async with client:
        assert (await client.get(f"{PREFIX}/session")).json()["totp"]
    assert len(set(codes)) == 10
    desk.pass_time(minutes=1)
    async with desk.client() as other:
        needed = await sign_in(other, WHO.id, PASSWORD)
        assert problem_of(needed, 401)["type"].endswith("code-needed")
        assert not other.cookies
        entered = await sign_in(other, WHO.id, PASSWORD, desk.time_code(secret))
        assert entered.json()["totp"]
    assert desk.done("totp_on")[0].subject == WHO.id
    assert desk.done("login")[-1].reason == "mật khẩu và mã"


async def test_a_wrong_password_is_refused_before_any_code_is_asked_for(desk: Desk) -> None:
    client, secret, _ = await with_totp(desk, "supervisor")
    await client.aclose()
    desk.pass_time(minutes=1)
    async with desk.client() as other:
        for code in (None, desk.time_code(secret)):
            refused = await sign_in(other, WHO.id, "sai mật khẩu rồi nhé", code)
            assert problem_of(refused, 401)["type"].endswith("login-refused")


async def test_what_is_shown_is_a_picture_an_address_and_the_secret(desk: Desk) -> None:
    async with await desk.enter("supervisor") as client:
        begun = (await client.post(f"{PREFIX}/totp/start")).json()
        assert begun["secret"] in begun["uri"]
        assert begun["svg"].startswith("<svg")
        assert (await client.get(f"{PREFIX}/session")).json()["totp"] is False
        again = (await client.post(f"{PREFIX}/totp/start")).json()
        assert again["secret"] != begun["secret"]
        # Only the last one that was shown counts.
        old = await client.post(f"{PREFIX}/totp/confirm", json={"code": desk.time_code(begun["secret"])})
        problem_of(old, 401)
        new = await client.post(f"{PREFIX}/totp/confirm", json={"code": desk.time_code(again["secret"])})
        assert new.status_code == 200


async def test_until_confirmed_nothing_is_asked_for(desk: Desk) -> None:
    async with await desk.enter("supervisor") as client:
        await client.post(f"{PREFIX}/totp/start")
        problem_of(await client.post(f"{PREFIX}/totp/confirm", json={"code": "000000"}), 401)
    async with desk.client() as other:
        assert (await sign_in(other, WHO.id, PASSWORD)).status_code == 200


async def test_no_code_opens_twice(desk: Desk) -> None:
    client, secret, _ = await with_totp(desk, "supervisor")
    confirmed_with = desk.time_code(secret)
    await client.aclose()
    async with desk.client() as other:
        problem_of(await sign_in(other, WHO.id, PASSWORD, confirmed_with), 401)
        desk.pass_time(minutes=1)
        code = desk.time_code(secret)
        assert (await sign_in(other, WHO.id, PASSWORD, code)).status_code == 200
        problem_of(await sign_in(other, WHO.id, PASSWORD, code), 401)
        problem_of(await sign_in(other, WHO.id, PASSWORD, desk.time_code(secret, -1)), 401)
        assert (await sign_in(other, WHO.id, PASSWORD, desk.time_code(secret, 1))).status_code == 200


async def test_of_two_who_use_one_code_at_once_one_gets_in(desk: Desk) -> None:
    client, secret, codes = await with_totp(desk, "supervisor")
    await client.aclose()
    desk.pass_time(minutes=1)
    for code in (desk.time_code(secret), codes[0]):
        async with desk.client() as other:
            answers = await asyncio.gather(*(sign_in(other, WHO.id, PASSWORD, code) for _ in range(3)))
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401]


@pytest.mark.parametrize("step", [-2, 2])
async def test_a_code_of_another_minute_is_refused(desk: Desk, step: int) -> None:
    client, secret, _ = await with_totp(desk, "supervisor")
    await client.aclose()
    desk.pass_time(minutes=10)
    async with desk.client() as other:
        problem_of(await sign_in(other, WHO.id, PASSWORD, desk.time_code(secret, step)), 401)


async def test_a_recovery_code_opens_once_and_the_log_says_how_many_are_left(desk: Desk) -> None:
    client, _, codes = await with_totp(desk, "supervisor")
    await client.aclose()
    async with desk.client() as other:
        assert (await sign_in(other, WHO.id, PASSWORD, codes[3].lower())).status_code == 200
        problem_of(await sign_in(other, WHO.id, PASSWORD, codes[3]), 401)
        assert (await sign_in(other, WHO.id, PASSWORD, codes[4].replace("-", " "))).status_code == 200
    assert "còn 8 mã" in desk.done("login")[-1].reason
    assert not any(code in str(desk.audit()) for code in codes)


async def test_setting_it_up_ends_the_other_sessions(desk: Desk) -> None:
    async with await desk.enter("supervisor") as before:
        client, _, _ = await with_totp(desk, "supervisor")
        async with client:
            assert (await client.get(f"{PREFIX}/session")).status_code == 200
            assert (await before.get(f"{PREFIX}/session")).status_code == 401


async def test_it_is_set_up_once_and_taken_away_with_the_password(desk: Desk) -> None:
    client, _, _ = await with_totp(desk, "supervisor")
    async with client:
        problem_of(await client.post(f"{PREFIX}/totp/start"), 409)
        problem_of(await client.post(f"{PREFIX}/totp/confirm", json={"code": "123456"}), 409)
        refused = await client.request("DELETE", f"{PREFIX}/totp", json={"password": "sai mật khẩu rồi nhé"})
        problem_of(refused, 401)
        assert (await client.get(f"{PREFIX}/session")).json()["totp"]
        assert (await client.request("DELETE", f"{PREFIX}/totp", json={"password": PASSWORD})).status_code == 200
        problem_of(await client.request("DELETE", f"{PREFIX}/totp", json={"password": PASSWORD}), 409)
    async with desk.client() as other:
        assert (await sign_in(other, WHO.id, PASSWORD)).status_code == 200
    assert [entry.action for entry in desk.audit() if entry.action.startswith("totp")] == ["totp_on", "totp_off"]


async def test_an_open_screen_is_no_place_to_guess_the_password(desk: Desk) -> None:
    client, _, _ = await with_totp(desk, "supervisor")
    async with client:
        codes = []
        for number in range(7):
            given = {"password": f"đoán lần thứ {number} thôi"}
            codes.append((await client.request("DELETE", f"{PREFIX}/totp", json=given)).status_code)
        assert codes == [401] * 5 + [423] * 2
        locked = await client.post(f"{PREFIX}/password", json={"old": PASSWORD, "new": "mưa rào trên mái tôn"})
        problem_of(locked, 423)
