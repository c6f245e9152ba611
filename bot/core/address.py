"""How the citizen calls themselves, so that the assistant can call them the same («cháu», «bác», «em»…)."""

import re

from nlu.text import fold

# Words that a citizen may use for «I» in talking to an official. «tôi», «mình» and «tớ» say nothing about age or sex.
_SELF = {"chau": "cháu", "em": "em", "con": "con", "bac": "bác", "chu": "chú", "co": "cô", "ong": "ông", "ba": "bà"}
# «bà», «ba», «cô», «có», «ông», «con» have other common meanings without accents: only the plainest frames count.
_FRAMES = (
    r"\b(?:cho|giup|gium|dum|bao) (?P<a>{w}) (?:hoi|biet|xin|voi|hay|gap)\b",
    r"^(?:da |a |alo |chao (?:anh|chi|ad|shop|ban|can bo)[ ,]*)?"
    r"(?P<a>{w}) (?:muon|can|hoi|xin hoi|xin chao|chao|dinh|cam on)\b",
    r"\b(?:nha|vo|chong) (?P<a>{w}) (?:muon|can|dinh)\b",
    r"\b(?P<a>{w}) (?:cam on|cam on nhieu|xin cam on)\b",
)
_SAFE = "chau|em|con|bac|chu"
_ACCENTED = {"cô", "ông", "bà"}
_PATTERNS = [re.compile(frame.format(w=_SAFE)) for frame in _FRAMES]
_PATTERNS_ACCENTED = [re.compile(frame.format(w="co|ong|ba")) for frame in _FRAMES]


def address_of(text: str) -> str | None:
    """Return how to call the citizen, or None while they have not shown it. Never guesses a sex.

    «con» is taken as the speaker only in a frame such as «cho con hỏi»; «con tôi» is somebody else's. Ambiguous
    words (cô/có, ông, bà/ba) count only where typed with their accents.
    """
    folded = fold(text)
    for pattern in _PATTERNS:
        if found := pattern.search(folded):
            return _SELF[found["a"]]
    words = {w.strip(".,!?;:").lower() for w in text.split()}
    if words & _ACCENTED:
        for pattern in _PATTERNS_ACCENTED:
            if (found := pattern.search(folded)) and _SELF[found["a"]] in words:
                return _SELF[found["a"]]
    return None
