"""`tiepdan case publish`: what is approved is read first, and named."""

from bot.cli import cases
from bot.core.cases.lifecycle import Verb
from bot.core.cases.state import Status
from tests.integration.desk_client import ANSWER, Office, answer_fields
from tests.unit.cli_steps import answer_options, call, number, office, refused, said

__all__ = ["office"]


def test_what_is_approved_on_the_command_line_is_shown_first_and_named(office: Office) -> None:
    case_id = office.file()
    case, app = number(office, case_id), cases.cases_app
    assert "không có trả lời nào" in refused(app, "publish", case, "--as", "sup")
    office.bring(case_id, Status.ANSWERED)
    read = call(app, "publish", case, "--as", "sup")
    assert ANSWER["text"] in read.output
    assert read.exit_code != 0
    assert str(read.exception).endswith(f"tiepdan case publish {case} --answer 5")
    office.act("officer", case_id, Verb.ANSWER, **answer_fields(text="Một bản khác hẳn."))
    assert "không ở bước" in refused(app, "publish", case, "--answer", "5", "--as", "sup")
    assert not office.case(case_id).published
    assert "đã duyệt bản số 6" in said(app, "publish", case, "--answer", "6", "--as", "sup")
    assert "không có trả lời nào" in refused(app, "publish", number(office, office.file()), "--as", "sup")


def test_words_that_look_like_a_name_are_listed_and_then_confirmed(office: Office) -> None:
    case_id = office.file()
    office.bring(case_id, Status.EXPLAINED)
    options = answer_options()
    options[options.index(ANSWER["reason"])] = "Theo biên bản do đồng chí Trần Văn Bình lập."
    told = refused(cases.cases_app, "answer", number(office, case_id), *options)
    assert "«Trần Văn Bình»" in told
    assert "--no-names" in told
    assert "chờ người thứ hai" in said(cases.cases_app, "answer", number(office, case_id), *options, "--no-names")
