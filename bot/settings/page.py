"""Writes docs/settings.md and .env.example from the settings: `python -m bot.settings.page`."""

from pathlib import Path

from bot.settings import PROJECT_ROOT, variables

_PAGE_HEAD = """# Settings

Every setting is an environment variable or a line in `.env` (see `.env.example`); the environment outranks the file.
Relative paths are taken from the project's folder. A misspelt name stops the start when it is in `.env`; in the
environment it is warned of. This page is written by `python -m bot.settings.page`.

| variable | default | meaning |
|---|---|---|
"""

_PAGE_FOOT = """
Read by the test suite and `.ci/run`, not by the product:

- `TIEPDAN_SHARED`: folder of measuring data that is not part of the project;
- `TIEPDAN_CHROMIUM`: path of the Chromium that the browser tests drive, where it is not found by itself;
- `TIEPDAN_REQUIRE_BROWSER`, `TIEPDAN_REQUIRE_POSTGRES`: 1 makes the tests that need them fail rather than skip.

Set by `tiepdan run` for Rasa's process: `TIEPDAN_ACTION_URL`, the address of the service's `/webhook`.
"""

_EXAMPLE_HEAD = """# Copy to .env and uncomment what you change; docs/settings.md says the same as a table.
# Lines are NAME=value; variables of the environment outrank this file.
"""


def settings_page() -> str:
    """Return docs/settings.md."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else '(empty)'} | {description} |\n"
        for name, (default, description) in variables().items()
    ]
    return _PAGE_HEAD + "".join(rows) + _PAGE_FOOT


def env_example() -> str:
    """Return .env.example."""
    entries = [f"\n# {description}\n#{name}={default}\n" for name, (default, description) in variables().items()]
    return _EXAMPLE_HEAD + "".join(entries)


def write(root: Path = PROJECT_ROOT) -> None:
    """Write both files."""
    (root / "docs").mkdir(exist_ok=True)
    (root / "docs" / "settings.md").write_text(settings_page(), "utf-8")
    (root / ".env.example").write_text(env_example(), "utf-8")


if __name__ == "__main__":
    write()
