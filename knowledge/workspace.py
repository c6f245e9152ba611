"""The trained encoder and built index of one catalogue on disk: made where missing or stale, else reused."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from knowledge.base import EncoderChoice, EncoderPool, load_encoder
from knowledge.build import CURRENT, OpenIndex, build_index, is_current, open_index, point_at, rebuild
from knowledge.encoder_training import ensure_encoder, retrain_encoder
from knowledge.facet_model import WEIGHTS as FACETS
from knowledge.gate import Thresholds, shipped_thresholds
from knowledge.learned import Learned, in_use
from knowledge.manifest import Manifest
from knowledge.records import Catalogue

Report = Callable[[str], None]


@dataclass(frozen=True)
class Workspace:
    """Where encoder and index of a catalogue lie, which encoder is set, and what people taught the catalogue."""

    catalogue: Catalogue
    encoder_root: Path
    index_root: Path
    encoder: EncoderChoice
    learned: Learned = field(default_factory=Learned)

    @classmethod
    def apart(cls, catalogue: Catalogue, root: Path, encoder: EncoderChoice) -> "Workspace":
        """Return the workspace of a catalogue that is not the project's own, under `root`, named by its content."""
        folder = root / catalogue.content_hash[:16]
        return cls(catalogue, folder / "encoder", folder / "index", encoder)

    @classmethod
    def in_use(
        cls, catalogue: Catalogue, encoder_root: Path, index_root: Path, encoder: EncoderChoice
    ) -> "Workspace":
        """Return the workspace of the project's own catalogue, with what the index in use was taught."""
        return cls(catalogue, encoder_root, index_root, encoder, in_use(index_root / CURRENT))

    @cached_property
    def taught(self) -> Catalogue:
        """The catalogue with what it was taught: what encoder and index are made from."""
        return self.learned.applied(self.catalogue)

    def train(self, report: Report, *, again: bool = False) -> Path:
        """Return the folder of our own encoder, trained if it does not exist for this catalogue yet, or `again`."""
        folder = self._encoder(report, again=again)
        point_at(self.encoder_root, folder.name)
        return folder

    def _encoder(self, report: Report, *, again: bool = False) -> Path:
        make = retrain_encoder if again else ensure_encoder
        return make(self.taught.records, self.taught.content_hash, self.encoder_root, report)

    def build(self, day: dt.date, report: Report, *, again: bool = False) -> Manifest:
        """Return the manifest of an index for this catalogue and encoder, built if there is none, or `again`."""
        folder = Path() if self.encoder.name else self.train(report)
        name = self.encoder.name or folder.name
        taught = self.learned.fingerprint
        # Loading an encoder takes ten seconds; our own is known by its name.
        encoder = load_encoder(self.encoder, folder) if self.encoder.name else None
        if not again and is_current(self.index_root, self.taught.content_hash, name, encoder, taught):
            return Manifest.load(self.index_root / CURRENT)
        encoder = encoder or load_encoder(self.encoder, folder)
        facets = self._facets_in_use()
        return rebuild(
            self.taught, encoder, name, self.index_root, day, report, self._thresholds(), self.learned, facets
        )

    def build_beside(self, folder: Path, day: dt.date, report: Report, facets: Path | None = None) -> Manifest:
        """Train what is missing and build the index into `folder`; nothing that is in use changes."""
        trained = Path() if self.encoder.name else self._encoder(report)
        encoder = load_encoder(self.encoder, trained)
        name = self.encoder.name or trained.name
        return build_index(self.taught, encoder, name, folder, day, report, self._thresholds(), self.learned, facets)

    def _thresholds(self) -> Thresholds | None:
        return None if self.encoder.name else shipped_thresholds()

    def _facets_in_use(self) -> Path | None:
        """Return the model of facets that was trained with what was taught, where the index in use has one."""
        path = self.index_root / CURRENT / FACETS.name
        return path if self.learned.asked and path.is_file() else None

    def open(self) -> OpenIndex:
        """Open the index in use. Raises IndexMismatch or ConfigurationError in one line."""
        return self.open_at(self.index_root / CURRENT)

    def open_at(self, folder: Path) -> OpenIndex:
        """Open an index that lies elsewhere, likewise."""
        return open_index(folder, EncoderPool(self.encoder, self.encoder_root))
