"""`tiepdan learn`: from a decision in the review queue to a version in use, and back."""

import getpass
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import acting, learn
from bot.core.cases.people import Principal, Role
from bot.core.errors import TiepDanError
from bot.core.procedures import Facet
from bot.core.suggestions.ports import Judged, Judgement, Verdict
from bot.core.suggestions.review import Choice, Decision
from bot.settings import load as load_settings
from bot.store import KeyRing, Store
from knowledge import facet_training
from knowledge.facet_model import WEIGHTS
from knowledge.records import Catalogue
from knowledge.workspace import Workspace
from tests.contracts.steps import NOW
from tests.integration.small_catalogue import DAY
from tests.integration.test_learning import NEW_WORDS, QUESTIONS, catalogue_file, tiny_encoders

__all__ = ["tiny_encoders"]

ME = getpass.getuser()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small index in use, made once; tests copy it."""
    root = tmp_path_factory.mktemp("models")
    settings = load_settings(env_file=None, data_dir=root, catalogue=catalogue_file(root))
    catalogue = Catalogue.load(settings.catalogue)
    Workspace(catalogue, settings.encoder_dir, settings.index_dir, settings.encoder).build(DAY, lambda _: None)
    return root


class Office:
    """A database, a small index in use, and the command line over them."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        settings = load_settings(env_file=None, data_dir=root, catalogue=root / "catalogue")
        for module in (acting, learn):
            monkeypatch.setattr(module, "load", lambda: settings)
        self.settings = settings
        self.store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
        self.store.migrate()
        self.questions = root / "set.jsonl"
        rows = [json.dumps(question, ensure_ascii=False) for question in QUESTIONS]
        self.questions.write_text("\n".join(rows), encoding="utf-8")

    def decided(self, id: str, text: str, choice: Choice = Choice.EXAMPLE, procedure: str = "X04") -> None:
        """Decide about a question in the review queue."""
        with self.store() as unit:
            if not unit.conversation_exists("c"):
                unit.create_conversation("c", "web", NOW)
            judgement = Judgement(id, Judged.PROCEDURE, procedure, Verdict.WRONG, "op", NOW, question=text)
            unit.suggestions.verdicts.add(judgement)
            (question,) = (q for q in unit.suggestions.review.fresh(NOW, 99) if q.source_id == id)
            unit.suggestions.review.add(question, id)
            facet = Facet.STEPS if choice is Choice.EXAMPLE else None
            assert unit.suggestions.review.decide(Decision(id, id, choice, "ed", NOW, procedure, facet, text))
            unit.commit()

    def target(self) -> str:
        return str((self.settings.index_dir / "current").readlink())

    def audited(self) -> list[tuple[str, str, str]]:
        with self.store() as unit:
            return [(e.principal, e.action, e.subject) for e in unit.audit.entries()]


@pytest.fixture
def office(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    shutil.copytree(models, tmp_path / "office", symlinks=True)
    made = Office(tmp_path / "office", monkeypatch)
    # Training it takes a minute; that the command hands the questions over is seen below.
    taught: list[str] = []

    def write_model(_folder: Path, _names: object, path: Path, learned: list[facet_training.Example]) -> None:
        taught.extend(f"{example.text}: {example.facet}" for example in learned)
        path.write_bytes(WEIGHTS.read_bytes())

    monkeypatch.setattr(facet_training, "write_model", write_model)
    made.taught = taught  # type: ignore[attr-defined]
    yield made
    made.store.close()


def said(*arguments: str) -> str:
    done = CliRunner().invoke(learn.learn_app, arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refused(*arguments: str) -> str:
    """Return the one line that the command line ends with."""
    done = CliRunner().invoke(learn.learn_app, arguments)
    assert isinstance(done.exception, TiepDanError), (done.output, done.exception)
    assert "\n" not in str(done.exception)
    return str(done.exception)


def test_a_decision_becomes_a_version_in_use_and_is_taken_back(office: Office) -> None:
    office.decided("d1", NEW_WORDS)
    office.decided("d2", "gọi 0912345678 cho tôi")  # decided before the rule, or in the database: still not learned
    office.decided("d3", "ghi chú thôi", Choice.NOTE)
    before = office.target()
    assert NEW_WORDS in said("list")

    told = said("retrain")
    name = re.findall(r"\d{8}-\d{6}", told)[0]
    assert "với 1 câu" in told
    assert office.taught == [f"{NEW_WORDS}: steps"]  # type: ignore[attr-defined]
    assert office.target() == before
    assert "chưa so sánh" in refused("switch")

    told = said("compare", "--questions", str(office.questions))
    assert "3 câu, bỏ 1 câu đã học" in told
    assert "→ 100.0%" in told
    assert said("switch").startswith(f"đang dùng versions/{name}")
    assert office.target() == f"versions/{name}"
    listed = json.loads(said("list", "--json"))
    assert [(e["id"], e["in_use"]) for e in listed["learned"]] == [("d1", True), ("d2", False)]
    assert [v["in_use"] for v in listed["versions"]] == [True]
    assert "không có gì mới" in refused("retrain")

    assert before in said("back")
    assert office.target() == before
    assert "không có gì để lùi" in refused("back")
    assert office.audited() == [(ME, "learn_retrain", name), (ME, "learn_switch", name), (ME, "learn_back", before)]
    assert NEW_WORDS not in str(office.audited())


def test_a_version_that_is_worse_needs_a_word_more(office: Office) -> None:
    office.decided("d1", NEW_WORDS)
    said("retrain")
    said("compare", "--questions", str(office.questions))
    versions = learn._versions(office.settings)
    name = versions.latest()
    versions.keep_scores(name, {**(versions.scores(name) or {}), "worse": ["set: đúng ở dòng đầu"]})
    assert "kém hơn" in refused("switch")
    said("switch", "--anyway")


def test_what_was_decided_can_be_forgotten(office: Office) -> None:
    office.decided("d1", NEW_WORDS)
    office.decided("d2", "thẻ của ông cháy mất")
    assert "khớp 2 câu" in refused("forget", "d")
    said("forget", "d1")
    assert NEW_WORDS not in said("list")
    assert "khớp 0 câu" in refused("forget", "d1")
    assert office.audited() == [(ME, "learn_forget", "d1")]


def test_nothing_to_learn_and_nothing_made_are_said_in_one_line(office: Office) -> None:
    assert "không có gì mới" in refused("retrain")
    for command in ("compare", "switch"):
        assert "chưa có phiên bản" in refused(command)
        assert "không có phiên bản" in refused(command, "20200101-000000")
    assert "không có gì để lùi" in refused("back")


def test_an_operator_teaches_nothing(office: Office) -> None:
    with office.store() as unit:
        unit.principals.add(Principal("op", "Vũ Thị Thơm", Role.OPERATOR), NOW)
        unit.principals.add(Principal("ed", "Lý Thu Hà", Role.KNOWLEDGE_EDITOR), NOW)
        unit.commit()
    for command in (("retrain",), ("switch",), ("back",), ("forget", "x")):
        told = refused(*command, "--as", "op")
        assert "không được phép" in told or "chưa có phiên bản" in told
    assert "không có gì mới" in refused("retrain", "--as", "ed")
