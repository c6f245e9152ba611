"""The project one gets from `rasa init` with our training data: its files, as pure functions of their sources.

Pipeline and policies are those of the installed Rasa's default configuration, for which an empty config.yml, as
`rasa init` writes it, stands. Only the epochs may be cut: they change what the model knows, not the work of one turn.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import ConfigurationError

FORMAT = "3.1"
ACTION = "action_answer"
FALLBACK_INTENT = "nlu_fallback"
DEFAULT_CONFIG = Path("rasa/engine/recipes/config_files/default_config.yml")
STARTER_CONFIG = Path("rasa/cli/initial_project/config.yml")
STARTER_DOMAIN = Path("rasa/cli/initial_project/domain.yml")

# TEDPolicy and UnexpecTEDIntentPolicy learn from stories; these walk through what rules answer anyway.
STORY_INTENTS = (
    ("greeting", "ask_procedure", "follow_up", "follow_up", "thanks_bye"),
    ("ask_procedure", "follow_up", "correction", "follow_up", "thanks_bye"),
    ("greeting", "capability", "ask_procedure", "choose_option", "follow_up", "talk_to_human"),
    ("report_staff", "affirm", "track_case", "thanks_bye"),
    ("out_of_scope", "ask_procedure", "deny", "correction", "follow_up"),
    ("other_agency", "formal_complaint", "denunciation", "regulation_feedback", "privacy_request"),
)

ACTIONS_MODULE = '''"""The stock peer's only custom action: looks its answer up by intent."""

import json
from pathlib import Path

from rasa_sdk import Action

ANSWERS = json.loads(Path(__file__).with_name("answers.json").read_text(encoding="utf-8"))


class ActionAnswer(Action):
    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        intent = tracker.latest_message["intent"].get("name")
        dispatcher.utter_message(text=ANSWERS.get(intent, ANSWERS["nlu_fallback"]))
        return []
'''


@dataclass(frozen=True)
class StockProject:
    """What is trained: file contents by relative path, and the hash that stands for them and for Rasa's version."""

    files: Mapping[str, str]
    intents: tuple[str, ...]
    fingerprint: str


def installed_rasa(environment: Path) -> tuple[Path, str]:
    """Return Rasa's site-packages folder and version in a virtual environment. Raises ConfigurationError."""
    for found in sorted(environment.glob("lib/python3*/site-packages/rasa-*.dist-info")):
        return found.parent, found.name.removeprefix("rasa-").removesuffix(".dist-info")
    raise ConfigurationError("Rasa's environment is missing; run `make setup` first")


def stock_project(nlu_files: Sequence[Path], site_packages: Path, rasa_version: str, epochs: int) -> StockProject:
    """Return the peer's project with these training files. Raises ConfigurationError when they name no intent."""
    training = {path.name: path.read_text("utf-8") for path in sorted(nlu_files)}
    intents, entities = _labels(yaml.safe_load(text) for text in training.values())
    if not intents:
        raise ConfigurationError("nlu/data holds no intents; the stock peer cannot be trained")
    starter_domain = yaml.safe_load((site_packages / STARTER_DOMAIN).read_text("utf-8"))
    rules = [_rule(intent) for intent in (*intents, FALLBACK_INTENT)]
    files = {f"data/{name}": text for name, text in training.items()} | {
        "config.yml": _dump(starter_config(site_packages, epochs)),
        "domain.yml": _dump(_domain(intents, entities, starter_domain["session_config"])),
        "data/rules.yml": _dump({"version": FORMAT, "rules": rules}),
        "data/stories.yml": _dump({"version": FORMAT, "stories": _stories(intents)}),
    }
    digest = hashlib.sha256(f"rasa {rasa_version}\n".encode())
    for name, text in sorted(files.items()):
        digest.update(f"{name}\n{len(text)}\n{text}".encode())
    return StockProject(files, intents, digest.hexdigest()[:16])


def starter_config(site_packages: Path, epochs: int) -> dict[str, Any]:
    """Return the starter's pipeline and policies with other epochs.

    Raises ConfigurationError when the installed Rasa's starter sets a pipeline or policies of its own.
    """
    starter = yaml.safe_load((site_packages / STARTER_CONFIG).read_text("utf-8"))
    if starter.get("pipeline") or starter.get("policies"):
        raise ConfigurationError("this Rasa's starter project no longer uses the default configuration")
    config: dict[str, Any] = yaml.safe_load((site_packages / DEFAULT_CONFIG).read_text("utf-8"))
    for component in (*config["pipeline"], *config["policies"]):
        if "epochs" in component:
            component["epochs"] = epochs
    return config | {"assistant_id": "stock_peer"}


def component_names(config: Mapping[str, Any]) -> list[str]:
    """Return the names of a configuration's components and policies, in order."""
    return [str(component["name"]) for component in (*config["pipeline"], *config["policies"])]


def _labels(documents: Iterable[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the intents and the annotated entities of training data, sorted."""
    intents: set[str] = set()
    entities: set[str] = set()
    for document in documents:
        for item in (document or {}).get("nlu", ()):
            if "intent" in item:
                intents.add(item["intent"])
                entities |= _annotated(item.get("examples", ""))
    return tuple(sorted(intents)), tuple(sorted(entities))


def _annotated(examples: str) -> set[str]:
    """Return the entity names of `[value](name)` and `[value]{"entity": "name"}`."""
    names = set()
    for part in examples.split("](")[1:]:
        names.add(part.partition(")")[0].partition(":")[0])
    for part in examples.split("]{")[1:]:
        names.add(yaml.safe_load("{" + part.partition("}")[0] + "}")["entity"])
    return names


def _domain(intents: Sequence[str], entities: Sequence[str], session_config: Any) -> dict[str, Any]:
    return {
        "version": FORMAT,
        "intents": [*intents, FALLBACK_INTENT],
        "entities": list(entities),
        "actions": [ACTION],
        "session_config": session_config,
    }


def _rule(intent: str) -> dict[str, Any]:
    return {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": ACTION}]}


def _stories(intents: Sequence[str]) -> list[dict[str, Any]]:
    """Return the stories without the intents that the data do not have, in any case one with all of them."""
    walks = [*STORY_INTENTS, tuple(intents)]
    stories = []
    for number, walk in enumerate(walks, 1):
        steps = [step for intent in walk if intent in intents for step in ({"intent": intent}, {"action": ACTION})]
        if steps:
            stories.append({"story": f"conversation {number}", "steps": steps})
    return stories


def _dump(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
