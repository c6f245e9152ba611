"""Building the Rasa model: only when its sources have changed, and never half done."""

import json
import os
from pathlib import Path

import pytest

from nlu.build import BuildFailed, build_model, fingerprint

# Stands for Rasa's interpreter: writes a model where `rasa train` would, or fails.
FAKE_PYTHON = """#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = --out ] && out=$2; shift; done
echo "training"
[ -f fail ] && { echo "bad data" >&2; exit 3; }
echo model > "$out/model.tar.gz"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("nlu/data", "nlu/domain", "nlu/pipeline", "nlu/text"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "config.yml").write_text("recipe: default.v1\n")
    (tmp_path / "nlu/data/affirm.yml").write_text("nlu: []\n")
    python = tmp_path / "python"
    python.write_text(FAKE_PYTHON)
    os.chmod(python, 0o755)
    return tmp_path


def test_a_model_is_trained_once_for_the_same_sources(project: Path) -> None:
    lines: list[str] = []
    first = build_model(project / "python", project / "out", lines.append, project)
    assert first.trained
    assert lines == ["training"]
    assert first.model.read_text() == "model\n"
    assert json.loads((project / "out/model.json").read_text())["fingerprint"] == fingerprint(project)
    assert not build_model(project / "python", project / "out", lines.append, project).trained


@pytest.mark.parametrize("changed", ["config.yml", "nlu/data/new.yml", "nlu/text/words.tsv", "nlu/pipeline/x.py"])
def test_a_changed_source_is_trained_again(project: Path, changed: str) -> None:
    build_model(project / "python", project / "out", print, project)
    (project / changed).write_text("changed\n")
    assert build_model(project / "python", project / "out", print, project).trained


def test_a_failed_training_keeps_the_old_model_and_says_why(project: Path) -> None:
    old = build_model(project / "python", project / "out", print, project)
    (project / "fail").touch()
    (project / "config.yml").write_text("recipe: broken\n")
    with pytest.raises(BuildFailed, match="bad data"):
        build_model(project / "python", project / "out", print, project)
    assert old.model.read_text() == "model\n"
    assert [path.name for path in sorted((project / "out").iterdir())] == ["model.json", "model.tar.gz"]


def test_a_damaged_stamp_means_training(project: Path) -> None:
    build_model(project / "python", project / "out", print, project)
    (project / "out/model.json").write_text("{")
    assert build_model(project / "python", project / "out", print, project).trained
