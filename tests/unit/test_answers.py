"""Every answer the shipped catalogue can give, checked for length, sources and honesty."""

import re
from dataclasses import replace
from datetime import date

import pytest

from actions.compose import Composer
from bot.core.calendar import WorkingCalendar
from bot.core.enquiry.titles import dossier_cases
from bot.core.phrases import load_phrases
from bot.core.procedures import Confidence, DossierItem, Facet, Procedure, Status, TimeLimit, TimeUnit
from bot.core.replies import Reply
from knowledge.records import Catalogue

TODAY = date(2026, 11, 25)
PHRASES = load_phrases()
COMPOSER = Composer(PHRASES, WorkingCalendar.load())
CATALOGUE = Catalogue.load()
PROCEDURES = [p for id in CATALOGUE.ids if (p := CATALOGUE.procedure(id, TODAY))]
GIVEN = replace(
    next(p for p in PROCEDURES if p.status is Status.IN_FORCE and p.code),
    dossier=(DossierItem("Đơn đề nghị", original=1, form="Mẫu 01"), DossierItem("Bản sao", copy=2)),
    time_limit=TimeLimit(10, TimeUnit.WORKING_DAYS),
    decision=None,
    confidence={"dossier": Confidence.VERIFIED, "time_limit": Confidence.UNVERIFIED},
)


def whole(reply: Reply) -> str:
    return " ".join([reply.text, *(f"{b.title} {b.text} {' '.join(b.items)}" for b in reply.blocks)])


def test_shipped_catalogue_is_there() -> None:
    assert len(PROCEDURES) > 200


@pytest.mark.parametrize("facet", list(Facet))
def test_every_first_answer_is_short_and_names_its_source(facet: Facet) -> None:
    for p in PROCEDURES:
        for address in (None, "cháu"):
            reply = COMPOSER.answer(p, facet, None, address, TODAY).reply
            assert 0 < len(reply.text.split()) <= 60, (p.id, reply.text)
            assert "{" not in whole(reply), (p.id, reply.text)
            assert "None" not in whole(reply), (p.id, reply.text)
            assert any(s.kind == "checked_on" for s in reply.sources)
            assert any(s.kind == "decision" for s in reply.sources)


def test_whole_dossier_is_listed_and_counted() -> None:
    listed = 0
    for p in PROCEDURES:
        if p.status is not Status.IN_FORCE or not p.dossier:
            continue
        reply = COMPOSER.answer(p, Facet.DOCUMENTS, None, None, TODAY).reply
        items = [item for block in reply.blocks for item in block.items]
        assert len(items) == len(p.dossier), p.id
        assert all(any(d.name in item for item in items) for d in p.dossier), p.id
        assert str(len(p.dossier)) in reply.text, p.id
        listed += 1
    assert listed > 100


def test_one_case_of_a_dossier_leaves_out_the_others() -> None:
    several = [p for p in PROCEDURES if p.status is Status.IN_FORCE and dossier_cases(p)]
    assert several
    for p in several:
        for case in dossier_cases(p):
            items = [i for b in COMPOSER.answer(p, Facet.DOCUMENTS, case, None, TODAY).reply.blocks for i in b.items]
            others = [d for d in p.dossier if d.case in dossier_cases(p) and d.case != case]
            assert others
            assert not any(d.name == item.split(" (")[0] for d in others for item in items), (p.id, case)


def test_missing_fact_is_admitted_with_where_to_ask() -> None:
    bare = replace(GIVEN, dossier=(), fee=None, time_limit=None, place=None, steps=(), conditions=None, result=None)
    for facet in (Facet.DOCUMENTS, Facet.FEE, Facet.TIME, Facet.WHERE, Facet.STEPS, Facet.CONDITIONS, Facet.RESULT):
        answer = COMPOSER.answer(bare, facet, None, None, TODAY)
        assert answer.fact_missing
        assert "chưa có dữ liệu" in answer.reply.text
        assert PHRASES.contacts.hotline in answer.reply.text


def test_unverified_fact_is_marked_and_verified_is_not() -> None:
    mark = PHRASES.word("unverified")
    assert mark in whole(COMPOSER.answer(GIVEN, Facet.TIME, None, None, TODAY).reply)
    assert mark not in whole(COMPOSER.answer(GIVEN, Facet.DOCUMENTS, None, None, TODAY).reply)


def test_unknown_decision_is_said_and_a_legal_basis_stands_in() -> None:
    labels = [s.label for s in COMPOSER.sources(GIVEN)]
    assert any(label.startswith("Căn cứ: ") for label in labels)
    assert "Quyết định công bố: chưa có dữ liệu" in labels
    in_force = [b.number for b in GIVEN.legal_basis if b.in_force]
    assert any(in_force[0] in label for label in labels)


def test_confirmed_code_links_to_the_portal_and_no_other_does() -> None:
    linked = [s.url for s in COMPOSER.sources(GIVEN) if s.url]
    assert len(linked) == 1
    assert str(GIVEN.code) in str(linked[0])
    assert not [s for s in COMPOSER.sources(replace(GIVEN, code=None)) if s.url]


def test_working_days_skip_weekends_and_holidays() -> None:
    # From Wednesday 25 November 2026: ten working days end on Wednesday 9 December.
    answer = COMPOSER.answer(GIVEN, Facet.TIME, None, None, TODAY)
    assert answer.due_date == date(2026, 12, 9)
    assert "09/12/2026" in answer.reply.text


def test_limit_that_is_no_date_of_a_result_promises_none() -> None:
    limits = [p for p in PROCEDURES if p.time_limit and not p.time_limit.for_result and p.status is Status.IN_FORCE]
    assert limits
    for p in limits:
        assert COMPOSER.answer(p, Facet.TIME, None, None, TODAY).due_date is None, p.id


@pytest.mark.parametrize("status", [Status.REPEALED, Status.SUSPENDED, Status.ROUTING, Status.INTERNAL])
def test_what_is_not_in_force_is_never_answered_as_if_it_were(status: Status) -> None:
    found: list[Procedure] = [p for p in PROCEDURES if p.status is status]
    assert found
    for p in found:
        acts = {COMPOSER.answer(p, facet, None, None, TODAY).reply.act for facet in Facet}
        assert acts == {f"answer_{status.value}"}, p.id


def test_repealed_answer_says_since_when_and_what_replaces_it() -> None:
    told = [p for p in PROCEDURES if p.status is Status.REPEALED and p.valid_to and p.replaced_by]
    assert told
    for p in told:
        text = whole(COMPOSER.answer(p, Facet.GENERAL, None, None, TODAY).reply)
        assert re.search(r"bãi bỏ từ \d\d/\d\d/\d{4}", text), text


def test_every_act_fills_in_and_is_short() -> None:
    names = "name who count case cases fee limit today due wording place conditions result authority fact where"
    names += " how since by replacement body agency agency_where level office"
    names += " number secret date received score max_files max_mb heard code minutes summary contact wait"
    names += " kind unit when staff desk behaviours story amount code wanted digits numbers hours"
    facts = dict.fromkeys(names.split(), "X")
    acts = PHRASES.acts()
    assert len(acts) > 120
    for act in acts:
        text = PHRASES.say(act, "bác", **facts)
        assert "{" not in text
        assert len(text.split()) <= 60, (act, len(text.split()))
        assert text.lstrip("«")[0].isupper()
        assert not re.search(r"\b[A-ZĐ]{6,}\b", text), act
