"""Who may act on cases: roles and principals."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a principal is for."""

    CITIZEN = "citizen"
    OPERATOR = "operator"
    OFFICER = "complaint_officer"
    SUPERVISOR = "supervisor"
    UNIT = "unit"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    KNOWLEDGE_EDITOR = "knowledge_editor"
    BACKEND = "backend"


@dataclass(frozen=True)
class Principal:
    """A person or system with one role; `unit` is the unit they belong to (units_hanoi id), if any.

    Nobody handles a case about their own unit, or one whose accused is named like them.
    """

    id: str
    name: str
    role: Role
    unit: str | None = None
    active: bool = True
