"""A dialogue that answers with realistic prepared payloads, for looking at the page and testing it alone.

Run `python -m tests.browser.fake_dialogue [PORT]` and open the printed address.
"""

import sys
import threading
import time

from fastapi import FastAPI

from bot.core.messages import EventKind
from bot.core.replies import Block, Button, Reply, Source
from channels.web import InProcessNotifier, WebChannelSettings
from tests.browser.fakes import MemoryStore, SystemClock, serving, web_app

FACETS = (
    Button("facet:time", "Bao lâu xong?"),
    Button("facet:fee", "Lệ phí"),
    Button("facet:where", "Nộp ở đâu?"),
    Button("facet:steps", "Các bước"),
    Button("facet:conditions", "Điều kiện"),
)
SOURCES = (
    Source("decision", "Quyết định 963/QĐ-TTPVHCC ngày 27/6/2025", None),
    Source("legal_basis", "Căn cứ: Nghị định 126/2024/NĐ-CP, Điều 15", None),
    Source("portal", "Thủ tục 1.013703 trên Cổng Dịch vụ công", "https://dichvucong.gov.vn/p/home/dvc-tthc-1.013703"),
    Source("checked_on", "Dữ liệu kiểm tra ngày 18/11/2026"),
)
DOSSIER = Reply(
    act="answer_documents",
    text="Để lập hội ở cấp xã, anh/chị chuẩn bị 9 loại giấy tờ (01 bộ), nộp cho UBND xã nơi hội hoạt động.",
    blocks=(
        Block(
            "documents",
            title="Thành phần hồ sơ",
            items=(
                "Đơn đề nghị thành lập hội (theo mẫu) – 01 bản chính",
                "Dự thảo điều lệ hội (theo mẫu)",
                "Danh sách ban vận động đã được công nhận",
                "Phiếu lý lịch tư pháp của người đứng đầu ban vận động (còn trong 06 tháng)",
                "Văn bản xác nhận nơi dự kiến đặt trụ sở của hội",
                "Bản kê khai tài chính, tài sản (nếu có)",
                "Sơ yếu lý lịch của người dự kiến làm chủ tịch hội",
                "Nghị quyết của ban vận động thông qua dự thảo điều lệ",
                "Danh sách ít nhất 10 tổ chức, công dân trong xã tự nguyện đăng ký",
            ),
        ),
        Block(
            "warning", text="Thời hạn của phiếu lý lịch tư pháp chưa đối chiếu với bản gốc; anh/chị hỏi lại nơi nộp."
        ),
    ),
    sources=SOURCES,
    buttons=FACETS,
)
TIME_LIMIT = Reply(
    act="answer_time",
    text="Thủ tục thành lập hội ở cấp xã xong trong 60 ngày làm việc. Nộp hôm nay, chậm nhất 23/02/2027 có kết quả.",
    blocks=(Block("note", text="Tính từ ngày UBND cấp xã nhận hồ sơ đầy đủ, hợp pháp."),),
    sources=SOURCES[:1] + SOURCES[3:],
    buttons=FACETS[1:],
)
STEPS = Reply(
    act="answer_steps",
    text="Việc này có 4 bước.",
    blocks=(
        Block(
            "steps",
            title="Các bước",
            items=(
                "Ban vận động đã được công nhận lập 01 bộ hồ sơ, gửi UBND cấp xã nơi hội hoạt động.",
                "Nơi nhận kiểm tra; thiếu thì báo bổ sung, từ chối phải nêu lý do.",
                "Cơ quan thẩm định, lấy ý kiến các bên liên quan.",
                "Chủ tịch UBND cấp xã quyết định, hoặc trả lời bằng văn bản và nêu lý do.",
            ),
        ),
    ),
    sources=SOURCES,
    buttons=FACETS[:3],
)
CLARIFICATION = Reply(
    act="clarify_procedure",
    text="Ý anh/chị là thủ tục nào dưới đây ạ?",
    buttons=(
        Button(
            "procedure:NV112",
            "Cấp giấy phép lao động cho người lao động nước ngoài làm việc tại Việt Nam theo hình thức di chuyển"
            " trong nội bộ doanh nghiệp",
        ),
        Button("procedure:NV113", "Cấp lại giấy phép lao động (mất, hỏng, đổi thông tin)"),
        Button("procedure:NV114", "Gia hạn giấy phép lao động"),
    ),
)
SUMMARY = Reply(
    act="answer_general",
    text="Thủ tục này dành cho người đã nghỉ việc. Cần hỏi thêm, anh/chị gọi Tổng đài 024.1022 (nhánh 7, 8).",
    blocks=(
        Block("list", items=("Ai làm: người lao động", "Thời hạn: 20 ngày", "Lệ phí: không thu")),
        Block("list", title="Cách nộp", items=("trực tiếp", "trực tuyến", "bưu chính công ích")),
        Block("note", text="Đường dây nóng 0768.221.221, kiểm tra ngày 21/11/2026. Nguy hiểm thì gọi 113 ngay."),
    ),
    sources=SOURCES,
)
SHORT_DOSSIER = Reply(
    act="answer_documents",
    text="Hồ sơ cần 8 loại giấy tờ, tôi ghi đủ ở dưới.",
    blocks=(Block("documents", title="Giấy tờ cần nộp", items=tuple(f"Giấy tờ số {n}" for n in range(1, 9))),),
)
DISRUPTION = Reply(
    act="notice_disruption",
    text="Hệ thống đang gián đoạn. Tôi đã lưu câu hỏi và sẽ trả lời ngay khi có lại, anh/chị không cần gửi lại.",
)
HOW_TO_SEND = Reply(
    act="case_anonymous",
    text="Tôi rất tiếc. Anh/chị muốn gửi thế nào?\n• Ẩn danh: anh/chị tự hỏi kết quả bằng mã."
    "\n• Giấu tên: chỉ người xử lý biết.\n• Lưu ý: không cần giấy tờ gì.",
    buttons=(
        Button("k:anonymous:anonymous", "Ẩn danh"),
        Button("k:anonymous:hidden", "Giấu tên"),
        Button("k:cancel", "Thôi, không gửi"),
    ),
)
READ_BACK = Reply(
    act="case_review",
    text="Tôi đọc lại để anh/chị xem. Đúng rồi thì bấm «Gửi»; chỗ nào sai anh/chị cứ nhắn lại.",
    blocks=(
        Block("list", title="Phiếu sẽ gửi", items=tuple(f"Mục {n}: {'nội dung ' * 4}" for n in range(1, 9))),
        Block("paragraph", title="Lời kể", text="Sáng nay tôi ra một cửa, chờ mãi không ai tiếp."),
    ),
    buttons=(
        Button("k:send", "Gửi"),
        Button("k:unit:edit", "Sửa cơ quan"),
        Button("k:staff:edit", "Sửa người"),
        Button("k:cancel", "Thôi, không gửi"),
    ),
)
FILED = Reply(
    act="case_filed",
    text="Tôi đã gửi phản ánh của anh/chị. Mã phiếu là PA-4829-1372, mã bí mật là K7MD-3XPA: anh/chị giữ lại.",
    buttons=(Button("s:status", "Xem phiếu"), Button("s:add", "Bổ sung")),
)
UNKNOWN = Reply(
    act="refuse_not_in_catalogue",
    text="Tôi chưa biết việc này vì nó chưa có trong dữ liệu thủ tục của Sở Nội vụ. Anh/chị hỏi giúp tôi "
    "tại Điểm phục vụ hành chính công nơi gần nhất.",
    sources=SOURCES[3:],
)


def replies_to(text: str, button: str | None) -> list[tuple[EventKind, Reply]]:
    """Return the prepared events for a message."""
    lowered = text.lower()
    if "gián đoạn" in lowered:
        return [(EventKind.NOTICE, DISRUPTION), (EventKind.ASSISTANT, TIME_LIMIT)]
    for words, reply in (
        (("bao lâu xong", "bao lau"), TIME_LIMIT),
        (("giấy phép lao động",), TIME_LIMIT if button else CLARIFICATION),
        (("các bước",), STEPS),
        (("tóm tắt",), SUMMARY),
        (("gửi thế nào",), HOW_TO_SEND),
        (("đọc lại",), READ_BACK),
        (("gửi phiếu",), FILED),
        (("hồ sơ ngắn",), SHORT_DOSSIER),
        (("hội", "giấy tờ", "giay to"), DOSSIER),
    ):
        if any(word in lowered for word in words):
            return [(EventKind.ASSISTANT, reply)]
    return [(EventKind.ASSISTANT, UNKNOWN)]


class FakeDialogue:
    """Answers each stored message after `delay_seconds`, from a thread, as a worker would."""

    def __init__(self, store: MemoryStore, notify: InProcessNotifier, delay_seconds: float) -> None:
        self.delay_seconds = delay_seconds
        self._store = store
        self._notify = notify
        self._answered: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def wake(self, conversation_id: str) -> None:
        """Answer what waits in the conversation. Returns at once."""
        threading.Thread(target=self._answer, args=(conversation_id,), daemon=True).start()

    def _answer(self, conversation_id: str) -> None:
        with self._lock:
            for message in self._store.tables.messages:
                key = (message.conversation_id, message.channel_message_id)
                if message.conversation_id != conversation_id or key in self._answered:
                    continue
                self._answered.add(key)
                for kind, reply in replies_to(message.text, message.button):
                    time.sleep(self.delay_seconds)
                    with self._store() as uow:
                        now = SystemClock().now()
                        uow.append_event(conversation_id, kind, reply.to_payload(), message.channel_message_id, now)
                        uow.commit()
                    self._notify.publish(conversation_id)


def fake_service(
    delay_seconds: float = 0.1, settings: WebChannelSettings | None = None
) -> tuple[FastAPI, MemoryStore, InProcessNotifier]:
    """Return (application, store, notifier) of a web channel with the fake dialogue behind it."""
    store, notify = MemoryStore(), InProcessNotifier()
    dialogue = FakeDialogue(store, notify, delay_seconds)
    return web_app(store, SystemClock(), notify, dialogue.wake, settings), store, notify


if __name__ == "__main__":
    with serving(fake_service(0.8)[0], int(sys.argv[1]) if len(sys.argv) > 1 else 8111) as address:
        print(address)
        threading.Event().wait()
