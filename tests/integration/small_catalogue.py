"""A catalogue of a few records, and an encoder trained on it in seconds."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from knowledge.encoder_training import Recipe
from knowledge.records import Catalogue
from knowledge.schema import Record

DAY = dt.date(2026, 11, 21)
NOON = dt.datetime(2026, 11, 21, 5, 0, tzinfo=dt.UTC)
TINY = Recipe(dim=32, per_record=30, epochs=2, batch=64)


def record(procedure_id: str, name: str, *aliases: str, **facts: Any) -> Record:
    """Return a valid record in force at commune level unless `facts` say otherwise."""
    return Record.model_validate(
        {
            "id": procedure_id,
            "name": name,
            "aliases": list(aliases),
            "level": "xã",
            "field": "Hội",
            "status": "in_force",
        }
        | facts
    )


def small_catalogue(extra: Sequence[Record] = ()) -> Catalogue:
    """Return twins, a repealed twin, versions in time and two unrelated matters."""
    return Catalogue(
        [
            record("X01", "Thủ tục thành lập hội", "mở hội ở phường", "lập câu lạc bộ", code="1.000001",
                   confidence={"code": "verified"}),
            record("X02", "Thủ tục thành lập hội (cấp tỉnh)", "lập hiệp hội", level="tỉnh"),
            record("X03", "Thủ tục thành lập hội (cấp huyện)", "lập hội ở quận", level="huyện", status="repealed",
                   valid_to="2025-06-30", replaced_by_ids=["X01"]),
            record("X04", "Cấp lại thẻ thương binh", "mất thẻ thương binh", "làm lại thẻ thương binh", level="tỉnh",
                   field="Người có công"),
            record("X05", "Gia hạn giấy phép lao động", "gia hạn work permit", "giấy phép lao động sắp hết hạn",
                   level="tỉnh", field="Việc làm"),
            record("X06", "Cấp lại giấy phép lao động", "mất giấy phép lao động", level="tỉnh", field="Việc làm"),
            record("X07", "Hưởng trợ cấp thất nghiệp (mẫu cũ)", "tiền thất nghiệp", level="tỉnh", field="Việc làm",
                   valid_to="2026-06-30"),
            record("X07", "Hưởng trợ cấp thất nghiệp", "tiền thất nghiệp", "bảo hiểm thất nghiệp", level="tỉnh",
                   field="Việc làm", valid_from="2026-07-01"),
            record("X08", "Đăng ký hoạt động tín ngưỡng", "hội làng", status="routing", field="Tôn giáo",
                   agency="so_dan_toc_ton_giao", responsible="Sở Dân tộc và Tôn giáo"),
            *extra,
        ],
        DAY,
    )  # fmt: skip
