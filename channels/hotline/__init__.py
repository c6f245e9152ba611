"""What switchboards and recognisers deliver: webhooks of calls, lines of transcripts, the screen pop."""

from channels.hotline.admission import Admission
from channels.hotline.router import PREFIX, hotline_router

__all__ = ["PREFIX", "Admission", "hotline_router"]
