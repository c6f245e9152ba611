"""The route of a first message: what it is, not which word it uses. Pure."""

from bot.core.kinds.input_types import InputType
from bot.core.kinds.reading import KindReading
from bot.core.routes import Route

_ROUTES = {
    InputType.PHAN_ANH_HANH_VI: Route.REPORT_STAFF,
    InputType.KHIEU_NAI: Route.FORMAL_COMPLAINT,
    InputType.TO_CAO: Route.DENUNCIATION,
    InputType.PHAN_ANH_QDHC: Route.REGULATION_FEEDBACK,
    InputType.KIEN_NGHI: Route.REGULATION_FEEDBACK,
    InputType.YEU_CAU_DLCN: Route.PRIVACY_REQUEST,
    InputType.DANH_GIA: Route.SURVEY,
    InputType.KHAN_CAP: Route.EMERGENCY,
}
# A complaint that only an intent so unsure tells of opens no case.
DOUBTED = 0.3
_OPENS_CASE = frozenset({InputType.PHAN_ANH_HANH_VI, InputType.KHIEU_NAI, InputType.TO_CAO})
# Intents that are no routes.
_AS_FIRST = {"capability": Route.GREETING}
# What stays a route of its own where the kind is a question or out of scope.
_PLAIN = frozenset(
    {
        Route.TRACK_CASE,
        Route.TALK_TO_HUMAN,
        Route.GREETING,
        Route.THANKS_BYE,
        Route.OUT_OF_SCOPE,
        Route.OTHER_AGENCY,
        Route.ABUSE,
        Route.INJECTION,
    }
)


def route_of(intent: str, confidence: float, guess: str | None, kind: KindReading) -> Route:
    """Return the final route of a first message.

    An emergency wins, then a question about the law; a complaint about another body goes there unless a part is ours.
    Where content says nothing, Rasa's intent counts (its best guess beneath a fallback), unless its `confidence` is
    too low to open a case on.
    """
    believed = guess if intent == "nlu_fallback" and guess else intent
    rasa = _AS_FIRST.get(believed) or next((route for route in Route if route.value == believed), Route.ASK_PROCEDURE)
    if kind.danger or kind.main is InputType.KHAN_CAP:
        return Route.EMERGENCY
    if kind.hypothetical:
        return Route.OTHER_AGENCY if rasa is Route.OTHER_AGENCY and not kind.ours else Route.ASK_PROCEDURE
    if kind.agency and not kind.ours:
        return Route.OTHER_AGENCY
    if kind.insult:
        return Route.ABUSE
    if kind.main in _OPENS_CASE and not kind.told and confidence < DOUBTED:
        return Route.ASK_PROCEDURE
    if kind.main in _ROUTES:
        return _ROUTES[kind.main]
    return rasa if rasa in _PLAIN else Route.ASK_PROCEDURE
