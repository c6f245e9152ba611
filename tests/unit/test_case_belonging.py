"""What is told after a case was filed: whether it belongs to that case, to a new one, or may be either."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.core.cases.belonging import Belongs, belongs
from bot.core.cases.heard import StoryReader
from bot.core.cases.record import CaseRecord
from bot.core.enquiry.signals import Signal
from bot.core.story import Identity
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitFinder, UnitRegistry
from nlu.text import fold

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Scored:
    code: str
    share: float = 0.9


class Behaviours:
    """Stands for the trained reader with a handful of words."""

    WORDS = (("quat", "TD-XUCPHAM"), ("nem", "TD-XUCPHAM"), ("cham tra", "HS-CHAM"))

    def happened(self, text: str) -> float:
        return 1.0

    def codes(self, text: str) -> list[Scored]:
        return [Scored(code) for word, code in self.WORDS if word in fold(text)]


@pytest.fixture(scope="module")
def reader() -> StoryReader:
    return StoryReader(UnitFinder(UnitRegistry.load()), Behaviours(), Taxonomy.load())


RECORD = CaseRecord(
    input_type="PHAN_ANH_HANH_VI",
    behaviours=("TD-XUCPHAM",),
    severity=3,
    narrative="…",
    narrative_raw="…",
    identity=Identity.ANONYMOUS,
    channel="web",
    received_at=NOW,
    unit="HN-00166",
)


def place(reader: StoryReader, text: str, intent: str, *, adds: bool = False, near: bool = True) -> Belongs | None:
    heard = reader.hear(Signal(text, intent, 0.9, NOW, raw=text))
    return belongs(heard, RECORD, adds=adds, near=near)


@pytest.mark.parametrize(
    ("text", "intent", "adds", "where"),
    [
        ("cho bổ sung là chị ta quát cả mẹ tôi", "report_staff", True, Belongs.CASE),
        ("lúc ấy có anh xe ôm chứng kiến", "nlu_fallback", False, Belongs.CASE),
        ("chị ấy quát cả mẹ tôi nữa", "report_staff", False, Belongs.EITHER),
        ("sáng nay tôi lại ra phường Cầu Giấy, vẫn bị quát", "report_staff", False, Belongs.EITHER),
        ("hôm ấy tôi đi cùng con nhỏ", "nlu_fallback", False, Belongs.EITHER),
        ("ghi thêm là ở phường Láng tôi cũng bị quát", "report_staff", True, Belongs.EITHER),
        ("ghi thêm vào phiếu này là ở phường Láng cũng quát dân", "report_staff", True, Belongs.CASE),
        ("chiều nay cán bộ phường Láng quát tôi", "report_staff", False, Belongs.NEW),
        ("tôi muốn phản ánh", "report_staff", False, Belongs.NEW),
        ("lập hội ở xã cần giấy tờ gì", "ask_procedure", False, None),
        ("cảm ơn nhé", "thanks_bye", False, None),
        ("anh ấy có phải là người ký giấy không", "nlu_fallback", False, None),
    ],
)
def test_where_something_told_belongs(
    reader: StoryReader, text: str, intent: str, *, adds: bool, where: Belongs | None
) -> None:
    assert place(reader, text, intent, adds=adds) is where


def test_desk_of_the_same_ward_is_the_same_office(reader: StoryReader) -> None:
    heard = reader.hear(Signal("một cửa phường Cầu Giấy lại quát tôi", "report_staff", 0.9, NOW))
    assert belongs(heard, replace(RECORD, unit="HN-DPV-00166"), adds=False, near=True) is Belongs.EITHER
    assert belongs(heard, replace(RECORD, unit="HN-00199"), adds=False, near=True) is Belongs.NEW


def test_danger_is_never_only_an_addition(reader: StoryReader) -> None:
    assert place(reader, "ghi thêm: nó đang cầm dao đòi giết tôi", "report_staff", adds=True) is None
