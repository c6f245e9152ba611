"""Vietnamese for the parts of a help page or an error that typer writes itself."""


def speak_vietnamese() -> None:
    """Put our words where typer lets one; «Usage» and the parser's own sentences stay English."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "Đối số"
    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.ERRORS_PANEL_TITLE = "Lỗi"
    rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"
    rich_utils.DEFAULT_STRING = "[mặc định: {}]"
    rich_utils.ABORTED_TEXT = "Đã dừng."
    rich_utils.RICH_HELP = "Gõ [blue]'{command_path} {help_option}'[/] để xem cách dùng."
