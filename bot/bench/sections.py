"""Sections of a page that more than one benchmark writes."""

from pathlib import Path


def write_section(page: Path, text: str, title: str) -> None:
    """Put a section into a page in place of the one of the same heading, or at its end; `title` heads a new page."""
    heading = text.splitlines()[0]
    content = page.read_text("utf-8") if page.is_file() else f"# {title}\n"
    before, found, after = content.partition(f"{heading}\n")
    rest = after[after.find("\n## ") :] if found and "\n## " in after else ""
    page.write_text(f"{before.rstrip()}\n\n{text.rstrip()}\n{rest}", "utf-8")
