"""Template messages: what Zalo takes outside its window, in the words that it approved for the account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.channels.contract import Failure, SendFailed
from channels.zalo.api import Api
from channels.zalo.reading import ANONYMOUS

MAX_TRACKING = 48


@dataclass(frozen=True)
class TemplateRules:
    """`template_id` empty: none is sent. `data`: the template's parameters, in which {date} and {number} are filled.

    `tracking`: whether our own id goes with it.
    """

    template_id: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    tracking: bool = True
    path: str = "/v3.0/oa/message/template"


class Templates:
    """Sends the one template that tells that there is news."""

    def __init__(self, rules: TemplateRules, api: Api) -> None:
        self._rules = rules
        self._api = api

    async def send(self, address: str, key: str, number: str, day: date) -> str | None:
        """Send it and return Zalo's id of it. Raises SendFailed, and nothing but that."""
        if address.startswith(ANONYMOUS):
            raise SendFailed(Failure.GIVE_UP, "anonymous-template")
        facts = {"date": f"{day:%d/%m/%Y}", "number": number}
        data = {name: value.format(**facts) for name, value in self._rules.data.items()}
        body = {"user_id": address, "template_id": self._rules.template_id, "template_data": data}
        if self._rules.tracking:
            body["tracking_id"] = key[-MAX_TRACKING:]
        sent = (await self._api.post(self._rules.path, body)).get("message_id")
        return sent if isinstance(sent, str) and sent else None
