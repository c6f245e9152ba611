"""What a benchmark asks: questions by part and spelling, and what a system said to each."""

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bench.retrieval import statistics
from bot.bench.retrieval.statistics import FloatArray, Interval
from bot.core.enquiry.findings import Zone
from bot.core.errors import CatalogueError
from knowledge.evaluate import EvaluationQuestion, Measured, read_questions
from knowledge.noise import noisy

#: The spellings of the paired noise file by the name that the page gives them.
SPELLINGS = {
    "clean": "clean",
    "nodia": "no accents",
    "typo10": "typos",
    "teen": "teencode",
    "nodia+typo": "no accents, typos",
}
#: Styles of the project's own questions, likewise.
STYLES = {"clean": "clean", "nodiac": "no accents", "typo": "typos", "teencode": "teencode", "dialect": "dialect",
          "long": "long"}  # fmt: skip
#: Styles of knowledge/noise.py that make the same five spellings of any other questions.
_NOISE = {"clean": "clean", "no accents": "nodiac", "typos": "typo", "teencode": "teencode",
          "no accents, typos": "messy"}  # fmt: skip
_SEED = 20261122


@dataclass(frozen=True)
class Asked:
    """A question with the part of its set that it belongs to; its style is a name of SPELLINGS or STYLES."""

    question: EvaluationQuestion
    part: str

    @property
    def style(self) -> str:
        """The spelling as the page names it."""
        return self.question.style

    @property
    def cluster(self) -> tuple[str, str]:
        """The same for all spellings of one question."""
        return self.part, self.question.id or self.question.text


@dataclass(frozen=True)
class Run:
    """What one system said to questions in scope, in their order."""

    asked: tuple[Asked, ...]
    measured: tuple[Measured, ...]

    def only(self, part: str | None = None, style: str | None = None) -> "Run":
        """Return the questions of a part and spelling; None stands for all."""
        kept = [
            number
            for number, asked in enumerate(self.asked)
            if part in (None, asked.part) and style in (None, asked.style)
        ]
        return Run(tuple(self.asked[number] for number in kept), tuple(self.measured[number] for number in kept))

    def __len__(self) -> int:
        return len(self.asked)

    def _clustered(self, value: Callable[[Measured], float]) -> FloatArray:
        return statistics.by_cluster([value(m) for m in self.measured], [asked.cluster for asked in self.asked])

    def firsts(self) -> FloatArray:
        """Return for each question the share of its spellings whose first record is right."""
        return self._clustered(lambda m: float(m.rank == 1))

    def recall(self, depth: int) -> Interval:
        """Return the share with a right record among the first `depth`."""
        return statistics.mean(self._clustered(lambda m: float(m.rank is not None and m.rank <= depth)))

    @property
    def reciprocal_rank(self) -> float:
        """MRR@10."""
        return sum(1 / m.rank for m in self.measured if m.rank) / max(len(self), 1)

    @property
    def facet(self) -> float | None:
        """The share of right facets among the questions that name one; None where none does."""
        given = [m for m in self.measured if m.question.facet is not None]
        return sum(m.findings.facet is m.question.facet for m in given) / len(given) if given else None

    @property
    def answered(self) -> float:
        """The share answered outright."""
        return sum(m.findings.zone is Zone.ANSWER for m in self.measured) / max(len(self), 1)

    @property
    def answered_right(self) -> float:
        """The share of right first records among those answered outright."""
        ranks = [m.rank for m in self.measured if m.findings.zone is Zone.ANSWER]
        return sum(rank == 1 for rank in ranks) / len(ranks) if ranks else 0.0

    def lead(self, other: "Run") -> Interval:
        """Return R@1 of this minus that of another system on the same questions, with the paired interval."""
        return statistics.mean(self.firsts() - other.firsts())


def own_questions(path: Path, part: str) -> tuple[list[Asked], list[EvaluationQuestion]]:
    """Return (in scope, out of scope) of a question file of the project's own catalogue; each line is a question."""
    inside, outside = [], []
    for number, question in enumerate(read_questions(path)):
        if question.procedures:
            changed = {"style": STYLES.get(question.style, question.style), "id": f"{number} {question.id}"}
            inside.append(Asked(question.model_copy(update=changed), part))
        else:
            outside.append(question)
    return inside, outside


def portal_questions(path: Path, noisy_path: Path) -> list[Asked]:
    """Return the portal's questions in the five spellings of the paired file; parts are FAQ and colloquial."""
    origins = origins_of(path)
    by_id = {question.id: question for question in read_questions(path)}
    try:
        content = json.loads(noisy_path.read_text(encoding="utf-8"))
        names = [str(name) for name in content["qid"]]
        return [
            Asked(
                by_id[name].model_copy(update={"text": text, "style": title}),
                "colloquial" if origins.get(name) == "colloquial" else "FAQ",
            )
            for style, title in SPELLINGS.items()
            for name, text in zip(names, content[style], strict=True)
            if name in by_id
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CatalogueError(f"{noisy_path}: không đọc được các cách viết của câu hỏi ({error})") from error


def origins_of(path: Path) -> dict[str, str]:
    """Return where each question of a file that `read_questions` accepts came from, by its id."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return {str(row["id"]): str(row.get("origin", "")) for row in rows if "id" in row}


def in_five_spellings(questions: Sequence[EvaluationQuestion], part: str) -> list[Asked]:
    """Return the questions clean and in four spellings made by knowledge/noise.py, always the same."""
    found = []
    for title, style in _NOISE.items():
        rng = random.Random(f"{_SEED} {style}")  # noqa: S311 - reproducible noise
        for question in questions:
            text = noisy(question.text, style, rng)
            found.append(Asked(question.model_copy(update={"text": text, "style": title}), part))
    return found


def styles_of(asked: Sequence[Asked]) -> list[str]:
    """Return the spellings that occur, in the order of the page."""
    there = Counter(one.style for one in asked)
    known = list(dict.fromkeys((*SPELLINGS.values(), *STYLES.values())))
    return [style for style in known if there[style]] + sorted(there.keys() - set(known))


def json_lines(path: Path) -> list[dict[str, object]]:
    """Read a gzipped JSON Lines file. Raises CatalogueError where it cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]
    except (OSError, EOFError, ValueError) as error:
        raise CatalogueError(f"{path}: không đọc được ({error})") from error
