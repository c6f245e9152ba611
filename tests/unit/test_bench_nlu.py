"""The section on understanding in the quality page: its figures, and its place among the others."""

from pathlib import Path

from bot.bench.nlu import Understanding, section
from bot.bench.sections import write_section

OURS = Understanding("Tiếp Dân", (True,) * 90 + (False,) * 10, (True,) * 80 + (False,) * 20, 1.84, None, 2_500_000)
STARTER = Understanding(
    "starter", (True,) * 70 + (False,) * 30, (True,) * 40 + (False,) * 60, 25.0, 612.4, 30_000_000
)


def test_each_pipeline_has_a_row_with_shares_intervals_and_costs() -> None:
    text = section([OURS, STARTER], "routing.jsonl")
    assert "100 messages of routing.jsonl" in text
    assert "| Tiếp Dân | 90.0 (82.6–94.5) | 80.0 (71.1–86.7) | 1.8 |  | 2.5 |" in text
    assert "| starter | 70.0 (60.4–78.1) | 40.0 (30.9–49.8) | 25.0 | 612 | 30.0 |" in text


def test_a_section_is_added_at_the_end_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text("# Retrieval quality\n\n## First\n\nwords\n", "utf-8")
    write_section(page, section([OURS], "a"), "Retrieval quality")
    assert page.read_text("utf-8").startswith("# Retrieval quality\n\n## First\n\nwords\n\n## Routing")


def test_a_section_takes_the_place_of_its_former_self(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text("# Retrieval quality\n\n## First\n\nwords\n", "utf-8")
    write_section(page, section([OURS], "old.jsonl"), "Retrieval quality")
    page.write_text(page.read_text("utf-8") + "\n## Last\n\nmore\n", "utf-8")
    write_section(page, section([OURS], "new.jsonl"), "Retrieval quality")
    content = page.read_text("utf-8")
    assert "old.jsonl" not in content
    assert content.count("## Routing of first messages") == 1
    assert [line for line in content.splitlines() if line.startswith("#")] == [
        "# Retrieval quality",
        "## First",
        "## Routing of first messages, by the language model alone",
        "## Last",
    ]
    write_section(page, section([OURS], "new.jsonl"), "Retrieval quality")
    assert page.read_text("utf-8") == content
