"""Trains the reader of complaints where its sources have changed: `python -m knowledge.complaints --output DIR`.

With `--measure` the figures on the validation texts are printed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from bot.core.errors import ConfigurationError
from bot.core.taxonomy import Taxonomy
from knowledge.complaints.examples import read_validation
from knowledge.complaints.measuring import measure, table
from knowledge.complaints.reader import open_complaint_reader
from knowledge.complaints.training import ensure_model


def say(line: str) -> None:
    """Show progress on standard error."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def main() -> None:
    """Parse the command line and train; an expected error is one line and the exit code for configuration."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.complaints", description="Huấn luyện bộ đọc phản ánh.")
    parser.add_argument("--output", type=Path, required=True, help="thư mục của bộ đọc")
    parser.add_argument("--measure", action="store_true", help="in số đo trên các câu kiểm định")
    arguments = parser.parse_args()
    try:
        taxonomy, started = Taxonomy.load(), time.monotonic()
        path = ensure_model(arguments.output, taxonomy.codes, say)
        say(f"bộ đọc phản ánh: {path} ({time.monotonic() - started:.0f} giây)")
        if arguments.measure:
            reader = open_complaint_reader(arguments.output, taxonomy)
            for name, examples in read_validation().items():
                print(f"{name}\n{table(measure(reader, examples))}")  # noqa: T201
    except ConfigurationError as error:
        say(str(error))
        sys.exit(os.EX_CONFIG)


if __name__ == "__main__":
    main()
