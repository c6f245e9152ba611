"""Builds an index into a new folder, swaps it in atomically, and opens it again."""

import datetime as dt
import gzip
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nlu.text
from bot.core.errors import IndexMismatch
from bot.core.procedures import Status
from bot.core.routes import Agency
from knowledge.agencies import held
from knowledge.articles import are_plain, fitted_weights
from knowledge.calibration import calibrate
from knowledge.dense_index import DenseIndex
from knowledge.encoder import Encoder
from knowledge.facet_model import WEIGHTS as FACETS
from knowledge.facet_model import load as load_facets
from knowledge.foreign import ForeignIndex, outside
from knowledge.gate import Thresholds
from knowledge.learned import NAME as LEARNED
from knowledge.learned import Learned
from knowledge.lexical_index import LexicalIndex
from knowledge.manifest import NAME, REBUILD, Manifest, code_fingerprint, file_hash
from knowledge.passages import HEADS, Kind, Passage, passages
from knowledge.ranking import Weights
from knowledge.records import Catalogue
from knowledge.schema import Record
from knowledge.search import Indexes, Searcher, build_indexes, heads_first
from knowledge.terms import catalogue_words, plain

CURRENT = "current"
KEPT = 2
_RECORDS, _PASSAGES, _DENSE = "records.json.gz", "passages.json.gz", "dense.faiss"
_FOREIGN = "foreign.npy"
_LEXICAL = ("short", "head", "body")
Report = Callable[[str], None]


@dataclass(frozen=True)
class OpenIndex:
    """A loaded index: everything that an answer needs, from one moment, never changed."""

    manifest: Manifest
    catalogue: Catalogue
    searcher: Searcher

    @property
    def thresholds(self) -> Thresholds:
        """The gate's thresholds."""
        return self.manifest.thresholds

    @cached_property
    def own_agencies(self) -> frozenset[Agency]:
        """The bodies whose matters this catalogue has itself; records that only point elsewhere do not count."""
        records = (record for record in self.catalogue.records if record.status is not Status.ROUTING)
        return held([plain(word) for word in catalogue_words(record.name)] for record in records)


def _write_json(path: Path, content: object) -> None:
    # mtime 0: the same content gives the same bytes.
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, compresslevel=5, filename="") as file:
        file.write(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _read_json(path: Path) -> object:
    try:
        with gzip.open(path, "rb") as file:
            return json.loads(file.read())
    except (OSError, EOFError, ValueError) as error:
        raise IndexMismatch(f"tệp {path.name} của chỉ mục bị hỏng, {REBUILD}") from error


def build_index(
    catalogue: Catalogue,
    encoder: Encoder,
    encoder_name: str,
    folder: Path,
    day: dt.date,
    report: Report,
    thresholds: Thresholds | None = None,
    learned: Learned | None = None,
    facets: Path | None = None,
) -> Manifest:
    """Build everything into the new, empty `folder`, the manifest last; without `thresholds` they are calibrated.

    `learned` is what the catalogue has been taught already; it is kept beside the index, and so is the model of
    facets that was trained with it, where there is one.
    """
    started = time.monotonic()
    folder.mkdir(parents=True)
    found = heads_first(passages(catalogue.records))
    report(f"chỉ mục: {len(catalogue)} bản ghi, {len(found)} đoạn")
    indexes = build_indexes(catalogue.records, found, encoder)
    searcher = Searcher(catalogue.records, indexes, encoder)
    weights = fitted_weights(searcher, indexes, day, report) if are_plain(catalogue.records) else None
    if weights:
        searcher = Searcher(catalogue.records, indexes, encoder, weights)
    gate = thresholds or calibrate(searcher, day, report)
    records = [record.model_dump(mode="json", by_alias=True, exclude_none=True) for record in catalogue.records]
    _write_json(folder / _RECORDS, {"checked_on": catalogue.checked_on.isoformat(), "records": records})
    _write_json(folder / _PASSAGES, [[p.record, p.kind.value, p.text] for p in found])
    for name in _LEXICAL:
        getattr(indexes, name).save(folder / f"{name}.npz")
    indexes.dense.save(folder / _DENSE)
    indexes.foreign.save(folder / _FOREIGN)
    if learned is not None and learned.entries:
        learned.save(folder / LEARNED)
    if facets is not None:
        shutil.copyfile(facets, folder / FACETS.name)
    manifest = Manifest(
        catalogue=catalogue.content_hash,
        encoder=encoder_name,
        encoder_fingerprint=encoder.fingerprint,
        text_fingerprint=nlu.text.fingerprint(),
        code_fingerprint=code_fingerprint(),
        thresholds=gate,
        procedures=len(catalogue.ids),
        passages=len(found),
        dim=encoder.dim,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        build_seconds=round(time.monotonic() - started, 2),
        files={path.name: file_hash(path) for path in sorted(folder.iterdir())},
        signals=weights.signals if weights else None,
        learned=learned.fingerprint if learned else "",
    )
    manifest.save(folder)
    return manifest


def open_index(folder: Path, open_encoder: Callable[[Manifest], Encoder]) -> OpenIndex:
    """Load an index. Raises IndexMismatch, one line that says what to do, where anything does not fit."""
    manifest = Manifest.load(folder)
    manifest.check_code()
    manifest.check_files(folder)
    encoder = open_encoder(manifest)
    manifest.check_encoder(encoder.fingerprint, encoder.dim)
    try:
        stored = _read_json(folder / _RECORDS)
        rows = _read_json(folder / _PASSAGES)
        if not isinstance(stored, dict) or not isinstance(rows, list):
            raise TypeError("wrong shape")
        checked_on = dt.date.fromisoformat(stored["checked_on"])
        catalogue = Catalogue((Record.model_validate(row) for row in stored["records"]), checked_on)
        found = tuple(Passage(int(row), Kind(kind), str(text)) for row, kind, text in rows)
    except (KeyError, TypeError, ValueError) as error:
        raise IndexMismatch(f"chỉ mục bị hỏng, {REBUILD}") from error
    short, head, body = (LexicalIndex.load(folder / f"{name}.npz") for name in _LEXICAL)
    heads = sum(passage.kind in HEADS for passage in found)
    count = len(catalogue)
    if (len(short), len(head), len(body)) != (heads, count, count) or any(p.record >= count for p in found):
        raise IndexMismatch(f"các phần của chỉ mục không khớp nhau, {REBUILD}")
    dense = DenseIndex.load(folder / _DENSE, manifest.dim, len(found))
    foreign = ForeignIndex.load(folder / _FOREIGN, outside(catalogue.records))
    indexes = Indexes(found, short, head, body, dense, foreign)
    weights = Weights(manifest.signals) if manifest.signals else None
    facets = load_facets(folder / FACETS.name) if FACETS.name in manifest.files else None
    return OpenIndex(manifest, catalogue, Searcher(catalogue.records, indexes, encoder, weights, facets))


def is_current(root: Path, content_hash: str, encoder_name: str, encoder: Encoder | None, learned: str = "") -> bool:
    """True when the index in use was built from exactly this catalogue, encoder, normaliser, lexicon and code.

    `learned` is the fingerprint of what the catalogue was taught.

    Without `encoder` its name decides: that of our own is made from all that it was trained on.
    """
    try:
        manifest = Manifest.load(root / CURRENT)
        manifest.check_code()
        manifest.check_catalogue(content_hash)
        if encoder is not None:
            manifest.check_encoder(encoder.fingerprint, encoder.dim)
        manifest.check_files(root / CURRENT)
    except IndexMismatch:
        return False
    return manifest.encoder == encoder_name and manifest.learned == learned


def rebuild(
    catalogue: Catalogue,
    encoder: Encoder,
    encoder_name: str,
    root: Path,
    day: dt.date,
    report: Report,
    thresholds: Thresholds | None = None,
    learned: Learned | None = None,
    facets: Path | None = None,
) -> Manifest:
    """Build beside the index in use, then point `current` at the new one in a single step."""
    root.mkdir(parents=True, exist_ok=True)
    unfinished = root / f".new-{os.getpid()}"
    shutil.rmtree(unfinished, ignore_errors=True)
    manifest = build_index(catalogue, encoder, encoder_name, unfinished, day, report, thresholds, learned, facets)
    folder = root / f"{time.time_ns():x}-{file_hash(unfinished / NAME)[:12]}"
    unfinished.rename(folder)
    point_at(root, folder.name)
    _tidy(root, folder.name)
    return manifest


def point_at(root: Path, name: str) -> None:
    """Make `current` name another folder; readers see the old or the new one, never neither."""
    link = root / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    os.replace(link, root / CURRENT)


def _tidy(root: Path, current: str) -> None:
    folders = sorted((p for p in root.iterdir() if (p / NAME).is_file() and not p.is_symlink()), key=lambda p: p.name)
    for folder in folders[:-KEPT]:
        if folder.name != current:
            shutil.rmtree(folder, ignore_errors=True)
