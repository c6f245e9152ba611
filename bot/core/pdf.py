"""Does a PDF do something on its own? Told by its names: plain, escaped (/Java#53cript) or in object streams.

Refused are scripts, programs, files inside the file, forms that send, media, and actions that opening the file or a
page starts, other than showing a place in it. Links that somebody must press are taken. An object stream that cannot
be looked into (another filter, a predictor, encrypted, unreasonably large) counts as active: no usual program writes
one. Every offset that a reader could be sent to is looked at, whatever the file's own tables say. Pure.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAX_INFLATED = 32 * 1024 * 1024
# A usual file's objects are each gone through once; one made to be gone through over and over is not.
_MAX_WALKED = 64 * 1024 * 1024
_MAX_STEPS = 1_000_000
_CHUNK = 64 * 1024
_MAX_OPEN_ACTIONS = 16
_ACTIVE = frozenset(
    {
        b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"FileAttachment", b"RichMedia", b"SubmitForm",
        b"ImportData", b"GoToR", b"GoToE", b"Rendition",
    }
)  # fmt: skip
# So short that compressed bytes may spell them by chance: they count with what must follow them.
_SHORT = frozenset({b"JS", b"AA", b"XFA", b"EF"})
_SHOWS_A_PLACE = frozenset({b"GoTo", b"Named"})
# Keys of an object stream whose content is in another file, or is not what inflating alone gives.
_ELSEWHERE = frozenset({b"/DecodeParms", b"/DP", b"/F"})
_BLANK = rb"[\x00\t\n\x0c\r ]"
_SPACE = rb"(?:" + _BLANK + rb"|%[^\r\n]*[\r\n])"
_REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
_STRUCTURE = frozenset({b"ObjStm", b"N", b"First", b"Encrypt", b"OpenAction"})
# Only names that matter, and escaped ones that may turn out to.
_NAME = re.compile(
    rb"/((?:%s)(?!%s)|(?:(?!#)%s)*#%s*)" % (b"|".join(_ACTIVE | _SHORT | _STRUCTURE), _REGULAR, _REGULAR, _REGULAR)
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# A dictionary, a list, a string or a reference; a comment or so much space as nobody writes there hides one.
_VALUE = re.compile(
    rb"%(b)s{64}|%(b)s{0,63}(?:<<|[\[(%%]|<[0-9A-Fa-f]|\d{1,10}%(b)s{1,63}\d{1,5}%(b)s{1,63}R\b)" % {b"b": _BLANK}
)
_REFERENCE = re.compile(_SPACE + rb"*(\d{1,10})" + _SPACE + rb"+\d+" + _SPACE + rb"+R\b")
_DICTIONARY = re.compile(_SPACE + rb"*<<")
_OBJECT = re.compile(rb"(?<!end)obj(?=[\x00\t\n\x0c\r \[(<%/\d+-])")
_NUMBER = re.compile(rb"(?<!\d)(\d{1,10})" + _BLANK + rb"{1,8}\d{1,5}" + _BLANK + rb"{1,8}\Z")
_NUMBER_BYTES = 32
_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)?")
_TOKEN = re.compile(rb"%[^\r\n]*|/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*|<<|>>|[\[\]<>{}()]|[^\x00\t\n\x0c\r ()<>\[\]{}/%]+")
_HEADER = re.compile(rb"[\d\t\n\x0c\r ]+")
_LONGEST_NUMBER = 10


class _Closed(Exception):
    """Something cannot be looked into."""


class _Walk:
    """How far a file may be gone through, so that none keeps anybody busy."""

    def __init__(self) -> None:
        self._steps = _MAX_STEPS
        self._bytes = _MAX_WALKED

    def step(self, walked: int) -> None:
        """Count a step over so many bytes. Raises _Closed when it was too much."""
        self._steps -= 1
        self._bytes -= walked
        if self._steps < 0 or self._bytes < 0:
            raise _Closed


@dataclass(frozen=True)
class _ObjectStream:
    """The objects of a stream as text, and where each begins."""

    text: bytes
    places: dict[int, int]


def is_active(content: bytes) -> bool:
    """True for a PDF that does something on its own, or of which that cannot be told."""
    try:
        streams = list(_object_streams(content))
        texts = [content, *(stream.text for stream in streams)]
        if any(_has_active_name(text) for text in texts):
            return True
        walk = _Walk()
        return not all(_shows_a_place(*place, walk) for place in _started(content, streams))
    except _Closed:
        return True


def _names(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each name that may matter, its escapes undone, and where it ends. Raises _Closed for too many."""
    for count, match in enumerate(_NAME.finditer(text)):
        if count > _MAX_STEPS:
            raise _Closed
        yield _plain(match[1]), match.end()


def _plain(name: bytes) -> bytes:
    return _ESCAPE.sub(lambda escaped: bytes([int(escaped[1], 16)]), name) if b"#" in name else name


def _has_active_name(text: bytes) -> bool:
    return any(
        name in _ACTIVE or (name in _SHORT and _VALUE.match(text, end) is not None) for name, end in _names(text)
    )


def _started(content: bytes, streams: list[_ObjectStream]) -> Iterator[tuple[bytes, int]]:
    """Yield text and place of each action that opening the file starts. Raises _Closed where that is hidden."""
    openings = [
        (text, end)
        for text in (content, *(s.text for s in streams))
        for name, end in _names(text)
        if name == b"OpenAction"
    ]
    if len(openings) > _MAX_OPEN_ACTIONS:
        raise _Closed
    referred = {int(match[1]) for text, end in openings if (match := _REFERENCE.match(text, end))}
    yield from ((text, end) for text, end in openings if _REFERENCE.match(text, end) is None)
    if not referred:
        return
    found: set[int] = set()
    for match in _OBJECT.finditer(content):
        number = _NUMBER.search(content[max(0, match.start() - _NUMBER_BYTES) : match.start()])
        if number is None:
            raise _Closed
        if int(number[1]) in referred:
            found.add(int(number[1]))
            yield content, match.end()
    for stream in streams:
        for known in referred & stream.places.keys():
            found.add(known)
            yield stream.text, stream.places[known]
    if found != referred:
        raise _Closed


def _shows_a_place(text: bytes, place: int, walk: _Walk) -> bool:
    """True for a destination in the file, or an action that shows one and does nothing else."""
    if _DICTIONARY.match(text, place) is None:
        return _REFERENCE.match(text, place) is None  # a destination: an array, a name or a string
    depth, kinds, last = 0, set(), b""
    for token, _ in _tokens(text, place, walk):
        depth += (token == b"<<") - (token == b">>")
        if depth <= 0:
            break
        if token == b"/Next":
            return False
        if last == b"/S":
            kinds.add(token[1:])
        last = token
    return len(kinds) > 0 and kinds <= _SHOWS_A_PLACE


def _tokens(text: bytes, place: int, walk: _Walk) -> Iterator[tuple[bytes, int]]:
    """Yield names (with their stroke, escapes undone), brackets and words from a place on, and where each begins.

    Strings, however deep their brackets, and comments are left out.
    """
    while (match := _TOKEN.search(text, place)) is not None:
        token = match[0]
        walk.step(match.end() - place)
        place = match.end()
        if token == b"(":
            depth = 1
            while depth and (found := _IN_STRING.search(text, place)) is not None:
                walk.step(found.end() - place)
                depth += (found[0] == b"(") - (found[0] == b")")
                place = found.end()
            if depth:
                walk.step(len(text) - place)
                return
        elif not token.startswith(b"%"):
            yield (_plain(token) if token.startswith(b"/") else token), match.start()


def _object_streams(content: bytes) -> Iterator[_ObjectStream]:
    """Yield what object streams hold. Raises _Closed for one that cannot be looked into."""
    names = {name for name, _ in _names(content)}
    if b"ObjStm" not in names and not {b"N", b"First"} <= names:
        return
    left, walk = MAX_INFLATED, _Walk()
    for start in _OBJECT.finditer(content):
        words: list[bytes] = []
        depth = 0
        for token, at in _tokens(content, start.end(), walk):
            depth = max(0, depth + (token == b"<<") - (token == b">>"))
            if depth == 0 and token == b"endobj":
                break
            if depth == 0 and token.startswith(b"stream"):
                stream = _object_stream(content, at, words, left, encrypted=b"Encrypt" in names)
                if stream is not None:
                    left -= len(stream.text)
                    yield stream
                break
            words.append(token)


def _object_stream(
    content: bytes, at: int, words: list[bytes], left: int, *, encrypted: bool
) -> _ObjectStream | None:
    """Open the stream at `at`, whose dictionary has these words; None when it is of another kind."""
    if b"/ObjStm" not in words and not {b"/N", b"/First"} <= set(words):
        return None
    data = _STREAM.match(content, at)
    first = words[words.index(b"/First") + 1] if b"/First" in words[:-1] else b""
    if data is None or encrypted or not re.fullmatch(rb"\d{1,9}", first) or _ELSEWHERE & set(words):
        raise _Closed
    if any(not _inflates(words[at + 1 :]) for at, word in enumerate(words) if word == b"/Filter"):
        raise _Closed
    text = _inflated(content, data.end(), left)
    if text is None:
        text = content[data.end() : data.end() + left].partition(b"endstream")[0]  # not compressed at all
    header = text[: int(first)]
    numbers = header.split()
    if _HEADER.fullmatch(header) is None or any(len(number) > _LONGEST_NUMBER for number in numbers):
        raise _Closed
    pairs = zip(map(int, numbers[::2]), map(int, numbers[1::2]), strict=False)
    return _ObjectStream(text, {number: int(first) + place for number, place in pairs})


def _inflates(words: list[bytes]) -> bool:
    """True where the words after /Filter name inflating and nothing else, there and then."""
    return words[:1] in ([b"/FlateDecode"], [b"/Fl"]) or words[:3] in (
        [b"[", b"/FlateDecode", b"]"],
        [b"[", b"/Fl", b"]"],
    )


def _inflated(content: bytes, at: int, limit: int) -> bytes | None:
    """Return what is compressed at `at`; None where it cannot be inflated. Raises _Closed beyond the limit."""
    inflater, text = zlib.decompressobj(), bytearray()
    try:
        while not inflater.eof and at < len(content):
            text += inflater.decompress(content[at : at + _CHUNK], limit + 1 - len(text))
            if len(text) > limit:
                raise _Closed
            at += _CHUNK
    except zlib.error:
        return None
    return bytes(text)
