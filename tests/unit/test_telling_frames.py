"""The made texts: one act in frames of what happened and of what is only spoken of."""

from collections import Counter
from pathlib import Path

import pytest

from bot.core.errors import ConfigurationError
from knowledge.complaints.frames import framed, read_frames


def test_every_frame_is_filled_and_both_kinds_share_their_acts() -> None:
    frames = read_frames()
    texts = framed(frames, 5, seed=1)
    assert Counter(told for _, told in texts) == {
        True: 5 * len(frames.told),
        False: 5 * len(frames.wondered) + len(frames.plain),
    }
    assert not [text for text, _ in texts if "{" in text or "}" in text or text[0].islower()]
    for kind in (True, False):
        assert (
            sum(any(act.lower() in text.lower() for text, told in texts if told is kind) for act in frames.acts) > 40
        )


def test_the_same_seed_gives_the_same_texts() -> None:
    frames = read_frames()
    assert framed(frames, 3, seed=7) == framed(frames, 3, seed=7)
    assert framed(frames, 3, seed=7) != framed(frames, 3, seed=8)


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("acts: [a]\nplaces: [b]\ntold: [không có chỗ trống]\nwondered: ['{việc}?']\n", "thiếu {việc}"),
        ("acts: []\nplaces: [b]\ntold: ['{việc}']\nwondered: ['{việc}?']\n", "acts"),
        ("acts: [a\n", "frames.yml"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path: Path, file: str, what: str) -> None:
    path = tmp_path / "frames.yml"
    path.write_text(file, "utf-8")
    with pytest.raises(ConfigurationError, match=r"frames\.yml") as raised:
        read_frames(path)
    assert what in str(raised.value)
