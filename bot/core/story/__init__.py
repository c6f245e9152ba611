"""What a citizen's message says: when, where, who, how much; and the short messages that steer the talk. Pure."""

from bot.core.story.commands import is_back, is_cancel, is_done, is_send, is_skip, is_unknown, yes_no
from bot.core.story.contacts import Contacts, contacts, name_answer
from bot.core.story.desks import DeskKind
from bot.core.story.edits import edit_target
from bot.core.story.event_time import VIETNAM, EventTime, appointment, event_time
from bot.core.story.facts import StoryFacts, story_facts
from bot.core.story.identity import Identity, identity_answer
from bot.core.story.later import postpones
from bot.core.story.looks import tells_looks
from bot.core.story.moments import Problem
from bot.core.story.proof import Evidence
from bot.core.story.reach import Reach, reach_said
from bot.core.story.resuming import without_resuming

__all__ = [
    "VIETNAM",
    "Contacts",
    "DeskKind",
    "EventTime",
    "Evidence",
    "Identity",
    "Problem",
    "Reach",
    "StoryFacts",
    "appointment",
    "contacts",
    "edit_target",
    "event_time",
    "identity_answer",
    "is_back",
    "is_cancel",
    "is_done",
    "is_send",
    "is_skip",
    "is_unknown",
    "name_answer",
    "postpones",
    "reach_said",
    "story_facts",
    "tells_looks",
    "without_resuming",
    "yes_no",
]
