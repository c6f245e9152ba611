"""How the terminal shows the reading of a question."""

from collections.abc import Mapping
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.procedure_view import STATUS
from bot.core.enquiry.findings import Findings, Zone
from bot.core.phrases import Phrases
from bot.core.procedures import Facet, Procedure
from bot.core.routes import Reason

_ZONE = {
    Zone.ANSWER: "trả lời ngay",
    Zone.CLARIFY: "đưa ra các lựa chọn để hỏi lại",
    Zone.REFUSE: "nói thật là chưa biết",
}
_REASON = {
    Reason.OTHER_AGENCY: "việc của cơ quan khác",
    Reason.NOT_IN_CATALOGUE: "không có trong danh mục",
    Reason.NEEDS_FILE: "phải xem hồ sơ mới trả lời được",
    Reason.NEEDS_PERSON: "phải có người xem cùng",
    Reason.BEING_REVISED: "thủ tục đang bị ẩn",
    Reason.NO_ID_PHOTO: "không nhận ảnh giấy tờ tùy thân",
    Reason.NOT_UNDERSTOOD: "không hiểu câu hỏi",
}


class ThresholdsLike(Protocol):
    """The confidences between the zones."""

    @property
    def answer(self) -> float: ...
    @property
    def refuse(self) -> float: ...


def why(findings: Findings, thresholds: ThresholdsLike) -> str:
    """Return the gate's decision and its grounds in one sentence."""
    text = f"{_ZONE[findings.zone]}: độ tin {findings.confidence:.2f}"
    text += f" (trả lời từ {thresholds.answer:.2f}, từ chối dưới {thresholds.refuse:.2f})"
    if findings.zone is Zone.CLARIFY and findings.confidence >= thresholds.answer:
        text += "; hai thủ tục khác nhau quá sát điểm"
    if findings.reason:
        text += f"; {_REASON[findings.reason]}"
    return text


def findings_json(
    findings: Findings, procedures: Mapping[str, Procedure | None], thresholds: ThresholdsLike
) -> dict[str, Any]:
    """Return the reading as a JSON-ready dict."""
    return {
        "zone": findings.zone.value,
        "why": why(findings, thresholds),
        "confidence": findings.confidence,
        "facet": findings.facet.value,
        "facet_explicit": findings.facet_explicit,
        "has_topic": findings.has_topic,
        "reason": findings.reason.value if findings.reason else None,
        "agency": findings.agency.value if findings.agency else None,
        "hits": [
            {
                "id": hit.procedure_id,
                "name": found.name if (found := procedures.get(hit.procedure_id)) else None,
                "score": hit.score,
                "matched": list(hit.matched),
                "matched_alias": hit.matched_alias,
            }
            for hit in findings.hits
        ],
    }


def show_findings(
    findings: Findings,
    procedures: Mapping[str, Procedure | None],
    thresholds: ThresholdsLike,
    phrases: Phrases,
    console: Console,
) -> None:
    """Print the ranked procedures, the facet and the gate's decision."""
    table = Table(box=None, pad_edge=False)
    for title in ("", "mã", "điểm", "thủ tục", "từ khớp"):
        table.add_column(title)
    for place, hit in enumerate(findings.hits, 1):
        found = procedures.get(hit.procedure_id)
        name = f"{found.name} [cấp {found.level}, {STATUS[found.status]}]" if found else ""
        table.add_row(
            str(place), hit.procedure_id, f"{hit.score:.3f}", Text(name), Text(", ".join(hit.matched) or "–")
        )
    console.print(table)
    facet = "chung về thủ tục" if findings.facet is Facet.GENERAL else phrases.word(f"fact_{findings.facet.value}")
    facet = facet[0].lower() + facet[1:] + ("" if findings.facet_explicit else " (ngầm hiểu)")
    console.print(Text(f"Hỏi về: {facet}; có chủ đề: {'có' if findings.has_topic else 'không'}"))
    agency = f"; {phrases.agency(findings.agency.value)[0]}" if findings.agency else ""
    console.print(Text(f"Quyết định: {why(findings, thresholds)}{agency}"))
