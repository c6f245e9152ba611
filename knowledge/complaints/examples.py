"""The project's own examples of complaints: told texts, the codes they are about, and which part tells of which."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.core.errors import ConfigurationError

EXAMPLES = Path(__file__).with_name("examples")
VALIDATION = Path(__file__).with_name("validation")
#: Files of the folder that are not named after a code.
MIXED, NEGATIVES = "multi", "negatives"
#: The key of a validation file for texts that tell of no behaviour.
NO_CODE = "none"
_MARK = re.compile(r"<(?:(?P<codes>[A-Z]{2}-[A-Z]+(?:,[A-Z]{2}-[A-Z]+)*) )?(?P<text>[^<>]+)>")
# A shorter rest between marked parts («rồi», «sau đó») says nothing either way.
_FEWEST_WORDS = 4


@dataclass(frozen=True)
class Example:
    """A text with the codes it is about, the main one first; empty where it is about none."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """A whole example, and its parts where the file marks them: each told of its own codes, the rest of none."""

    whole: Example
    parts: tuple[Example, ...]


def read_examples(folder: Path = EXAMPLES) -> list[Told]:
    """Return all examples. Raises ConfigurationError that names the file and the text that is wrong."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        default = () if path.stem in {MIXED, NEGATIVES} else (path.stem,)
        for text in _texts(path, _load(path)):
            told = _told(text, default)
            if path.stem == MIXED and not told.whole.codes:
                raise ConfigurationError(f"{path.name}: chưa đánh dấu hành vi nào: {text[:60]}")
            found.append(told)
    if not found:
        raise ConfigurationError(f"không có mẫu phản ánh nào trong {folder.name}")
    return found


def read_validation(folder: Path = VALIDATION) -> dict[str, list[Example]]:
    """Return the validation texts by file name. Raises ConfigurationError likewise."""
    return {path.stem: list(_validation(path)) for path in sorted(folder.glob("*.yml"))}


def _validation(path: Path) -> Iterator[Example]:
    content = _load(path)
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path.name}: cần một bảng «mã: danh sách câu»")
    for key, listed in content.items():
        codes = () if key == NO_CODE else tuple(code.strip() for code in key.split(","))
        for text in _texts(path, listed):
            yield Example(text, codes)


def _load(path: Path) -> object:
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{path.name} không đọc được, hãy sửa lại tệp này: {error}") from error
    return content


def _texts(path: Path, listed: object) -> list[str]:
    if not isinstance(listed, list) or not listed:
        raise ConfigurationError(f"{path.name}: cần một danh sách câu")
    for text in listed:
        if not isinstance(text, str) or not text.strip():
            raise ConfigurationError(f"{path.name}: mỗi mục phải là một câu: {text!r}")
    return listed


def _told(text: str, default: tuple[str, ...]) -> Told:
    parts: list[Example] = []
    end = 0
    for match in _MARK.finditer(text):
        parts += _rest(text[end : match.start()])
        codes = match["codes"]
        parts.append(Example(match["text"], tuple(codes.split(",")) if codes else default))
        end = match.end()
    whole = _MARK.sub(lambda match: match["text"], text)
    if not parts:
        return Told(Example(whole, default), ())
    parts += _rest(text[end:])
    codes = tuple(dict.fromkeys(code for part in parts for code in part.codes))
    return Told(Example(whole, codes), tuple(parts))


def _rest(text: str) -> list[Example]:
    return [Example(text.strip(), ())] if len(text.split()) >= _FEWEST_WORDS else []
