"""The index of a catalogue of plain texts has a ranking of its own, and keeps it when it is opened again."""

from pathlib import Path

import pytest

from knowledge.build import CURRENT, OpenIndex, open_index, rebuild
from knowledge.encoder import TextEncoder
from knowledge.encoder_training import ensure_encoder
from knowledge.ranking import FULL, shipped_weights
from knowledge.records import Catalogue
from knowledge.schema import Record
from tests.integration.small_catalogue import DAY, TINY, small_catalogue

SUBJECTS = (
    "tiền lương", "nghỉ phép", "thử việc", "kỷ luật", "bồi thường",
    "học nghề", "an toàn", "đình công", "thai sản", "ca đêm",
)  # fmt: skip
PARTIES = (
    "người học việc", "người giúp việc", "thủy thủ", "diễn viên", "bảo vệ",
    "kế toán", "lái xe", "thợ mỏ", "thợ may", "giáo viên",
)  # fmt: skip


def _articles() -> list[Record]:
    return [
        Record.model_validate(
            {
                "id": f"A{10 * n + m:05}",
                "name": f"Điều {10 * n + m}. Quy định chung",
                "conditions": f"Bên thuê phải bảo đảm {subject} cho {party} theo đúng thỏa thuận đã ký giữa hai bên.",
            }
        )
        for n, subject in enumerate(SUBJECTS)
        for m, party in enumerate(PARTIES)
    ]


def _opened(records: Catalogue, root: Path) -> OpenIndex:
    folder = ensure_encoder(records.records, records.content_hash, root / "encoder", lambda _line: None, TINY)
    encoder = TextEncoder(folder)
    rebuild(records, encoder, folder.name, root / "index", DAY, lambda _line: None)
    return open_index(root / "index" / CURRENT, lambda _manifest: encoder)


def test_plain_texts_are_found_by_what_they_say(tmp_path: Path) -> None:
    index = _opened(Catalogue(_articles(), DAY), tmp_path)
    weights = index.searcher.weights.signals
    assert index.manifest.signals == weights
    assert weights[FULL] > 0
    assert min(weights.values()) >= 0
    assert sum(weights.values()) == pytest.approx(1.0, abs=0.01)
    ranking = index.searcher.rank(index.searcher.read("thai san cua tho mo duoc bao dam the nao"), DAY)
    assert index.searcher.records[ranking.ranked[0].row].id == "A00087"


def test_a_catalogue_of_procedures_keeps_the_shipped_ranking(tmp_path: Path) -> None:
    index = _opened(small_catalogue(), tmp_path)
    assert index.manifest.signals is None
    assert index.searcher.weights == shipped_weights()
