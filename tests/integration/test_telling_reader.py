"""The trained reader that tells what happened from what is only wondered about, on wordings it was not trained on."""

from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from bot.core.taxonomy import Taxonomy
from bot.settings import load
from knowledge.complaints import BehaviourReader, open_complaint_reader
from knowledge.complaints.telling import read_telling
from knowledge.complaints.training import ensure_model

HAPPENED = [
    "Hôm qua tôi lên phường nộp giấy, anh ở quầy số 2 quát tôi trước mặt mọi người, giờ tôi báo ai?",
    "sang nay chi o mot cua vut tra ho so cua toi roi bo di an trua",
    "cô tiếp nhận bảo tôi đưa ba trăm mới làm nhanh, tôi đưa rồi mà vẫn chưa có",
    "ho so me toi nop tu thang 8 den gio van chua thay tra loi, hoi thi ho bao cho",
    "bị bắt về lấy thêm giấy xác nhận lần thứ tư rồi đấy",
]
WONDERED = [
    "Công chức có được nhận quà của dân không ạ?",
    "neu can bo hen lai nhieu lan thi minh khieu nai o dau",
    "Em đang làm bài tập nhóm về văn hoá công sở, cho em hỏi quy tắc ứng xử gồm những gì",
    "mai tôi mới đi nộp mà nghe nói ở đó hay làm khó, cần chuẩn bị gì trước",
    "Tôi đề nghị thành phố cho chấm điểm cán bộ bằng điện thoại",
]


@pytest.fixture(scope="module")
def reader() -> BehaviourReader:
    taxonomy = Taxonomy.load()
    return open_complaint_reader(ensure_model(load().complaints_dir, taxonomy.codes, print).parent, taxonomy)


@pytest.mark.parametrize("text", HAPPENED)
def test_what_happened(reader: BehaviourReader, text: str) -> None:
    assert reader.happened(text) > 0.5


@pytest.mark.parametrize("text", WONDERED)
def test_what_is_wondered(reader: BehaviourReader, text: str) -> None:
    assert reader.happened(text) < 0.5


def test_a_text_without_words_tells_of_nothing(reader: BehaviourReader) -> None:
    assert [reader.happened(text) for text in ("", "  ", "…?!", "🙂")] == [0.0] * 4


def test_our_examples_have_both_sides_and_no_text_twice() -> None:
    examples = read_telling()
    told = [text for text, is_told in examples if is_told]
    assert len(told) >= 500
    assert len(examples) - len(told) >= 500
    assert len({text.casefold() for text, _ in examples}) == len(examples)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "told.txt").write_text("# chỉ ghi chú\n", "utf-8")
    with pytest.raises(ConfigurationError, match=r"told\.txt"):
        read_telling(tmp_path)
