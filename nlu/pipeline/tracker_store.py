"""A tracker store that keeps nothing, so that no citizen's words stay in Rasa after a turn."""

from collections.abc import Iterable

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class ForgetfulTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Every turn starts from an empty tracker: what a conversation needs to remember is in the service's store."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        host: EndpointConfig | None = None,  # noqa: ARG002  (Rasa passes the endpoint's configuration)
    ) -> None:
        super().__init__(domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep nothing."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:  # noqa: ARG002
        """Know nobody."""
        return None

    async def keys(self) -> Iterable[str]:
        """Return no sender."""
        return []

    async def delete(self, sender_id: str) -> None:
        """Have nothing to delete."""
