"""Damaged encodings: UTF-8 or Windows-1258 read as Windows-1252, and the legacy fonts TCVN3 and VNI."""

import re
import unicodedata
from functools import lru_cache
from itertools import product

from nlu.text.syllables import is_syllable

_WORD = re.compile(r"[^\s.,;:!?()\"“”\[\]/0-9]+")
_UTF8_AS_1252 = re.compile(r"Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|Ä[‘\u0090\u0091]|Æ[°¡]|áº|á»|Ä©|Å©")
_INNER_MARK = re.compile(r"[^\W\d_]+(?:\?[^\W\d_]+)+")

# TCVN3 (TCVN 5712:1993, the «ABC» fonts), its bytes as Latin-1 shows them.
_TCVN3 = str.maketrans(
    dict(
        zip(
            "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
            "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
            strict=True,
        )
    )
)


@lru_cache(maxsize=1)
def _vni() -> dict[str, str]:
    """Return VNI's letter pairs: a vowel followed by a letter that stands for its marks."""
    tone = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
    circumflex = dict(zip("âàáåãä", ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"), strict=True))
    breve = dict(zip("êèéúüë", ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"), strict=True))
    vowels = dict(zip("aeouyôö", "aeouyơư", strict=True))
    pairs = {vowel + sign: vowels[vowel] + mark for vowel, (sign, mark) in product(vowels, tone.items())}
    pairs |= {vowel + sign: vowel + "\u0302" + mark for vowel, (sign, mark) in product("aeo", circumflex.items())}
    pairs |= {"a" + sign: "a\u0306" + mark for sign, mark in breve.items()}
    pairs |= {"ñ": "đ", "Ñ": "Đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    return {old: unicodedata.normalize("NFC", new) for old, new in pairs.items()}


_VNI_PAIR = re.compile("[aeouyôö][øùûõï]|[aeo][âàáåãä]|a[êèéúüë]|[ñÑôöæóòî]")


def _as_1252(text: str) -> bytes | None:
    """Encode as Windows-1252, its five holes taken as the control characters browsers put there."""
    out = bytearray()
    for char in text:
        if char in "\x81\x8d\x8f\x90\x9d":
            out.append(ord(char))
            continue
        try:
            out += char.encode("cp1252")
        except UnicodeEncodeError:
            return None
    return bytes(out)


def _accented(text: str) -> list[str]:
    return [word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()]


def _share(words: list[str]) -> float:
    return sum(is_syllable(word) for word in words) / len(words) if words else 1.0


def _reads_better(text: str, decoded: str) -> bool:
    """True when most accented words of `text` are no syllables, but are after decoding."""
    before, after = _accented(text), _WORD.findall(decoded)
    return len(before) >= 2 and _share(before) < 0.5 and sum(map(is_syllable, after)) >= 0.8 * len(after)


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 or Windows-1258 read as Windows-1252 where the result is certain, else return `text`."""
    if text.isascii():
        return text
    raw = _as_1252(text)
    if raw is not None and _UTF8_AS_1252.search(text):
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return text
    if raw is not None:
        decoded = unicodedata.normalize("NFC", raw.decode("cp1258", errors="replace"))
        if _reads_better(text, decoded):
            return decoded
    return text


def _lost_letter(word: str) -> bool:
    """True for «h?i», where the sign stands for a letter; «gì?nộp» is two words without a space."""
    return not all(is_syllable(part, plain=True) for part in word.split("?"))


def looks_garbled(text: str) -> bool:
    """True when accents were lost in transport: mojibake, a legacy font (TCVN3, VNI), or signs in their place.

    Judge raw text: cleaning removes characters that TCVN3 needs.
    """
    if text.count("\ufffd") + sum(map(_lost_letter, _INNER_MARK.findall(text))) >= 2:
        return True
    if text.isascii():
        return False
    if _UTF8_AS_1252.search(text) and _share(_accented(text)) < 0.5:
        return True
    if _reads_better(text, text.translate(_TCVN3)):
        return True
    vni = _VNI_PAIR.sub(lambda match: _vni().get(match.group(), match.group()), text)
    return _reads_better(text, vni) or repair_mojibake(text) != text
