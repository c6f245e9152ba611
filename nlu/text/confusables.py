"""Letters of other alphabets that look like Latin ones (after Unicode TR39, the part seen in Vietnamese chats)."""

import re

_CYRILLIC = dict(zip("аеорсухіјѕԁһкмтАВЕКМНОРСТУХІЈЅ", "aeopcyxijsdhkmtABEKMHOPCTYXIJS", strict=True))
_GREEK = dict(zip("οανΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavABEZHIKMNOPTYX", strict=True))
_LATIN = {"ı": "i", "ɑ": "a", "ɡ": "g"}
_LOOK_ALIKES = str.maketrans({**_CYRILLIC, **_GREEK, **_LATIN})
# Icelandic eth and African d-hook are never meant in Vietnamese: always Đ/đ.
_D_WITH_STROKE = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_ANY_LOOK_ALIKE = re.compile(f"[{re.escape(''.join(map(chr, _LOOK_ALIKES)))}]")
_LATIN_LETTER = re.compile(r"[A-Za-zĐđ]")


def latinise(decomposed: str) -> str:
    """Replace look-alikes inside words that hold a Latin letter; `decomposed` must be in NFD."""

    def word(match: re.Match[str]) -> str:
        text = match.group()
        return text.translate(_LOOK_ALIKES) if _LATIN_LETTER.search(text) else text

    text = decomposed.translate(_D_WITH_STROKE)
    return _WORD.sub(word, text) if _ANY_LOOK_ALIKE.search(text) else text
