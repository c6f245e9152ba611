"""What is thrown at a webhook: genuine messages among everything that a body can be instead, by a seeded choice.

Honest people's messages come in batches: some twice at once, some again batches later, in any order. Strangers send
the rest. A shot says what must become of its mark, so that a judge who sees only what was stored can tell.
"""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tests.chaos.hostile_text import mark, marked

HONEST, STRANGERS = 40, 20
BATCH = 100
# Of a hundred shots so many are of each kind; the others are genuine texts.
KINDS: Mapping[str, int] = {
    "valid, of another kind": 8,
    "the same body again": 10,
    "the same id with other words": 4,
    "truncated": 12,
    "a field of another type": 18,
    "a field left out": 5,
    "huge": 3,
    "deep": 2,
    "another encoding": 1,
    "no JSON": 6,
    "not theirs": 6,
}
TEXT = "valid text"
REPLACEMENTS: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 10**30, 1e308, 0.1, "", " ", "a" * 300, "\x00", "\ud800", "0", [], [[]], {},
    {"id": {}}, ["x"] * 50, {"": None},
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """A request, sent `copies` times at once. Its mark must have been said `least` to `most` times by the end.

    `platform_id`: it is a genuine one and must be in the inbox under this id.
    """

    kind: str
    path: str
    body: bytes
    headers: Mapping[str, str]
    mark: str = ""
    least: int = 0
    most: int = 0
    platform_id: str = ""
    person: int = 0
    copies: int = 1


class Maker(Protocol):
    """Makes the bodies of one channel. `moment` grows with every message that is made."""

    huge: int

    def text(self, person: int, serial: int, text: str) -> dict[str, Any]:
        """Return the event of a text."""
        ...

    def other(self, person: int, serial: int, chance: random.Random) -> dict[str, Any]:
        """Return a genuine event without words."""
        ...

    def again(self, event: dict[str, Any], text: str) -> dict[str, Any]:
        """Return an event with the id of another and with other words."""
        ...

    def identity(self, person: int, event: dict[str, Any]) -> str:
        """Return under which id the event is stored."""
        ...

    def request(self, person: int, body: bytes, *, theirs: bool = True) -> tuple[str, dict[str, str]]:
        """Return path and headers of a request; not `theirs`: as somebody sends it who does not know the secrets."""
        ...


@dataclass
class Attack:
    """Yields shots in batches, `count` in all."""

    maker: Maker
    count: int
    chance: random.Random
    _serial: int = field(default=0, init=False)
    _fresh: list[tuple[Shot, dict[str, Any]]] = field(default_factory=list, init=False)
    _known: list[tuple[Shot, dict[str, Any]]] = field(default_factory=list, init=False)

    def batches(self) -> Iterator[list[Shot]]:
        """Yield lists of shots, each to be sent at once and in this order."""
        left = self.count
        while left > 0:
            batch = [self._shot() for _ in range(min(BATCH, left))]
            left -= len(batch)
            self.chance.shuffle(batch)
            yield batch
            # What comes again comes after the first, which is of an earlier batch.
            self._known, self._fresh = self._known + self._fresh, []

    def _shot(self) -> Shot:
        self._serial += 1
        drawn = self.chance.random() * 100
        for kind, share in KINDS.items():
            if drawn < share:
                return self._of(kind)
            drawn -= share
        return self._genuine()

    def _of(self, kind: str) -> Shot:
        if kind == "valid, of another kind":
            person = self.chance.randrange(HONEST)
            event = self.maker.other(person, self._serial, self.chance)
            return self._made(kind, person, event, _bytes(event))
        if kind.startswith("the same"):
            if not self._known:
                return self._genuine()
            first, event = self.chance.choice(self._known)
            if kind == "the same body again":
                # Its mark is counted with the first one.
                return replace(first, kind=kind, copies=1)
            word = mark(self._serial)
            body = _bytes(self.maker.again(event, marked(self.chance, word)))
            path, headers = self.maker.request(first.person, body)
            return Shot(kind, path, body, headers, word)
        return self._spoilt(kind)

    def _genuine(self) -> Shot:
        person, word = self.chance.randrange(HONEST), mark(self._serial)
        event = self.maker.text(person, self._serial, marked(self.chance, word))
        # Escapes are up to six times as long: a long text so written is too large, and rightly refused.
        escaped = _bytes(event)
        plain = len(escaped) > 20_000 or self.chance.random() < 0.5
        body = _bytes(event, ascii_only=False) if plain else escaped
        shot = self._made(TEXT, person, event, body, word)
        if len(shot.body) < 10_000:
            self._fresh.append((shot, event))
        return replace(shot, copies=2) if self.chance.random() < 0.1 else shot

    def _made(self, kind: str, person: int, event: dict[str, Any], body: bytes, word: str = "") -> Shot:
        path, headers = self.maker.request(person, body)
        said = int(bool(word))
        identity = self.maker.identity(person, event)
        return Shot(kind, path, body, headers, word, said, said, identity, person)

    def _spoilt(self, kind: str) -> Shot:
        person, word = HONEST + self.chance.randrange(STRANGERS), mark(self._serial)
        event = self.maker.text(person, self._serial, marked(self.chance, word))
        body, most = self._spoil(kind, event)
        path, headers = self.maker.request(person, body, theirs=kind != "not theirs")
        return Shot(kind, path, body, headers, word, 0, most)

    def _spoil(self, kind: str, event: dict[str, Any]) -> tuple[bytes, int]:
        """Return a body that is wrong in some way, and how often its mark may be found at most."""
        whole, chance = _bytes(event), self.chance
        if kind == "truncated":
            return whole[: chance.randrange(len(whole) - 1)], 0
        if kind == "a field of another type":
            return _bytes(_changed(event, chance, chance.choice(REPLACEMENTS))), 1
        if kind == "a field left out":
            return _bytes(_changed(event, chance, _LEFT_OUT)), 1
        if kind == "huge":
            return _bytes(event | {"x": "a" * self.maker.huge}), 0
        if kind == "deep":
            depth = chance.choice((500, 5_000, 30_000))
            return whole[:-1] + b',"x":' + b"[" * depth + b"]" * depth + b"}", 1
        if kind == "no JSON":
            short = (b"", b"{}", b"[]", b"null", b"1" * 5_000, b'"x"', b"{" * 900, chance.randbytes(200))
            return chance.choice((*short, whole + whole, b"\xff\xfe" + whole)), 0
        if kind == "another encoding":
            return whole.decode().encode(chance.choice(("utf-16", "utf-32-be", "utf-8-sig"))), 1
        return whole, 0


_LEFT_OUT = object()


def _bytes(event: dict[str, Any], *, ascii_only: bool = True) -> bytes:
    # Half a character can only be written as an escape.
    return json.dumps(event, ensure_ascii=ascii_only).encode("utf-8", "replace")


def _changed(event: dict[str, Any], chance: random.Random, new: Any) -> dict[str, Any]:
    """Return a copy with one place, at any depth, replaced or left out."""
    copy: dict[str, Any] = json.loads(json.dumps(event))
    places = list(_places(copy))
    holder, key = chance.choice(places)
    if new is _LEFT_OUT:
        del holder[key]
    else:
        holder[key] = new
    return copy


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(inner):
        yield value, key
        yield from _places(part)
