"""`tiepdan user` on a real database: accounts are made, reset, locked; the first administrator is told of once."""

import re

import pytest
from typer.testing import CliRunner

from bot.cli import audit, users
from bot.cli.__main__ import ROOT
from bot.cli.lazy import LazyCommand
from bot.core.staff.signing_in import SigningIn
from bot.first_administrator import first_administrator
from bot.settings import load as load_settings
from bot.tokens import with_tokens
from tests.integration.desk_client import Office
from tests.unit.cli_steps import ME, call, office, refused, said

__all__ = ["office"]
APP = users.users_app
ONE_TIME = re.compile(r"(?:[A-Z0-9]{4}-){3}[A-Z0-9]{4}")
GIVEN = ["--name", "Trần Văn Bảo", "--role", "operator", "--unit", "HN-SNV"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.wiring import console as console_wiring
    from tests.integration.console_client import FAST

    monkeypatch.setattr(console_wiring, "Argon2Passwords", lambda: FAST)


def one_time(app_said: str) -> str:
    found = ONE_TIME.search(app_said)
    assert found, app_said
    return found[0]


def signs_in(office: Office, user: str, password: str) -> bool:
    from bot.cli import acting
    from bot.wiring.console import staff_tools

    tools = staff_tools(with_tokens(acting.load()), office.store)
    try:
        SigningIn(tools).with_password(user, password, None, "10.0.0.1")
    except Exception:
        return False
    return True


def test_the_commands_are_there_and_explain_themselves() -> None:
    lazy = ROOT.commands["user"]
    assert isinstance(lazy, LazyCommand)
    group = lazy.load()
    assert set(group.commands) == {"add", "first", "list", "reset", "lock", "unlock", "role", "sso"}
    assert all(command.help for command in group.commands.values())
    for name in group.commands:
        shown = CliRunner().invoke(APP, [name, "--help"]).output
        assert "Ví dụ" in shown or name not in {"add", "sso"}


def test_a_user_is_added_with_a_one_time_password_alone_on_standard_output(office: Office) -> None:
    done = call(APP, "add", "bao.tv", *GIVEN)
    assert done.exit_code == 0, done.output
    assert ONE_TIME.fullmatch(done.stdout.strip())
    assert "chỉ hiện lần này" in done.stderr
    assert signs_in(office, "bao.tv", done.stdout.strip())
    shown = said(APP, "list")
    assert "bao.tv" in shown
    assert "chưa đổi mật khẩu dùng một lần" in shown
    assert done.stdout.strip() not in shown + said(audit.audit_app, "list")
    assert said(audit.audit_app, "verify").strip() == "sổ còn nguyên"


def test_who_has_tokens_is_given_an_account_by_id_alone(office: Office) -> None:
    made = one_time(said(APP, "add", "op"))
    assert signs_in(office, "op", made)
    assert "Đã có tài khoản" in refused(APP, "add", "op")
    assert "Đã có tài khoản" in refused(APP, "add", "of1", *GIVEN)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bao.tv"], "--name và --role"),
        (["bao.tv", "--name", "Bảo", "--role", "operator"], "họ và tên"),
        (["bao.tv", "--name", "Trần Văn Bảo", "--role", "citizen"], "không có tài khoản"),
        (["bao.tv", "--name", "Trần Văn Bảo", "--role", "operator", "--unit", "KHONG"], "đơn vị"),
        (["b o", *GIVEN], "Mã tài khoản"),
        (["bao.tv", *GIVEN, "--as", "of1"], "quản trị"),
    ],
)
def test_what_cannot_be_added_is_said_in_one_line(office: Office, arguments: list[str], says: str) -> None:
    assert says in refused(APP, "add", *arguments)


def test_reset_lock_unlock_and_role(office: Office) -> None:
    first = one_time(said(APP, "add", "bao.tv", *GIVEN))
    second = one_time(said(APP, "reset", "bao.tv"))
    assert not signs_in(office, "bao.tv", first)
    assert signs_in(office, "bao.tv", second)
    said(APP, "lock", "bao.tv", "--reason", "chuyển công tác")
    assert not signs_in(office, "bao.tv", second)
    assert "đã khóa" in said(APP, "list")
    said(APP, "unlock", "bao.tv", "--reason", "về lại")
    assert signs_in(office, "bao.tv", second)
    said(APP, "role", "bao.tv", "knowledge_editor")
    assert "biên tập kiến thức" in said(APP, "list")
    log = said(audit.audit_app, "list")
    for action in ("user_add", "user_reset", "principal_disable", "principal_enable", "principal_role"):
        assert re.search(rf"{action}  bao\.tv  \[dòng lệnh", log), action
    assert said(audit.audit_app, "verify").strip() == "sổ còn nguyên"


def test_identities_are_mapped_one_at_a_time(office: Office) -> None:
    said(APP, "add", "bao.tv", *GIVEN)
    said(APP, "sso", "bao.tv", "--email", "Bao.TV@hanoi.gov.example")
    assert "bao.tv@hanoi.gov.example" in said(APP, "list")
    assert "đã được gán" in refused(APP, "sso", "bao.tv", "--email", "bao.tv@hanoi.gov.example")
    said(APP, "sso", "bao.tv", "--email", "bao.tv@hanoi.gov.example", "--remove")
    assert "hanoi.gov.example" not in said(APP, "list")
    for wrong in ([], ["--email", "a@b.vn", "--subject", "x"]):
        assert "đúng một trong hai" in refused(APP, "sso", "bao.tv", *wrong)


@pytest.mark.parametrize("command", ["reset", "lock", "unlock", "role", "sso"])
def test_every_command_is_for_administrators_and_for_accounts_that_exist(office: Office, command: str) -> None:
    more = {"lock": ["--reason", "thử quyền"], "unlock": ["--reason", "thử quyền"], "role": ["operator"]}
    more["sso"] = ["--subject", "x"]
    assert "Không có tài khoản này" in refused(APP, command, "khong.co", *more.get(command, []))
    assert "quản trị" in refused(APP, command, "op", *more.get(command, []), "--as", "sup")


@pytest.mark.parametrize("reason", ["", "ab", " "])
@pytest.mark.parametrize("command", ["lock", "unlock"])
def test_locks_need_a_reason(office: Office, command: str, reason: str) -> None:
    said(APP, "add", "bao.tv", *GIVEN)
    assert "reason" in refused(APP, command, "bao.tv", "--reason", reason)


def test_the_first_administrator_is_made_and_told_of_once(office: Office, tmp_path: object) -> None:
    from bot.cli import acting

    settings = with_tokens(acting.load())
    lines = "\n".join(first_administrator(settings))
    assert "/ban-lam-viec" in lines
    assert "quantri" in lines
    assert signs_in(office, "quantri", one_time(lines))
    assert first_administrator(settings) == first_administrator(settings, office.store) == ()
    assert "tiepdan user list" in said(APP, "first")
    assert one_time(lines) not in said(audit.audit_app, "list")
    assert said(audit.audit_app, "verify").strip() == "sổ còn nguyên"


def test_where_somebody_has_an_account_there_is_no_first_administrator(office: Office) -> None:
    said(APP, "add", ME, "--name", "Trần Văn Máy", "--role", "administrator")
    assert "tiepdan user list" in said(APP, "first")


def test_a_database_that_is_away_is_one_line(tmp_path: object) -> None:
    settings = with_tokens(load_settings(env_file=None, data_dir=tmp_path))
    (line,) = first_administrator(settings)
    assert "tiepdan user first" in line
