"""How well the reader reads texts that it was not trained on: per code, and as a whole."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.complaints.examples import Example
from knowledge.complaints.reader import BehaviourReader


@dataclass(frozen=True)
class CodeFigures:
    """Figures of one code: `texts` that tell of it; precision, recall and their harmonic mean, 0–1."""

    code: str
    texts: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Figures:
    """Shares 0–1: `hit` any right code among those returned, `main` the first is right, of texts that tell of some.

    `false_alarms` are texts of no behaviour for which a code was returned, of `none`; `returned` codes per text;
    `others` codes were returned beyond the first, a share of `others_right` of them rightly.
    """

    texts: int
    hit: float
    main: float
    returned: float
    others: int
    others_right: float
    none: int
    false_alarms: int
    by_code: tuple[CodeFigures, ...]


def measure(reader: BehaviourReader, examples: Sequence[Example]) -> Figures:
    """Read every example. Raises ZeroDivisionError where none tells of a behaviour."""
    told, returned, right = Counter[str](), Counter[str](), Counter[str]()
    hit = main = count = others = others_right = false_alarms = 0
    telling = [one for one in examples if one.codes]
    for one in examples:
        found = [scored.code for scored in reader.codes(one.text)]
        returned.update(found)
        told.update(one.codes)
        right.update(set(found) & set(one.codes))
        if one.codes:
            hit += bool(set(found) & set(one.codes))
            main += bool(found) and found[0] in one.codes
            count += len(found)
            others += len(found[1:])
            others_right += len(set(found[1:]) & set(one.codes))
        else:
            false_alarms += bool(found)
    return Figures(
        texts=len(telling),
        hit=hit / len(telling),
        main=main / len(telling),
        returned=count / len(telling),
        others=others,
        others_right=_share(others_right, others),
        none=len(examples) - len(telling),
        false_alarms=false_alarms,
        by_code=tuple(
            CodeFigures(code, told[code], _share(right[code], returned[code]), _share(right[code], told[code]))
            for code in sorted(told)
        ),
    )


def table(figures: Figures) -> str:
    """Return the figures as lines of text."""
    lines = [f"{'mã':12}{'câu':>5}{'đúng':>8}{'đủ':>8}{'F1':>8}"]
    lines += [f"{c.code:12}{c.texts:5}{c.precision:8.2f}{c.recall:8.2f}{c.f1:8.2f}" for c in figures.by_code]
    lines.append(
        f"trúng {figures.hit:.3f}, mã chính {figures.main:.3f} trên {figures.texts} câu, {figures.returned:.2f} mã"
        f" mỗi câu; mã phụ đúng {figures.others_right:.2f} của {figures.others}"
        f"; báo nhầm {figures.false_alarms}/{figures.none}"
    )
    return "\n".join(lines)


def _share(part: int, of: int) -> float:
    return part / of if of else 0.0
