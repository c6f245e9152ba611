"""As which kind of input a draft opens. Pure."""

import re

from bot.core.cases.heard import Heard
from bot.core.kinds import InputType
from bot.core.routes import Route

_INPUT_OF_ROUTE = {
    Route.REPORT_STAFF: InputType.PHAN_ANH_HANH_VI,
    Route.FORMAL_COMPLAINT: InputType.KHIEU_NAI,
    Route.DENUNCIATION: InputType.TO_CAO,
    Route.REGULATION_FEEDBACK: InputType.PHAN_ANH_QDHC,
    Route.PRIVACY_REQUEST: InputType.YEU_CAU_DLCN,
}
_UNTOLD_WORDS = 3
_PETITION = re.compile(r"\b(?:to cao|khieu nai|to giac|kien|gop y|du lieu)\b")


def opened_as(heard: Heard) -> InputType:
    """Return the kind that a first message opens a draft of; the story may change it later."""
    if heard.words <= _UNTOLD_WORDS and not (heard.judgement.behaviours or _PETITION.search(heard.folded)):
        return InputType.PHAN_ANH_HANH_VI  # «ẩn danh» alone is no denunciation yet
    if heard.kind.main is InputType.KIEN_NGHI:
        return InputType.KIEN_NGHI
    return _INPUT_OF_ROUTE.get(heard.route, InputType.PHAN_ANH_HANH_VI)
