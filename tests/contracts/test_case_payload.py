"""What the complaint backend is handed."""

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

from bot.core.cases.payload import case_payload, event_payload
from bot.core.cases.record import AccessClass, Contact
from bot.core.cases.state import Case, CaseEvent, Status
from bot.core.story import Identity
from tests.contracts.case_steps import CONTACT, RECORD, attachment, filing, number_of
from tests.contracts.steps import NOW

KEYS = [
    "case_id",
    "number",
    "channel",
    "received_at",
    "input_type",
    "behaviour_codes",
    "severity",
    "access_class",
    "unit_id",
    "unit_former",
    "unit_options",
    "desk_kind",
    "counter",
    "staff_ref",
    "event_at",
    "event_date",
    "event_time",
    "procedure_id",
    "dossier_code",
    "narrative_masked",
    "restricted",
    "facts",
    "wanted_outcome",
    "anonymous",
    "consent",
    "attachments",
    "related_cases",
    "statements",
    "data_versions",
    "due_on",
    "clock_basis",
]


def test_a_case_is_handed_over_whole() -> None:
    payload = case_payload(replace(filing(), related=("b",)), [attachment("f1")])
    assert list(payload) == KEYS
    assert json.loads(json.dumps(payload)) == payload
    assert payload["behaviour_codes"] == ["TD-QUATMANG", "CB-CHAMTRE"]
    assert payload["restricted"] == {
        "narrative_raw": RECORD.narrative_raw,
        "contact": {"name": CONTACT.name, "phone": CONTACT.phone, "email": CONTACT.email},
        "identity": "named",
    }
    assert payload["facts"] == {
        "said": "đi ra ngoài",
        "waited_minutes": 90,
        "visits": 3,
        "amount": 200_000,
        "witnesses": "bác bảo vệ",
        "evidence": ["ghi âm", "ảnh"],
        "wanted": "được xin lỗi",
    }
    assert payload["attachments"] == [{"id": "f1", "media_type": "image/jpeg", "sha256": "sha-f1", "size": 3}]
    assert payload["consent"] == {
        "version": "2026-11-1",
        "at": "2026-11-21T02:59:00+00:00",
        "scopes": ["bao_ket_qua"],
    }
    assert (payload["unit_former"], payload["unit_options"]) == ("phường Quan Hoa", ["PX-CAUGIAY", "PX-LANG"])
    assert (payload["related_cases"], payload["due_on"], payload["access_class"]) == (["b"], "2026-12-05", "normal")


def test_a_certain_moment_is_given_as_one() -> None:
    payload = case_payload(filing(), [])
    expected = datetime(2026, 11, 18, 14, 30, tzinfo=timezone(timedelta(hours=7)))
    assert datetime.fromisoformat(payload["event_at"]) == expected
    assert (payload["event_date"], payload["event_time"]) == ("2026-11-18", "14:30")
    for guess in (
        {"event_approximate": True},
        {"event_time": None},
        {"event_date": None, "event_time": time(8, 0)},
    ):
        vague = case_payload(filing(**guess), [])
        assert vague["event_at"] is None
        assert vague["event_date"] == (None if "event_date" in guess else date(2026, 11, 18).isoformat())


def test_of_an_anonymous_citizen_no_contact_goes_out() -> None:
    payload = case_payload(filing(identity=Identity.ANONYMOUS), [])
    assert (payload["anonymous"], payload["restricted"]["contact"]) == (True, None)
    sent = json.dumps(payload, ensure_ascii=False)
    assert not [word for word in ("Hạnh", "0912", "345 678", "example.vn") if word in sent]
    assert payload["restricted"]["narrative_raw"] == RECORD.narrative


def test_a_hidden_citizen_stays_reachable_for_the_office() -> None:
    payload = case_payload(filing(identity=Identity.HIDDEN), [])
    assert not payload["anonymous"]
    assert payload["restricted"]["identity"] == "hidden"
    assert payload["restricted"]["contact"]["phone"] == CONTACT.phone


def test_a_denunciation_and_severity_five_are_restricted() -> None:
    for changes in ({"severity": 5}, {"input_type": "TO_CAO"}):
        assert case_payload(filing(**changes), [])["access_class"] == "restricted"


def test_an_event_is_handed_over_with_the_state_after_it() -> None:
    case = Case(
        "a", number_of(1), "c", Status.WITHDRAWN, AccessClass.NORMAL, RECORD, NOW, NOW, None, "10 ngày làm việc"
    )
    event = CaseEvent(3, NOW, "withdrawn", "citizen", {"reason": "đã xong", "contact": {"phone": "0912345678"}})
    payload = event_payload(case, event, [attachment("f1")])
    assert json.loads(json.dumps(payload)) == payload
    assert (payload["sequence"], payload["kind"], payload["status"]) == (3, "withdrawn", "withdrawn")
    assert (payload["number"], payload["at"]) == (number_of(1), NOW.isoformat())
    assert payload["body"] == event.body
    assert [file["id"] for file in payload["attachments"]] == ["f1"]
    anonymous = replace(case, record=replace(RECORD, identity=Identity.ANONYMOUS, contact=Contact()))
    assert event_payload(anonymous, event)["body"] == {"reason": "đã xong"}
