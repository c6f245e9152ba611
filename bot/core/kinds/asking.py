"""Whether a message asks how complaints work or what the law says, without anything having happened. Pure."""

from bot.core.kinds.conduct import CONDUCT, conduct_hits
from bot.core.kinds.lexicon import mark
from bot.core.kinds.marking import Hit, Marked, word_set

# Words after «nếu» up to which its clause reaches, where no full stop ends it.
_IF_REACH = 16
_SHORT_WORDS = 16
# «… không ạ», «… hay chưa vậy» ends a question; so many words before it may stand what makes it one.
_LAST_WORDS = 4
_QUESTION_REACH = 14
_NO = word_set("khong chua")
_PARTICLES = word_set("a vay the nhi ha z ban em anh chi ad day nhe")
_OPENS_QUESTION = word_set("co duoc phai bi lieu con da hay dung")
_WISHES = ("rule.fault", "rule.change", "rule.wish", "rule.improve")
_SELF = word_set("tôi em cháu tao mẹ bố vợ chồng toi chau me vo chong")
_SELF_REACH = 4


def is_hypothetical(marked: Marked, *, asked: bool) -> bool:
    """True for a question about complaints, officials' duties or the law that tells of nothing that happened.

    `asked`: the intent is a question too.
    """
    if not marked.words or marked.has("asking.rhetorical") or not _about_law(marked):
        return False
    conditions = _conditions(marked)
    if happened(marked, conditions):
        return False
    if asked:
        return asks(marked) or bool(conditions) or marked.has("asking.learn", "asking.general", "asking.matter")
    if conditions and asks(marked):
        return True
    # Where the intent is a complaint, a story may end in a question; a question alone is short.
    short = len(marked.words) <= _SHORT_WORDS
    learns = marked.has("asking.learn")
    if asks(marked):
        return short or learns
    return short and marked.has("asking.matter") and not conduct_hits(marked) and not marked.has(*_WISHES)


def happened(marked: Marked, conditions: list[tuple[int, int]] | None = None) -> bool:
    """True when something of the writer's own is told: a day, «tôi bị», «quát mẹ tôi», a numbered decision.

    What stands within a condition («nếu tôi bị …») does not count.
    """
    conditions = _conditions(marked) if conditions is None else conditions

    def told(tag: str) -> list[Hit]:
        return [h for h in marked.all(tag) if not any(start <= h.start < end for start, end in conditions)]

    if told("own.me") or told("own.then"):
        return True
    conduct = [h for tag in CONDUCT for h in told(tag)]
    named = marked.has("asking.rhetorical") or bool(told("own.that_one"))
    return bool(conduct) and (named or any(_to_me(marked, hit) for hit in conduct))


def only_wonders(text: str, *, named: bool = False) -> bool:
    """True for a question that tells of nothing that happened to the writer: from the news, for a paper, in general.

    A question meant as a reproach («thế mà được à») is none. `named`: a person is named, so that only where it comes
    from tells that it is nobody's own story.
    """
    marked = mark(text)
    if marked.has("asking.rhetorical") or not asks(marked):
        return False
    return marked.has("asking.hearsay") or ("?" in text and not named and not happened(marked))


def _to_me(marked: Marked, hit: Hit) -> bool:
    """True for conduct with the writer right behind or within it: «ném giấy vào mặt tôi»."""
    return any(word.norm in _SELF for word in marked.words[hit.start : hit.end + _SELF_REACH])


def _conditions(marked: Marked) -> list[tuple[int, int]]:
    """Return where «nếu …» clauses stand, by word numbers."""
    found = []
    for hit in marked.all("asking.if"):
        end = hit.end
        while end < len(marked.words) and end - hit.end < _IF_REACH and marked.words[end].after != 2:
            end += 1
        found.append((hit.start, end))
    return found


def _about_law(marked: Marked) -> bool:
    return marked.has("asking.legal", *CONDUCT, "crime.money", "crime.strong", "decision.petition")


def asks(marked: Marked) -> bool:
    """True when something is asked: how, where, whether."""
    other = marked.all("asking.no_question")
    asked = (h for h in marked.all("asking.how") if not any(o.start < h.end and h.start < o.end for o in other))
    return any(asked) or _ends_with_no(marked)


def _ends_with_no(marked: Marked) -> bool:
    """True for a sentence that asks with «có … không», «đã … chưa ạ» at its end."""
    inside = {at for hit in conduct_hits(marked) for at in range(hit.start, hit.end)}
    for at, word in enumerate(marked.words):
        if word.plain in _NO and at not in inside and _last(marked, at):
            sentence = marked.sentence_of[at]
            before = range(max(0, at - _QUESTION_REACH), at)
            if any(marked.sentence_of[i] == sentence and marked.words[i].plain in _OPENS_QUESTION for i in before):
                return True
    return False


def _last(marked: Marked, at: int) -> bool:
    """True when only particles follow up to the end of the sentence."""
    rest = marked.words[at + 1 : at + 1 + _LAST_WORDS]
    for word in rest:
        if word.after == 2:
            return True
        if word.plain not in _PARTICLES:
            return False
    return at + 1 + _LAST_WORDS >= len(marked.words)
