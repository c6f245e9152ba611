"""A citizen and two operators at once on real pages: nothing is lost or doubled while services die and come back."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from bot.core.cases.people import Role
from bot.core.phrases import load_phrases
from bot.settings import Settings, load
from bot.stack import free_ports, private_settings, rasa_child
from bot.tokens import with_tokens
from tests.browser.together import (
    CITIZEN,
    MACHINE,
    NOTICE,
    PERSON,
    CitizenPage,
    OperatorPage,
    Processes,
    Read,
    Said,
    hire,
    press_together,
    replica,
    room,
)
from tests.stack import models_ready

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.proof, pytest.mark.timeout(900)]
PHRASES = load_phrases()
NAMES = (("lan.nt", "Nguyễn Thị Lan"), ("hung.tv", "Trần Văn Hùng"))
ASKED = "cho tôi gặp người thật"
QUESTION = "muon lap hoi o xa can giay to gi"
NOTE = "Hỏi nộp hồ sơ lập hội từ xa, chưa trả lời."
SUMMARY = "Hồ sơ lập hội nộp qua mạng được, không phải về quê."


@dataclass
class Together:
    """The pages of one story, and the service that is killed in it."""

    citizen: CitizenPage
    operators: tuple[OperatorPage, OperatorPage]
    processes: Processes
    killed: str = "service1"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return private_settings(models_ready(load()), tmp_path_factory.mktemp("together"))


@pytest.fixture(scope="module")
def rasa(settings: Settings) -> Iterator[Processes]:
    """One Rasa for all tests here; their services come and go at the address that it calls."""
    with Processes([rasa_child(settings)]) as processes:
        yield processes


def begun(processes: Processes, rasa: Processes) -> None:
    processes.until_healthy()
    rasa.until_healthy()


def test_one_service_is_killed_and_comes_back(browser: Browser, settings: Settings, rasa: Processes) -> None:
    staff = hire(settings, *((who, name, Role.OPERATOR, None) for who, name in NAMES))
    with Processes([replica(settings, 1)]) as processes, room(browser) as opened:
        begun(processes, rasa)
        address = settings.base_url
        lan, hung = (opened.operator(address, member) for member in staff)
        whole_story(Together(opened.citizen(address), (lan, hung), processes))


def test_two_replicas_serve_them_and_one_is_killed(
    browser: Browser, settings: Settings, rasa: Processes, postgres_url: str
) -> None:
    first = with_tokens(settings.model_copy(update={"database_url": postgres_url}))
    second = first.model_copy(update={"port": free_ports(1)[0]})
    staff = hire(first, *((who, name, Role.OPERATOR, None) for who, name in NAMES))
    with Processes([replica(first, 1), replica(second, 2)]) as processes, room(browser) as opened:
        begun(processes, rasa)
        # Lan is served by one replica, Hùng and the citizen by the other; the first one dies.
        lan, hung = opened.operator(first.base_url, staff[0]), opened.operator(second.base_url, staff[1])
        whole_story(Together(opened.citizen(second.base_url), (lan, hung), processes))


def whole_story(they: Together) -> None:
    """Ask for a person, be claimed, answered, handed on and back; the service dies twice on the way."""
    citizen, (lan, hung) = they.citizen, they.operators
    said: list[Said] = [(MACHINE, PHRASES.say("greeting"))]
    citizen.reads(said)
    for operator in they.operators:
        operator.there()

    # The citizen asks for a person; both operators see it come, and read the same.
    citizen.say(ASKED)
    said += [(CITIZEN, ASKED), (MACHINE, PHRASES.variant("handover", "queue_unknown", place=1))]
    citizen.reads(said)
    for operator in they.operators:
        operator.open_first()
        operator.reads(said)

    # Both press at once: one has it, the other is told who.
    press_together(lan.claim, hung.claim)
    has_it, other = holder(lan, hung)
    said.append((NOTICE, PHRASES.say("attended_begin")))
    in_step(said, citizen, has_it)
    expect(other.page.get_by_role("alert").filter(has_text=f"{short(has_it)} đang trả lời")).to_be_visible()
    expect(other.page.get_by_role("button", name="Gửi", exact=True)).to_be_disabled()

    # A question and its answer, live.
    say(said, citizen, "tôi ở xa thì nộp qua mạng được không", citizen, has_it)
    say(said, has_it, "Dạ, anh/chị chờ tôi tra nhé.", citizen, has_it)

    # The service dies; what both write meanwhile arrives once, in one order for all.
    they.processes.kill(they.killed)
    both = [(CITIZEN, "tôi đang ở trong Nam"), (PERSON, "Anh/chị đang ở tỉnh nào ạ?")]
    citizen.say(both[0][1])
    has_it.reply(both[1][1])
    said = list(citizen.reads([*said, *both], [*said, *both[::-1]]))
    in_step(said, citizen, has_it)

    # Handed on with a note: the colleague reads all of it and goes on, though the service dies again.
    before = list(said)
    has_it.transfer(other, NOTE)
    said.append((NOTICE, PHRASES.say("attended_transfer")))
    in_step(said, citizen, other)
    expect(other.page.locator(".notes")).to_contain_text(NOTE)
    expect(
        has_it.page.get_by_role("alert").filter(has_text=f"chuyển sang {short(other).lower()[:4]}")
    ).to_be_visible()
    they.processes.kill(they.killed)
    say(said, citizen, "ở Đồng Nai", citizen, other)
    say(said, other, "Nộp qua mạng được, không phải về quê ạ.", citizen, other)

    # Back to the assistant, which goes on by itself.
    other.hand_back(SUMMARY)
    said.append((MACHINE, PHRASES.say("attended_back", summary=SUMMARY)))
    in_step(said, citizen, other)
    say(said, citizen, QUESTION)
    said.append((MACHINE, "Hồ sơ «Thành lập hội (cấp xã)» cần"))
    in_step(said, citizen, other)

    # Nothing comes late, and all of it is there when it is read anew.
    has_it.reads(before)
    citizen.page.wait_for_timeout(2_500)
    for page in (citizen, other):
        page.page.reload()
    in_step(said, citizen, other)


def holder(one: OperatorPage, two: OperatorPage) -> tuple[OperatorPage, OperatorPage]:
    """Return who has the conversation and who has not, once both pages say so."""
    expect(one.owner).to_contain_text("đang trả lời")
    expect(two.owner).to_contain_text("đang trả lời")
    mine = [page for page in (one, two) if page.owner.inner_text() == "Anh/chị đang trả lời"]
    assert len(mine) == 1, [page.owner.inner_text() for page in (one, two)]
    return (one, two) if mine == [one] else (two, one)


def say(said: list[Said], who: CitizenPage | OperatorPage, text: str, *pages: Read) -> None:
    """Say something, and wait until all pages show it in its place."""
    if isinstance(who, CitizenPage):
        who.say(text)
    else:
        who.reply(text)
    said.append((CITIZEN if isinstance(who, CitizenPage) else PERSON, text))
    in_step(said, *pages)


def in_step(said: list[Said], *pages: Read) -> None:
    """Wait until the pages show this, or this with the one notice that an answer was delayed by what was killed."""
    for page in pages:
        said[:] = page.reads(said, [*said[:-1], ("notice", "Tôi đang bị gián đoạn."), said[-1]])


def short(operator: OperatorPage) -> str:
    """Return how the console calls a colleague."""
    return {"Nguyễn Thị Lan": "Chị Lan", "Trần Văn Hùng": "Anh Hùng"}[operator.name]
