"""SQL of citizens' scores; their words and dossier codes are sealed."""

from datetime import datetime

from sqlalchemy import func, select

from bot.core.cases.office_ports import Rating
from bot.store.parts import Part, insert_once
from bot.store.sealing import context
from bot.store.tables.cases import ratings

SCORES = range(1, 6)


class SqlRatings(Part):
    """Implements bot.core.cases.ports.Ratings."""

    def add(self, rating: Rating) -> bool:
        """Store once per id; False if it was there. Raises ValueError for a score that is not 1 to 5."""
        if rating.score not in SCORES:
            raise ValueError(f"a score is 1 to 5, not {rating.score}")
        sealed = {name: self._sealed(rating, name) for name in ("dossier_code", "comment")}
        return insert_once(self._write(), ratings, {**vars(rating), **sealed})

    def summary(
        self, since: datetime, until: datetime | None = None, *, of_cases: bool | None = None
    ) -> dict[int, int]:
        """Return how often each score was given in a period; all five are there."""
        statement = select(ratings.c.score, func.count()).where(ratings.c.at >= since).group_by(ratings.c.score)
        if until is not None:
            statement = statement.where(ratings.c.at < until)
        if of_cases is not None:
            statement = statement.where(ratings.c.case_id.is_not(None) if of_cases else ratings.c.case_id.is_(None))
        found = {score: count for score, count in self._read().execute(statement)}
        return {score: found.get(score, 0) for score in SCORES}

    def _sealed(self, rating: Rating, name: str) -> bytes | None:
        value: str | None = getattr(rating, name)
        return None if value is None else self._keys.seal(value.encode(), context("ratings", name, rating.id))
