"""The stock peer's project: Rasa's own starter configuration over our training data."""

from pathlib import Path

import pytest
import yaml

from bot.bench.stock import ENVIRONMENT, serving_files
from bot.bench.stock_project import (
    ACTION,
    ACTIONS_MODULE,
    component_names,
    installed_rasa,
    starter_config,
    stock_project,
)
from bot.core.errors import ConfigurationError
from bot.settings import PROJECT_ROOT

NLU = """version: "3.1"
nlu:
  - intent: greeting
    examples: |
      - chào
      - xin chào
  - intent: ask_procedure
    examples: |
      - thủ tục [1.014942](procedure_code) là gì
      - nộp ở [Ba Đình]{"entity": "place", "value": "ba đình"}
      - cấp [lại](kind:again)
"""


@pytest.fixture
def nlu_file(tmp_path: Path) -> Path:
    file = tmp_path / "nlu.yml"
    file.write_text(NLU, "utf-8")
    return file


@pytest.fixture(scope="module")
def rasa() -> tuple[Path, str]:
    if not (ENVIRONMENT / "bin" / "python").exists():
        pytest.skip("Rasa's environment is not installed; `make setup` makes it")
    return installed_rasa(ENVIRONMENT)


def test_pipeline_and_policies_are_the_starters(rasa: tuple[Path, str]) -> None:
    config = starter_config(rasa[0], epochs=2)
    assert component_names(config) == [
        "WhitespaceTokenizer",
        "RegexFeaturizer",
        "LexicalSyntacticFeaturizer",
        "CountVectorsFeaturizer",
        "CountVectorsFeaturizer",
        "DIETClassifier",
        "EntitySynonymMapper",
        "ResponseSelector",
        "FallbackClassifier",
        "MemoizationPolicy",
        "RulePolicy",
        "UnexpecTEDIntentPolicy",
        "TEDPolicy",
    ]


def test_only_the_epochs_are_cut(rasa: tuple[Path, str]) -> None:
    full, cut = starter_config(rasa[0], epochs=100), starter_config(rasa[0], epochs=2)
    shipped = yaml.safe_load((rasa[0] / "rasa/engine/recipes/config_files/default_config.yml").read_text("utf-8"))
    assert full | {"assistant_id": shipped["assistant_id"]} == shipped
    changed = [
        (old["name"], key)
        for old, new in zip(full["pipeline"] + full["policies"], cut["pipeline"] + cut["policies"], strict=True)
        for key in old
        if old[key] != new[key]
    ]
    assert [key for _, key in changed] == ["epochs"] * 4


def test_every_intent_of_the_data_leads_to_the_one_action(rasa: tuple[Path, str], nlu_file: Path) -> None:
    project = stock_project([nlu_file], *rasa, epochs=1)
    rules = yaml.safe_load(project.files["data/rules.yml"])["rules"]
    assert project.intents == ("ask_procedure", "greeting")
    assert [[*rule["steps"]] for rule in rules] == [
        [{"intent": intent}, {"action": ACTION}] for intent in ("ask_procedure", "greeting", "nlu_fallback")
    ]
    assert project.files["data/nlu.yml"] == NLU


def test_stories_hold_only_intents_that_the_data_have(rasa: tuple[Path, str], nlu_file: Path) -> None:
    project = stock_project([nlu_file], *rasa, epochs=1)
    stories = yaml.safe_load(project.files["data/stories.yml"])["stories"]
    used = {step["intent"] for story in stories for step in story["steps"] if "intent" in step}
    assert used == {"ask_procedure", "greeting"}


def test_annotated_entities_are_in_the_domain(rasa: tuple[Path, str], nlu_file: Path) -> None:
    domain = yaml.safe_load(stock_project([nlu_file], *rasa, epochs=1).files["domain.yml"])
    assert domain["entities"] == ["kind", "place", "procedure_code"]


def test_fingerprint_changes_with_what_is_trained_and_with_nothing_else(
    rasa: tuple[Path, str], nlu_file: Path
) -> None:
    site_packages, version = rasa
    first = stock_project([nlu_file], site_packages, version, epochs=1).fingerprint
    assert stock_project([nlu_file], site_packages, version, epochs=1).fingerprint == first
    assert stock_project([nlu_file], site_packages, version, epochs=2).fingerprint != first
    assert stock_project([nlu_file], site_packages, "3.6.20", epochs=1).fingerprint != first
    nlu_file.write_text(NLU.replace("xin chào", "chào bạn"), "utf-8")
    assert stock_project([nlu_file], site_packages, version, epochs=1).fingerprint != first


def test_data_without_intents_are_refused(rasa: tuple[Path, str], tmp_path: Path) -> None:
    empty = tmp_path / "nlu.yml"
    empty.write_text('version: "3.1"\n', "utf-8")
    with pytest.raises(ConfigurationError, match="no intents"):
        stock_project([empty], *rasa, epochs=1)


def test_missing_rasa_environment_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="make setup"):
        installed_rasa(tmp_path)


def test_project_data_make_a_project(rasa: tuple[Path, str]) -> None:
    files = sorted((PROJECT_ROOT / "nlu" / "data").glob("*.yml"))
    assert files
    project = stock_project(files, *rasa, epochs=1)
    assert {"ask_procedure", "follow_up", "report_staff", "greeting"} <= set(project.intents)


def test_served_files_store_state_and_name_the_action_server() -> None:
    files = serving_files(("greeting",), 5999)
    endpoints = yaml.safe_load(files["endpoints.yml"])
    assert endpoints["action_endpoint"]["url"] == "http://127.0.0.1:5999/webhook"
    assert endpoints["tracker_store"]["dialect"] == "sqlite"
    assert yaml.safe_load(files["answers.json"]).keys() == {"greeting", "nlu_fallback"}
    assert f'return "{ACTION}"' in ACTIONS_MODULE
