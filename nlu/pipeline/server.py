"""Rasa's server as this project runs it: faster action turns, and nothing of what citizens write in the log."""

import logging
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction
from rasa.core.run import serve_application
from rasa.core.utils import AvailableEndpoints

from nlu.pipeline.action_endpoint import KeptAliveEndpoint

NLU = Path(__file__).resolve().parent.parent
# What a log entry of Rasa may say: never texts, events or trackers.
_LOGGED_KEYS = frozenset({"event", "level", "action_name", "policy_name", "rasa_version"})


class WordlessFormatter(logging.Formatter):
    """Formats an exception as its type and place alone: its message may quote what a citizen wrote."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return «Type at file:line»."""
        kind, _, trace = ei
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
        return f"{kind.__name__ if kind else 'error'}{place}"


def without_words(_: Any, __: str, entry: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A structlog processor that keeps only what never holds a citizen's words."""
    return {key: value for key, value in entry.items() if key in _LOGGED_KEYS}


def configure_logging() -> None:
    """Log to standard error, INFO and above, without texts."""
    handler = logging.StreamHandler()
    handler.setFormatter(WordlessFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("apscheduler", "asyncio", "matplotlib", "sanic.access", "tensorflow"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    # Python warnings of Rasa quote what they warn about.
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def validate_answers_once_compiled() -> None:
    """Make Rasa validate actions' answers with a validator compiled once; answers are checked as before.

    Stock Rasa checks the constant schema itself on every call: two thirds of a turn's CPU time.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(_: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def serve(model: Path, port: int, token: str) -> None:
    """Serve `model` (a file, or a folder with one) on 127.0.0.1 until stopped."""
    configure_logging()
    validate_answers_once_compiled()
    endpoints = AvailableEndpoints.read_endpoints(str(NLU / "endpoints.yml"))
    endpoints.action = KeptAliveEndpoint(endpoints.action.url, token=endpoints.action.token)
    serve_application(
        str(model),
        interface="127.0.0.1",
        port=port,
        credentials=str(NLU / "credentials.yml"),
        auth_token=token or None,
        enable_api=True,
        endpoints=endpoints,
    )
