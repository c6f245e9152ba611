"""Versions that were taught something: made beside the one in use, compared, switched to, taken back."""

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.core.errors import ConfigurationError
from knowledge import workspace
from knowledge.base import LiveKnowledgeBase, open_knowledge_base
from knowledge.build import CURRENT
from knowledge.encoder_training import ensure_encoder
from knowledge.facet_model import WEIGHTS as FACETS
from knowledge.learned import Entry, Kind, Learned, in_use
from knowledge.versions import KEPT, Versions
from knowledge.versus import Versus, compared, found_first
from knowledge.workspace import Workspace
from tests.integration.small_catalogue import DAY, NOON, TINY, small_catalogue

OWN = SimpleNamespace(name="", query_prefix="", passage_prefix="", max_length=256)
NEW_WORDS = "con gấu bông xanh của cụ tổ"
LEARNED = Learned(entries=(Entry(id="e1", kind=Kind.EXAMPLE, procedure_id="X04", text=NEW_WORDS),))
QUESTIONS = [
    {"id": "q1", "text": "mất thẻ thương binh", "procedures": ["X04"], "facet": "general"},
    {"id": "q2", "text": "gia hạn giấy phép lao động", "procedures": ["X05"], "facet": "general"},
    {"id": "q3", "text": NEW_WORDS.upper(), "procedures": ["X04"]},
    {"id": "q4", "text": "làm hộ chiếu ở đâu", "procedures": []},
]


def quiet(_line: str) -> None:
    """Say nothing."""


class Taught:
    """A workspace on disk with an index in use, and a version that was taught something."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.plain = Workspace(small_catalogue(), root / "encoder", root / "index", OWN)
        self.learned_root = root / "learned"

    @property
    def versions(self) -> Versions:
        return Versions(self.plain.index_root, self.learned_root)

    def workspace(self, learned: Learned) -> Workspace:
        return Workspace(self.plain.catalogue, self.plain.encoder_root, self.plain.index_root, OWN, learned)

    def in_use(self) -> Workspace:
        plain = self.plain
        return Workspace.in_use(plain.catalogue, plain.encoder_root, plain.index_root, OWN)

    def first(self, base: LiveKnowledgeBase) -> tuple[str, float]:
        found = base.search(NEW_WORDS, NOON)
        return found.hits[0].procedure_id, found.confidence


@pytest.fixture(scope="module", autouse=True)
def tiny_encoders() -> Iterator[None]:
    """Train encoders in a second: what they are good at is measured elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "ensure_encoder", partial(ensure_encoder, recipe=TINY))
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train and build once: the index in use, and one version."""
    taught = Taught(tmp_path_factory.mktemp("learning"))
    taught.plain.build(DAY, quiet)
    before = taught.versions.target()
    name = taught.versions.build(taught.workspace(LEARNED), Path("nowhere"), NOON, quiet)
    assert name == "20261121-050000"
    assert taught.versions.target() == before
    return taught.root


@pytest.fixture
def taught(made: Path, tmp_path: Path) -> Taught:
    """Return a copy that a test may change."""
    shutil.copytree(made, tmp_path / "copy", symlinks=True)
    return Taught(tmp_path / "copy")


def catalogue_file(folder: Path) -> Path:
    """Write the small catalogue as the files from which a service starts."""
    from knowledge.yaml_files import as_plain, write_yaml

    records = [as_plain(record) for record in small_catalogue().records]
    write_yaml(folder / "catalogue" / "all.yaml", "", {}, records)
    return folder / "catalogue"


def test_a_version_lies_beside_and_changes_nothing_in_use(taught: Taught) -> None:
    (version,) = taught.versions.all()
    assert (version.name, version.learned, version.in_use, version.scores) == ("20261121-050000", 1, False, None)
    assert in_use(taught.plain.index_root / CURRENT) == Learned()
    assert json.loads((taught.learned_root / f"{version.name}.json").read_text())["entries"][0]["text"] == NEW_WORDS
    assert taught.in_use().open().manifest.learned == ""


def test_comparing_leaves_out_what_was_learned_and_never_asks_it(taught: Taught, tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in QUESTIONS), encoding="utf-8")
    before, after = taught.plain.open(), taught.versions.open(taught.plain, taught.versions.latest())
    found = compared(file, before, after, LEARNED, NOON)
    assert (found.questions, found.left_out) == (3, 1)
    assert set(found.before) == set(found.after)
    assert found.before["recall@1"] == 1.0
    assert found_first(after, LEARNED, DAY) == 1.0


def test_a_switch_is_taken_up_by_a_running_service_and_taken_back(taught: Taught) -> None:
    base = LiveKnowledgeBase(taught.plain.index_root, taught.plain.open_at, frozenset)
    old = base.index.manifest.created, base.index.manifest.learned
    step = taught.versions.switch(taught.versions.latest(), "ed", NOON)
    assert step.after == "versions/20261121-050000"
    for learned, procedure in ((LEARNED.fingerprint, "X04"), (old[1], None)):
        base._checked = -1e9
        base.search("lập hội", NOON)
        if base._loading is not None:
            base._loading.join(60)
        assert base.index.manifest.learned == learned
        if procedure:
            assert taught.first(base)[0] == procedure
            assert base.search(NEW_WORDS, NOON).hits[0].matched_alias == NEW_WORDS
            back = taught.versions.back("ed", NOON)
            assert (back.after, back.back) == (step.before, True)
    assert [s.by for s in taught.versions.history()] == ["ed", "ed"]


def test_a_service_starts_with_what_is_in_use_and_nothing_is_built_again(taught: Taught, tmp_path: Path) -> None:
    files = catalogue_file(tmp_path)
    arguments = (files, taught.plain.index_root, taught.plain.encoder_root, OWN, frozenset)
    for switch in (False, True):
        if switch:
            taught.versions.switch(taught.versions.latest(), "ed", NOON)
        target = taught.versions.target()
        taught.in_use().build(DAY, quiet)
        assert taught.versions.target() == target
        base = open_knowledge_base(*arguments)
        assert base.index.manifest.learned == (LEARNED.fingerprint if switch else "")


def test_a_changed_catalogue_is_built_again_with_what_was_learned(taught: Taught) -> None:
    taught.versions.switch(taught.versions.latest(), "ed", NOON)
    taught.in_use().build(DAY, quiet, again=True)
    assert "/" not in taught.versions.target()
    assert in_use(taught.plain.index_root / CURRENT) == LEARNED
    with pytest.raises(ConfigurationError, match="learn switch"):
        taught.versions.back("ed", NOON)


def test_what_cannot_be_switched_to_is_refused_in_one_line(taught: Taught) -> None:
    name = taught.versions.latest()
    for wrong in ("", "nothing", "../index", ".new-1"):
        with pytest.raises(ConfigurationError, match="không có phiên bản"):
            taught.versions.switch(wrong, "ed", NOON)
    taught.versions.switch(name, "ed", NOON)
    with pytest.raises(ConfigurationError, match="đang được dùng"):
        taught.versions.switch(name, "ed", NOON)
    taught.versions.back("ed", NOON)
    with pytest.raises(ConfigurationError, match="không có gì để lùi"):
        taught.versions.back("ed", NOON)
    (taught.versions.folder(name) / "dense.faiss").write_bytes(b"spoiled")
    with pytest.raises(ConfigurationError, match="hỏng"):
        taught.versions.switch(name, "ed", NOON)


def test_a_version_keeps_its_own_model_of_facets(taught: Taught, tmp_path: Path) -> None:
    taught.workspace(LEARNED).build_beside(tmp_path / "own", DAY, quiet, FACETS)
    index = taught.plain.open_at(tmp_path / "own")
    assert index.searcher._facets is not None
    assert index.searcher.read("lập hội lệ phí bao nhiêu").facet.facet == "fee"
    assert taught.plain.open().searcher._facets is None


def test_old_versions_are_tidied_but_not_those_in_use(taught: Taught) -> None:
    first = taught.versions.latest()
    taught.versions.switch(first, "ed", NOON)
    for hour in range(1, KEPT + 2):
        taught.versions.build(taught.workspace(LEARNED), Path("nowhere"), NOON + dt.timedelta(hours=hour), quiet)
    names = [version.name for version in taught.versions.all()]
    assert first in names
    assert len(names) == KEPT + 1


def test_figures_that_got_worse_are_named() -> None:
    before = {"recall@1": 0.9, "recall@3": 0.98, "outside_answered": 0.05}
    better = Versus("set", 10, 0, before, {"recall@1": 0.93, "recall@3": 0.98, "outside_answered": 0.03})
    worse = Versus("set", 10, 0, before, {"recall@1": 0.88, "recall@3": 0.975, "outside_answered": 0.07})
    assert better.worse() == []
    assert worse.worse() == ["đúng ở dòng đầu", "trả lời nhầm câu ngoài phạm vi"]
