"""`tiepdan principal`: accounts are added and given tokens, never is nobody left to manage them, a lock is undone."""

import re

import pytest

from bot.cli import audit, cases, principals
from bot.core.cases.lifecycle import Verb
from bot.core.cases.people import Role
from bot.core.cases.state import Status
from bot.store import Store
from channels.desk import token_hash
from tests.integration.desk_client import PEOPLE, Office
from tests.unit.cli_steps import ME, call, number, office, refused, said

__all__ = ["office"]
APP = principals.principals_app


def admitted(store: Store, token: str, office: Office) -> bool:
    with store() as unit:
        return unit.principals.by_token(token_hash(token), office.clock.now()) is not None


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.ADMINISTRATOR])
def test_the_machines_user_takes_no_lesser_role(office: Office, role: str) -> None:
    for acts in ([], ["--as", "adm"]):
        arguments = ["add", ME, "--name", "Trần Văn Máy", "--role", role, "--unit", "HN-00004", *acts]
        assert re.search("người dùng của máy|không lập được", refused(APP, *arguments))
    said(APP, "disable", "of2", "--reason", "chuyển công tác")


def test_the_machines_user_may_be_a_named_administrator(office: Office) -> None:
    said(APP, "add", ME, "--name", "Trần Văn Máy", "--role", "administrator")
    said(APP, "disable", "of2", "--reason", "chuyển công tác")


def test_the_last_administrator_is_not_locked(office: Office) -> None:
    said(APP, "add", ME, "--name", "Trần Văn Máy", "--role", "administrator")
    said(APP, "disable", "adm", "--reason", "nghỉ hưu")
    assert "người quản trị cuối cùng" in refused(APP, "disable", ME, "--reason", "nghỉ việc")
    said(APP, "disable", "of2", "--reason", "vẫn còn làm được việc")
    log = said(audit.audit_app, "list")
    assert f"principal_disable  {ME}" not in log


def test_of_two_administrators_either_may_be_locked(office: Office) -> None:
    said(APP, "add", ME, "--name", "Trần Văn Máy", "--role", "administrator")
    said(APP, "disable", ME, "--reason", "nghỉ việc", "--as", "adm")
    assert "cuối cùng" in refused(APP, "disable", "adm", "--reason", "nghỉ hưu", "--as", "adm")
    assert "đã bị khóa" in refused(cases.cases_app, "list")
    assert "Hồ Ngọc Đại" in said(APP, "list"), "who is locked out sees whom to name"
    assert "đã mở khóa" in said(APP, "enable", ME, "--reason", "khóa nhầm", "--as", "adm")
    said(cases.cases_app, "list")


def test_an_administrator_may_be_locked_while_the_machines_user_is_one(office: Office) -> None:
    said(APP, "disable", "adm", "--reason", "nghỉ hưu")
    said(cases.cases_app, "list")


def test_a_locked_account_comes_back_without_its_old_tokens(office: Office) -> None:
    old = office.tokens["officer2"]
    said(APP, "disable", "of2", "--reason", "nghỉ thai sản")
    assert not admitted(office.store, old, office)
    said(APP, "enable", "of2", "--reason", "đi làm lại")
    assert not admitted(office.store, old, office)
    new = call(APP, "token", "of2").stdout.splitlines()[0]
    assert admitted(office.store, new, office)
    assert re.search(r"principal_enable  of2  \[dòng lệnh.*\] đi làm lại", said(audit.audit_app, "list"))
    assert said(audit.audit_app, "verify").strip() == "sổ còn nguyên"


def test_unlocking_who_is_not_locked_takes_no_token(office: Office) -> None:
    said(APP, "enable", "of2", "--reason", "bấm nhầm")
    assert admitted(office.store, office.tokens["officer2"], office)


@pytest.mark.parametrize("command", ["disable", "enable"])
@pytest.mark.parametrize("reason", ["", " ", "\t\n", "ab", "x" * 501])
def test_locks_need_a_reason(office: Office, command: str, reason: str) -> None:
    assert "reason" in refused(APP, command, "of2", "--reason", reason)
    assert admitted(office.store, office.tokens["officer2"], office)


@pytest.mark.parametrize("command", ["disable", "enable"])
def test_locks_are_for_administrators_and_for_accounts_that_exist(office: Office, command: str) -> None:
    assert "quản trị" in refused(APP, command, "of2", "--reason", "thử quyền", "--as", "sup")
    assert "không được phép" in refused(APP, command, "khong.co", "--reason", "không có ai")
    with office.store() as unit:
        assert [each for each in unit.principals.all() if not each.active] == []
        assert len(unit.principals.all()) == len(PEOPLE)


def test_principals_are_added_listed_and_given_tokens(office: Office) -> None:
    app = principals.principals_app
    assert "đã thêm lan.nt" in said(app, "add", "lan.nt", "--name", "Nguyễn Thị Lan", "--role", "complaint_officer")
    assert "Nguyễn Thị Lan" in said(app, "list")
    made = call(app, "token", "lan.nt")
    assert made.exit_code == 0
    token = made.stdout.splitlines()[0]
    assert re.fullmatch(r"td_[\w-]{43}", token)
    with office.store() as unit:
        found = unit.principals.by_token(token_hash(token), office.clock.now())
    assert found is not None
    assert (found.id, found.role, found.unit) == ("lan.nt", Role.OFFICER, None)
    case_id = office.file()
    office.bring(case_id, Status.RELEASED)
    office.act("supervisor", case_id, Verb.ASSIGN, person="lan.nt")
    assert "phiếu đang giao" not in said(app, "disable", "of2", "--reason", "nghỉ việc")
    assert f"hãy giao lại: {number(office, case_id)}" in said(app, "disable", "lan.nt", "--reason", "nghỉ việc")
    assert "đã khóa" in said(app, "list")
    with office.store() as unit:
        assert unit.principals.by_token(token_hash(token), office.clock.now()) is None
    assert token not in said(audit.audit_app, "list")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lan nt", "--name", "Lan", "--role", "operator"], "mã tài khoản"),
        (["lan", "--name", " ", "--role", "operator"], "họ và tên"),
        (["lan", "--name", "Lan", "--role", "unit"], "cần --unit"),
        (["lan", "--name", "Lan", "--role", "unit", "--unit", "HN-99999"], "không có đơn vị"),
        (["lan", "--name", "Lan", "--role", "citizen"], "không lập được"),
        (["lan", "--name", "  An ", "--role", "operator"], "họ và tên"),
        (["lan", "--name", "An (Phó Chủ tịch)", "--role", "supervisor"], "họ và tên"),
        (["of1", "--name", "Lê Lan", "--role", "operator"], "there is a principal of1 already"),
        (["lan", "--name", "Lê Lan", "--role", "operator", "--as", "of1"], "quản trị"),
    ],
)
def test_principal_that_makes_no_sense_is_refused(office: Office, arguments: list[str], words: str) -> None:
    assert words in refused(principals.principals_app, "add", *arguments)
