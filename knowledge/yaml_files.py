"""Reading and writing catalogue YAML: bounded and safe to read, stable and pleasant to diff."""

import os
import tempfile
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import CatalogueError
from knowledge.schema import Record

MAX_YAML_BYTES = 20 * 1024 * 1024
#: Nodes of one file after aliases are followed; the shipped catalogue has under 40,000 in all.
_MAX_NODES = 2_000_000
_WIDTH = 110


class _Loader(yaml.CSafeLoader):
    """Reads `1.013700` and `2025-07-01` as text, so that a code without quotes keeps its zeros."""


class _Dumper(yaml.CSafeDumper):
    """Writes block style, Vietnamese unescaped, and quotes what another YAML reader would take for a number."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if not tag.endswith((":float", ":timestamp", ":merge"))]
    for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Dumper.add_multi_representer(Enum, lambda dumper, value: dumper.represent_str(str(value.value)))


def read_yaml(path: Path) -> Any:
    """Return the parsed document.

    Raises CatalogueError for a file that is too large, is not UTF-8 or YAML, or swells through aliases.
    """
    if path.stat().st_size > MAX_YAML_BYTES:
        raise CatalogueError(f"{path.name}: lớn hơn {MAX_YAML_BYTES // 2**20} MB")
    try:
        document = yaml.load(path.read_bytes(), Loader=_Loader)  # noqa: S506 (a CSafeLoader)
    except (yaml.YAMLError, UnicodeError, RecursionError, ValueError) as error:
        raise CatalogueError(f"{path.name}: không đọc được YAML ({' '.join(str(error).split())[:300]})") from error
    if _too_many_nodes(document):
        raise CatalogueError(f"{path.name}: quá nhiều mục (tham chiếu lặp?)")
    return document


class Lines:
    """Where the records of a catalogue file that `read_yaml` accepts are written."""

    def __init__(self, path: Path) -> None:
        root = yaml.compose(path.read_bytes(), Loader=_Loader)
        self._rows = _child(root, "procedures") if isinstance(root, yaml.MappingNode) else root

    def of(self, number: int, field: str) -> int:
        """Return the line, from 1, of a field such as dossier.2.name of the record `number` (from 1).

        A field that is not written has the line of what it belongs to.
        """
        node, line = self._rows, 0
        for part in (str(number - 1), *filter(None, field.split("."))):
            found = _child(node, part) if node is not None else None
            if found is None:
                break
            node, line = found, _line(node, part, found)
        return line


def _child(node: yaml.Node, part: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
        found: yaml.Node = node.value[int(part)]
        return found
    return None


def _line(parent: yaml.Node | None, part: str, found: yaml.Node) -> int:
    """Return the line of the key, as a value may begin further down; an alias stands where it is used."""
    if isinstance(parent, yaml.MappingNode):
        found = next(key for key, _ in parent.value if key.value == part)
    return int(found.start_mark.line) + 1


def _too_many_nodes(document: Any) -> bool:
    waiting, seen = [document], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if isinstance(node, Mapping):
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
        if seen + len(waiting) > _MAX_NODES:
            return True
    return False


def as_plain(record: Record) -> dict[str, Any]:
    """Return the record's facts in the model's order, without nulls, empty lists and defaults."""
    return record.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True)


def write_yaml(path: Path, header: str, head: Mapping[str, Any], records: list[dict[str, Any]]) -> None:
    """Replace the file in one step: comment lines, the head's mappings, then the records, a blank line between."""
    parts = [f"# {line}".rstrip() + "\n" for line in header.splitlines()]
    parts.append(_dump(dict(head)) if head else "")
    parts.append("procedures:\n")
    parts.append("\n".join(_dump([record]) for record in records))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(parts))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _dump(value: Any) -> str:
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH))
