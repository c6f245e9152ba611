"""The day's figures over a real store with a day in it: the desk, the names, and what they add up to."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from bot.core.figures.desk import FiguresDesk, FigureTools
from bot.core.figures.report import Reporter
from bot.core.figures.span import midnight
from bot.core.figures.words import FigureWords
from bot.core.handover.attention import Move, Why
from bot.core.routes import Outcome, Reason
from bot.core.suggestions.ports import Action
from bot.store import Store
from tests.contracts.figures_steps import Diary
from tests.integration.desk_client import TAXONOMY, UNIT, Office

FRIDAY = date(2026, 11, 27)
PROCEDURES = {
    "P1": "Thủ tục công nhận Ban vận động thành lập hội",
    "P2": "Thành lập quỹ xã hội, quỹ từ thiện",
    "P3": '=HYPERLINK("http://xau.example","Bấm")',
}


def at(hour: int, minute: int = 0, day: date = FRIDAY) -> datetime:
    return midnight(day) + timedelta(hours=hour, minutes=minute)


class Titles:
    """A knowledge base of names."""

    def procedure(self, code: str, _now: datetime) -> Any:
        name = PROCEDURES.get(code)
        return SimpleNamespace(name=name, level="tỉnh") if name else None


def figures_desk(office: Office) -> FiguresDesk:
    """Return the desk of figures of an office."""
    tools = office.tools
    made = FigureTools(
        tools.units, office.clock, tools.access, Titles(), TAXONOMY, tools.registry  # type: ignore[arg-type]  # names
    )  # fmt: skip
    return FiguresDesk(made, Reporter(FigureWords.load()))


def a_working_day(store: Store, office: Office) -> None:
    """Fill the Friday until 14:30, and the Thursday before, with what the tests count by hand."""
    diary = Diary(store)
    for n in range(7):
        diary.turn(f"web{n}", at(8, n), procedure="P1", answered_after=2)
    for n in range(3):
        diary.turn(f"zalo{n}", at(9, n), "zalo", procedure="P2", answered_after=4)
    diary.turn("web0", at(10), outcome=Outcome.REFUSED, reason=Reason.OTHER_AGENCY.value, route="other_agency")
    diary.turn("telegram", at(10), "telegram", outcome=Outcome.REFUSED, reason=Reason.NOT_UNDERSTOOD.value)
    diary.turn("zalo0", at(10), "zalo", procedure="P3")
    diary.call("c1", at(11), "P1")
    for of, why, waited in (("web1", Why.ASKED, 60), ("web2", Why.ANGER, 240)):
        diary.moved(of, at(12), Move.ASK, why)
        diary.moved(of, at(12) + timedelta(seconds=waited), Move.CLAIM, why, waited)
        diary.wrote(of, at(12) + timedelta(seconds=waited + 30))
        diary.suggested(of, at(12, 10), Action.DISPLAYED, Action.INSERTED, Action.SENT)
    diary.suggested("web1", at(12, 20), Action.DISPLAYED, Action.IGNORED)
    for n in range(4):
        diary.turn(f"before{n}", at(8, n, date(2026, 11, 26)), procedure="P1")
    diary.turn("before0", at(20, day=date(2026, 11, 26)), procedure="P1")  # later than now: not beside it
    cases = [(UNIT, "TD-XUCPHAM")] * 4 + [("HN-00008", "TD-XUCPHAM"), ("HN-SXD", "TT-NHUNGNHIEU")]
    for n, (unit, behaviour) in enumerate(cases):
        _file(office, at(9, n), unit, behaviour, n)
    office.clock.time = at(14, 30)


def _file(office: Office, moment: datetime, unit: str, behaviour: str, n: int) -> None:
    office.clock.time = moment
    office.file(
        f"case{n}",
        received_at=moment,
        unit=unit,
        unit_options=(),
        behaviours=(behaviour,),
        staff=None,
        severity=2,
        input_type="PHAN_ANH",
    )


def lines(told: dict[str, Any], section: str) -> list[tuple[str, int | None, int | None]]:
    found = next(each for each in told["sections"] if each["code"] == section)
    return [(line["label"], line["now"], line["before"]) for line in found["lines"]]


def tiles(told: dict[str, Any]) -> dict[str, tuple[int | None, int | None]]:
    return {line["code"]: (line["now"], line["before"]) for line in told["tiles"]}
