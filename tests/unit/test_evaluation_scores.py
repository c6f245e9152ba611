"""The scores of evaluation files."""

import json
from pathlib import Path

import pytest

from bot.evaluation.cases import DialogueCase, DialogueTurn, EvaluationFileError, Expectation, RoutingCase, read_lines
from bot.evaluation.runs import Played, dialogue_scores
from bot.evaluation.scores import Routed, routing_scores, unmet


def routed(expect: str, route: str, **facts: object) -> Routed:
    case = RoutingCase(id="M", text="x", expect=expect, **facts)  # type: ignore[arg-type]
    return Routed(case, route, {"no_case": True})


def test_routing_counts_other_acceptable_routes_as_right() -> None:
    scores = routing_scores(
        [
            routed("ask_procedure", "ask_procedure"),
            routed("ask_procedure", "out_of_scope", also_ok=["out_of_scope"]),
            routed("greeting", "ask_procedure"),
        ]
    )
    assert scores["accuracy"] == pytest.approx(2 / 3)
    assert scores["by_route"] == {"ask_procedure": {"n": 2, "recall": 1.0}, "greeting": {"n": 1, "recall": 0.0}}
    # ask_procedure: 2 hits of 2 true and 3 given → 0.8; greeting: 0
    assert scores["macro_f1"] == pytest.approx(0.4)
    assert scores["behaviour_accuracy"] is None


def test_opened_case_is_counted_only_where_it_must_not_be() -> None:
    case = RoutingCase(id="M", text="x", expect="ask_procedure", note="must_not_open_case")
    scores = routing_scores([Routed(case, "ask_procedure", {"no_case": False})])
    assert scores["wrongly_opened_cases"] == 1


@pytest.mark.parametrize(
    ("slots", "right"),
    [
        ({"facet": "fee"}, True),
        ({"facet": ["fee", "time"]}, True),
        ({"facet": "*"}, True),
        ({"facet": None}, False),
        ({"reason": None}, True),
        ({"reason": "*"}, False),
        ({"behaviour": "A"}, False),
        ({"offered": ["NV1", "NV9"]}, True),
    ],
)
def test_slots_are_a_subset_and_an_unknown_key_fails(slots: dict[str, object], right: bool) -> None:
    turn = DialogueTurn(user="x", expect=Expectation(slots=slots))
    assert (not unmet(turn, {"facet": "fee", "reason": None, "offered": ["NV1"]})) is right


def test_any_procedure_and_other_acceptable_procedures() -> None:
    star = DialogueTurn(user="x", expect=Expectation(procedure="*"))
    assert not unmet(star, {"procedure": "NV1"})
    assert unmet(star, {"procedure": None})
    either = DialogueTurn(user="x", expect=Expectation(procedure="NV1", procedures_ok=["NV2"]))
    assert not unmet(either, {"procedure": "NV2"})


def test_dialogue_succeeds_by_its_last_turn() -> None:
    case = DialogueCase(id="D1", turns=[DialogueTurn(user="a"), DialogueTurn(user="b")])
    scores = dialogue_scores([Played(case, [["wrong"], []], ["", ""]), Played(case, [[], ["wrong"]], ["", ""])])
    assert scores["turn_accuracy"] == 0.5
    assert scores["dialogue_success"] == 0.5
    assert scores["failed"] == ["D1"]


def test_bad_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "m.jsonl"
    file.write_text(json.dumps({"id": "1", "text": "a", "expect": "greeting"}) + "\n{broken\n", encoding="utf-8")
    with pytest.raises(EvaluationFileError, match=r"m\.jsonl:2"):
        read_lines(file, RoutingCase)
    file.write_text("", encoding="utf-8")
    with pytest.raises(EvaluationFileError, match="no lines"):
        read_lines(file, RoutingCase)
