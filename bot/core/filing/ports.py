"""What filing for somebody needs from the store, inside a unit of work."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Confirmed:
    """What the officer is told: the numbers of the filed cases, the main one first, and their secrets, to read out.

    `added`: nothing was filed anew, what was told went into the case of this number. `secrets` is empty then, and
    where the answer is given again later.
    """

    numbers: tuple[str, ...]
    due_on: date | None
    added: bool = False
    restricted: bool = False
    secrets: tuple[str, ...] = ()

    def without_secrets(self) -> dict[str, Any]:
        """Return a JSON-ready dict of all but the secrets."""
        return {
            "numbers": list(self.numbers),
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "added": self.added,
            "restricted": self.restricted,
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any], secrets: tuple[str, ...]) -> "Confirmed":
        """Read back what `without_secrets` wrote."""
        due = date.fromisoformat(raw["due_on"]) if raw["due_on"] else None
        return cls(tuple(raw["numbers"]), due, bool(raw["added"]), bool(raw["restricted"]), secrets)


@dataclass(frozen=True)
class Kept:
    """What a key stands for; `same` is False where something else was to be filed under it."""

    confirmed: Confirmed
    same: bool


class FiledOnce(Protocol):
    """What was filed under which of the pages' own ids, so that a second click files nothing."""

    def begin(self, key: str, principal_id: str, told: str, now: datetime) -> bool:
        """Reserve a key; False where it stands for a filing already. Waits for whoever files under it just now."""
        ...

    def keep(self, key: str, confirmed: Confirmed) -> None:
        """Keep what the officer is told."""
        ...

    def find(self, key: str, told: str, secrets_since: datetime) -> Kept | None:
        """Return what was filed under a key, None for none; with its secrets where it is as young as that."""
        ...

    def forget(self, secrets_before: datetime, answers_before: datetime) -> None:
        """Delete secrets, and whole rows, that are older than these moments."""
        ...
