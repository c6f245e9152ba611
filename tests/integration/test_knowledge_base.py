"""The knowledge base over a real index: build, search, swap, withdrawal, damage."""

import datetime as dt
import json
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

import nlu.text
from bot.core.enquiry.findings import Findings, Zone
from bot.core.errors import ConfigurationError, IndexMismatch
from bot.core.procedures import Facet, Status
from bot.core.routes import Agency, Reason
from knowledge.base import EncoderPool, LiveKnowledgeBase, load_encoder, open_knowledge_base
from knowledge.build import CURRENT, OpenIndex, is_current, open_index, rebuild
from knowledge.encoder import TextEncoder
from knowledge.encoder_training import ensure_encoder
from knowledge.gate import shipped_thresholds
from knowledge.records import Catalogue
from tests.integration.small_catalogue import DAY, NOON, TINY, record, small_catalogue

OWN = SimpleNamespace(name="", query_prefix="", passage_prefix="", max_length=256)


def quiet(_line: str) -> None:
    """Say nothing."""


class Built:
    """A trained encoder and a built index in a folder."""

    def __init__(self, root: Path) -> None:
        self.encoders = root / "encoder"
        self.root = root / "index"
        catalogue = small_catalogue()
        self.folder = ensure_encoder(catalogue.records, catalogue.content_hash, self.encoders, quiet, TINY)
        self.encoder = TextEncoder(self.folder)
        self.build(catalogue)

    def build(self, catalogue: Catalogue) -> None:
        """Build and swap in an index with the encoder that is there."""
        rebuild(catalogue, self.encoder, self.folder.name, self.root, DAY, quiet, shipped_thresholds())

    def open(self, folder: Path) -> OpenIndex:
        """Open an index as the service does."""
        return open_index(folder, EncoderPool(OWN, self.encoders))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("knowledge"))


@pytest.fixture
def built(prepared: Built, tmp_path: Path) -> Built:
    """Return a copy that a test may damage."""
    copy = object.__new__(Built)
    copy.encoders, copy.folder, copy.encoder = prepared.encoders, prepared.folder, prepared.encoder
    copy.root = tmp_path / "index"
    shutil.copytree(prepared.root, copy.root, symlinks=True)
    return copy


def live(built: Built, withdrawn: Callable[[], frozenset[str]] = frozenset) -> LiveKnowledgeBase:
    return LiveKnowledgeBase(built.root, built.open, withdrawn)


def ids(findings: Findings) -> list[str]:
    return [hit.procedure_id for hit in findings.hits]


def test_the_right_procedure_comes_first_however_it_is_spelled(built: Built) -> None:
    base = live(built)
    for text in ("mất thẻ thương binh", "mat the thuong binh", "mất thẻ thương bihn", "MẤT THẺ THƯƠNG BINH!!!"):
        found = base.search(text, NOON)
        assert ids(found)[0] == "X04", text
        assert "the" in {nlu.text.strip_accents(word) for word in found.hits[0].matched}


def test_each_procedure_is_found_once_and_scores_fall(built: Built) -> None:
    found = live(built).search("giấy phép lao động", NOON)
    assert len(set(ids(found))) == len(found.hits)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_level_in_the_question_decides_between_twins(built: Built) -> None:
    base = live(built)
    assert ids(base.search("thành lập hội ở xã", NOON))[0] == "X01"
    assert ids(base.search("thanh lap hoi cap tinh", NOON))[0] == "X02"
    assert ids(base.search("thành lập hội cấp huyện", NOON))[0] == "X03"


def test_a_valid_record_wins_over_its_repealed_twin(built: Built) -> None:
    assert ids(live(built).search("thành lập hội", NOON))[0] != "X03"


def test_what_is_negated_does_not_attract(built: Built) -> None:
    base = live(built)
    assert ids(base.search("không phải gia hạn, cấp lại giấy phép lao động cơ", NOON))[0] == "X06"
    assert ids(base.search("gia hạn giấy phép lao động chứ không phải cấp lại", NOON))[0] == "X05"


def test_a_code_or_an_id_leads_straight_to_its_procedure(built: Built) -> None:
    found = live(built).search("thủ tục 1.000001 nộp ở đâu", NOON)
    assert (ids(found)[0], found.zone, found.facet) == ("X01", Zone.ANSWER, Facet.WHERE)


def test_the_version_of_the_day_is_the_one_that_is_told(built: Built) -> None:
    base = live(built)
    before = dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC)
    old, new = base.procedure("X07", before), base.procedure("X07", NOON)
    assert old is not None
    assert new is not None
    assert (old.name, new.name) == ("Hưởng trợ cấp thất nghiệp (mẫu cũ)", "Hưởng trợ cấp thất nghiệp")
    assert ids(base.search("tiền thất nghiệp", before)).count("X07") == 1
    gone = base.procedure("X03", NOON)
    assert gone is not None
    assert gone.status is Status.REPEALED
    assert base.procedure("X99", NOON) is None


def test_a_procedure_that_is_not_valid_yet_is_not_found(built: Built) -> None:
    early = small_catalogue([record("X90", "Nuôi rùa trong chung cư", valid_from="2027-01-01")])
    built.build(early)
    base = live(built)
    assert "X90" not in ids(base.search("nuôi rùa trong chung cư", NOON))
    assert base.procedure("X90", NOON) is None
    assert ids(base.search("nuôi rùa trong chung cư", dt.datetime(2027, 2, 1, tzinfo=dt.UTC)))[0] == "X90"


def test_another_bodys_record_is_answered_with_its_agency(built: Built) -> None:
    found = live(built).search("đăng ký hoạt động tín ngưỡng", NOON)
    assert ids(found)[0] == "X08"
    assert found.agency is Agency.SO_DAN_TOC_TON_GIAO


def test_another_bodys_matter_is_refused_by_name(built: Built) -> None:
    found = live(built).search("làm hộ chiếu ở đâu", NOON)
    assert (found.zone, found.reason, found.agency) == (Zone.REFUSE, Reason.OTHER_AGENCY, Agency.CONG_AN)


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "\u200b", "?!...", "asdkjh qwpoeiru", "x" * 10_000, "<b>a</b>"])
def test_empty_or_senseless_text_is_refused_politely(built: Built, text: str) -> None:
    found = live(built).search(text, NOON)
    assert found.zone is Zone.REFUSE
    assert found.reason in (Reason.NOT_UNDERSTOOD, Reason.NOT_IN_CATALOGUE)


def test_decomposed_text_is_read_like_composed(built: Built) -> None:
    import unicodedata

    base = live(built)
    text = "làm lại thẻ thương binh cần giấy tờ gì"
    assert base.search(unicodedata.normalize("NFD", text), NOON) == base.search(text, NOON)


def test_a_withdrawn_procedure_disappears_within_a_second(built: Built) -> None:
    hidden: set[str] = set()
    base = live(built, lambda: frozenset(hidden))
    assert "X04" in ids(base.search("mất thẻ thương binh", NOON))
    hidden.add("X04")
    time.sleep(1.05)
    assert "X04" not in ids(base.search("mất thẻ thương binh", NOON))
    assert base.procedure("X04", NOON) is None
    found = base.search("mất thẻ thương binh", NOON)
    assert (found.zone, found.reason, found.hits) == (Zone.REFUSE, Reason.BEING_REVISED, ())
    assert base.search("thành lập hội", NOON).reason is not Reason.BEING_REVISED


def test_a_new_index_is_taken_up_without_losing_a_request(built: Built) -> None:
    base = live(built)
    first = base.index
    stop = threading.Event()
    answers: list[str] = []

    def ask() -> None:
        while not stop.is_set():
            answers.append(ids(base.search("mất thẻ thương binh", NOON))[0])

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        built.build(small_catalogue([record("X50", "Nuôi ong trên mái nhà", "nuôi ong")]))
        deadline = time.monotonic() + 30
        while base.index is first and time.monotonic() < deadline:
            time.sleep(0.05)
        stop.set()
        for done in asking:
            done.result()
    assert base.index is not first
    assert set(answers) == {"X04"}
    assert ids(base.search("nuôi ong trên mái nhà", NOON))[0] == "X50"


def test_an_unusable_new_index_leaves_the_old_one_in_use(built: Built, caplog: pytest.LogCaptureFixture) -> None:
    base = live(built)
    first = base.index
    broken = built.root / "broken"
    broken.mkdir()
    (built.root / CURRENT).unlink()
    (built.root / CURRENT).symlink_to("broken")
    time.sleep(1.05)
    base.search("lập hội", NOON)
    deadline = time.monotonic() + 10
    while not caplog.records and time.monotonic() < deadline:
        time.sleep(0.05)
    assert base.index is first
    assert "old one stays" in caplog.text


@pytest.mark.parametrize("name", ["manifest.json", "records.json.gz", "passages.json.gz", "head.npz", "dense.faiss"])
@pytest.mark.parametrize("damage", ["cut", "noise", "gone"])
def test_a_damaged_index_is_refused_with_one_line_that_says_what_to_do(built: Built, name: str, damage: str) -> None:
    path = built.root / CURRENT / name
    if damage == "gone":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else content[:-8] + b"\x00garbage")
    with pytest.raises(IndexMismatch) as failure:
        built.open(built.root / CURRENT)
    assert "tiepdan index build" in str(failure.value)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("text_fingerprint", "x"),
        ("code_fingerprint", "x"),
        ("encoder_fingerprint", "x"),
        ("dim", 7),
        ("thresholds", {}),
    ],
)
def test_an_index_of_another_make_is_refused(built: Built, key: str, value: object) -> None:
    path = built.root / CURRENT / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(IndexMismatch, match="tiepdan index build"):
        built.open(built.root / CURRENT)


def test_an_index_of_another_catalogue_is_refused_at_the_start(built: Built, tmp_path: Path) -> None:
    other = tmp_path / "catalogue.yaml"
    other.write_text("procedures:\n- {id: Z1, name: Thử, status: in_force}\n", encoding="utf-8")
    with pytest.raises(IndexMismatch, match="danh mục đã thay đổi"):
        open_knowledge_base(other, built.root, built.encoders, OWN, frozenset)


def test_a_missing_index_or_encoder_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexMismatch, match="tiepdan index build"):
        open_index(tmp_path / "none", EncoderPool(OWN, tmp_path))
    with pytest.raises(ConfigurationError, match="tiepdan encoder train"):
        load_encoder(OWN, tmp_path / "none")


def test_an_index_is_current_only_for_its_own_catalogue_and_encoder(built: Built) -> None:
    catalogue = small_catalogue()
    name = built.folder.name
    assert is_current(built.root, catalogue.content_hash, name, built.encoder)
    assert is_current(built.root, catalogue.content_hash, name, None)
    assert not is_current(built.root, "another", name, built.encoder)
    assert not is_current(built.root, catalogue.content_hash, "another", None)


def test_old_indexes_are_tidied_but_the_one_before_stays(built: Built) -> None:
    for _ in range(3):
        built.build(small_catalogue())
    folders = [path for path in built.root.iterdir() if path.is_dir() and not path.is_symlink()]
    assert len(folders) == 2
