"""The knowledge base that actions ask: search, facts and choices over the index in use, swapped while running."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.core.enquiry.findings import Findings
from bot.core.errors import TiepDanError
from bot.core.procedures import Procedure
from bot.core.suggestions.found import Change, Typed
from knowledge.build import CURRENT, OpenIndex, open_index
from knowledge.choice import choose
from knowledge.encoder import TextEncoder
from knowledge.findings import find
from knowledge.learned import in_use
from knowledge.manifest import Manifest
from knowledge.records import Catalogue
from knowledge.typed import TypedReader, find_typed
from knowledge.validity import next_change

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CHECK_SECONDS = 1.0
LOG = logging.getLogger(__name__)


class EncoderChoice(Protocol):
    """Which encoder is set: an empty name means our own."""

    @property
    def name(self) -> str: ...
    @property
    def query_prefix(self) -> str: ...
    @property
    def passage_prefix(self) -> str: ...
    @property
    def max_length(self) -> int: ...


def load_encoder(choice: EncoderChoice, own: Path) -> TextEncoder:
    """Return the encoder that is set, or our own from the folder `own`."""
    if not choice.name:
        return TextEncoder(own)
    return TextEncoder(
        choice.name,
        query_prefix=choice.query_prefix,
        passage_prefix=choice.passage_prefix,
        max_length=choice.max_length,
    )


class EncoderPool:
    """Loads the encoder an index needs, and keeps the last one for the next index that needs the same."""

    def __init__(self, choice: EncoderChoice, root: Path) -> None:
        self._choice = choice
        self._root = root
        self._last: tuple[str, TextEncoder] | None = None

    def __call__(self, manifest: Manifest) -> TextEncoder:
        """Return the encoder for an index. Raises ConfigurationError in one line."""
        name = self._choice.name or manifest.encoder
        if self._last is None or self._last[0] != name:
            self._last = (name, load_encoder(self._choice, self._root / manifest.encoder))
        return self._last[1]


class LiveKnowledgeBase:
    """A KnowledgeBase over the folder that `current` names; a new index replaces the old between two requests.

    Thread-safe: a request works on the one immutable index it began with. A new index is loaded in a thread of its
    own while the old one answers; if it is unusable the old one stays and the log says why. `withdrawn` is asked at
    most once a second.
    """

    def __init__(
        self,
        root: Path,
        opener: Callable[[Path], OpenIndex],
        withdrawn: Callable[[], frozenset[str]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the index in use. Raises IndexMismatch or ConfigurationError in one line."""
        self._root = root
        self._opener = opener
        self._withdrawn = withdrawn
        self._clock = clock
        self._target = self._readlink()
        self._index = opener(root / CURRENT)
        self._checked = clock()
        self._hidden: tuple[float, frozenset[str]] | None = None
        self._lock = threading.Lock()
        self._loading: threading.Thread | None = None
        self._typing: tuple[OpenIndex, TypedReader] | None = None

    @property
    def index(self) -> OpenIndex:
        """The index in use now."""
        return self._index

    def _readlink(self) -> str:
        try:
            return str((self._root / CURRENT).readlink())
        except OSError:
            return ""

    def _fresh(self) -> OpenIndex:
        now = self._clock()
        with self._lock:
            busy = self._loading is not None and self._loading.is_alive()
            if busy or now - self._checked < CHECK_SECONDS:
                return self._index
            self._checked = now
            target = self._readlink()
            if not target or target == self._target:
                return self._index
            # Remembered even if it cannot be loaded: an unusable index is reported once, not every second.
            self._target = target
            self._loading = threading.Thread(target=self._load, args=(target,), name="index-loader", daemon=True)
            self._loading.start()
        return self._index

    def _load(self, target: str) -> None:
        try:
            new = self._opener(self._root / target)
            if self._typing is not None:  # somebody types: the new index answers at once
                self._typing = (new, TypedReader(new.searcher))
            self._index = new
        except TiepDanError as error:
            LOG.error("the new index %s is not usable, the old one stays: %s", target, error)
        else:
            LOG.info("index %s is in use", target)

    def _hidden_now(self) -> frozenset[str]:
        now = self._clock()
        cached = self._hidden
        if cached is None or now - cached[0] >= CHECK_SECONDS:
            cached = (now, self._withdrawn())
            self._hidden = cached
        return cached[1]

    def search(self, question: str, now: dt.datetime, limit: int = 10) -> Findings:
        """Rank the procedures valid at `now` for a question as typed. Withdrawn ones are never found."""
        index = self._fresh()
        return find(index, question, _local_day(now), self._hidden_now(), limit)

    def typed(self, text: str, now: dt.datetime, limit: int = 5, *, finished: bool = False) -> Typed:
        """Return what words typed so far find at `now`. Withdrawn procedures are never found."""
        index = self._fresh()
        reader = self._reader(index)
        return find_typed(index, reader, text, _local_day(now), self._hidden_now(), limit, finished=finished)

    def _reader(self, index: OpenIndex) -> TypedReader:
        known = self._typing
        if known is None or known[0] is not index:
            known = (index, TypedReader(index.searcher))
            self._typing = known
        return known[1]

    def next_change(self, procedure_id: str, now: dt.datetime) -> Change | None:
        """Return the first known thing after `now` that ends what the procedure says; None where none is known."""
        return next_change(self._fresh().catalogue, procedure_id, _local_day(now))

    def procedure(self, procedure_id: str, now: dt.datetime) -> Procedure | None:
        """Return the version valid at `now` (or the last one, if repealed); None if unknown or withdrawn."""
        if procedure_id in self._hidden_now():
            return None
        return self._fresh().catalogue.procedure(procedure_id, _local_day(now))

    def choose(self, answer: str, options: Mapping[str, str]) -> str | None:
        """Return the key of the option (key → title) that words such as part of its title name, or None."""
        return choose(answer, options)


def _local_day(now: dt.datetime) -> dt.date:
    return now.astimezone(LOCAL_ZONE).date()


def open_knowledge_base(
    catalogue: Path,
    index_root: Path,
    encoder_root: Path,
    encoder: EncoderChoice,
    withdrawn: Callable[[], frozenset[str]],
) -> LiveKnowledgeBase:
    """Open the index in use and check that it was built from this catalogue, encoder, lexicon and code.

    Raises ConfigurationError (IndexMismatch) with one line that says what to do.
    """
    pool = EncoderPool(encoder, encoder_root)
    base = LiveKnowledgeBase(index_root, lambda folder: open_index(folder, pool), withdrawn)
    taught = in_use(index_root / CURRENT).applied(Catalogue.load(catalogue))
    base.index.manifest.check_catalogue(taught.content_hash)
    return base
