"""What a message is about in law, by its content alone: evidence for each kind of input. Pure."""

from dataclasses import dataclass

from bot.core.kinds.asking import happened
from bot.core.kinds.conduct import conduct_hits, denied, money_hits
from bot.core.kinds.marking import Hit, Marked, is_number

RULE_REACH = 12
_WHOLE = 400
# Words that rules are criticised with too.
_RUDE = frozenset({"conduct.rude", "conduct.menace"})
_LIGHT = frozenset({"conduct.slow", "conduct.wrong"})
_PEOPLE = ("people.ours_staff", "people.ours_body", "people.anybody")


@dataclass(frozen=True)
class Matter:
    """What content says. `conduct`: an official's conduct is told; `event`: of something that happened to the writer;
    `heavy`: of more than delay and the like; `grave`: both.

    `crime`: corruption, forgery and the like; `decision`: a decision against the writer; `attacked`: it is to be
    undone; `rule`: a rule is criticised; `wish`: something is suggested,
    `improve`: something that can be done; `praise`, `score`, `privacy`, `track`, `insult`.
    """

    conduct: bool
    manner: bool
    own: bool
    event: bool
    heavy: bool
    grave: bool
    money: bool
    crime: bool
    weak: bool
    service: bool
    rude: bool
    slow_only: bool
    people: bool
    offices: bool
    ruling: bool
    undo: bool
    denounces: bool
    decision: bool
    attacked: bool
    rule: bool
    wish: bool
    improve: bool
    praise: bool
    score: bool
    privacy: bool
    track: bool
    insult: bool
    machine: bool


def read_matter(marked: Marked) -> Matter:
    """Return what the content says."""
    conduct = conduct_hits(marked)
    spared = marked.has("rule.spare")
    told = bool(conduct) and not spared
    decision, attacked = _decision(marked)
    own = happened(marked)
    event = told and own
    heavy = told and any(hit.tag not in _LIGHT for hit in conduct)
    rule = _rule(marked)
    demand = marked.has("rule.demand")
    return Matter(
        conduct=told,
        manner=marked.has("talk.manner") and not spared,
        own=own,
        event=event,
        heavy=heavy,
        grave=heavy and event,
        money=bool(money_hits(marked)),
        crime=_crime(marked),
        weak=marked.has("crime.weak"),
        service=marked.has("crime.service"),
        rude=any(hit.tag in _RUDE for hit in conduct),
        slow_only=bool(conduct) and all(hit.tag == "conduct.slow" for hit in conduct),
        people=marked.has(*_PEOPLE),
        offices=marked.has(*_PEOPLE[:2]),
        ruling=marked.has("decision.object", "decision.harm"),
        undo=marked.has("decision.attack"),
        denounces=marked.has("crime.denounce"),
        decision=decision,
        attacked=attacked,
        rule=rule,
        wish=(marked.has("rule.wish") and not (demand and not rule)) or marked.has("rule.improve"),
        improve=marked.has("rule.improve"),
        praise=any(not denied(marked, h) for h in marked.all("talk.praise")) and not marked.has("talk.medal"),
        score=marked.has("talk.score"),
        privacy=marked.has("talk.privacy"),
        track=marked.has("talk.track"),
        insult=marked.has("talk.swear"),
        machine=marked.has("talk.machine"),
    )


def _crime(marked: Marked) -> bool:
    forced = marked.all("crime.forced")
    return any(
        not denied(marked, hit) and not any(f.start < hit.end and hit.start < f.end for f in forced)
        for hit in marked.all("crime.strong")
    )


def _decision(marked: Marked) -> tuple[bool, bool]:
    """Return (a decision or act against the writer is told of, it is attacked)."""
    harms = [h for h in marked.all("decision.harm") if not denied(marked, h)]
    objects = marked.all("decision.object")
    attacks = marked.all("decision.attack", "decision.petition")
    undone = marked.all("decision.attack")
    mine = marked.has("own.mine", "own.me")
    numbered = any(_numbered(marked, hit) for hit in objects)
    attacked = bool(attacks) and (
        bool(objects and (undone or marked.has("decision.petition")))
        or bool(harms and (undone or _petition_near(marked)))
    )
    decision = (
        attacked
        or (bool(harms) and mine and bool(undone or marked.has("talk.topic", "talk.manner")))
        or (numbered and bool(attacks))
    )
    return decision, attacked


def _numbered(marked: Marked, hit: Hit) -> bool:
    return any(is_number(word) for word in marked.words[hit.end : hit.end + 3])


def _petition_near(marked: Marked) -> bool:
    return marked.near("decision.petition", "decision.harm", _WHOLE)


def _rule(marked: Marked) -> bool:
    """True when a rule, procedure, form or fee itself is criticised."""
    return (
        marked.near("rule.thing", "rule.fault", RULE_REACH)
        or marked.near("rule.thing", "rule.change", RULE_REACH)
        or _overlaps(marked, "rule.change", "rule.thing")
    )


def _overlaps(marked: Marked, first: str, second: str) -> bool:
    return any(a.start < b.end and b.start < a.end for a in marked.all(first) for b in marked.all(second))
