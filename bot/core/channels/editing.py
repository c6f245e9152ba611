"""A message that the citizen changed after sending it: what of it is to be done. Pure."""

import unicodedata
from collections.abc import Sequence

from bot.core.channels.contract import Incoming


def changed(edit: Incoming, earlier: Sequence[Incoming]) -> bool:
    """True when an edit has other words than the message had, of which `earlier` are the versions, latest first.

    Platforms also tell of edits that change nothing (a preview was added), and may deliver two in the wrong order.
    """
    if not edit.text.strip() or not earlier:
        return False
    if any(one.sent_at and edit.sent_at and one.sent_at > edit.sent_at for one in earlier):
        return False
    return _words(edit.text) != _words(earlier[0].text)


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()
