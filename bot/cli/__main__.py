"""The table of commands. A module is imported when its command is called, never before."""

import os
import sys

from typer.core import TyperGroup

from bot.cli.lazy import LazyCommand
from bot.cli.wording import speak_vietnamese
from bot.core.errors import ConfigurationError, TiepDanError
from bot.processes import EXIT_CONFIGURATION

EVALUATE = TyperGroup(
    name="evaluate",
    help="Đo chất lượng trên tệp JSON Lines.",
    no_args_is_help=True,
    commands=[
        LazyCommand("retrieval", "bot.cli.knowledge:retrieval", "Đo việc tìm đúng thủ tục."),
        LazyCommand("routing", "bot.cli.evaluate:routing", "Đo việc nhận ra loại tin nhắn, qua hệ thống thật."),
        LazyCommand("dialogues", "bot.cli.evaluate:dialogues", "Chạy các cuộc trò chuyện có kịch bản."),
    ],
)

BENCH = TyperGroup(
    name="bench",
    help="Đo tốc độ và chất lượng, viết thành trang trong docs/.",
    no_args_is_help=True,
    commands=[
        LazyCommand("turns", "bot.cli.bench:turns", "Đo thời gian trả lời, bên cạnh Rasa nguyên bản."),
        LazyCommand("acknowledge", "bot.cli.bench_acknowledge:measure", "Đo thời gian xác nhận tin của Zalo."),
        LazyCommand("nlu", "bot.cli.bench_nlu:nlu", "Đo việc hiểu tin nhắn, bên cạnh Rasa nguyên bản."),
        LazyCommand("complaints", "bot.cli.bench_complaints:complaints", "Đo việc nhận phản ánh."),
        LazyCommand("suggest", "bot.cli.bench_suggest:suggest", "Đo gợi ý trong lúc tổng đài viên gõ."),
        LazyCommand("retrieval", "bot.cli.bench_retrieval:retrieval", "Đo việc tìm đúng thủ tục, bên cạnh BM25."),
        LazyCommand("calls", "bot.cli.bench_calls:calls", "Đo gợi ý trong lúc người dân gọi điện."),
    ],
)

ROOT = TyperGroup(
    name="tiepdan",
    help="Tiếp Dân: trả lời câu hỏi của người dân về thủ tục hành chính.",
    no_args_is_help=True,
    commands=[
        LazyCommand("run", "bot.cli.run:run", "Chuẩn bị những gì còn thiếu rồi chạy cả hệ thống; Ctrl-C để dừng."),
        LazyCommand("prepare", "bot.cli.run:prepare", "Huấn luyện và dựng những gì còn thiếu, không chạy hệ thống."),
        LazyCommand("serve", "bot.cli.run:serve", "Chỉ chạy dịch vụ, khi Rasa do nơi khác chạy."),
        LazyCommand("chat", "bot.cli.run:chat", "Trò chuyện với hệ thống đang chạy, trong cửa sổ lệnh."),
        LazyCommand("ask", "bot.cli.knowledge:ask", "Tìm thủ tục cho một câu hỏi, không qua Rasa."),
        LazyCommand("catalogue", "bot.cli.catalogue:catalogue_app", "Xem, kiểm tra, nhập, ẩn thủ tục."),
        LazyCommand("encoder", "bot.cli.knowledge:encoder_app", "Huấn luyện bộ mã hóa câu."),
        LazyCommand("index", "bot.cli.knowledge:index_app", "Dựng chỉ mục tìm kiếm."),
        LazyCommand("learn", "bot.cli.learn:learn_app", "Học thêm từ hàng chờ xem lại; so sánh, đổi, lùi."),
        LazyCommand("case", "bot.cli.cases:cases_app", "Xem và xử lý phiếu phản ánh."),
        LazyCommand("audit", "bot.cli.audit:audit_app", "Xem và kiểm tra sổ ghi việc."),
        LazyCommand("principal", "bot.cli.principals:principals_app", "Tài khoản xử lý phản ánh và mã truy cập."),
        LazyCommand("user", "bot.cli.users:users_app", "Tài khoản đăng nhập bàn làm việc của cán bộ."),
        LazyCommand("keys", "bot.cli.keys:keys_app", "Xem và thay khóa niêm phong."),
        LazyCommand("backend", "bot.cli.backend:backend_app", "Chạy hệ thống xử lý cục bộ, kiểm tra một hệ thống."),
        LazyCommand("channels", "bot.cli.channels:channels_app", "Xem và kiểm tra Zalo, Telegram; gửi lại tin hỏng."),
        LazyCommand("zalo", "bot.cli.zalo:zalo_app", "Đăng nhập Zalo Official Account."),
        LazyCommand("outbox", "bot.cli.outbox:outbox_app", "Xem việc bàn giao phản ánh."),
        EVALUATE,
        BENCH,
    ],
)


def run() -> None:
    """Parse the command line and run the command."""
    speak_vietnamese()
    warn_of_unknown_settings()
    try:
        ROOT(prog_name="tiepdan")
    except ConfigurationError as error:
        fail(str(error), EXIT_CONFIGURATION)
    except TiepDanError as error:
        fail(str(error), 1)


def warn_of_unknown_settings() -> None:
    """Say on standard error which TIEPDAN_ variables of the environment are no settings, one line each."""
    if any(name.startswith("TIEPDAN_") for name in os.environ):
        from bot.settings import unknown_variables

        for line in unknown_variables(os.environ):
            sys.stderr.write(f"tiepdan: {line}\n")


def fail(text: str, code: int) -> None:
    """End with one line on standard error."""
    sys.stderr.write(f"tiepdan: {text}\n")
    sys.exit(code)


if __name__ == "__main__":
    run()
