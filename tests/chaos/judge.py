"""What a crash test came to: read from both databases when everything has stopped."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actions.backends.ledger import Ledger
from actions.backends.local import FILE_NAME
from bot.store import KeyRing
from tests.chaos.service import file_content, open_store


@dataclass
class Verdict:
    """Counts that must be as the names say; `faults` lists what is wrong, in words."""

    confirmed: int = 0
    at_backend: int = 0
    lost: int = 0
    doubled: int = 0
    unresolved: int = 0
    events: int = 0
    files: int = 0
    refused: int = 0
    uncertain: int = 0
    faults: list[str] = field(default_factory=list)


def undelivered(folder: Path) -> int:
    """Return how many rows of the outbox wait, for a look while it runs."""
    store = open_store(folder)
    try:
        with store() as unit:
            counts = unit.outbox.counts()
        return sum(count for status, count in counts.items() if status != "delivered")
    finally:
        store.close()


def judge(folder: Path, confirmed: dict[str, str], added: list[tuple[str, str]], with_files: set[str]) -> Verdict:
    """Compare what citizens were told (`confirmed`: id → number, `added`: (id, words)) with what is stored where."""
    verdict = Verdict(confirmed=len(confirmed))
    store = open_store(folder)
    ledger = Ledger(folder / "backend" / FILE_NAME, KeyRing.load_or_create(folder / "backend" / "keys"))
    there = [(reference, json.loads(ledger.state(reference).body)) for reference, *_ in ledger.cases(100_000)]
    verdict.at_backend = len(there)
    by_case = Counter(body["case_id"] for _, body in there)
    verdict.doubled = sum(count - 1 for count in by_case.values())
    references = {body["case_id"]: reference for reference, body in there}
    numbers = {body["case_id"]: body["number"] for _, body in there}
    with store() as unit:
        counts = unit.outbox.counts()
        verdict.refused = counts["refused"]
        if undone := sum(counts.values()) - counts["delivered"]:
            verdict.faults.append(f"{undone} rows of the outbox were not delivered")
        for case_id, number in confirmed.items():
            if unit.cases.by_number(number) != case_id:
                verdict.unresolved += 1
                continue
            if numbers.get(case_id) != number:
                verdict.lost += 1
                continue
            if unit.cases.case(case_id).backend_reference != references[case_id]:
                verdict.faults.append(f"case {number} has another reference than the backend gave it")
            ours = [entry.body["text"] for entry in unit.cases.timeline(case_id) if entry.kind == "added"]
            theirs = [json.loads(event)["body"]["text"] for event in ledger.events(references[case_id])]
            if ours != theirs:
                verdict.faults.append(f"events of case {number} differ: {len(ours)} here, {len(theirs)} there")
            if missing := [said for id_, said in added if id_ == case_id and said not in ours]:
                verdict.faults.append(f"{len(missing)} additions to case {number} are not stored")
            verdict.events += len(theirs)
        verdict.faults += [f"case {case_id} is at the backend and not here" for case_id in _unknown(unit, numbers)]
    for case_id in with_files & set(references):
        if ledger.attachment(references[case_id], f"file-{case_id}") == file_content(case_id):
            verdict.files += 1
        else:
            verdict.faults.append(f"the file of case {case_id} is not at the backend")
    if missing_files := len(with_files - set(references)):
        verdict.faults.append(f"{missing_files} cases with files are not at the backend")
    ledger.close()
    store.close()
    for name in ("lost", "doubled", "unresolved", "refused"):
        if count := getattr(verdict, name):
            verdict.faults.append(f"{count} {name}")
    return verdict


def _unknown(unit: Any, numbers: dict[str, str]) -> list[str]:
    return [case_id for case_id, number in numbers.items() if unit.cases.by_number(number) != case_id]
