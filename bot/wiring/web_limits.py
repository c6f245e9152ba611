"""The widget's settings as the web channel's limits."""

from bot.settings.widget import WidgetSettings
from channels.web import OpeningLimits


def opening_limits(chosen: WidgetSettings, hotline: str) -> OpeningLimits:
    """Return how many conversations may be opened on the web; who is refused is told the hotline."""
    return OpeningLimits(
        per_address=chosen.sessions_per_address,
        per_minute=chosen.sessions_per_minute,
        header=chosen.address_header,
        hotline=hotline,
    )
