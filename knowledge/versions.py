"""Versions of encoder and index that were taught something: made beside the one in use, switched to, taken back.

A version is a folder of index artefacts under `versions`; its encoder lies among the others. Switching moves one
link, so that a running service sees the old or the new one, never neither, and takes it up within seconds. What was
switched, by whom and when, is kept, so that one command goes back.
"""

import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigurationError
from knowledge import facet_training
from knowledge.build import CURRENT, OpenIndex, point_at
from knowledge.facet_model import WEIGHTS as FACETS
from knowledge.learned import NAME as LEARNED
from knowledge.learned import Learned
from knowledge.manifest import NAME as MANIFEST
from knowledge.manifest import Manifest
from knowledge.workspace import Workspace

VERSIONS = "versions"
HISTORY = "history.jsonl"
SCORES = "scores.json"
#: Versions kept beside the one in use.
KEPT = 3
Report = Callable[[str], None]


@dataclass(frozen=True)
class Version:
    """A version that was made; `scores` are those of before and after, None while it was not compared."""

    name: str
    learned: int
    created: str
    in_use: bool
    scores: Mapping[str, Any] | None


@dataclass(frozen=True)
class Step:
    """One move of the link: when, who, from where to where, and whether it went back."""

    at: str
    by: str
    before: str
    after: str
    back: bool = False


class Versions:
    """The versions of one index root. `learned_root` holds the validated files that they were made from."""

    def __init__(self, index_root: Path, learned_root: Path) -> None:
        self._index_root = index_root
        self._root = index_root / VERSIONS
        self._learned_root = learned_root

    def folder(self, name: str) -> Path:
        """Return a version's folder. Raises ConfigurationError where there is no such version."""
        folder = self._root / name
        if not name or "/" in name or name.startswith(".") or not (folder / MANIFEST).is_file():
            raise ConfigurationError(f"không có phiên bản «{name}»; xem: tiepdan learn list")
        return folder

    def target(self) -> str:
        """Return what the link in use points at."""
        try:
            return str((self._index_root / CURRENT).readlink())
        except OSError as error:
            raise ConfigurationError("chưa có chỉ mục nào đang dùng; chạy: tiepdan prepare") from error

    def all(self) -> list[Version]:
        """Return the versions, oldest first."""
        names = sorted(path.parent.name for path in self._root.glob(f"*/{MANIFEST}") if path.parent.name[0] != ".")
        used = self.target()
        return [self._version(name, used) for name in names]

    def _version(self, name: str, used: str) -> Version:
        folder = self._root / name
        learned = Learned.load(folder / LEARNED) if (folder / LEARNED).is_file() else Learned()
        return Version(
            name,
            len(learned.entries),
            Manifest.load(folder).created,
            used == f"{VERSIONS}/{name}",
            self.scores(name),
        )

    def latest(self) -> str:
        """Return the name of the newest version. Raises ConfigurationError where there is none."""
        found = self.all()
        if not found:
            raise ConfigurationError("chưa có phiên bản nào; chạy: tiepdan learn retrain")
        return found[-1].name

    def build(self, workspace: Workspace, validation: Path, now: dt.datetime, report: Report) -> str:
        """Make a version of what `workspace` was taught, beside the one in use; return its name.

        Trains the encoder and, where questions that name a side were taught, the model of facets (a minute each).
        """
        name = f"{now:%Y%m%d-%H%M%S}"
        workspace.learned.save(self._learned_root / f"{name}.json")
        unfinished = self._root / f".new-{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._root.mkdir(parents=True, exist_ok=True)
        facets = self._root / f".{os.getpid()}-{FACETS.name}" if workspace.learned.asked else None
        try:
            if facets is not None:
                self._train_facets(workspace, validation, facets, report)
            workspace.build_beside(unfinished, now.date(), report, facets)
        finally:
            if facets is not None:
                facets.unlink(missing_ok=True)
        unfinished.rename(self._root / name)
        self._tidy(name)
        return name

    def _train_facets(self, workspace: Workspace, validation: Path, path: Path, report: Report) -> None:
        names = [record.name for record in workspace.catalogue.records]
        examples = [facet_training.Example(text, facet) for text, facet in workspace.learned.asked]
        report(f"mặt được hỏi: luyện thêm với {len(examples)} câu")
        facet_training.write_model(validation, names, path, examples)

    def open(self, workspace: Workspace, name: str) -> OpenIndex:
        """Open a version. Raises ConfigurationError where it is damaged or was made with other code."""
        return workspace.open_at(self.folder(name))

    def scores(self, name: str) -> Mapping[str, Any] | None:
        """Return what comparing gave, if it was done."""
        try:
            found: Mapping[str, Any] = json.loads((self._learned_root / f"{name}.{SCORES}").read_bytes())
        except (OSError, ValueError):
            return None
        return found

    def keep_scores(self, name: str, scores: Mapping[str, Any]) -> None:
        """Keep what comparing gave."""
        self._learned_root.mkdir(parents=True, exist_ok=True)
        text = json.dumps(scores, ensure_ascii=False, indent=1)
        (self._learned_root / f"{name}.{SCORES}").write_text(text + "\n", encoding="utf-8")

    def switch(self, name: str, by: str, now: dt.datetime) -> Step:
        """Put a version into use. Raises ConfigurationError where it is in use, unknown or made with other code."""
        manifest = Manifest.load(self.folder(name))
        manifest.check_code()
        manifest.check_files(self.folder(name))
        before, after = self.target(), f"{VERSIONS}/{name}"
        if before == after:
            raise ConfigurationError(f"phiên bản {name} đang được dùng rồi")
        return self._move(Step(now.isoformat(timespec="seconds"), by, before, after))

    def back(self, by: str, now: dt.datetime) -> Step:
        """Put into use again what was in use before the last switch to the present version."""
        used = self.target()
        steps = [step for step in self.history() if not step.back and step.after == used]
        if not steps:
            raise ConfigurationError("bản đang dùng không phải do «tiepdan learn switch» đưa vào, không có gì để lùi")
        before = steps[-1].before
        if not (self._index_root / before / MANIFEST).is_file():
            raise ConfigurationError("chỉ mục trước đó đã bị dọn; chạy «tiepdan index build» để dựng lại")
        Manifest.load(self._index_root / before).check_code()
        return self._move(Step(now.isoformat(timespec="seconds"), by, used, before, back=True))

    def _move(self, step: Step) -> Step:
        # Written first: a move that is not told could not be taken back.
        self._learned_root.mkdir(parents=True, exist_ok=True)
        with (self._learned_root / HISTORY).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(step), ensure_ascii=False) + "\n")
        point_at(self._index_root, step.after)
        return step

    def history(self) -> list[Step]:
        """Return every move, oldest first."""
        try:
            lines = (self._learned_root / HISTORY).read_text(encoding="utf-8").splitlines()
        except OSError:
            return []
        return [Step(**json.loads(line)) for line in lines if line.strip()]

    def _tidy(self, newest: str) -> None:
        """Remove the oldest versions; never the newest, the one in use, or the one to go back to."""
        used = self.target()
        kept = {used, *(step.before for step in self.history()[-1:]), f"{VERSIONS}/{newest}"}
        names = sorted(path.parent.name for path in self._root.glob(f"*/{MANIFEST}") if path.parent.name[0] != ".")
        for name in names[:-KEPT]:
            if f"{VERSIONS}/{name}" not in kept:
                shutil.rmtree(self._root / name, ignore_errors=True)
