"""A client of the officers' desk over a real store, with people of every role and cases with planted details."""

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from PIL import Image

from bot.core.calendar import WorkingCalendar
from bot.core.cases.access import Access, same_house
from bot.core.cases.deadlines import Deadlines
from bot.core.cases.desk import CaseDesk
from bot.core.cases.desk_tools import DeskTools
from bot.core.cases.desk_views import DeskViews
from bot.core.cases.lifecycle import Step, Verb
from bot.core.cases.number import new_number, new_secret
from bot.core.cases.office_ports import AuditEntry
from bot.core.cases.people import Principal, Role
from bot.core.cases.ports import Attachment
from bot.core.cases.record import CaseRecord, Consent, Contact, Filing, Story
from bot.core.cases.state import Case, Finding, Status
from bot.core.cases.views import last_answer
from bot.core.phrases import load_phrases
from bot.core.story import DeskKind, Identity
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitRegistry
from bot.store import Store
from channels.desk import Gate, desk_router, install_desk, token_hash
from channels.register import register_router
from channels.register.labels import Labels
from channels.web.problems import install_problem_handlers
from tests.browser.fakes import SettableClock

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 9 o'clock in Hà Nội
UNIT, OTHER_UNIT, OFFICE = "HN-00004", "HN-00008", "HN-SNV"
REGISTRY = UnitRegistry.load()
TAXONOMY = Taxonomy.load()
PHRASES = load_phrases()

CITIZEN_NAME, PHONE, EMAIL = "Trần Thị Bích Ngọc", "0912345678", "bichngoc.tran@example.vn"
STAFF = "Phạm Quốc Khánh"
DOSSIER = "H26.15.02-261018-0975"
WITNESS = "bác Lê Văn Tám bảo vệ"
STORY = (
    f"Tôi là {CITIZEN_NAME}, 67 tuổi, ở số nhà 12, ngõ 34 phố Đội Cấn. Sáng 18/11 tôi nộp hồ sơ {DOSSIER} ở quầy 3, "
    f"anh {STAFF} quát tôi trước đám đông. Mẹ tôi là bà Nguyễn Thị Lụa cũng có mặt. Gọi tôi số {PHONE}."
)
MASKED_STORY = STORY.replace(PHONE, "[số điện thoại]")
# What no unit may find anywhere, folded or not; the given names count where they stand for the person.
PLANTED = (
    CITIZEN_NAME, "Bích Ngọc", "tran thi bich ngoc", PHONE, "912345678", EMAIL, "bichngoc", STAFF, "Quốc Khánh",
    "quoc khanh", DOSSIER, "261018-0975", "Lê Văn Tám", "Nguyễn Thị Lụa", "ngõ 34", "Đội Cấn", "67 tuổi",
    "cho-ngoc.png",
)  # fmt: skip
ANSWER = {
    "finding": "dung",
    "text": "Đã kiểm tra: việc phản ánh là đúng, đơn vị đã xin lỗi và bố trí lại người ở quầy.",
    "reason": "Theo báo cáo của đơn vị và hình ảnh tại quầy.",
    "document": "1234/SNV-VP",
    "remedy": "Nếu chưa đồng ý, gửi đơn khiếu nại đến Giám đốc Sở trong 90 ngày.",
}
REASON = {"reason": "xử lý theo quy trình"}

PEOPLE = {
    "citizen": Principal("conversation-1", "Người dân", Role.CITIZEN),
    "operator": Principal("op", "Vũ Thị Thơm", Role.OPERATOR),
    "officer": Principal("of1", "Đinh Công Tráng", Role.OFFICER, "HN-SXD"),
    "officer2": Principal("of2", "Lý Thu Hà", Role.OFFICER),
    "supervisor": Principal("sup", "Ngô Bảo Châu", Role.SUPERVISOR),
    "unit": Principal("u1", "Một cửa phường Ba Đình", Role.UNIT, UNIT),
    "other_unit": Principal("u2", "Một cửa phường Ngọc Hà", Role.UNIT, OTHER_UNIT),
    "auditor": Principal("aud", "Cao Xuân Hạo", Role.AUDITOR),
    "administrator": Principal("adm", "Hồ Ngọc Đại", Role.ADMINISTRATOR),
    "backend": Principal("be", "Hệ thống xử lý", Role.BACKEND),
    "editor": Principal("ed", "Tạ Duy Tiến", Role.KNOWLEDGE_EDITOR),
    "insider": Principal("ins", "Doãn Kế Thiện", Role.OFFICER, UNIT),
    "namesake": Principal("nam", STAFF, Role.OFFICER),
}


def picture() -> bytes:
    """Return a small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    return out.getvalue()


@dataclass
class Office:
    """The desk and the register over one store."""

    store: Store
    clock: SettableClock
    tools: DeskTools
    desk: CaseDesk
    views: DeskViews
    app: FastAPI
    router: APIRouter
    tokens: dict[str, str]

    def client(self, who: str | None = None) -> httpx.AsyncClient:
        """Return a client that acts as somebody, or as nobody."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)

    def case(self, case_id: str) -> Case:
        with self.store() as unit:
            return unit.cases.case(case_id)

    def file(self, conversation: str = "conversation-1", *, with_file: bool = False, **changes: Any) -> str:
        """File a case as a citizen's confirmation does; `changes` are the record's."""
        now, case_id = self.clock.now(), uuid.uuid4().hex
        record = replace(a_record(now), **changes)
        with self.store() as unit:
            if not unit.conversation_exists(conversation):
                unit.create_conversation(conversation, "web", now)
            if with_file:
                file_id = uuid.uuid4().hex
                about = Attachment(
                    file_id, conversation, None, "image/png", "cho-ngoc.png", 70, file_id.ljust(64, "0"), now
                )
                unit.attachments.add(about, b"ORIGINAL " + file_id.encode() + picture(), picture())
                record = replace(record, attachments=(file_id,))
            due, basis = self.tools.deadlines.first_answer(record.input_type, self.tools.today())
            unit.cases.file(Filing(case_id, new_number(), new_secret(), conversation, record, due, basis), now)
            unit.commit()
        return case_id

    def act(self, who: str, case_id: str, verb: Verb, **given: Any) -> None:
        if verb is Verb.PUBLISH:  # whoever approves has read the answer as it stands
            given = {"answer_sequence": self.answer_sequence(case_id), **given}
        self.desk.act(PEOPLE[who], case_id, Step(verb, **given))

    def answer_sequence(self, case_id: str) -> int:
        """Return what approving the answer as it stands names."""
        with self.store() as unit:
            written = last_answer(unit.cases.timeline(case_id))
        assert written is not None
        return written.sequence

    def bring(self, case_id: str, status: Status, unit: str = UNIT, files: Sequence[str] = ()) -> None:
        """Bring a received case to a state by the ordinary way."""
        path: list[tuple[str, Verb, dict[str, Any]]] = [
            ("officer", Verb.RELEASE, {"reason": "đã xem"}),
            ("officer", Verb.ASSIGN, {"unit": unit, "note": "Đề nghị báo cáo.", "files": tuple(files)}),
            (
                "unit" if unit == UNIT else "other_unit",
                Verb.REPLY,
                {"text": "Đơn vị đã làm việc với người trực quầy."},
            ),
            ("officer", Verb.ANSWER, answer_fields()),
            ("officer2", Verb.PUBLISH, {}),
            ("officer2", Verb.CLOSE, {}),
        ]
        until = {
            Status.RECEIVED: 0,
            Status.RELEASED: 1,
            Status.ASSIGNED: 2,
            Status.EXPLAINED: 3,
            Status.ANSWERED: 4,
            Status.CLOSED: 6,
        }
        if status is Status.PARKED:
            path, steps = [("supervisor", Verb.PARK, {"reason": "nghi thư rác"})], 1
        elif status is Status.INSPECTION:
            path, steps = [("officer", Verb.INSPECT, {"reason": "nghiêm trọng", "team": "Đoàn kiểm tra công vụ"})], 1
        else:
            steps = until[status]
        for who, verb, given in path[:steps]:
            self.act(who, case_id, verb, **given)


def answer_fields(**changes: Any) -> dict[str, Any]:
    """Return the fields of an answer for a Step."""
    return {**ANSWER, "finding": Finding(ANSWER["finding"]), **changes}


def a_record(now: datetime) -> CaseRecord:
    """Return a record full of details that tell who told it."""
    return CaseRecord(
        input_type="PHAN_ANH_HANH_VI",
        behaviours=("TD-XUCPHAM",),
        severity=3,
        narrative=MASKED_STORY,
        narrative_raw=STORY,
        identity=Identity.NAMED,
        channel="web",
        received_at=now,
        unit=UNIT,
        desk=DeskKind.ONE_STOP,
        counter="3",
        staff=f"anh {STAFF}, đeo kính",
        event_date=date(2026, 11, 18),
        event_time=time(9, 40),
        dossier_code=DOSSIER,
        story=Story(f"{STAFF} nói: đồ già", 45, 2, 200_000, WITNESS, ("ghi âm của Bích Ngọc",), "xin lỗi bà Ngọc"),
        contact=Contact(CITIZEN_NAME, PHONE, EMAIL),
        consent=Consent("2026-11-1", now - timedelta(minutes=1), ("bao_ket_qua",)),
        statements=("PHAN_ANH_HANH_VI",),
        data_versions=("units 1",),
    )


def open_office(store: Store) -> Office:
    """Put the desk and the register over a store, with everybody in PEOPLE and a token for each."""
    clock = SettableClock(START)
    tools = DeskTools(
        units=store,
        clock=clock,
        access=Access(alike=same_house(REGISTRY)),
        deadlines=Deadlines.load(WorkingCalendar.load()),
        registry=REGISTRY,
    )
    tokens = {who: f"token-of-{who}-{'x' * 32}" for who in PEOPLE}
    with store() as unit:
        for who, principal in PEOPLE.items():
            unit.principals.add(principal, START)
            unit.principals.add_token(principal.id, token_hash(tokens[who]), START + timedelta(days=90), START)
        unit.commit()
    app = FastAPI(docs_url=None, redoc_url=None)
    install_problem_handlers(app)
    labels = Labels(REGISTRY, PHRASES.word, TAXONOMY.label)
    router = desk_router(tools, Gate(store, clock), unit_name=labels.unit, label=TAXONOMY.label)
    install_desk(app, router, max_body_bytes=65_536)
    app.include_router(register_router(store, clock, labels, keep_seconds=60))
    return Office(store, clock, tools, CaseDesk(tools), DeskViews(tools), app, router, tokens)


def log_people(office: Office) -> None:
    """Put accounts and tokens of everybody into the audit, as the command line does."""
    with office.store() as unit:
        for principal in PEOPLE.values():
            told = f"[dòng lệnh] {principal.role.value} {principal.unit or ''}".strip()
            unit.audit.append("root", "administrator", "principal_add", principal.id, told, START)
            unit.audit.append("root", "administrator", "principal_token", principal.id, "90 ngày", START)
        unit.commit()


def audit(office: Office, subject: str | None = None) -> list[AuditEntry]:
    with office.store() as unit:
        return unit.audit.entries(subject=subject)


def kinds(office: Office, case_id: str) -> list[str]:
    with office.store() as unit:
        return [event.kind for event in unit.cases.timeline(case_id)]


def reopen(office: Office, case_id: str) -> None:
    with office.store() as unit:
        unit.cases.change(
            case_id,
            "reopened",
            "citizen",
            office.clock.now(),
            {"reason": "chưa xong"},
            expected=(Status.CLOSED,),
            status=Status.RECEIVED,
            reopened=True,
        )
        unit.commit()


def file_by(office: Office, person: int, **changes: Any) -> str:
    """File a case of one of several people."""
    given = {"contact": Contact(f"Người {person}", f"09000000{person:02}", None), **changes}
    return office.file(given.pop("conversation", f"conversation-{person}"), **given)
