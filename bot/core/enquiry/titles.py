"""How a procedure reads inside a sentence, and the situations its dossier tells apart. Pure."""

import re

from bot.core.procedures import Procedure

_LEADING = re.compile(r"^\s*thủ tục\s+", re.IGNORECASE)
_LEVEL = re.compile(r"\s*\(cấp (?:xã|tỉnh|huyện|trung ương)\)", re.IGNORECASE)
LEVEL_TITLES = {"xã": "Cấp xã, phường", "tỉnh": "Cấp tỉnh"}


def plain_name(procedure: Procedure) -> str:
    """Return the name as it reads inside a sentence: without «Thủ tục», with the level where it is the commune's."""
    name = _LEADING.sub("", procedure.name).strip()
    name = name[:1].upper() + name[1:]
    return f"{name} (cấp xã)" if procedure.level == "xã" and "xã" not in name.lower() else name


def matter_name(procedure: Procedure) -> str:
    """Return the name without «Thủ tục» and without its level: what twins at two levels have in common."""
    name = _LEVEL.sub("", _LEADING.sub("", procedure.name)).strip()
    return name[:1].upper() + name[1:]


def level_title(procedure: Procedure) -> str:
    """Return «Cấp xã, phường», «Cấp tỉnh» or the like."""
    return LEVEL_TITLES.get(procedure.level, f"Cấp {procedure.level}")


def dossier_cases(procedure: Procedure) -> tuple[str, ...]:
    """Return the situations that a dossier tells apart, in order; a lone or «nếu có» case is not one."""
    cases = dict.fromkeys(d.case for d in procedure.dossier if d.case and d.case != "nếu có")
    return tuple(cases) if len(cases) > 1 else ()
