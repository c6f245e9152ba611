"""Trains the Rasa model where its sources have changed: `python -m nlu.build --output DIR`, in Rasa's environment."""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL_NAME = "model.tar.gz"
STAMP_NAME = "model.json"
_SOURCES = ("config.yml", "nlu/data", "nlu/domain", "nlu/pipeline", "nlu/text")
_SUFFIXES = frozenset({".py", ".yml", ".tsv", ".txt", ".gz"})

Report = Callable[[str], None]


class BuildFailed(Exception):
    """Training ended with an error; the message holds the last lines of its log."""


@dataclass(frozen=True)
class Build:
    """A model that is ready to be served; `trained` is False where the one at hand was up to date."""

    model: Path
    fingerprint: str
    trained: bool
    seconds: float


def fingerprint(root: Path = ROOT) -> str:
    """Return a SHA-256 over everything that the model is made from, except the version of Rasa."""
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for source in _SOURCES:
        path = root / source
        if path.is_file():
            yield path
        yield from sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES and p.is_file())


def build_model(rasa_python: Path, out_dir: Path, report: Report = print, root: Path = ROOT) -> Build:
    """Train into `out_dir` unless its model is of the same sources; the new model replaces the old one at once.

    `rasa_python` is the interpreter of Rasa's environment. Takes about a minute. Raises BuildFailed.
    """
    wanted, model = fingerprint(root), out_dir / MODEL_NAME
    if model.is_file() and _stamped(out_dir / STAMP_NAME) == wanted:
        return Build(model, wanted, trained=False, seconds=0.0)
    out_dir.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="training-", dir=out_dir) as folder:
        _train(rasa_python, Path(folder), report, root)
        os.replace(Path(folder) / MODEL_NAME, model)
        stamp = Path(folder) / STAMP_NAME
        stamp.write_text(json.dumps({"fingerprint": wanted}) + "\n", encoding="utf-8")
        os.replace(stamp, out_dir / STAMP_NAME)
    return Build(model, wanted, trained=True, seconds=time.monotonic() - started)


def _stamped(path: Path) -> str | None:
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(stamp.get("fingerprint")) if isinstance(stamp, dict) else None


def _train(rasa_python: Path, out_dir: Path, report: Report, root: Path) -> None:
    """Run `rasa train`, passing each line of its log to `report`."""
    sources = ("--config", "config.yml", "--domain", "nlu/domain", "--data", "nlu/data")
    command = (
        str(rasa_python),
        "-m",
        "rasa",
        "train",
        *sources,
        "--out",
        str(out_dir),
        "--fixed-model-name",
        "model",
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "RASA_TELEMETRY_ENABLED": "false",
        # Components are never reused: a build happens only when the sources have changed.
        "RASA_MAX_CACHE_SIZE": "0",
        "RASA_CACHE_DIRECTORY": str(out_dir / "cache"),
        "OMP_NUM_THREADS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    tail: list[str] = []
    with subprocess.Popen(  # noqa: S603 -- our own interpreter and arguments
        command,
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
        for line in process.stdout:
            if line := line.rstrip():
                tail = [*tail, line][-12:]
                report(line)
    if process.returncode or not (out_dir / MODEL_NAME).is_file():
        raise BuildFailed("\n".join(["training the Rasa model failed:", *tail]))


def main(arguments: list[str] | None = None) -> int:
    """Build and say what was done; 1 when training failed."""
    parser = argparse.ArgumentParser(prog="nlu.build", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder of the model")
    parser.add_argument("--rasa-python", type=Path, default=Path(sys.executable), help="Python of Rasa's environment")
    given = parser.parse_args(arguments)
    try:
        build = build_model(given.rasa_python, given.output.resolve(), _say)
    except (BuildFailed, OSError) as error:
        _say(str(error))
        return 1
    _say(f"{build.model}: trained in {build.seconds:.0f} s" if build.trained else f"{build.model}: up to date")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
