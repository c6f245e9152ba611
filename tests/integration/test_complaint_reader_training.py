"""The file of the reader of behaviours: what is refused, and when it is trained again."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.core.errors import ConfigurationError
from bot.core.taxonomy import Taxonomy
from knowledge.complaints import open_complaint_reader, training
from knowledge.complaints.cues import Cues
from knowledge.complaints.examples import EXAMPLES, read_examples
from knowledge.complaints.instances import Instance, instances
from knowledge.complaints.model import FILE, Model
from knowledge.complaints.telling import FILE as TELLING_FILE
from knowledge.complaints.telling import read_telling
from knowledge.complaints.training import ensure_model, fingerprint, learnable
from tests.integration.reader_steps import folder, taxonomy

__all__ = ["folder", "taxonomy"]


@pytest.fixture(scope="module")
def few() -> list[Instance]:
    """Enough to train something on in a second."""
    return instances(read_examples()[::10], Cues.load(), training.SEED)[::3]


def test_missing_reader_is_refused_with_what_to_run(tmp_path: Path, taxonomy: Taxonomy) -> None:
    with pytest.raises(ConfigurationError, match="tiepdan prepare"):
        open_complaint_reader(tmp_path, taxonomy)


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "pickled", "other arrays", "other shape"])
def test_damaged_reader_is_refused_with_what_to_run(
    tmp_path: Path, folder: Path, taxonomy: Taxonomy, damage: str
) -> None:
    path = tmp_path / FILE
    shutil.copy(folder / FILE, path)
    content = path.read_bytes()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "changed":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes(64) + content[middle + 64 :])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "other arrays":
        np.savez(path, something=np.zeros(3))
    else:
        with np.load(path, allow_pickle=False) as arrays:
            kept = dict(arrays)
        kept["bias"] = np.array([object()], dtype=object) if damage == "pickled" else kept["bias"][:-1]
        np.savez(path, **kept)
    with pytest.raises(ConfigurationError, match="tiepdan prepare") as caught:
        open_complaint_reader(tmp_path, taxonomy)
    assert "\n" not in str(caught.value)


def test_reader_of_other_codes_is_refused(folder: Path, taxonomy: Taxonomy) -> None:
    fewer = Taxonomy(
        **{**vars(taxonomy), "behaviours": {c: b for c, b in taxonomy.behaviours.items() if c != "TD-THOO"}}
    )
    with pytest.raises(ConfigurationError, match="tiepdan prepare"):
        open_complaint_reader(folder, fewer)


def test_fingerprint_changes_with_an_example_and_with_the_codes(tmp_path: Path, taxonomy: Taxonomy) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    before = fingerprint(taxonomy.codes, tmp_path / "examples")
    assert before == fingerprint(taxonomy.codes)
    with (tmp_path / "examples" / "TD-THOO.yml").open("a", encoding="utf-8") as file:
        file.write("- thêm một câu\n")
    assert fingerprint(taxonomy.codes, tmp_path / "examples") != before
    assert fingerprint(taxonomy.codes[1:]) != before


def test_code_without_examples_is_passed_over(taxonomy: Taxonomy) -> None:
    assert learnable((*taxonomy.codes, "XX-NEW")) == taxonomy.codes


def test_same_examples_give_the_same_model(few: list[Instance], taxonomy: Taxonomy, tmp_path: Path) -> None:
    for name in ("one", "two"):
        training.train(few, taxonomy.codes, "stamp").save(tmp_path / f"{name}.npz")
    with np.load(tmp_path / "one.npz") as one, np.load(tmp_path / "two.npz") as two:
        assert set(one) == set(two)
        assert all(np.array_equal(one[name], two[name]) for name in one)
    assert Model.load(tmp_path / "one.npz").codes == taxonomy.codes


def test_code_without_instances_is_refused_by_name(few: list[Instance]) -> None:
    with pytest.raises(ConfigurationError, match="XX-NEW"):
        training.train(few, ["XX-NEW"], "stamp")


def test_reader_is_trained_only_where_something_has_changed(
    tmp_path: Path, few: list[Instance], taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(training, "instances", lambda *_: few)
    monkeypatch.setattr(training, "read_examples", list)
    telling = read_telling()[::20]
    assert {told for _, told in telling} == {True, False}
    monkeypatch.setattr(training, "read_telling", lambda: telling)
    monkeypatch.setattr(training, "stories", lambda *_: [])
    codes = taxonomy.codes[:5]
    path = ensure_model(tmp_path / "complaints", codes, said.append)
    written, trained = path.stat().st_mtime_ns, len(said)
    assert trained > 0
    assert ensure_model(tmp_path / "complaints", codes, said.append) == path
    assert (path.stat().st_mtime_ns, len(said)) == (written, trained)

    path.write_bytes(b"damaged")
    ensure_model(tmp_path / "complaints", codes, said.append)
    assert len(said) == 2 * trained
    monkeypatch.setattr(training, "fingerprint", lambda *_: "another")
    ensure_model(tmp_path / "complaints", codes, said.append)
    assert len(said) == 3 * trained
    assert sorted(p.name for p in path.parent.iterdir()) == [FILE, TELLING_FILE]
