"""Voice messages as the core sees them: something that may tell what was said."""

from typing import Protocol


class Recogniser(Protocol):
    """Turns a recording into text. Blocking; callers use a thread pool."""

    def hear(self, audio: bytes) -> str | None:
        """Return what was said, None where nothing was understood. Never raises for what the recording is like."""
        ...


class NoRecogniser:
    """Stands where there is no model: hears nothing, and the citizen is told so."""

    def hear(self, audio: bytes) -> str | None:  # noqa: ARG002 -- the Protocol's
        """Return None."""
        return None
