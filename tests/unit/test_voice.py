"""Recordings: made 16 kHz mono by ffmpeg, read by a Vosk model; without either it is said plainly."""

import io
import json
import math
import shutil
import struct
import subprocess
import sys
import wave
from pathlib import Path
from types import ModuleType

import pytest

from bot.core.attachments import media_type
from bot.core.channels.voice import NoRecogniser
from bot.core.errors import ConfigurationError
from channels import voice
from channels.voice import VoskRecogniser, to_pcm


def recording(seconds: float = 0.5, rate: int = 8_000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (int(9_000 * math.sin(n / 5)) for n in range(int(seconds * rate)))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return out.getvalue()


class Reader:
    """Hears a word in each chunk."""

    def __init__(self, model: object, rate: int) -> None:
        assert rate == 16_000
        self._chunks = 0

    def AcceptWaveform(self, samples: bytes) -> bool:
        self._chunks += 1
        return self._chunks == 1

    def Result(self) -> str:
        return json.dumps({"text": "xin"})

    def FinalResult(self) -> str:
        return json.dumps({"text": "chào"})


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> VoskRecogniser:
    fake = ModuleType("vosk")
    fake.SetLogLevel = lambda level: None  # type: ignore[attr-defined]
    fake.Model = lambda path: path  # type: ignore[attr-defined]
    fake.KaldiRecognizer = Reader  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vosk", fake)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/ffmpeg")
    return VoskRecogniser(tmp_path)


@pytest.mark.parametrize("audio", [b"", b"MZ", b"%PDF-1.4", b"\xff\xd8\xff\xe0", b"#EXTM3U\nfile:///etc/passwd\n"])
def test_what_is_no_recording_is_not_converted(audio: bytes) -> None:
    assert to_pcm(audio) is None


def test_without_ffmpeg_nothing_is_heard() -> None:
    assert to_pcm(recording(), program="/none/ffmpeg") is None


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_a_recording_is_converted_and_a_broken_one_is_not() -> None:
    samples = to_pcm(recording(0.5))
    assert samples is not None
    assert abs(len(samples) - 16_000) < 400
    assert to_pcm(b"OggS" + bytes(500)) is None


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_aac_as_phones_record_it_is_converted() -> None:
    command = ["ffmpeg", "-loglevel", "error", "-f", "wav", "-i", "pipe:0", "-c:a", "aac", "-f", "adts", "pipe:1"]
    made = subprocess.run(command, input=recording(0.5), capture_output=True, check=True)
    assert media_type(made.stdout) == "audio/aac"
    samples = to_pcm(made.stdout)
    assert samples is not None
    assert abs(len(samples) - 16_000) < 6_000
    assert to_pcm(made.stdout[:40]) is None


def test_a_model_reads_all_of_a_recording(recogniser: VoskRecogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "to_pcm", lambda audio: bytes(20_000))
    assert recogniser.hear(b"x") == "xin chào"


def test_silence_and_mistakes_of_the_model_are_nothing_heard(
    recogniser: VoskRecogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "to_pcm", lambda audio: None)
    assert recogniser.hear(b"x") is None
    monkeypatch.setattr(voice, "to_pcm", lambda audio: bytes(100))
    monkeypatch.setattr(Reader, "FinalResult", lambda self: "{")
    assert recogniser.hear(b"x") is None


def test_what_is_missing_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ConfigurationError, match="ffmpeg"):
        VoskRecogniser(tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/ffmpeg")
    with pytest.raises(ConfigurationError, match="there is no folder"):
        VoskRecogniser(tmp_path / "none")
    monkeypatch.setitem(sys.modules, "vosk", None)
    with pytest.raises(ConfigurationError, match="pip install vosk"):
        VoskRecogniser(tmp_path)


def test_nobody_hears_nothing() -> None:
    assert NoRecogniser().hear(recording()) is None
