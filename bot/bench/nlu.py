"""Compares how our model and Rasa's starter pipeline, trained on the same data, understand first messages."""

import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.bench.shares import share
from bot.bench.stock import ENVIRONMENT
from bot.bench.stock_project import installed_rasa, stock_project
from bot.core.errors import ConfigurationError
from bot.evaluation.cases import RoutingCase
from bot.settings import PROJECT_ROOT, Settings
from bot.steps import Report
from nlu.build import MODEL_NAME
from nlu.text import strip_accents

_TIMEOUT_SECONDS = 3 * 3600
# What an intent that is no route comes to as a first message; without a context the others ask about a procedure.
_ROUTES = {"capability": "greeting"} | dict.fromkeys(("follow_up", "choose_option", "correction"), "ask_procedure")
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


@dataclass(frozen=True)
class Understanding:
    """What one model made of the messages, as typed and without accents, and what it cost (processor seconds)."""

    name: str
    right: tuple[bool, ...]
    right_plain: tuple[bool, ...]
    milliseconds: float
    training_seconds: float | None
    bytes: int


def measure(settings: Settings, cases: Sequence[RoutingCase], epochs: int, report: Report) -> list[Understanding]:
    """Measure our trained model, then train Rasa's starter pipeline for `epochs` rounds and measure that.

    Raises ConfigurationError when Rasa's environment or our model is missing, or when Rasa fails.
    """
    ours = settings.rasa_dir / MODEL_NAME
    if not ours.is_file():
        raise ConfigurationError(f"no Rasa model at {ours}; run `tiepdan prepare` first")
    found = [_understood("Tiếp Dân", ours, cases, None, report)]
    with tempfile.TemporaryDirectory(prefix="tiepdan-starter-") as name:
        model, seconds = _starter_model(Path(name), epochs, report)
        found.append(_understood(f"Rasa's starter pipeline, {epochs} epochs", model, cases, seconds, report))
    return found


def _starter_model(folder: Path, epochs: int, report: Report) -> tuple[Path, float]:
    """Train the pipeline that an empty config.yml stands for; return the model and the processor seconds it took."""
    site_packages, version = installed_rasa(ENVIRONMENT)
    project = stock_project(sorted((PROJECT_ROOT / "nlu" / "data").glob("*.yml")), site_packages, version, epochs)
    for file, text in project.files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    report(f"training Rasa's starter pipeline for {epochs} epochs: many minutes")
    before = _children_seconds()
    arguments = ("train", "nlu", "--config", "config.yml", "--nlu", "data", "--domain", "domain.yml")
    _rasa((*arguments, "--out", "models", "--fixed-model-name", "starter"), folder)
    return folder / "models" / "starter.tar.gz", _children_seconds() - before


def _understood(
    name: str, model: Path, cases: Sequence[RoutingCase], training_seconds: float | None, report: Report
) -> Understanding:
    started = time.monotonic()
    texts = [case.text for case in cases]
    typed, plain = (_parsed(model, some) for some in (texts, [strip_accents(text) for text in texts]))
    report(f"{name}: {2 * len(texts)} messages parsed in {time.monotonic() - started:.0f} s")
    milliseconds = 1000 * (typed["seconds"] + plain["seconds"]) / (2 * len(texts))
    right, right_plain = (_right(cases, found["messages"]) for found in (typed, plain))
    return Understanding(name, right, right_plain, milliseconds, training_seconds, model.stat().st_size)


def _right(cases: Sequence[RoutingCase], messages: Sequence[dict[str, Any]]) -> tuple[bool, ...]:
    """Say of each message whether the first guess, fallback or not, is an acceptable route."""
    guesses = (str(message["guess"]) for message in messages)
    routes = (_ROUTES.get(guess, guess) for guess in guesses)
    return tuple(route in {case.expect, *case.also_ok} for route, case in zip(routes, cases, strict=True))


def _parsed(model: Path, texts: Sequence[str]) -> dict[str, Any]:
    output = _python(("-m", "nlu.pipeline.parsing", str(model)), PROJECT_ROOT, json.dumps(list(texts)))
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def _rasa(arguments: Sequence[str], folder: Path) -> None:
    _python(("-m", "rasa", *arguments), folder, "")


def _python(arguments: Sequence[str], folder: Path, given: str) -> str:
    """Run Rasa's interpreter. Raises ConfigurationError with the end of its log."""
    done = subprocess.run(  # noqa: S603 -- our own interpreter and arguments
        (str(ENVIRONMENT / "bin" / "python"), *arguments),
        cwd=folder,
        env={**os.environ, **_QUIET, "PYTHONPATH": str(PROJECT_ROOT)},
        input=given,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode:
        raise ConfigurationError(f"Rasa failed: {(done.stderr or done.stdout)[-500:]}")
    return done.stdout


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def section(found: Sequence[Understanding], file: str) -> str:
    """Return the section of docs/quality.md, a heading and a table; shares in percent with 95 % intervals."""
    lines = [
        "## Routing of first messages, by the language model alone",
        "",
        f"{len(found[0].right)} messages of {file}, read by Rasa's pipelines without catalogue and actions,",
        "both trained on nlu/data; a first guess counts, also one below the fallback threshold. In brackets 95 %",
        "intervals. There is no slot F1: the only entities are codes, found by a regular expression.",
        "",
        "| pipeline | as typed | without accents | CPU ms per message | training, CPU s | model, MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for u in found:
        shares = " | ".join(share(right) for right in (u.right, u.right_plain))
        trained = "" if u.training_seconds is None else f"{u.training_seconds:.0f}"
        lines.append(f"| {u.name} | {shares} | {u.milliseconds:.1f} | {trained} | {u.bytes / 1e6:.1f} |")
    return "\n".join(lines) + "\n"
