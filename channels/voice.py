"""Telling what a recording says: ffmpeg makes it 16 kHz mono, a Vosk model on this machine reads it."""

import json
import logging
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

from bot.core.attachments import media_type
from bot.core.errors import AttachmentRefused, ConfigurationError

log = logging.getLogger(__name__)
RATE = 16_000
MAX_SECONDS = 180
CONVERT_SECONDS = 60.0
_CHUNK = 8_000
# By content; ffmpeg guesses nothing, so that no play list inside a file makes it open others.
_DEMUXERS = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/webm": "matroska",
    "audio/wav": "wav",
}


def to_pcm(audio: bytes, program: str = "ffmpeg") -> bytes | None:
    """Return at most MAX_SECONDS of 16-bit mono samples at 16 kHz; None for what is no recording. Blocking."""
    try:
        demuxer = _DEMUXERS.get(media_type(audio))
    except AttachmentRefused:
        return None
    if demuxer is None:
        return None
    # A file, not a pipe: an MP4 may have its index at the end.
    with tempfile.NamedTemporaryFile(prefix="tiepdan-voice-") as file:
        file.write(audio)
        file.flush()
        command = [program, "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file"]
        command += ["-f", demuxer, "-i", file.name, "-vn", "-t", str(MAX_SECONDS), "-ac", "1", "-ar", str(RATE)]
        command += ["-f", "s16le", "-protocol_whitelist", "pipe", "pipe:1"]
        try:
            done = subprocess.run(command, capture_output=True, timeout=CONVERT_SECONDS, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as error:
            log.warning("a recording was not converted", extra={"cause": type(error).__name__})
            return None
    return done.stdout if done.returncode == 0 and done.stdout else None


class VoskRecogniser:
    """bot.core.channels.voice.Recogniser with a Vosk model. Raises ConfigurationError, one line, if it cannot work.

    The model is loaded once (about half a gigabyte for the large ones); one recording is read at a time.
    """

    def __init__(self, model: Path) -> None:
        if shutil.which("ffmpeg") is None:
            raise ConfigurationError("TIEPDAN_CHANNELS__VOSK_MODEL is set but ffmpeg is not installed")
        if not model.is_dir():
            raise ConfigurationError(f"TIEPDAN_CHANNELS__VOSK_MODEL: there is no folder {model}")
        try:
            import vosk
        except ImportError:
            raise ConfigurationError(
                "TIEPDAN_CHANNELS__VOSK_MODEL is set but vosk is not installed; run: pip install vosk"
            ) from None
        vosk.SetLogLevel(-1)
        self._vosk: Any = vosk
        try:
            self._model = vosk.Model(str(model))
        except Exception as error:
            raise ConfigurationError(f"Vosk model {model} cannot be loaded ({type(error).__name__})") from error
        self._lock = threading.Lock()

    def hear(self, audio: bytes) -> str | None:
        """Return what was said, None where nothing was understood."""
        samples = to_pcm(audio)
        if samples is None:
            return None
        try:
            with self._lock:
                return self._read(samples) or None
        except Exception as error:
            log.warning("a recording was not understood", extra={"cause": type(error).__name__})
            return None

    def _read(self, samples: bytes) -> str:
        reader = self._vosk.KaldiRecognizer(self._model, RATE)
        said = []
        for start in range(0, len(samples), _CHUNK):
            if reader.AcceptWaveform(samples[start : start + _CHUNK]):
                said.append(json.loads(reader.Result()).get("text", ""))
        said.append(json.loads(reader.FinalResult()).get("text", ""))
        return " ".join(filter(None, said))
