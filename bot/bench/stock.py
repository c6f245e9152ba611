"""Stock Rasa as a measured assistant: trained once, run with its own action server, reached by its REST webhook."""

import contextlib
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml

from bot.bench.stock_project import ACTIONS_MODULE, FALLBACK_INTENT, StockProject, installed_rasa, stock_project
from bot.bench.turns import Assistant, Conversation, TurnFailed
from bot.processes import Child, http_health, rotate
from bot.settings import PROJECT_ROOT, Settings
from bot.stack import free_ports
from bot.steps import Report, Step, command, run_steps
from bot.supervisor import Patience, Supervisor

ENVIRONMENT = PROJECT_ROOT / ".venv-rasa"
# Its three TensorFlow models are rebuilt at the start: a minute on two idle cores, many on busy ones.
PATIENCE = Patience(start=1200, unhealthy=120)
# Rasa reports its use to its makers unless told not to; the rest keeps its logs readable.
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONUNBUFFERED": "1",
}
# Left to the defaults of Rasa and TensorFlow, whatever the caller's shell says.
NOT_PASSED_ON = frozenset(
    {
        "OMP_NUM_THREADS", "TF_INTRA_OP_PARALLELISM_THREADS", "TF_INTER_OP_PARALLELISM_THREADS",
        "SANIC_WORKERS", "ACTION_SERVER_SANIC_WORKERS", "LOG_LEVEL",
    }
)  # fmt: skip


@dataclass(frozen=True)
class StockModel:
    """A trained stock model, the intents it knows and the Rasa it was trained with."""

    file: Path
    intents: tuple[str, ...]
    rasa_version: str


class RestConversation:
    """One sender of Rasa's REST webhook."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._sender = uuid.uuid4().hex

    async def turn(self, text: str) -> None:
        """Post a message; the answer to the request is the reply. Raises TurnFailed, also for an empty answer."""
        try:
            response = await self._http.post("/webhooks/rest/webhook", json={"sender": self._sender, "message": text})
        except httpx.HTTPError as error:
            raise TurnFailed(type(error).__name__) from error
        if response.status_code != 200:
            raise TurnFailed(f"HTTP {response.status_code}")
        if not response.json():
            raise TurnFailed("empty answer")


@contextlib.asynccontextmanager
async def rest_conversation(http: httpx.AsyncClient) -> AsyncIterator[Conversation]:
    """Open a conversation, which Rasa itself does with the first message."""
    yield RestConversation(http)


async def trained(settings: Settings, epochs: int, report: Report) -> StockModel:
    """Return the stock model for today's nlu/data, trained if it is not kept from before.

    Raises ConfigurationError without Rasa's environment, StepFailed when the training fails.
    """
    site_packages, version = installed_rasa(ENVIRONMENT)
    nlu_files = list((PROJECT_ROOT / "nlu" / "data").glob("*.yml"))
    project = stock_project(nlu_files, site_packages, version, epochs)
    kept = settings.models_dir / "bench"
    model = kept / f"stock-{project.fingerprint}.tar.gz"

    async def train() -> None:
        for old in kept.glob("stock-*.tar.gz"):
            old.unlink()
        await _train(project, model, settings.logs_dir / "bench-stock-training.log")

    await run_steps([Step(f"stock Rasa model ({epochs} epochs)", train, done=model.exists)], report)
    return StockModel(model, project.intents, version)


@contextlib.asynccontextmanager
async def stock(model: StockModel, logs: Path, report: Report) -> AsyncIterator[Assistant]:
    """Run stock Rasa and its action server on free loopback ports, the conversations in a new SQLite file."""
    port, action_port = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="tiepdan-stock-") as name:
        folder = Path(name)
        _write(folder, serving_files(model.intents, action_port))
        children = [
            _rasa(folder, model.file, port, logs / "bench-stock-rasa.log"),
            _actions(folder, action_port, logs / "bench-stock-actions.log"),
        ]
        async with (
            Supervisor(children, report, PATIENCE) as supervisor,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http,
        ):
            await supervisor.until_healthy()
            yield Assistant("stock Rasa", lambda: rest_conversation(http), supervisor.process_groups())


def serving_files(intents: tuple[str, ...], action_port: int) -> dict[str, str]:
    """Return the files that the running peer reads, by name."""
    answers = {intent: f"Câu trả lời có sẵn cho «{intent}»." for intent in (*intents, FALLBACK_INTENT)}
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "tracker.db"},
    }
    return {
        "endpoints.yml": yaml.safe_dump(endpoints),
        "credentials.yml": "rest:\n",
        "actions.py": ACTIONS_MODULE,
        "answers.json": json.dumps(answers, ensure_ascii=False),
    }


async def _train(project: StockProject, model: Path, log: Path) -> None:
    """Train in a temporary folder beside the model, which appears whole or not at all."""
    model.parent.mkdir(parents=True, exist_ok=True)
    rotate(log)
    with tempfile.TemporaryDirectory(dir=model.parent, prefix="training-") as name:
        folder = Path(name)
        _write(folder, project.files)
        argv = (*_python("-m", "rasa", "train"), "--out", "models", "--fixed-model-name", "stock")
        await command("stock Rasa training", argv, log, _environment(), folder)()
        shutil.move(folder / "models" / "stock.tar.gz", model)


def _rasa(folder: Path, model: Path, port: int, log: Path) -> Child:
    argv = _python(
        "-m", "rasa", "run", "--model", str(model), "--interface", "127.0.0.1", "--port", str(port),
        "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
    )  # fmt: skip
    health = http_health(f"http://127.0.0.1:{port}/webhooks/rest/")
    return Child("stock Rasa", argv, log, health, _environment(), folder)


def _actions(folder: Path, port: int, log: Path) -> Child:
    argv = _python("-m", "rasa_sdk", "--actions", "actions", "--port", str(port))
    health = http_health(f"http://127.0.0.1:{port}/health")
    return Child("stock action server", argv, log, health, _environment() | {"SANIC_HOST": "127.0.0.1"}, folder)


def _python(*arguments: str) -> tuple[str, ...]:
    return (str(ENVIRONMENT / "bin" / "python"), *arguments)


def _environment() -> dict[str, str]:
    passed_on = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    return passed_on | QUIET


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
