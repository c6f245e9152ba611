"""The command line `tiepdan`."""


def main() -> None:
    """Run the command line; an expected error ends with one line and exit code 78 (configuration) or 1."""
    from bot.cli.__main__ import run

    run()
