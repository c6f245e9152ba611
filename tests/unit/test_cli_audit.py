"""`tiepdan audit` against somebody who writes to the database file, and without any account that may act."""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import acting, audit, principals
from bot.core.cases.lifecycle import Verb
from bot.core.cases.state import Status
from bot.settings import Settings
from bot.store import KeyRing, Store
from tests.browser.fakes import SettableClock
from tests.integration.desk_client import PEOPLE, START, Office, reopen
from tests.unit.cli_steps import ME, call, office, opened_office, refused, said, use_office

__all__ = ["office"]
APP = audit.audit_app


def work(office: Office) -> None:
    """Let an office do all kinds of things in the ordinary way."""
    open_case = office.file()
    office.bring(open_case, Status.RELEASED)
    for status in (Status.EXPLAINED, Status.PARKED, Status.INSPECTION, Status.CLOSED):
        office.bring(office.file(), status)
    again = office.file()
    office.bring(again, Status.CLOSED)
    reopen(office, again)
    with pytest.raises(Exception, match=r".+"):
        office.act("officer", open_case, Verb.CLOSE)
    said(principals.principals_app, "add", "lan.nt", "--name", "Nguyễn Lan", "--role", "unit", "--unit", "HN-00004")
    said(principals.principals_app, "token", "lan.nt")
    said(principals.principals_app, "disable", "of2", "--reason", "chuyển công tác")


@pytest.fixture(scope="module")
def busy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an office that has worked."""
    folder = tmp_path_factory.mktemp("busy")
    with pytest.MonkeyPatch.context() as patch, opened_office(folder, patch) as office:
        work(office)
    return folder


@pytest.fixture
def worked(busy_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that has worked, and may be tampered with."""
    shutil.copytree(busy_folder, tmp_path, dirs_exist_ok=True)
    use_office(tmp_path, SettableClock(START), monkeypatch)


def tamper(*statements: str) -> None:
    file = acting.load().database_url.removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)


def test_what_was_done_in_the_ordinary_way_fits(worked: None) -> None:
    assert said(APP, "verify").strip() == "sổ còn nguyên"


LATEST = "(SELECT id FROM cases WHERE status = 'released')"
TOKEN = "INSERT INTO tokens SELECT 'feed', '{}', expires_at, created_at FROM tokens LIMIT 1"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE case_events SET actor = 'of2' WHERE kind = 'release'", "release (of2) không có trong sổ"),
        ("UPDATE case_events SET actor = 'of2' WHERE kind = 'park'", "sổ có việc park (sup)"),
        (f"DELETE FROM case_events WHERE kind = 'release' AND case_id = {LATEST}", "sổ có việc release (of1)"),
        ("UPDATE case_events SET kind = 'noted' WHERE kind = 'findings' OR kind = 'inspect'", "sổ có việc inspect"),
        (f"UPDATE cases SET status = 'closed' WHERE id = {LATEST}", "trạng thái closed"),
        (f"UPDATE cases SET status = 'withdrawn' WHERE id = {LATEST}", "trạng thái withdrawn"),
        ("UPDATE cases SET status = 'closed' WHERE reopened", "trạng thái closed"),
        (f"UPDATE cases SET published = 1 WHERE id = {LATEST}", "trả lời đã duyệt mà không ai duyệt"),
        (
            f"INSERT INTO case_events SELECT case_id, 9, at, 'withdrawn', 'citizen', body FROM case_events"
            f" WHERE case_id = {LATEST} AND sequence = 1",
            "mục 9 của quá trình xử lý không mở được",
        ),
        (
            "INSERT INTO principals SELECT 'evil', 'Ai Đó', role, unit, active, created_at, NULL FROM principals"
            " WHERE id = 'sup'",
            "tài khoản evil: không có trong sổ",
        ),
        ("UPDATE principals SET role = 'supervisor' WHERE id = 'op'", "tài khoản op: vai trò supervisor"),
        ("UPDATE principals SET unit = NULL WHERE id = 'of1'", "tài khoản of1: vai trò"),
        ("UPDATE principals SET active = 1 WHERE id = 'of2'", "tài khoản of2: khóa"),
        (TOKEN.format("sup"), "tài khoản sup: có mã truy cập"),
    ],
)
def test_what_was_written_past_the_system_is_told(worked: None, statement: str, told: str) -> None:
    tamper(statement)
    done = call(APP, "verify")
    assert done.exit_code == 1, done.output
    assert told in done.output
    assert "sửa ngoài hệ thống" in done.output.lower()


def test_a_log_emptied_as_if_never_begun_is_found_and_accepted_with_a_reason(worked: None) -> None:
    tamper(
        "DELETE FROM audit",
        "UPDATE audit_head SET entries = 0, hash = '', mac = ''",
        "DELETE FROM lookup_keys WHERE name = 'audit'",
    )
    done = call(APP, "verify")
    assert (done.exit_code, "SỔ ĐÃ BỊ SỬA: dòng 1 " in done.output) == (1, True)
    assert "reason" in refused(APP, "accept", "--reason", "  ")
    assert "quản trị" in refused(APP, "accept", "--reason", "phục hồi bản sao lưu", "--as", "sup")
    assert "nay là dòng " in said(APP, "accept", "--reason", "phục hồi bản sao lưu ngày 20/11")
    after = call(APP, "verify")
    assert "sổ còn nguyên" in after.output
    assert "không có trong sổ" in after.output  # the cases tell what the lost log does not
    assert f"{ME} (administrator)  audit_accept" in said(APP, "list")


def test_the_log_is_verified_without_an_account(office: Office) -> None:
    said(principals.principals_app, "add", ME, "--name", "Trần Quản Trị", "--role", "administrator")
    said(principals.principals_app, "disable", ME, "--reason", "nghỉ việc", "--as", "adm")
    assert "đã bị khóa" in refused(APP, "list")
    assert said(APP, "verify").strip() == "sổ còn nguyên"


def test_a_store_on_its_own_knows_no_mismatch(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/a.db", KeyRing.load_or_create(tmp_path / "keys"))
    store.migrate()
    with store() as unit:
        assert unit.audit.mismatches() == []
        unit.principals.add(PEOPLE["supervisor"], START + timedelta(days=1))
        assert [(each.what, each.subject) for each in unit.audit.mismatches()] == [("account", "sup")]
    store.close()


def test_altered_audit_is_found(office: Office) -> None:
    said(principals.principals_app, "disable", "of2", "--reason", "chuyển công tác")
    assert "sổ còn nguyên" in said(audit.audit_app, "verify")
    settings: Settings = acting.load()
    with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE audit SET reason = 'khác' WHERE sequence = 1")
    broken = call(audit.audit_app, "verify")
    assert broken.exit_code == 1
    assert "dòng 1 không khớp" in broken.output
