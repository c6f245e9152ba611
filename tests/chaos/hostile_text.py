"""Words that programs trip over, each with a mark by which it is found again in what was stored."""

import random
import string

_ENDS = "qx"
_ALPHABET = "".join(letter for letter in string.ascii_lowercase if letter not in "qxaeiouy")
# In the order of what they are after: Unicode, markup, commands of ours and of others, sizes.
WORDS = (
    "Thủ tục đăng ký khai sinh cần giấy tờ gì ạ?",
    "thu\u0309 tu\u0323c NFD: e\u0302\u0301 o\u031b\u0309",
    "\u200bẩn\u200d giữa\u2060 chữ\ufeff",
    "\u202engược\u202c \u2066trái\u2069 phải",
    "Z\u0334\u0321\u0353a\u0337\u031b\u0358l\u0335\u0340g\u0338\u0323o\u0336" + "\u0336" * 200,
    "👨‍👩‍👧‍👦🇻🇳👍🏽" * 20,
    "\x00\x01\x07\x1b[31m\x7f\x85",
    "\ud83d nửa ký tự \udc00",
    "\uffff\ufffe\ufdd0 \U0010ffff",
    "ﷺ﷽ ㅤ\u3164 𝕋𝕙ủ",
    "١٢٣ ⅷ ½ ²",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<b>đậm</b> **đậm** _nghiêng_ [chữ](javascript:alert(1)) `mã`",
    "]]><!--&lt;&#0;&amp;",
    "'; DROP TABLE channel_inbox; --",
    "%s %n %x {0} {x!r} ${jndi:ldap://127.0.0.1/a} {{7*7}} #{7*7}",
    "../../../../etc/passwd\\..\\..",
    '{"event_name":"user_send_text","message":{"msg_id":"trong"}}',
    "/restart",
    "/start điều gì",
    "/help",
    '/press_button{"a":"b"}',
    "#chon:1.0",
    "file:0123456789abcdef",
    "1.",
    "\n\n\r\n\t ",
    "https://example.vn/?q=%00 javascript:void(0) data:text/html,x",
    "= cmd|' /C calc'!A0",
    "true null NaN 1e999",
)


def mark(number: int) -> str:
    """Return a word that nothing else holds and that no mask takes for a name, a number or an address."""
    letters = []
    for _ in range(6):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return f"{_ENDS[0]}{''.join(letters)}{_ENDS[1]}"


MARK_FORM = rf"q[{_ALPHABET}]{{6}}x"


def marked(chance: random.Random, word: str) -> str:
    """Return hostile words with a mark before or behind them, now and then as long as anybody may write."""
    said = chance.choice(WORDS)
    if chance.random() < 0.004:
        said = (said + " ") * (12_000 // len(said))
    return f"{word} {said}" if chance.random() < 0.5 else f"{said} {word}"
