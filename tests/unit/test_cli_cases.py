"""`tiepdan case` on a real database: what is printed, who acts, what is refused in one line."""

import json
import re
import stat
from datetime import timedelta
from pathlib import Path

from bot.cli import acting, audit, cases, cases_view, principals
from bot.cli.__main__ import ROOT
from bot.cli.lazy import LazyCommand
from bot.core.cases.access import Access
from bot.core.cases.lifecycle import Verb
from bot.core.cases.people import Principal, Role
from bot.core.cases.state import Status
from nlu.text import fold
from tests.contracts.case_steps import number_of
from tests.integration.desk_client import ANSWER, DOSSIER, PHONE, PLANTED, STAFF, STORY, UNIT, Office
from tests.unit.cli_steps import ME, answer_options, number, office, refused, said

__all__ = ["office"]


def test_commands_are_in_the_table() -> None:
    found = {n: c for n, c in ROOT.commands.items() if n in {"case", "audit", "principal"}}
    assert len(found) == 3
    for name, promised in {
        "case": "list show retry export release assign inspect answer publish close park",
        "audit": "verify accept list",
        "principal": "add list disable enable token",
    }.items():
        lazy = found[name]
        assert isinstance(lazy, LazyCommand)
        group = lazy.load()
        assert set(promised.split()) <= set(group.commands)
        assert all(command.help for command in group.commands.values()), name


def test_every_verb_has_its_command() -> None:
    names = {
        command.name or command.callback.__name__
        for command in cases.cases_app.registered_commands
        if command.callback
    }
    assert {verb.value.replace("_", "-") for verb in Verb} <= names


def test_every_state_and_role_has_its_word() -> None:
    assert set(cases_view.STATUS) == set(Status)
    assert set(principals.ROLES) == set(Role)


def test_list_and_show_mask(office: Office) -> None:
    case_id = office.file()
    shown = said(cases.cases_app, "list") + said(cases.cases_app, "show", number(office, case_id))
    assert number(office, case_id) in shown
    assert "Phường Ba Đình" in shown
    assert "quát tôi trước đám đông" in shown
    folded = fold(shown)
    assert not [detail for detail in PLANTED if fold(detail) in folded]


def test_number_is_read_as_it_may_be_typed(office: Office) -> None:
    case_id = office.file()
    typed = number(office, case_id)
    for way in (typed.lower(), typed.replace("-", " "), typed.removeprefix("PA-")):
        assert typed in said(cases.cases_app, "show", way)
    slip = typed[:-1] + str((int(typed[-1]) + 1) % 10)
    assert refused(cases.cases_app, "show", slip) == f"«{slip}» không phải số phiếu đúng"
    assert "không có phiếu" in refused(cases.cases_app, "show", number_of(1))


def test_reveal_needs_a_reason_and_is_audited_under_the_machines_user(office: Office) -> None:
    case_id = office.file()
    assert "reason" in refused(cases.cases_app, "show", number(office, case_id), "--reveal")
    opened = said(cases.cases_app, "show", number(office, case_id), "--reveal", "--reason", "gọi lại theo hẹn")
    assert STORY in opened
    assert PHONE in opened
    log = said(audit.audit_app, "list", "--case", number(office, case_id))
    assert re.search(
        rf"{ME} \(administrator\)  reveal  {case_id}  \[dòng lệnh, người dùng máy {ME}\] gọi lại theo hẹn", log
    )


def test_case_goes_its_way_from_the_command_line_with_two_people(office: Office) -> None:
    case_id = office.file()
    case = number(office, case_id)
    app = cases.cases_app
    assert "đã cho chuyển; hạn tiếp theo" in said(app, "release", case, "--reason", "đã xem")
    assert "đã giao" in said(app, "assign", case, "--unit", UNIT, "--note", "Đề nghị báo cáo.")
    assert "đã báo cáo" in said(app, "reply", case, "--text", "Đã làm việc.", "--as", "u1")
    assert "đã giao" in said(app, "send-back", case, "--reason", "thiếu căn cứ")
    said(app, "explain", case, "--text", "Hôm đó rất đông.")
    said(app, "reply", case, "--text", "Đã xin lỗi.", "--reason", "Xem hình ảnh.", "--remedy", "Đổi quầy.")
    assert "chờ người thứ hai duyệt" in said(app, "answer", case, *answer_options())
    assert "không được phép" in refused(app, "publish", case, "--answer", "8")
    assert "không ở bước" in refused(app, "close", case)
    assert "đã duyệt" in said(app, "publish", case, "--answer", "8", "--as", "sup")
    assert f"{case}: đã đóng" in said(app, "close", case)
    assert "Kết luận:" in said(app, "show", case)
    assert office.case(case_id).status is Status.CLOSED
    assert "chờ người thứ hai" in said(app, "correct", case, "--note", "Sửa ngày.", *answer_options())


def test_other_ways(office: Office) -> None:
    app = cases.cases_app
    parked, inspected, referred = (number(office, office.file()) for _ in range(3))
    assert "mới nhận; chờ người thứ hai" in said(app, "park", parked, "--reason", "nghi thư rác")
    assert "để riêng" in said(app, "park", parked, "--reason", "nghi thư rác", "--as", "of2")
    assert "mới nhận" in said(app, "unpark", parked, "--reason", "không phải")
    assert "đoàn kiểm tra" in said(app, "inspect", inspected, "--team", "Đoàn 1", "--reason", "nghiêm trọng")
    said(app, "findings", inspected, "--text", "Đã làm rõ.", "--document", "BB 1")
    fields = [part for name, value in ANSWER.items() if name != "finding" for part in (f"--{name}", value)]
    assert "chờ duyệt" in said(app, "refer", referred, "--body", "Công an thành phố", *fields)
    assert "unit or person" in refused(app, "assign", parked)
    assert "4 mục" in said(app, "retry", parked)  # the case and its three events


def test_answer_that_names_somebody_is_refused_in_one_line(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.EXPLAINED)
    options = answer_options()
    options[options.index(ANSWER["text"])] = f"Anh {STAFF} đã xin lỗi."
    assert "không được nêu tên" in refused(cases.cases_app, "answer", number(office, case_id), *options)


def test_restricted_case_is_not_there_for_an_administrator(office: Office) -> None:
    restricted = number(office, office.file(severity=5))
    assert restricted not in said(cases.cases_app, "list")
    assert "không có phiếu" in refused(cases.cases_app, "show", restricted)
    assert restricted in said(cases.cases_app, "list", "--as", "of2")
    assert "1 mục" in said(cases.cases_app, "retry", restricted)


def test_whoever_is_unknown_or_disabled_does_not_act(office: Office) -> None:
    assert "không có tài khoản" in refused(cases.cases_app, "list", "--as", "nobody")
    said(principals.principals_app, "disable", "of2", "--reason", "chuyển công tác")
    assert "đã bị khóa" in refused(cases.cases_app, "list", "--as", "of2")


def test_machines_user_who_is_registered_has_the_registered_role(office: Office) -> None:
    with office.store() as unit:  # by the command line only an administrator can be added under this name
        unit.principals.add(Principal(ME, "Nguyễn Kiểm Soát", Role.AUDITOR), office.clock.now())
        unit.commit()
    case_id = office.file()
    assert "quát tôi" not in said(cases.cases_app, "show", number(office, case_id))
    assert "không được phép" in refused(cases.cases_app, "release", number(office, case_id), "--reason", "đã xem")
    assert "quản trị" in refused(principals.principals_app, "token", "of1")


def test_export_is_readable_by_its_owner_alone(office: Office, tmp_path: Path) -> None:
    office.file()
    office.file(severity=5)
    for name in ("a.jsonl", "b.xlsx"):
        (tmp_path / name).write_bytes(b"old and much longer" * 10_000)
        assert "đã xuất 1 phiếu" in said(cases.cases_app, "export", str(tmp_path / name))
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    (line,) = (tmp_path / "a.jsonl").read_text().splitlines()
    assert json.loads(line)["restricted"] is None
    assert DOSSIER not in line
    both = said(
        cases.cases_app, "export", str(tmp_path / "c.jsonl"), "--identity", "--reason", "bàn giao", "--as", "of2"
    )
    assert "2 phiếu" in both
    assert PHONE in (tmp_path / "c.jsonl").read_text()
    assert "phải là .jsonl" in refused(cases.cases_app, "export", str(tmp_path / "d.csv"))
    assert "chỉ .jsonl" in refused(cases.cases_app, "export", str(tmp_path / "d.xlsx"), "--identity")
    assert "không ghi được" in refused(cases.cases_app, "export", str(tmp_path / "no" / "d.xlsx"))


def test_rise_makes_tasks_once(office: Office) -> None:
    case = number(office, office.file())
    office.clock.time += timedelta(days=9)
    for _ in range(2):
        shown = said(cases.cases_app, "rise")
        assert f"{case}  chưa ai cho chuyển" in shown
        assert "1 phiếu đã được báo lên" in shown
    with office.store() as unit:
        assert len(unit.tasks.open()) == 1


def test_command_line_knows_desks_and_their_owners_as_one_house(office: Office) -> None:
    with acting.acting("") as at:
        point = next(unit.id for unit in at.tools.registry.units if unit.located_in == UNIT)
        assert isinstance(at.tools.access, Access)
        assert at.tools.access.accuses(point, office.case(office.file()))
