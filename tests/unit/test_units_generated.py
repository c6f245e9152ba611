"""Units read from generated mentions: every name of today and before, in spellings and sentences drawn by a seed."""

import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pytest

from bot.core.units import Certainty, FormerUnit, Unit, UnitFinder, UnitKind, UnitMention, UnitRegistry
from nlu.text import fold, strip_accents

REGISTRY = UnitRegistry.load()
FINDER = UnitFinder(REGISTRY)
COMMUNES = [unit for unit in REGISTRY.units if unit.kind in (UnitKind.WARD, UnitKind.COMMUNE)]
SEED = 20261121

FRAMES = """
Hôm qua tôi ra {x} nộp hồ sơ mà bị đuổi về.
{x} làm ăn kiểu gì thế, ba lần rồi vẫn bắt bổ sung.
Chị ở quầy số 2 của {x} nói trống không với mẹ tôi
tôi muốn phản ánh cán bộ {x}
em lên {x} xin xác nhận, chờ từ 8h đến 11h không ai tiếp
Sáng thứ ba tuần trước, tại {x}, nhân viên tên Kim Anh quát tôi trước mặt mọi người. Tôi rất bức xúc.
sao {x} không trả kết quả đúng hẹn, phiếu hẹn ghi ngày 12/10 mà
Con tôi sinh ngày 3/9, vợ chồng tôi đến {x} đăng ký khai sinh thì họ bảo hết giờ
anh nhân viên {x} bảo tôi ngu, tôi có ghi âm
mọi người cho hỏi {x} có ai gặp cảnh này chưa
ông Phúc Lợi, chủ tịch {x}, hẹn tôi bốn lần không gặp
lên {x} thì cán bộ bảo về, về thì lại bảo lên
Tôi là công dân của {x}. Ngày 20/11 tôi bị cán bộ tư pháp ở đây gây khó dễ, đòi thêm giấy tờ.
{x}
cb {x} hách dịch quá
""".strip().split("\n")

LEADS = {
    "phường": [
        *("phường {}", "Phường {}", "P. {}", "P.{}", "p {}", "ph. {}", "UBND phường {}", "ubnd p {}"),
        *("ủy ban phường {}", "Ủy ban nhân dân phường {}", "một cửa phường {}", "fường {}", "phường  {}"),
        "bộ phận một cửa UBND phường {}",
    ],
    "xã": [
        *("xã {}", "Xã {}", "X. {}", "x.{}", "UBND xã {}", "ubnd x {}", "ủy ban xã {}", "một cửa xã {}"),
        *("Ủy ban nhân dân xã {}", "bộ phận một cửa của UBND xã {}"),
    ],
    "thị trấn": ["thị trấn {}", "Thị trấn {}", "UBND thị trấn {}", "TT. {}"],
    "quận": ["quận {}", "Quận {}", "q. {}", "Q.{}", "UBND quận {}", "ủy ban nhân dân quận {}"],
    "huyện": ["huyện {}", "Huyện {}", "UBND huyện {}", "H. {}"],
    "thị xã": ["thị xã {}", "UBND thị xã {}", "TX. {}"],
}
SAID_TO_BE_FORMER = ["{} cũ", "{} (cũ)", "{} trước sáp nhập", "hồi còn {}", "trước đây là {}"]
TRADITIONAL = "óa òa ỏa õa ọa óe òe ỏe õe ọe úy ùy ủy ũy ụy"
NEW = "oá oà oả oã oạ oé oè oẻ oẽ oẹ uý uỳ uỷ uỹ uỵ"


def modern(text: str) -> str:
    """Return a text with tone marks where the new style puts them: hoà, thuý, khoẻ."""
    for traditional, new in zip(TRADITIONAL.split(), NEW.split(), strict=True):
        text = text.replace(traditional, new)
    return text


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as written": str,
    "small": str.lower,
    "capitals": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "new tone style": modern,
    "no accents": strip_accents,
    "no accents, small": lambda text: strip_accents(text).lower(),
}
BARE = {"no accents", "no accents, small"}


@dataclass(frozen=True)
class Case:
    """A sentence and what its one mention must be; `former` is the name to be kept, where one must be.

    `or_asked`: without accents «cu» is «cũ» or «cứ», and asking which unit is meant is right as well.
    """

    group: str
    text: str
    certainty: Certainty
    units: frozenset[str]
    former: str | None = None
    or_asked: bool = False


def kind_of(unit: Unit | FormerUnit) -> str:
    return unit.name.removesuffix(unit.short_name).strip().lower()


folded = lru_cache(maxsize=None)(fold)


def spaced(name: str) -> str:
    return fold(name).replace(" - ", " ")


def named_like(unit: Unit | FormerUnit, spelling: str) -> list[FormerUnit]:
    """Return the former units that the written name of `unit` may mean as well, by the letters that are left."""
    alike: Callable[[str], str] = folded if spelling in BARE else str.lower
    return [old for old in REGISTRY.former if alike(old.name) == alike(unit.name)]


def sentence(draw: random.Random, mention: str, spelling: str) -> str:
    """Return the mention in a sentence; accents are left out of all of it, other spellings are the mention's."""
    frame, spelled = draw.choice(FRAMES), SPELLINGS[spelling]
    return spelled(frame.format(x=mention)) if spelling in BARE else frame.format(x=spelled(mention))


def current_cases(draw: random.Random) -> Iterator[Case]:
    """Every ward and commune of today in every spelling."""
    for unit in COMMUNES:
        for spelling in SPELLINGS:
            text = sentence(draw, draw.choice(LEADS[kind_of(unit)]).format(unit.short_name), spelling)
            rivals = [old for old in named_like(unit, spelling) if old.short_name != unit.short_name]
            units = {unit.id}.union(*(old.units for old in rivals))
            yield Case("current", text, Certainty.AMBIGUOUS if rivals else Certainty.CERTAIN, frozenset(units))


def former_cases(draw: random.Random) -> Iterator[Case]:
    """Every former ward, commune and township in three spellings; said to be former where a unit bears its name."""
    living = {spaced(unit.name) for unit in COMMUNES}
    for old in REGISTRY.former:
        for spelling in draw.sample(sorted(SPELLINGS), 3):
            mention = draw.choice(LEADS[kind_of(old)]).format(old.short_name)
            if spaced(old.name) in living or draw.random() < 0.3:
                mention = draw.choice(SAID_TO_BE_FORMER).format(mention)
            alike = named_like(old, spelling)
            if draw.random() < 0.4:
                mention += f", {old.district}"
                alike = [other for other in alike if other.district == old.district]
            units = frozenset(unit for other in alike for unit in other.units)
            text = sentence(draw, mention, spelling)
            if len(alike) > 1:
                yield Case("former, several", text, Certainty.AMBIGUOUS, units)
            elif len(units) > 1:
                or_asked = spelling in BARE and mention.endswith(" cũ")
                yield Case("former, split", text, Certainty.SPLIT, units, old.full_name, or_asked)
            else:
                yield Case("former, one successor", text, Certainty.CERTAIN, units, old.full_name)


def district_cases(draw: random.Random) -> Iterator[Case]:
    """Every abolished district in every spelling."""
    for district in REGISTRY.districts:
        kind = district.name.removesuffix(district.short_name).strip().lower()
        for spelling in SPELLINGS:
            text = sentence(draw, draw.choice(LEADS[kind]).format(district.short_name), spelling)
            yield Case("district", text, Certainty.DISTRICT, frozenset(district.units), district.name)


def right(case: Case, found: tuple[UnitMention, ...]) -> bool:
    if len(found) != 1 or frozenset(found[0].units) != case.units:
        return False
    if case.or_asked and found[0].certainty is Certainty.AMBIGUOUS:
        return True
    return found[0].certainty is case.certainty and case.former in (None, found[0].former)


GENERATORS = (current_cases, former_cases, district_cases)
CASES = [case for make in GENERATORS for case in make(random.Random(SEED))]


def test_the_generated_mentions_are_many_and_cover_every_name() -> None:
    groups = Counter(case.group for case in CASES)
    assert len(CASES) >= 300, groups
    assert groups["current"] == 126 * len(SPELLINGS), groups
    assert groups["former, split"] >= 199, groups
    assert groups["former, one successor"] >= 300, groups
    assert groups["former, several"] >= 14, groups
    assert groups["district"] == 30 * len(SPELLINGS), groups


def test_units_are_read_from_generated_mentions() -> None:
    hits: Counter[str] = Counter()
    missed: dict[str, list[str]] = defaultdict(list)
    for case in CASES:
        found = FINDER.find(case.text)
        if right(case, found):
            hits[case.group] += 1
        else:
            missed[case.group].append(f"{case.text} → {[(m.certainty.value, m.units, m.former) for m in found]}")
    totals = Counter(case.group for case in CASES)
    figures = {group: f"{hits[group]}/{total} = {hits[group] / total:.4f}" for group, total in totals.items()}
    examples = "\n".join(line for lines in missed.values() for line in lines[:8])
    report = f"{figures}, all {sum(hits.values())}/{len(CASES)}\n{examples}"
    print(report)
    for group, total in totals.items():
        assert hits[group] >= 0.95 * total, report


@pytest.mark.parametrize("group", ["former, split", "former, several", "district"])
def test_what_must_be_asked_is_never_guessed(group: str) -> None:
    cases = [case for case in CASES if case.group == group]
    assert cases
    guessed = [
        case.text for case in cases for mention in FINDER.find(case.text) if mention.certainty is Certainty.CERTAIN
    ]
    assert not guessed, f"{len(guessed)} of {len(cases)}: {guessed[:5]}"


def test_one_wrong_letter_is_mended_or_left_alone_but_makes_no_other_unit() -> None:
    draw = random.Random(SEED)
    known = {folded(unit.short_name) for unit in COMMUNES} | {folded(old.short_name) for old in REGISTRY.former}
    mended, wrong, total = 0, [], 0
    for unit in COMMUNES:
        name = unit.short_name.lower()
        at = draw.choice([place for place, char in enumerate(name) if char.isalpha()])
        slipped = name[:at] + draw.choice("nhgtc") + name[at + 1 :]
        if len(name.split()) == 1 or folded(slipped) in known:
            continue
        total += 1
        found = [
            m
            for m in FINDER.find(f"tôi ra UBND {kind_of(unit)} {slipped} thì bị quát")
            if m.certainty is Certainty.CERTAIN
        ]
        mended += any(mention.units == (unit.id,) for mention in found)
        wrong += [slipped for mention in found if mention.units != (unit.id,)]
    report = f"mended {mended}/{total}, wrong {wrong}"
    print(report)
    assert total > 100, report
    assert mended >= 0.8 * total, report
    assert not wrong, report


def test_no_generated_mention_is_read_as_another_unit() -> None:
    wrong = [
        (case.text, mention.units)
        for case in CASES
        for mention in FINDER.find(case.text)
        if mention.certainty is Certainty.CERTAIN and not case.units.issuperset(mention.units)
    ]
    assert not wrong, f"{len(wrong)} of {len(CASES)}: {wrong[:5]}"
