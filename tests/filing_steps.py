"""Steps of tests that file for somebody: a reader with a handful of words, forms, what filing works with."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.core.calendar import WorkingCalendar
from bot.core.cases.access import Access, same_house
from bot.core.cases.deadlines import Deadlines
from bot.core.cases.filing import CaseFiling
from bot.core.cases.heard import StoryReader
from bot.core.filing.desk import FilingDesk, FilingTools
from bot.core.filing.form import Facts, Form, Source
from bot.core.filing.reading import FilingReader
from bot.core.phrases import load_phrases
from bot.core.ports import Clock, UnitOfWorkFactory
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitFinder, UnitRegistry
from nlu.text import fold

# Thursday 26 November 2026, 10:00 in Hà Nội.
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
STORY = (
    "Sáng hôm qua lúc 9h tôi ra một cửa phường Cầu Giấy, chị Hoa ở quầy số 3 quát tôi trước mặt mọi người "
    "vì tôi hỏi lại giấy hẹn."
)
UNIT = "HN-00166"
REGISTRY, TAXONOMY, PHRASES = UnitRegistry.load(), Taxonomy.load(), load_phrases()


@dataclass(frozen=True)
class Scored:
    """A code as the trained reader gives it."""

    code: str
    share: float = 0.9


class Behaviours:
    """Stands for the trained reader."""

    WORDS = (("quat", "TD-XUCPHAM"), ("phong bi", "TN-HOILO"), ("cham tra", "HS-CHAM"), ("lam ngo", "TD-THOO"))

    def happened(self, text: str) -> float:
        return 0.0 if "gia su" in fold(text) else 1.0

    def codes(self, text: str) -> list[Scored]:
        return [Scored(code) for word, code in self.WORDS if word in fold(text)]


READER = StoryReader(UnitFinder(REGISTRY), Behaviours(), TAXONOMY)
FORMS = FilingReader(READER)


def form(text: str = STORY, source: Source = Source.HOTLINE, by_hand: tuple[str, ...] = (), **facts: Any) -> Form:
    """Return a form; facts that are given count as set by hand."""
    hand = frozenset((*by_hand, *facts))
    return Form(text, source, by_hand=hand, facts=Facts(**facts))


def shown(form: Form, now: datetime = NOW) -> Form:
    """Return a form as the page shows it after a look."""
    return FORMS.read(form, now).form


def on(form: Form, text: str) -> Form:
    """Return a form whose story went on, as the page sends it."""
    return replace(form, text=f"{form.text}\n{text}")


def filing_tools(units: UnitOfWorkFactory, clock: Clock) -> FilingTools:
    """Return what filing works with."""
    deadlines = Deadlines.load(WorkingCalendar.load())
    return FilingTools(
        units=units,
        clock=clock,
        reader=READER,
        filing=CaseFiling(deadlines, ("units 1",)),
        access=Access(alike=same_house(REGISTRY)),
        phrases=PHRASES,
        registry=REGISTRY,
        taxonomy=TAXONOMY,
    )


def filing_desk(units: UnitOfWorkFactory, clock: Clock) -> FilingDesk:
    """Return a desk that files."""
    return FilingDesk(filing_tools(units, clock))


Maker = Callable[..., Form]
