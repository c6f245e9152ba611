"""Questions about complaining itself: which one a message asks, and which of the stored answers fits. Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from bot.core.cases.draft import Draft
from bot.core.errors import ConfigurationError
from bot.core.kinds.marking import Hit, Word, read_words, word_set
from bot.core.kinds.phrasing import Lexicon

PREFIX = "faq_"
# Longer messages are stories, whatever they ask in the end.
MAX_WORDS, MAX_CHARACTERS = 34, 400
# Never shown to a unit: as bot.core.cases.record has it for what is filed.
_RESTRICTED_SEVERITY = 5
# Between words of a message (bot.core.kinds.marking): a comma or the like.
_PAUSE = 1
_MACRO = re.compile(r"<(\w+)>")
_PLACES = ("says", "ends", "whole", "drafting")
_GUARDS = frozenset({"told", "polite", "catalogue", "procedure", "complaint"})
_NO = word_set("không chẳng chả chưa đừng")
_PARTICLES = word_set(
    "a vay the nhi ha ho z ban em anh chi ad day nhe nha hen nua gi luon di troi oi bac co chu shop admin ta nay thua"
)
# «…, tôi sợ lắm» goes on where many put no comma.
_SELF = word_set("toi em chau con minh bac")
_GOES_ON = word_set("so lo ngai hoi muon dang")
# So many words may follow a question before they are a story, unless they ask again.
_AFTERTHOUGHT = 5
_ASKING = word_set("khong chua sao dau gi nao ai lau gio day a vay the ko hong")
# What may stand beside a question that is the whole message.
_FILL = _PARTICLES | word_set(
    "thi cho hoi toi minh chau con da thua o u uh uhm ma roi xin voi nay do thi la neu nhu alo hi hello chao lam on"
    " cu khoan tu da truoc khi vi cai ok vang uk tui bot oi moi sao chut ti xiu biet them muon mat"
)


@dataclass(frozen=True)
class _Topic:
    """A question and its answers; `procedures`: a procedure is asked in the same words, `refuses`: further guards."""

    name: str
    procedures: bool
    refuses: frozenset[str]
    answers: Mapping[str, str] = field(hash=False)


class Faq:
    """The questions and answers of case_faq.toml; immutable."""

    def __init__(self, topics: Sequence[_Topic], lexicon: Lexicon, version: str) -> None:
        self._topics = tuple(topics)
        self._lexicon = lexicon
        self.version = version

    @classmethod
    def load(cls, text: str | None = None) -> "Faq":
        """Read the packaged questions, or those of `text` (TOML). Raises ConfigurationError with one line."""
        try:
            if text is None:
                text = (resources.files("bot.core") / "data" / "case_faq.toml").read_text(encoding="utf-8")
            table = tomllib.loads(text)
            words: dict[str, str] = table["words"]
            phrases = {f"guard.{name}": _phrases(listed, words) for name, listed in table["guards"].items()}
            for raw in table["topic"]:
                listed = {place: raw[place] for place in _PLACES if place in raw}
                phrases |= {f"{raw['name']}.{place}": _phrases(lines, words) for place, lines in listed.items()}
            topics = [_topic(raw) for raw in table["topic"]]
            if set(table["guards"]) != _GUARDS:
                raise ValueError(f"[guards] must hold {', '.join(sorted(_GUARDS))}")
            return cls(topics, Lexicon(phrases), str(table["version"]))
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"case_faq.toml is unusable: {error!r}; restore it or fix the key") from error

    @property
    def topics(self) -> tuple[str, ...]:
        """The names of the questions, in the order in which they are tried."""
        return tuple(topic.name for topic in self._topics)

    def topic(self, text: str, *, drafting: bool = False) -> str | None:
        """Return what a message asks about complaining, or None for a story, an answer or any other question.

        With `drafting` (a complaint is being told) questions count too that name nothing («bao lâu có kết quả?»).
        """
        if len(text) > MAX_CHARACTERS:
            return None
        words = read_words(text)
        if not 0 < len(words) <= MAX_WORDS:
            return None
        found = self._read(words, drafting=drafting)
        if found is None and any(word.after == _PAUSE for word in words):
            # Commas stand where they please («tôi có ghi âm, gửi vào đây được không»); no phrase goes over one.
            found = self._read([word._replace(after=word.after & ~_PAUSE) for word in words], drafting=drafting)
        return found

    def _read(self, words: Sequence[Word], *, drafting: bool) -> str | None:
        hits: dict[str, list[Hit]] = {}
        for hit in self._lexicon.find(words):
            hits.setdefault(hit.tag, []).append(hit)
        if "guard.told" in hits or "guard.catalogue" in hits:
            return None
        of_procedure = "guard.procedure" in hits and "guard.complaint" not in hits
        for topic in self._topics:
            if any(f"guard.{name}" in hits for name in topic.refuses):
                continue
            if not (topic.procedures and of_procedure) and _asks(topic.name, hits, words):
                return topic.name
            if drafting and _alone(topic.name, "drafting", hits, words):
                return topic.name
        return None

    def answer_key(self, topic: str, draft: Draft | None = None) -> str:
        """Return the key in `acts` of the answer to a question, as it is for this draft. Raises KeyError."""
        answers = next((known.answers for known in self._topics if known.name == topic), None)
        if answers is None:
            raise KeyError(topic)
        variant = next((name for name in _variants(draft) if name in answers), None)
        return f"{PREFIX}{topic}_{variant}" if variant else f"{PREFIX}{topic}"

    def acts(self) -> dict[str, dict[str, str]]:
        """Return every answer by key in the shape of phrases.toml's tables: `{"faq_cost": {"text": …}}`."""
        return {
            PREFIX + topic.name + ("" if name == "text" else f"_{name}"): {"text": text}
            for topic in self._topics
            for name, text in topic.answers.items()
        }


def _variants(draft: Draft | None) -> list[str]:
    """Return the names of the variants that fit a draft, the closest first."""
    if draft is None:
        return []
    restricted = draft.severity >= _RESTRICTED_SEVERITY or draft.input_type == "TO_CAO"
    named = [draft.identity.value] if draft.identity else []
    return [*(["restricted"] if restricted else []), draft.input_type.value, *named, "draft"]


def _topic(raw: Mapping[str, Any]) -> _Topic:
    answers = {str(name): str(text) for name, text in raw["answers"].items()}
    if "text" not in answers or not any(place in raw for place in _PLACES):
        raise ValueError(f"topic {raw['name']} needs answers.text and phrases")
    refuses = frozenset(map(str, raw.get("refuses", ())))
    if not refuses <= _GUARDS:
        raise ValueError(f"topic {raw['name']} refuses what is no guard")
    return _Topic(str(raw["name"]), bool(raw.get("procedures", False)), refuses, answers)


def _phrases(listed: str, words: Mapping[str, str]) -> str:
    """Return phrases with their lists of words filled in, parted by «|»."""
    filled = _MACRO.sub(lambda name: words[name[1]], listed).replace("\n", "|")
    for phrase in filled.split("|"):
        # The lexicon finds a phrase by its first word.
        if (first := phrase.strip().partition(" ")[0]) and (first[0] == "*" or first[-1] == "?"):
            raise ValueError(f"phrase {phrase.strip()[:40]!r} begins with what may be missing")
    return filled


def _asks(name: str, hits: Mapping[str, list[Hit]], words: Sequence[Word]) -> bool:
    """True when a message asks the question in words that are its own."""
    found = [*hits.get(f"{name}.says", ()), *(h for h in hits.get(f"{name}.ends", ()) if _closes(h, words))]
    asked = any(not _denied(hit, words) and not _tells_on(hit, words) for hit in found)
    return asked or _alone(name, "whole", hits, words)


def _alone(name: str, place: str, hits: Mapping[str, list[Hit]], words: Sequence[Word]) -> bool:
    """True when nothing but little words stands beside the question."""
    return any(
        all(word.plain in _FILL for word in (*words[: hit.start], *words[hit.end :]))
        for hit in hits.get(f"{name}.{place}", ())
    )


def _denied(hit: Hit, words: Sequence[Word]) -> bool:
    """True for what stands right behind a «không»: «không ai đọc …» asks nothing."""
    return hit.start > 0 and words[hit.start].after == 0 and words[hit.start - 1].norm in _NO


def _closes(hit: Hit, words: Sequence[Word]) -> bool:
    """True when only particles follow up to the end of the clause, or «tôi sợ …»."""
    at = hit.end
    while at < len(words) and words[at].after == 0 and words[at].plain in _PARTICLES:
        if _speaks_on(at, words):
            return True
        at += 1
    return at >= len(words) or words[at].after != 0 or _speaks_on(at, words)


def _tells_on(hit: Hit, words: Sequence[Word]) -> bool:
    """True where a story follows: «tôi tố cáo giấu tên được không, ông bí thư xã tôi …»."""
    rest = words[hit.end :]
    at = next((at for at, word in enumerate(rest) if word.plain not in _PARTICLES), len(rest))
    if len(rest) - at <= _AFTERTHOUGHT or rest[-1].plain in _ASKING:
        return False
    return not _speaks_on(hit.end + at, words)


def _speaks_on(at: int, words: Sequence[Word]) -> bool:
    return words[at].plain in _SELF and at + 1 < len(words) and words[at + 1].plain in _GOES_ON
