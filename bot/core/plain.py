"""«Nói dễ hiểu hơn»: who asks for plainer words, and what the office words of an answer mean in them. Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from nlu.text import fold

# More at once explain nothing.
MOST = 6
_MOST_WORDS = 14
_SELF = r"(?:toi|tui|em|e|chau|con|minh|mk|bac|chu|co|ong|ba|anh|chi|a|c|dan|nguoi gia)"
_BEFORE = (
    rf"(?:(?:da|vang|u|uh|o|oi|thoi|the|vay|thi|la|ad|admin|ban|lam on|vui long|nho|cho|xin|hay|giup|gium|dum|ho"
    rf"|co the|{_SELF}) )*"
)
_FOR = (
    rf"(?: (?:lai|them|giup|gium|dum|ho|cho|voi|sao|lam sao|mot|cau|doan|do|nay|tren|vua roi|bang|tieng viet"
    rf"|{_SELF}))*"
)
_PLAIN = r"(?:de hieu|don gian|binh dan|nom na|mach lac|dan da)"
_AFTER = (
    rf"(?: (?:hon|di|nhe|nha|voi|a|ah|oi|chut|mot|ti|xiu|thoi|nua|giup|gium|dum|ho|cho|duoc|dc|khong|ko|k|hok|hong"
    rf"|nhi|z|vay|ra|len|y|ma|{_SELF}))*"
)
_SAYS = r"(?:noi|giai thich|giai nghia|viet|dien dat|dien giai|tra loi|nhac)"
_ASKS = re.compile(
    rf"{_BEFORE}{_SAYS}{_FOR} {_PLAIN}{_AFTER}"
    rf"|{_BEFORE}{_PLAIN} hon{_AFTER}"
    rf"|{_BEFORE}(?:noi |viet |nghe |doc |cau (?:nay|tren|do) )?(?:gi )?(?:ma )?kho hieu (?:qua|the|vay|z|vl|lam)"
    rf"(?: (?:a|ah|ad|ban|oi|di|luon))*"
)


def asks_plain(text: str) -> bool:
    """True for a message that asks for the same in plainer words, and for nothing else.

    Whoever tells of somebody that did not explain, or names what is to be explained, says more than that.
    """
    words = re.findall(r"[a-z0-9]+", fold(text[:200]))
    return len(words) <= _MOST_WORDS and bool(_ASKS.fullmatch(" ".join(words)))


@dataclass(frozen=True)
class PlainWords:
    """The office words, in the order in which they are looked for, with what each means."""

    terms: tuple[tuple[re.Pattern[str], str], ...]

    @classmethod
    def load(cls) -> "PlainWords":
        """Read the packaged list."""
        text = (resources.files("bot.core") / "data" / "plain_terms.toml").read_text(encoding="utf-8")
        return cls(tuple((_pattern(row["words"]), str(row["meaning"])) for row in tomllib.loads(text)["term"]))

    def explain(self, payload: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return (word as written, meaning) of the office words in a reply, as the web page's button shows them."""
        told = "\n".join(_texts(payload))
        found: list[tuple[str, str]] = []
        for pattern, meaning in self.terms:
            match = pattern.search(told)
            if match and not any(match[0].lower() in word.lower() for word, _ in found):
                found.append((match[0], meaning))
        return found[:MOST]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    letters = "|".join(map(re.escape, words))
    return re.compile(rf"(?<![^\W\d_])(?:{letters})(?![^\W\d_])", re.IGNORECASE)


def _texts(payload: Mapping[str, Any]) -> list[str]:
    said = [str(payload.get("text") or "")]
    for block in payload.get("blocks") or ():
        said += [str(block.get("title") or ""), str(block.get("text") or ""), *map(str, block.get("items") or ())]
    return said
