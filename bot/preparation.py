"""What must be trained and built before the stack can start, as steps.

Each is one of our own commands in a process of its own: its memory is free again afterwards, it can be interrupted,
and it knows itself whether it has anything to do (a hash of its inputs is kept beside what it made).
"""

import os
import sys

from bot.settings import PROJECT_ROOT, Settings
from bot.steps import Step, command


def preparation(settings: Settings) -> list[Step]:
    """Return the steps: encoder, then index; the readers of complaints and of turns (Rasa) beside them.

    The service itself migrates its database.
    """
    tiepdan = (sys.executable, "-m", "bot.cli")
    rasa = (str(PROJECT_ROOT / ".venv-rasa" / "bin" / "python"), "-m", "nlu.build")
    complaints = (sys.executable, "-m", "knowledge.complaints")
    return [
        _step(settings, "complaints", (*complaints, "--output", str(settings.complaints_dir))),
        _step(settings, "encoder", (*tiepdan, "encoder", "train", "--if-needed")),
        _step(settings, "index", (*tiepdan, "index", "build", "--if-needed"), after=("encoder",)),
        _step(settings, "rasa model", (*rasa, "--output", str(settings.rasa_dir))),
    ]


def _step(settings: Settings, name: str, argv: tuple[str, ...], after: tuple[str, ...] = ()) -> Step:
    log = settings.logs_dir / f"prepare-{name.replace(' ', '-')}.log"
    env = child_environment(settings)
    return Step(name, command(name, argv, log, env, PROJECT_ROOT), after=after)


def child_environment(settings: Settings) -> dict[str, str]:
    """Return our own variables, with the settings in place of whatever they said before."""
    return dict(os.environ) | {"PYTHONUNBUFFERED": "1"} | settings.as_environment()
