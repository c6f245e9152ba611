"""The trained encoder and built index of one catalogue on disk: made where missing or stale, else reused."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.base import EncoderChoice, EncoderPool, load_encoder
from knowledge.build import CURRENT, OpenIndex, is_current, open_index, point_at, rebuild
from knowledge.encoder_training import ensure_encoder, retrain_encoder
from knowledge.gate import shipped_thresholds
from knowledge.manifest import Manifest
from knowledge.records import Catalogue

Report = Callable[[str], None]


@dataclass(frozen=True)
class Workspace:
    """Where encoder and index of a catalogue lie, and which encoder is set."""

    catalogue: Catalogue
    encoder_root: Path
    index_root: Path
    encoder: EncoderChoice

    @classmethod
    def apart(cls, catalogue: Catalogue, root: Path, encoder: EncoderChoice) -> "Workspace":
        """Return the workspace of a catalogue that is not the project's own, under `root`, named by its content."""
        folder = root / catalogue.content_hash[:16]
        return cls(catalogue, folder / "encoder", folder / "index", encoder)

    def train(self, report: Report, *, again: bool = False) -> Path:
        """Return the folder of our own encoder, trained if it does not exist for this catalogue yet, or `again`."""
        make = retrain_encoder if again else ensure_encoder
        folder = make(self.catalogue.records, self.catalogue.content_hash, self.encoder_root, report)
        point_at(self.encoder_root, folder.name)
        return folder

    def build(self, day: dt.date, report: Report, *, again: bool = False) -> Manifest:
        """Return the manifest of an index for this catalogue and encoder, built if there is none, or `again`."""
        folder = Path() if self.encoder.name else self.train(report)
        name = self.encoder.name or folder.name
        # Loading an encoder takes ten seconds; our own is known by its name.
        encoder = load_encoder(self.encoder, folder) if self.encoder.name else None
        if not again and is_current(self.index_root, self.catalogue.content_hash, name, encoder):
            return Manifest.load(self.index_root / CURRENT)
        encoder = encoder or load_encoder(self.encoder, folder)
        thresholds = None if self.encoder.name else shipped_thresholds()
        return rebuild(self.catalogue, encoder, name, self.index_root, day, report, thresholds)

    def open(self) -> OpenIndex:
        """Open the index in use. Raises IndexMismatch or ConfigurationError in one line."""
        return open_index(self.index_root / CURRENT, EncoderPool(self.encoder, self.encoder_root))
