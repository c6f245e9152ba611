"""The lines of evaluation files (formats: docs/evaluation.md), validated."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import TiepDanError

MAX_FILE_BYTES = 64 * 1024 * 1024
Line = TypeVar("Line", bound=BaseModel)


class EvaluationFileError(TiepDanError):
    """An evaluation file cannot be read; the message names file, line and reason."""


class RoutingCase(BaseModel):
    """One message and the routes that are right for it."""

    model_config = ConfigDict(extra="ignore")
    id: str
    text: str
    expect: str
    also_ok: list[str] = Field(default_factory=list)
    behaviour: list[str] = Field(default_factory=list)
    style: str = "clean"
    note: str = ""


class Expectation(BaseModel):
    """What must hold after a turn; None is not checked."""

    model_config = ConfigDict(extra="forbid")
    outcome: str | None = None
    procedure: str | None = None
    procedures_ok: list[str] = Field(default_factory=list)
    facet: str | None = None
    slots: dict[str, Any] = Field(default_factory=dict)


class DialogueTurn(BaseModel):
    """What the citizen says and what must hold then."""

    model_config = ConfigDict(extra="ignore")
    user: str
    now: datetime | None = None
    expect: Expectation = Expectation()


class DialogueCase(BaseModel):
    """A scripted conversation."""

    model_config = ConfigDict(extra="ignore")
    id: str
    title: str = ""
    now: datetime | None = None
    turns: list[DialogueTurn] = Field(min_length=1)


def read_lines(path: Path, model: type[Line]) -> list[Line]:
    """Read a JSON Lines file. Raises EvaluationFileError naming the line."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise EvaluationFileError(f"{path}: larger than {MAX_FILE_BYTES} bytes")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationFileError(f"{path}: {error}") from error
    cases = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            cases.append(model.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as error:
            raise EvaluationFileError(f"{path}:{number}: {str(error).splitlines()[0]}") from error
    if not cases:
        raise EvaluationFileError(f"{path}: no lines")
    return cases
