"""Wires the dialogue's custom actions: what each turn may become, and what talking about a case needs."""

from collections.abc import Mapping

from actions.answer import AnswerAction
from actions.cases.files import CaseFiles
from actions.cases.follow import CaseFollow
from actions.cases.news import CaseNews
from actions.cases.opening import CaseTools, ComplaintTalk
from actions.cases.recording import RecordingTalk
from actions.cases.status import CaseStatus
from actions.cases.talk import COMPLAINT_ROUTES
from actions.cases.wording import CaseWording
from actions.compose import Composer
from actions.condoling import Condoling
from actions.converse import REPLIES, ConverseAction
from actions.handover.action import HandOverAction
from actions.handover.offer import Offering
from actions.handover.talk import HandOverTalk
from actions.joining import JoinTalk
from actions.leaving import LeaveTalk
from actions.office import OfficeTalk
from actions.plain_words import PlainTalk
from actions.tracking import TrackAction
from actions.turn_action import Decide, TurnAction
from bot.core.attachments import FileLimits
from bot.core.calendar import WorkingCalendar
from bot.core.cases.deadlines import Deadlines
from bot.core.cases.faq import Faq
from bot.core.cases.filing import CaseFiling
from bot.core.cases.heard import BehaviourModel, StoryReader
from bot.core.cases.interview import Interview
from bot.core.enquiry.machine import EnquiryResolver
from bot.core.enquiry.signals import Signal
from bot.core.handover.floor import FrontDesk
from bot.core.kinds import InputTypes
from bot.core.phrases import Phrases
from bot.core.ports import KnowledgeBase, UnitOfWorkFactory
from bot.core.routes import Route
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitFinder, UnitRegistry


def make_actions(
    knowledge: KnowledgeBase,
    units: UnitOfWorkFactory,
    phrases: Phrases,
    behaviours: BehaviourModel,
    limits: FileLimits,
    desk: FrontDesk,
) -> list[TurnAction]:
    """Return the custom actions that the dialogue's rules name; `desk` tells who is there to answer in person."""
    calendar = WorkingCalendar.load()
    resolver, hand_over = EnquiryResolver(knowledge), HandOverAction(phrases, desk)
    track = TrackAction(phrases, units, CaseStatus(phrases))
    others: dict[str, Decide] = {Route.TRACK_CASE: track, Route.TALK_TO_HUMAN: hand_over}
    tools = case_tools(units, phrases, behaviours, calendar, limits, others, hand_over)
    follow = CaseFollow(phrases, units, track, tools.reader)
    others[Route.SURVEY] = follow.survey
    talk = ComplaintTalk(tools)
    guesses: dict[str, Decide] = {**dict.fromkeys(COMPLAINT_ROUTES, talk), **others}
    answer = AnswerAction(resolver, Composer(phrases, calendar), hand_over, phrases, guesses)
    converse = ConverseAction(resolver, answer, phrases, follow.survey)
    others.update({Route.ASK_PROCEDURE: answer, Route.OTHER_AGENCY: answer, Route.OUT_OF_SCOPE: answer})
    others.update(dict.fromkeys(REPLIES, converse))
    guesses.update(dict.fromkeys(REPLIES, converse))
    decisions: dict[str, Decide] = {
        "action_answer": answer,
        "action_complaint": talk,
        "action_converse": converse,
        "action_hand_over": hand_over,
        "action_track": track,
    }
    files, plain = CaseFiles(phrases, units), PlainTalk(phrases, units)
    recordings = RecordingTalk(phrases, units)
    join, news = JoinTalk(phrases, units, track), CaseNews(phrases, units, track)

    def danger(signal: Signal) -> bool:
        return bool(tools.reader.hear(signal).kind.danger)

    waiting, leaving = HandOverTalk(phrases, desk, hand_over, danger), LeaveTalk(phrases, danger)
    offer, office, condoling = Offering(phrases), OfficeTalk(phrases), Condoling(phrases)

    def whole(decide: Decide) -> Decide:
        talked = office.around(condoling.around(talk.around(decide)))
        told = news.around(recordings.around(files.around(follow.around(talked))))
        return waiting.around(leaving.around(plain.around(join.around(told))))

    return [TurnAction(name, whole(decide), units, phrases, offer) for name, decide in decisions.items()]


def case_tools(
    units: UnitOfWorkFactory,
    phrases: Phrases,
    behaviours: BehaviourModel,
    calendar: WorkingCalendar,
    limits: FileLimits,
    others: Mapping[str, Decide],
    hand_over: HandOverAction,
) -> CaseTools:
    """Return what talking about cases needs, read from the packaged data."""
    taxonomy, registry = Taxonomy.load(), UnitRegistry.load()
    reader = StoryReader(UnitFinder(registry), behaviours, taxonomy)
    deadlines = Deadlines.load(calendar)
    return CaseTools(
        reader=reader,
        interview=Interview(reader),
        wording=CaseWording(phrases, registry, taxonomy),
        filing=CaseFiling(deadlines, data_versions(taxonomy, registry, deadlines)),
        phrases=phrases,
        hand_over=hand_over,
        faq=Faq.load(),
        limits=limits,
        units=units,
        others=others,
    )


def data_versions(taxonomy: Taxonomy, registry: UnitRegistry, deadlines: Deadlines) -> tuple[str, ...]:
    """Return the versions of the data that a record is read with."""
    return (
        f"behaviours {taxonomy.version}",
        f"input_types {InputTypes.load().version}",
        f"units {registry.version}",
        f"deadlines {deadlines.version}",
    )
