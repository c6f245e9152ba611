"""Accounts of others: made, reset, locked, given other roles by administrators; every act in the log."""

import pytest

from bot.core.cases.people import Principal, Role
from bot.core.errors import AccountConflict
from bot.store import Store
from channels.console import PREFIX
from channels.desk import token_hash
from tests.integration.console_client import STAFF, Desk, open_desk, password_of, sign_in, with_totp
from tests.integration.web_client import problem_of

USERS = f"{PREFIX}/users"
WHO = STAFF["operator"]
NEW = {"id": "bao.tv", "name": "Trần Văn Bảo", "role": "operator", "unit": "HN-SNV"}
OWN = "mưa rào trên mái tôn"


@pytest.fixture
def desk(store: Store) -> Desk:
    return open_desk(store)


async def listed(desk: Desk, user: str) -> dict[str, object]:
    async with await desk.enter("administrator") as client:
        found = {each["id"]: each for each in (await client.get(USERS)).json()}
    row: dict[str, object] = found[user]
    return row


async def test_a_new_user_changes_the_one_time_password_before_anything_else(desk: Desk) -> None:
    async with await desk.enter("administrator") as administrator:
        made = await administrator.post(USERS, json=NEW)
        assert made.status_code == 200, made.text
        one_time = made.json()["one_time_password"]
    async with desk.client() as client:
        entered = await sign_in(client, "Bao.TV", one_time.lower())
        assert entered.json()["must_change_password"]
        client.headers["X-CSRF-Token"] = entered.json()["csrf"]
        assert (await client.get(f"{PREFIX}/session")).json()["must_change_password"]
        refused = await client.post(f"{PREFIX}/totp/start")
        assert problem_of(refused, 403)["type"].endswith("password-change-needed")
        changed = await client.post(f"{PREFIX}/password", json={"old": one_time, "new": OWN})
        assert not changed.json()["must_change_password"]
        client.headers["X-CSRF-Token"] = changed.json()["csrf"]
        assert (await client.post(f"{PREFIX}/totp/start")).status_code == 200
    async with desk.client() as client:
        problem_of(await sign_in(client, "bao.tv", one_time), 401)
        assert not (await sign_in(client, "bao.tv", OWN)).json()["must_change_password"]
    with desk.store() as unit:
        assert unit.audit.mismatches() == []


async def test_an_administrator_with_a_one_time_password_can_do_nothing_yet(desk: Desk) -> None:
    one_time = desk.administration.reset(STAFF["administrator"], STAFF["administrator2"].id)
    async with desk.client() as client:
        entered = await sign_in(client, STAFF["administrator2"].id, one_time)
        client.headers["X-CSRF-Token"] = entered.json()["csrf"]
        problem_of(await client.get(USERS), 403)
        problem_of(await client.post(USERS, json=NEW), 403)
    assert desk.done("user_add")[-1].subject != NEW["id"]


async def test_a_one_time_password_has_its_time(desk: Desk) -> None:
    one_time = desk.administration.reset(STAFF["administrator"], WHO.id)
    desk.pass_time(hours=72)
    async with desk.client() as client:
        problem_of(await sign_in(client, WHO.id, one_time), 401)


async def test_a_principal_with_tokens_alone_is_given_an_account_if_it_is_the_same_person(desk: Desk) -> None:
    known = Principal("cu.nv", "Nguyễn Văn Cừ", Role.OFFICER, "HN-SNV")
    with desk.store() as unit:
        unit.principals.add(known, desk.clock.now())
        unit.commit()
    given = {"id": known.id, "name": known.name, "role": "complaint_officer", "unit": "HN-SNV"}
    assert not (await listed(desk, known.id))["account"]
    async with await desk.enter("administrator") as client:
        problem_of(await client.post(USERS, json={**given, "role": "administrator"}), 409)
        problem_of(await client.post(USERS, json={**given, "name": "Nguyễn Văn Khác"}), 409)
        assert (await client.post(USERS, json=given)).status_code == 200
        problem_of(await client.post(USERS, json=given), 409)
    assert (await listed(desk, known.id))["account"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"id": WHO.id}, 409),
        ({"id": WHO.id.upper()}, 409),  # it would be typed the same
        ({"id": "x"}, 422),
        ({"id": "có dấu"}, 422),
        ({"id": "../../etc"}, 422),
        ({"id": "<script>"}, 422),
        ({"name": "Bảo"}, 422),
        ({"name": "  "}, 422),
        ({"role": "citizen"}, 422),
        ({"role": "backend"}, 422),
        ({"role": "boss"}, 422),
        ({"role": "unit", "unit": None}, 422),
        ({"unit": "XX-1"}, 422),
        ({"password": "tự đặt mật khẩu"}, 422),
    ],
)
async def test_an_account_that_cannot_be_is_refused(desk: Desk, changes: dict[str, object], status: int) -> None:
    async with await desk.enter("administrator") as client:
        problem_of(await client.post(USERS, json={**NEW, **changes}), status)
    with desk.store() as unit:
        assert len(unit.staff.accounts.all()) == len(unit.principals.all()) == len(STAFF)


async def test_a_reset_ends_sessions_forgets_failures_and_keeps_the_second_step(desk: Desk) -> None:
    client, secret, _ = await with_totp(desk, "operator")
    async with desk.client(address="10.0.0.66") as thief:
        for _ in range(5):
            await sign_in(thief, WHO.id, "đoán mò thôi mà")
    async with await desk.enter("administrator") as administrator:
        one_time = (await administrator.post(f"{USERS}/{WHO.id}/reset")).json()["one_time_password"]
    desk.pass_time(minutes=1)
    async with client:
        assert (await client.get(f"{PREFIX}/session")).status_code == 401
        problem_of(await sign_in(client, WHO.id, password_of("operator")), 401)
        problem_of(await sign_in(client, WHO.id, one_time), 401)
        entered = await sign_in(client, WHO.id, one_time, desk.time_code(secret))
        assert entered.json()["must_change_password"]
    assert desk.done("user_reset")[0].subject == WHO.id


async def test_whoever_lost_telephone_and_codes_comes_in_without_them(desk: Desk) -> None:
    client, _, codes = await with_totp(desk, "operator")
    await client.aclose()
    async with await desk.enter("administrator") as administrator:
        answer = await administrator.post(f"{USERS}/{WHO.id}/reset", json={"totp": True})
    async with desk.client() as client:
        entered = await sign_in(client, WHO.id, answer.json()["one_time_password"])
        assert entered.status_code == 200
        assert not entered.json()["totp"]
    assert "bước xác nhận" in desk.done("user_reset")[0].reason
    desk.pass_time(minutes=1)
    async with desk.client() as thief:
        problem_of(await sign_in(thief, WHO.id, answer.json()["one_time_password"][:-1], codes[0]), 401)


async def test_a_locked_user_is_out_at_once_with_tokens_and_sessions(desk: Desk) -> None:
    with desk.store() as unit:
        unit.principals.add_token(WHO.id, token_hash("t" * 40), desk.clock.now().replace(year=2027), desk.clock.now())
        unit.commit()
    async with await desk.enter("operator") as client, await desk.enter("administrator") as administrator:
        locked = await administrator.post(f"{USERS}/{WHO.id}/lock", json={"reason": "chuyển công tác"})
        assert locked.json() == {"done": True}
        assert (await client.get(f"{PREFIX}/session")).status_code == 401
        problem_of(await sign_in(client, WHO.id, password_of("operator")), 401)
        with desk.store() as unit:
            assert unit.principals.by_token(token_hash("t" * 40), desk.clock.now()) is None
        assert not (await listed(desk, WHO.id))["active"]
        assert (await administrator.post(f"{USERS}/{WHO.id}/unlock")).status_code == 200
        assert (await client.get(f"{PREFIX}/session")).status_code == 401
        assert (await sign_in(client, WHO.id, password_of("operator"))).status_code == 200
    assert desk.done("principal_disable")[0].reason == "chuyển công tác"
    assert len(desk.done("principal_enable")) == 1


async def test_unlocking_lets_in_whom_others_guesses_locked_out(desk: Desk) -> None:
    async with desk.client(address="10.0.0.66") as thief:
        for _ in range(5):
            await sign_in(thief, WHO.id, "đoán mò thôi mà")
    assert (await listed(desk, WHO.id))["locked_until"]
    async with await desk.enter("administrator") as administrator:
        await administrator.post(f"{USERS}/{WHO.id}/unlock", json={"reason": "đã hỏi qua điện thoại"})
    assert (await listed(desk, WHO.id))["locked_until"] is None
    async with desk.client() as client:
        assert (await sign_in(client, WHO.id, password_of("operator"))).status_code == 200


async def test_another_role_ends_the_sessions_and_is_in_force(desk: Desk) -> None:
    async with await desk.enter("operator") as client, await desk.enter("administrator") as administrator:
        given = {"role": "knowledge_editor", "unit": None}
        assert (await administrator.post(f"{USERS}/{WHO.id}/role", json=given)).status_code == 200
        assert (await client.get(f"{PREFIX}/session")).status_code == 401
        entered = await sign_in(client, WHO.id, password_of("operator"))
        assert entered.json()["user"]["role"] == "knowledge_editor"
        assert entered.json()["user"]["unit"] is None
    assert desk.done("principal_role")[0].reason == "knowledge_editor"
    with desk.store() as unit:
        assert unit.audit.mismatches() == []


@pytest.mark.parametrize("verb", ["lock", "role"])
async def test_nobody_locks_or_changes_themselves(desk: Desk, verb: str) -> None:
    own = STAFF["administrator"].id
    body = {"reason": "thử tự khóa"} if verb == "lock" else {"role": "operator"}
    async with await desk.enter("administrator") as client:
        problem_of(await client.post(f"{USERS}/{own}/{verb}", json=body), 409)
        assert (await client.get(f"{PREFIX}/session")).status_code == 200


def test_the_last_administrator_stays(desk: Desk) -> None:
    one, two = STAFF["administrator"], STAFF["administrator2"]
    machine = Principal("root", "root", Role.ADMINISTRATOR)  # as the command line acts
    desk.administration.change_role(one, two.id, Role.AUDITOR, None)
    for act in (
        lambda: desk.administration.lock(machine, one.id, "nghỉ hưu"),
        lambda: desk.administration.change_role(machine, one.id, Role.OPERATOR, None),
    ):
        with pytest.raises(AccountConflict) as raised:
            act()
        assert raised.value.code == "last-administrator"
    with desk.store() as unit:
        assert unit.staff.accounts.by_id(one.id).principal == one  # type: ignore[union-attr]
    assert desk.done("principal_disable") == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("reset", None),
        ("lock", {}),
        ("unlock", {}),
        ("role", {"role": "operator"}),
        ("sso", {"kind": "email", "value": "a@b.vn"}),
    ],
)
async def test_who_does_not_exist_is_not_found(desk: Desk, path: str, body: dict[str, str] | None) -> None:
    async with await desk.enter("administrator") as client:
        problem_of(await client.post(f"{USERS}/khong.co/{path}", json=body), 404)


async def test_identities_are_mapped_and_taken_away(desk: Desk) -> None:
    email = {"kind": "email", "value": "Thom.VT@hanoi.gov.example"}
    async with await desk.enter("administrator") as client:
        assert (await client.post(f"{USERS}/{WHO.id}/sso", json=email)).status_code == 200
        problem_of(await client.post(f"{USERS}/{STAFF['editor'].id}/sso", json=email), 409)
        rows = {each["id"]: each["sso"] for each in (await client.get(USERS)).json()}
        assert rows[WHO.id] == [{"kind": "email", "value": "thom.vt@hanoi.gov.example"}]
        for bad in ("không phải thư", "a@b@c", "@", ""):
            problem_of(await client.post(f"{USERS}/{WHO.id}/sso", json={**email, "value": bad}), 422)
        problem_of(await client.request("DELETE", f"{USERS}/{STAFF['editor'].id}/sso", json=email), 404)
        assert (await client.request("DELETE", f"{USERS}/{WHO.id}/sso", json=email)).status_code == 200
    with desk.store() as unit:
        assert unit.staff.accounts.mapped() == []
    with desk.store() as unit:
        assert unit.audit.mismatches() == []


def test_what_was_written_past_the_log_is_found(desk: Desk) -> None:
    """Whoever has the database alone: an account, an identity, a role of their own making."""
    by = STAFF["administrator"]
    desk.administration.map_identity(by, WHO.id, "email", "a@example.vn")
    with desk.store.writing() as connection:
        connection.exec_driver_sql("UPDATE account_identities SET principal_id = 'dai.hn'")
        connection.exec_driver_sql("UPDATE principals SET role = 'administrator' WHERE id = 'mai.ld'")
    with desk.store() as unit:
        found = {(each.what, each.subject) for each in unit.audit.mismatches()}
    assert found == {("identity", "dai.hn"), ("changed", "mai.ld")}
