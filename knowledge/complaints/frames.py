"""Made texts for telling what happened from what is only spoken of: one act in frames of the one and of the other.

A model of words learns from them that «cán bộ đòi tiền» says nothing by itself, and that what stands around it does.
"""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import ConfigurationError

FRAMES = Path(__file__).with_name("telling") / "frames.yml"
ACT, PLACE = "{việc}", "{nơi}"
Texts = Sequence[str]


class Frames(BaseModel):
    """The file: acts and places, frames of both kinds, and texts that are told of without having been done."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    acts: Texts = Field(min_length=1)
    places: Texts = Field(min_length=1)
    told: Texts = Field(min_length=1)
    wondered: Texts = Field(min_length=1)
    plain: Texts = ()


def read_frames(path: Path = FRAMES) -> Frames:
    """Return the frames. Raises ConfigurationError that names what is wrong in the file."""
    try:
        frames = Frames.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"{path.name} không đọc được, hãy sửa lại tệp này: {error}") from error
    if lacking := [frame for frame in (*frames.told, *frames.wondered) if ACT not in frame]:
        raise ConfigurationError(f"{path.name}: khung câu thiếu {ACT}: {lacking[0]}")
    return frames


def framed(frames: Frames, each: int, seed: int) -> list[tuple[str, bool]]:
    """Return (text, told): every frame with `each` acts drawn without repeating; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - reproducible choice
    kinds: Mapping[bool, Texts] = {True: frames.told, False: frames.wondered}
    found = [
        (filled(frame, act, rng.choice(frames.places)), told)
        for told, kind in kinds.items()
        for frame in kind
        for act in rng.sample(frames.acts, min(each, len(frames.acts)))
    ]
    return [*found, *((text, False) for text in frames.plain)]


def filled(frame: str, act: str, place: str) -> str:
    """Return a frame with its act and place; a sentence begins with a capital."""
    text = frame.replace(ACT, act).replace(PLACE, place)
    return text[:1].upper() + text[1:]
