"""What operators read aloud: for every record and side at most three sentences, from its facts alone."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from actions.compose import Composer
from actions.lights import Lights
from actions.scripts import ScriptWriter, facets_known
from bot.core.calendar import WorkingCalendar
from bot.core.phrases import load_phrases, vietnamese_date
from bot.core.procedures import Confidence, Decision, DossierItem, Facet, LegalBasis, Procedure, Status
from bot.core.suggestions.found import Change
from bot.core.suggestions.items import MOST_SENTENCES, Colour, Light
from bot.core.suggestions.words import SuggestWords
from knowledge.records import Catalogue
from knowledge.validity import next_change
from tests.integration.small_catalogue import record

TODAY = date(2026, 11, 25)
PHRASES = load_phrases()
CALENDAR = WorkingCalendar.load()
WORDS = SuggestWords.load()
SCRIPTS = ScriptWriter(Composer(PHRASES, CALENDAR), PHRASES, CALENDAR, WORDS)
LIGHTS = Lights(WORDS)
CATALOGUE = Catalogue.load()
PROCEDURES = [p for id in CATALOGUE.ids if (p := CATALOGUE.procedure(id, TODAY))]
GREEN = Light(Colour.GREEN, "")
GIVEN = replace(
    next(p for p in PROCEDURES if p.status is Status.IN_FORCE and p.place and p.channels),
    confidence=dict.fromkeys(("dossier", "identity", "fee", "time_limit"), Confidence.VERIFIED),
    legal_basis=(),
    decision=Decision("12/QĐ-UBND", date(2026, 1, 2), "UBND Thành phố"),
)


def light(p: Procedure, facet: Facet = Facet.DOCUMENTS, change: Change | None = None) -> Light:
    return LIGHTS.light(p, facet, change, TODAY)


@pytest.mark.parametrize("facet", list(Facet))
def test_every_script_can_be_read_aloud(facet: Facet) -> None:
    for p in PROCEDURES:
        script = SCRIPTS.write(p, facet, TODAY, light(p, facet))
        assert 1 <= len(script) <= MOST_SENTENCES, (p.id, script)
        for said in script:
            assert said[0].isupper() or said[0] in "«0123456789", (p.id, said)
            assert said.endswith((".", "?", "!", "…")), (p.id, said)
            assert not re.search(r"[{}]|None|bấm|nút|ở dưới|\.\.|…\.", said), (p.id, said)
            assert len(said.split()) <= 80, (p.id, said)


def test_no_number_is_said_that_the_record_does_not_have() -> None:
    for p in PROCEDURES:
        due = SCRIPTS.due(p, TODAY)
        known = f"{p} {len(p.dossier)} {len(p.steps)} {len(p.dossier) - 3} {len(p.legal_basis)} {PHRASES.contacts}"
        known += f" {vietnamese_date(TODAY)} {vietnamese_date(due.date) if due else ''}"
        known += "".join(vietnamese_date(day) for day in (p.valid_to and p.valid_to + timedelta(days=1),) if day)
        held = [basis for basis in p.legal_basis if basis.in_force]
        known += f" {len(held) - 1}"
        for facet in Facet:
            for number in re.findall(r"\d+", " ".join(SCRIPTS.write(p, facet, TODAY, GREEN))):
                assert number in known, (p.id, facet, number)


def test_a_fact_that_is_not_known_is_admitted_never_made_up() -> None:
    bare = replace(GIVEN, fee=None, dossier=(), steps=(), conditions=None, time_limit=None, place=None, result=None)
    for facet in (Facet.FEE, Facet.DOCUMENTS, Facet.STEPS, Facet.CONDITIONS, Facet.TIME, Facet.WHERE, Facet.RESULT):
        script = " ".join(SCRIPTS.write(bare, facet, TODAY, GREEN))
        assert "chưa có dữ liệu chắc chắn" in script
        assert facet not in facets_known(bare)
    assert SCRIPTS.due(bare, TODAY) is None


def test_few_papers_are_read_out_and_many_are_begun() -> None:
    papers = tuple(DossierItem(f"Tờ khai số {n}") for n in range(1, 7))
    few = SCRIPTS.write(replace(GIVEN, dossier=papers[:3]), Facet.DOCUMENTS, TODAY, GREEN)
    assert few[1] == "Gồm có: tờ khai số 1; tờ khai số 2; tờ khai số 3."
    many = SCRIPTS.write(replace(GIVEN, dossier=papers), Facet.DOCUMENTS, TODAY, GREEN)
    assert "cần 6 loại" in many[0]
    assert "tờ khai số 3" in many[1]
    assert "tờ khai số 4" not in many[1]
    assert "3 giấy nữa" in many[1]
    assert "chỉ cần một giấy" in SCRIPTS.write(replace(GIVEN, dossier=papers[:1]), Facet.DOCUMENTS, TODAY, GREEN)[0]


def test_the_listener_is_called_as_the_citizen_calls_themselves() -> None:
    papers = tuple(DossierItem(f"Tờ khai số {n}") for n in range(1, 7))
    p = replace(GIVEN, dossier=papers)
    assert "cháu ghi lại giúp" in SCRIPTS.speaking_to("cháu").write(p, Facet.DOCUMENTS, TODAY, GREEN)[1]
    assert "anh/chị ghi lại giúp" in SCRIPTS.write(p, Facet.DOCUMENTS, TODAY, GREEN)[1]


def test_an_ended_procedure_is_told_as_ended_whatever_is_asked() -> None:
    ended = replace(GIVEN, valid_to=TODAY - timedelta(days=1), status=Status.REPEALED)
    for facet in (Facet.FEE, Facet.DOCUMENTS, Facet.GENERAL):
        assert "không còn nữa" in SCRIPTS.write(ended, facet, TODAY, light(ended))[0]
    assert SCRIPTS.due(ended, TODAY) is None


def test_words_have_their_fields_and_keep_braces_of_facts() -> None:
    assert WORDS.say("script", "fee", name="{you}", fee="{0}") == "Lệ phí của thủ tục «{you}» là: {0}."
    with pytest.raises(KeyError):
        WORDS.say("script", "fee", name="x")
    for section, key in WORDS.entries():
        told = WORDS.say(section, key, **dict.fromkeys(_FIELDS, "x"))
        assert "{" not in told, (section, key)


_FIELDS = (
    "name", "count", "first", "papers", "rest", "cases", "fee", "limit", "today", "due", "place", "channels", "step",
    "who", "facts", "portal", "where", "conditions", "wording", "how", "case", "number", "date", "body", "label",
)  # fmt: skip


class TestLight:
    """Green holds, amber doubts, red is over."""

    def test_a_verified_record_is_green_and_one_from_the_law_says_so(self) -> None:
        assert light(GIVEN).colour is Colour.GREEN
        by_law = replace(GIVEN, confidence={**GIVEN.confidence, "dossier": Confidence.LAW})
        assert light(by_law).colour is Colour.GREEN
        assert light(by_law).text != light(GIVEN).text

    def test_only_the_side_that_was_not_compared_is_doubted(self) -> None:
        doubtful = replace(GIVEN, confidence={**GIVEN.confidence, "fee": Confidence.UNVERIFIED})
        assert light(doubtful, Facet.FEE).colour is Colour.AMBER
        assert light(doubtful, Facet.DOCUMENTS).colour is Colour.GREEN

    @pytest.mark.parametrize(
        ("change", "colour"),
        [
            (None, Colour.GREEN),
            (Change(TODAY + timedelta(days=60), "version"), Colour.AMBER),
            (Change(TODAY + timedelta(days=61), "version"), Colour.GREEN),
            (Change(TODAY + timedelta(days=5), "basis", "1/2026/NĐ-CP"), Colour.AMBER),
            (Change(TODAY + timedelta(days=400), "ends"), Colour.GREEN),
        ],
    )
    def test_a_change_is_told_when_it_is_near(self, change: Change | None, colour: Colour) -> None:
        found = light(GIVEN, change=change)
        assert found.colour is colour
        if change and colour is Colour.AMBER:
            assert vietnamese_date(change.day) in found.text
            assert (change.number or "") in found.text

    @pytest.mark.parametrize("status", [Status.REPEALED, Status.SUSPENDED])
    def test_what_is_over_is_red(self, status: Status) -> None:
        assert light(replace(GIVEN, status=status)).colour is Colour.RED
        since = light(replace(GIVEN, status=status, valid_to=date(2026, 6, 30)))
        assert "01/07/2026" in since.text

    @pytest.mark.parametrize("status", [Status.UNCERTAIN, Status.INTERNAL, Status.ROUTING])
    def test_what_citizens_do_not_hand_in_here_is_amber(self, status: Status) -> None:
        assert light(replace(GIVEN, status=status, responsible="Sở Y tế")).colour is Colour.AMBER

    def test_a_record_whose_every_basis_has_ended_is_doubted(self) -> None:
        basis = (LegalBasis("1/2001/NĐ-CP", in_force=False),)
        assert light(replace(GIVEN, decision=None, legal_basis=basis)).colour is Colour.AMBER
        assert light(replace(GIVEN, legal_basis=basis)).colour is Colour.GREEN  # its decision still publishes it


class TestNextChange:
    """What is known to end a record's text."""

    def test_the_first_of_end_next_version_and_basis_counts(self) -> None:
        basis = [{"number": "1/2024/NĐ-CP", "sunset": "2027-03-01"}, {"number": "2/2024/NĐ-CP"}]
        first = record("X1", "Lập hội", valid_to="2026-12-31", legal_basis=basis)
        found = next_change(Catalogue([first], TODAY), "X1", TODAY)
        assert found == Change(date(2027, 1, 1), "ends")
        assert next_change(Catalogue([first], TODAY), "X1", date(2027, 1, 5)) == Change(
            date(2027, 3, 1), "basis", "1/2024/NĐ-CP"
        )
        later = record("X1", "Lập hội mới", valid_from="2027-01-01")
        both = Catalogue([first, later], TODAY)
        assert next_change(both, "X1", TODAY) == Change(date(2027, 1, 1), "ends")
        assert next_change(both, "X1", date(2027, 1, 1)) is None

    def test_nothing_is_known_of_most_records_and_of_none(self) -> None:
        catalogue = Catalogue([record("X1", "Lập hội")], TODAY)
        assert next_change(catalogue, "X1", TODAY) is None
        assert next_change(catalogue, "X2", TODAY) is None

    def test_a_basis_that_has_ended_already_ends_nothing(self) -> None:
        basis = [{"number": "1/2024/NĐ-CP", "sunset": "2026-01-01"}]
        assert next_change(Catalogue([record("X1", "Lập hội", legal_basis=basis)], TODAY), "X1", TODAY) is None
