"""`tiepdan case`: filed complaints, and what is done with them."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import cases_view as show
from bot.cli.acting import AsOption, NumberArgument, acting, standard_number
from bot.core.cases.lifecycle import Step, Verb
from bot.core.cases.state import CaseFilter, Finding, Status

cases_app = typer.Typer(
    help="Xem và xử lý phiếu phản ánh.", no_args_is_help=True, rich_markup_mode="rich", add_completion=False
)

ReasonOption = Annotated[str, typer.Option("--reason", help="Lý do, được ghi vào sổ; đừng nêu tên ai.")]
TextOption = Annotated[str, typer.Option("--text", help="Nội dung; đừng nêu tên ai.")]
DocumentOption = Annotated[str, typer.Option("--document", help="Số văn bản hoặc tệp.")]
RemedyOption = Annotated[str, typer.Option("--remedy", help="Nếu chưa đồng ý, người dân có thể làm gì tiếp.")]
NoNamesOption = Annotated[
    bool, typer.Option("--no-names", help="Đã đọc lại: chỗ bị báo là giống tên người không phải tên ai.")
]
FindingOption = Annotated[Finding, typer.Option("--finding", help="Kết luận.")]
LimitOption = Annotated[int, typer.Option("--limit", help="Số phiếu in ra.", min=1, max=5000)]


@cases_app.command("list")
def list_cases(
    status: Annotated[list[Status] | None, typer.Option("--status", help="Trạng thái; dùng nhiều lần được.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị bị phản ánh.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Chỉ phiếu quá hạn.")] = False,
    limit: LimitOption = 50,
    as_: AsOption = "",
) -> None:
    """Liệt kê phiếu, mới nhất đứng đầu; không in lời kể hay tên ai."""
    with acting(as_) as at:
        wanted = CaseFilter(
            status=tuple(status or ()), unit=unit or None, overdue_on=at.tools.today() if overdue else None
        )
        page = at.views.cases(at.principal, wanted, limit)
        show.cases(page.cases, at.tools.registry, at.tools.today(), more=page.before is not None)


@cases_app.command("show")
def show_case(
    number: NumberArgument,
    reveal: Annotated[bool, typer.Option("--reveal", help="Mở lời kể nguyên văn và cách liên hệ.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Vì sao cần mở; được ghi vào sổ.")] = "",
    as_: AsOption = "",
) -> None:
    """Mở một phiếu cùng các bước đã làm; số riêng được che. Thêm --reveal --reason "…" để mở phần niêm phong."""
    with acting(as_) as at:
        case_id = at.case_id(number)
        if reveal:
            show.revealed(at.desk.reveal(at.principal, case_id, reason))
            return
        view = at.views.case(at.principal, case_id)
        show.case(view, at.views.timeline(at.principal, case_id), at.tools.registry)


@cases_app.command()
def retry(number: NumberArgument, as_: AsOption = "") -> None:
    """Gửi lại ngay những gì hệ thống xử lý phản ánh chưa nhận về phiếu này."""
    with acting(as_) as at:
        rows = at.desk.retry(at.principal, standard_number(number))
    show.say(f"{rows} mục sẽ được gửi lại ngay" if rows else "không còn gì phải gửi lại")


@cases_app.command()
def rise(as_: AsOption = "") -> None:
    """Lập việc cho người phụ trách về mọi phiếu quá hạn, chưa ai xem, để riêng đã lâu hay giao cho tài khoản đã khóa.

    Gọi lại trong ngày không lập thêm.
    """
    with acting(as_) as at:
        show.rising(at.desk.rise(), at.desk.overdue(at.principal))


@cases_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Tệp .jsonl hoặc .xlsx.")],
    identity: Annotated[
        bool, typer.Option("--identity", help="Kèm danh tính và lời kể nguyên văn (.jsonl).")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Vì sao cần danh tính; được ghi vào sổ.")] = "",
    as_: AsOption = "",
) -> None:
    """Xuất các phiếu ra tệp: .jsonl theo lược đồ JSON, .xlsx không có lời kể hay danh tính.

    Ví dụ:

      tiepdan case export phan-anh.xlsx

      tiepdan case export phan-anh.jsonl --identity --reason "bàn giao theo công văn"
    """
    show.write(file, identity, reason, as_)


def _take(number: str, step: Step, as_: str, *told: str) -> None:
    with acting(as_) as at:
        view = at.desk.act(at.principal, at.case_id(number), step)
    show.done(view, *told)


@cases_app.command()
def release(number: NumberArgument, reason: ReasonOption, as_: AsOption = "") -> None:
    """Cho chuyển xử lý một phiếu mới nhận."""
    _take(number, Step(Verb.RELEASE, reason=reason), as_)


@cases_app.command()
def assign(
    number: NumberArgument,
    unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị; đơn vị chỉ thấy bản đã lược danh tính.")] = "",
    person: Annotated[str, typer.Option("--person", help="Hoặc mã tài khoản của cán bộ xử lý.")] = "",
    note: Annotated[str, typer.Option("--note", help="Lời nhắn cho nơi nhận; đừng nêu tên ai.")] = "",
    as_: AsOption = "",
) -> None:
    """Giao phiếu cho một đơn vị hoặc một cán bộ."""
    _take(number, Step(Verb.ASSIGN, unit=unit or None, person=person or None, note=note), as_)


@cases_app.command()
def inspect(
    number: NumberArgument,
    team: Annotated[str, typer.Option("--team", help="Đoàn kiểm tra.")],
    reason: ReasonOption,
    as_: AsOption = "",
) -> None:
    """Chuyển phiếu cho đoàn kiểm tra công vụ."""
    _take(number, Step(Verb.INSPECT, team=team, reason=reason), as_)


@cases_app.command()
def findings(number: NumberArgument, text: TextOption, document: DocumentOption, as_: AsOption = "") -> None:
    """Ghi kết quả của đoàn kiểm tra."""
    _take(number, Step(Verb.FINDINGS, text=text, document=document), as_)


@cases_app.command()
def reply(
    number: NumberArgument,
    text: TextOption,
    reason: Annotated[str, typer.Option("--reason", help="Căn cứ của đơn vị.")] = "",
    remedy: Annotated[str, typer.Option("--remedy", help="Cách khắc phục.")] = "",
    as_: AsOption = "",
) -> None:
    """Ghi báo cáo của đơn vị."""
    _take(number, Step(Verb.REPLY, text=text, reason=reason, remedy=remedy), as_)


@cases_app.command()
def explain(number: NumberArgument, text: TextOption, as_: AsOption = "") -> None:
    """Ghi giải trình của chính người bị phản ánh."""
    _take(number, Step(Verb.EXPLAIN, text=text), as_)


@cases_app.command("send-back")
def send_back(number: NumberArgument, reason: ReasonOption, as_: AsOption = "") -> None:
    """Trả lại báo cáo thiếu căn cứ hoặc thiếu cách khắc phục."""
    _take(number, Step(Verb.SEND_BACK, reason=reason), as_)


@cases_app.command()
def answer(
    number: NumberArgument,
    finding: FindingOption,
    text: TextOption,
    reason: Annotated[str, typer.Option("--reason", help="Kết luận dựa vào đâu.")],
    document: DocumentOption,
    remedy: RemedyOption,
    no_names: NoNamesOption = False,
    as_: AsOption = "",
) -> None:
    """Viết trả lời; phải có lý do, văn bản và bước tiếp theo. Người thứ hai duyệt bằng «tiepdan case publish»."""
    step = Step(
        Verb.ANSWER, finding=finding, text=text, reason=reason, document=document, remedy=remedy, confirmed=no_names
    )
    _take(number, step, as_, "chờ người thứ hai duyệt")


@cases_app.command()
def refer(
    number: NumberArgument,
    body: Annotated[str, typer.Option("--body", help="Cơ quan có thẩm quyền.")],
    text: TextOption,
    reason: Annotated[str, typer.Option("--reason", help="Vì sao thuộc cơ quan ấy.")],
    document: DocumentOption,
    remedy: RemedyOption,
    no_names: NoNamesOption = False,
    as_: AsOption = "",
) -> None:
    """Trả lời rằng việc thuộc một cơ quan khác, nêu rõ cơ quan nào."""
    step = Step(Verb.REFER, body=body, text=text, reason=reason, document=document, remedy=remedy, confirmed=no_names)
    _take(number, step, as_, "chờ người thứ hai duyệt")


@cases_app.command()
def correct(
    number: NumberArgument,
    note: Annotated[str, typer.Option("--note", help="Đính chính điều gì; hiện trên trang công khai.")],
    finding: FindingOption,
    text: TextOption,
    reason: Annotated[str, typer.Option("--reason", help="Kết luận dựa vào đâu.")],
    document: DocumentOption,
    remedy: RemedyOption,
    no_names: NoNamesOption = False,
    as_: AsOption = "",
) -> None:
    """Đính chính một trả lời đã đăng; bản cũ vẫn được giữ, bản mới lại chờ người thứ hai duyệt."""
    step = Step(
        Verb.CORRECT,
        note=note,
        finding=finding,
        text=text,
        reason=reason,
        document=document,
        remedy=remedy,
        confirmed=no_names,
    )
    _take(number, step, as_, "chờ người thứ hai duyệt")


@cases_app.command()
def publish(
    number: NumberArgument,
    answer: Annotated[int | None, typer.Option("--answer", help="Số thứ tự của bản đã đọc.", min=1)] = None,
    as_: AsOption = "",
) -> None:
    """Duyệt trả lời với tư cách người thứ hai, không phải người đã viết.

    Gọi lần đầu không có --answer để đọc bản sẽ duyệt và biết số thứ tự của nó.
    """
    if answer is None:
        with acting(as_) as at:
            show.to_approve(at.views.case(at.principal, at.case_id(number)))
        return
    _take(number, Step(Verb.PUBLISH, answer_sequence=answer), as_, f"đã duyệt bản số {answer}")


@cases_app.command()
def close(number: NumberArgument, as_: AsOption = "") -> None:
    """Đóng phiếu: người dân thấy trả lời, trang công khai có thêm một mục."""
    _take(number, Step(Verb.CLOSE), as_)


@cases_app.command()
def park(number: NumberArgument, reason: ReasonOption, as_: AsOption = "") -> None:
    """Để riêng phiếu nghi là thư rác; không xóa. Người phụ trách làm một mình được, người khác cần người thứ hai."""
    with acting(as_) as at:
        view = at.desk.act(at.principal, at.case_id(number), Step(Verb.PARK, reason=reason))
    show.done(view, *(() if view.status is Status.PARKED else ("chờ người thứ hai cùng để riêng",)))


@cases_app.command()
def unpark(number: NumberArgument, reason: ReasonOption, as_: AsOption = "") -> None:
    """Lấy lại phiếu đã để riêng."""
    _take(number, Step(Verb.UNPARK, reason=reason), as_)
