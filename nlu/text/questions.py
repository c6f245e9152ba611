"""Cuts long stories and messages with several questions into the parts that are each asked for themselves."""

import re
from dataclasses import dataclass

from nlu.text.cleaning import strip_accents

# A sentence ends at ? ! … or a line's end; at a full stop where no digit, address or abbreviation goes on.
_SENTENCE_END = re.compile(
    r"[?!…]+|\.{2,}|(?<!\d)\.(?=\s|$)|(?<=\d)\.(?=\s+\D|\s*$)|(?<=[^\W\d])\.(?=[^\W\d]{3,}\s)|[;\n]"
)
_TITLE = re.compile(r"(?:^|\W)(?:tp|q|p|ts|ths|gs|pgs|bs|ks|cn|ong|ba|mr|ms|mrs|st|no|vd|tt|hcm|v\.v)$")
# What may stand between two questions of one sentence (accent-free).
_JOINT = re.compile(
    r"\s*,\s*(?:va|con|roi|the(?= con)|ngoai ra|dong thoi|voi lai|hay la|voi ca)\s+(?=\S)|\s*,\s+"
    r"|\s+(?:va|roi|voi lai|ngoai ra|dong thoi|con)\s+(?=\S)"
)
# Words that make a clause a question (accent-free; the last ones only at its end).
_ASKS = re.compile(
    r"\b(?:bao nhieu|bao lau|bao gio|khi nao|luc nao|o dau|di dau|den dau|tu dau|cho nao|noi nao|co quan nao|ai|"
    r"the nao|nhu nao|ra sao|lam sao|thi sao|tai sao|vi sao|sao lai|nhung gi|giay to gi|can gi|lam gi|gom gi|nop gi|"
    r"mang gi|dieu kien gi|mau nao|may ngay|may hom|may tien|may ban|may bo|may nguoi|loai nao|cap nao|don gi|gi|nao|"
    r"dau|sao|may gio)\b"
    r"|\b(?:khong|chua|nhi|ha)(?: (?:a|vay|the|nhi|ha|ban|em|anh|chi|ad|admin|shop))*\W*$"
)
# A clause that opens like this is a matter of its own even without a question word.
_OPENS = re.compile(r"(?:the )?con\b.*\b(?:thi sao|sao|the nao)\b")
# Within these, «và» joins one list, and question words ask nothing for themselves.
_NO_QUESTION = re.compile(
    r"\b(?:khong biet|chang biet|ai cung|gi cung|nao cung|dau cung|sao cung|cai gi do|bat ky|bat cu|du sao|vi sao ma|"
    r"khong ai|khong gi|chua biet|ai do|dau do|nao do|nhu the nao cung)\b"
)
# Openings that belong to the question after them: greetings, «cho em hỏi», conditions, circumstances.
_FEW_WORDS = 2
_BEFORE, _BEHIND = re.compile(r"^[\s,;.]+"), re.compile(r"[\s,;]+$")


@dataclass(frozen=True)
class Part:
    """One sentence or question: `text` is the message's [start:end]; `asks` is True where it holds a question."""

    text: str
    start: int
    end: int
    asks: bool


def _folded(text: str) -> str:
    """Return an accent-free, lower-case text of the same length."""
    return "".join((strip_accents(char.lower()) or " ")[0] for char in text)


def _asks(folded: str) -> bool:
    return bool(_ASKS.search(_NO_QUESTION.sub(" ", folded)))


def _sentences(text: str, folded: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.group() == "." and _TITLE.search(folded[start : match.start()]):
            continue
        found.append((start, match.end()))
        start = match.end()
    return [*found, (start, len(text))]


def _questions(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a sentence where a question is complete before a joint and another one follows it."""
    found = []
    for joint in _JOINT.finditer(folded, start, end):
        if joint.start() < start:
            continue
        before, after = folded[start : joint.start()], folded[joint.end() : end]
        opening = folded[joint.start() : end].lstrip(" ,")
        if len(before.split()) < _FEW_WORDS or not _asks(before):
            continue
        rest = _JOINT.split(after)[0]
        if len(after.split()) >= _FEW_WORDS and (
            _asks(rest) or (_asks(after) and "," in joint.group()) or _OPENS.match(opening)
        ):
            found.append((start, joint.start()))
            start = joint.end()
    return [*found, (start, end)]


def split_questions(text: str) -> list[Part]:
    """Return the sentences of a message in order, those with several questions cut at the joints.

    A cut is made only where both sides ask; «giấy tờ và lệ phí thế nào» is one question about two facets and stays
    whole. Offsets are true to `text`; signs between parts belong to none, the marks that end a sentence to its part.
    """
    folded = _folded(text)
    parts = []
    for sentence in _sentences(text, folded):
        for start, end in _questions(folded, *sentence):
            body = text[start:end]
            right = start + len(_BEHIND.sub("", body))
            left = right - len(_BEFORE.sub("", text[start:right]))
            if any(char.isalnum() for char in text[left:right]):
                asks = "?" in text[left:right] or _asks(folded[left:right])
                parts.append(Part(text[left:right], left, right, asks))
    return parts
