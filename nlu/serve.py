"""Starts Rasa on the loopback interface: `.venv-rasa/bin/python nlu/serve.py --model var/rasa --port 5005`.

Instead of `rasa run`: actions' answers are validated with a schema compiled once (stock Rasa checks the schema
itself on every call, two thirds of a turn's CPU), and nothing of what citizens write gets into the log.
"""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXIT_CONFIGURATION = 78
# What a log entry of Rasa may say: never texts, events or trackers.
_LOGGED_KEYS = frozenset({"event", "level", "action_name", "policy_name", "rasa_version"})
_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TIEPDAN_ACTION_TOKEN": "",
}


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
    import structlog

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
    """Make Rasa validate actions' answers with a validator compiled once; answers are checked as before."""
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(_: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate  # type: ignore[method-assign]


def serve(model: Path, port: int, token: str) -> None:
    """Serve `model` (a file, or a folder with one) on 127.0.0.1 until stopped."""
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    from nlu.pipeline.action_endpoint import KeptAliveEndpoint

    validate_answers_once_compiled()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "nlu" / "endpoints.yml"))
    endpoints.action = KeptAliveEndpoint(endpoints.action.url, token=endpoints.action.token)
    serve_application(
        str(model),
        interface="127.0.0.1",
        port=port,
        credentials=str(ROOT / "nlu" / "credentials.yml"),
        auth_token=token or None,
        enable_api=True,
        endpoints=endpoints,
    )


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and serve; 78 when the configuration cannot work."""
    parser = argparse.ArgumentParser(prog="nlu/serve.py", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model file, or a folder that holds one")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--token", help="guards all but the turns; default: TIEPDAN_RASA_TOKEN, which ps cannot show")
    given = parser.parse_args(arguments)
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if "TIEPDAN_ACTION_URL" not in os.environ:
        sys.stderr.write("nlu/serve.py: TIEPDAN_ACTION_URL is not set: the address of the service's /webhook\n")
        return EXIT_CONFIGURATION
    if not given.model.is_file() and not any(given.model.glob("*.tar.gz")):
        sys.stderr.write(f"nlu/serve.py: no model at {given.model}; make one: tiepdan prepare\n")
        return EXIT_CONFIGURATION
    # As a script this file's folder leads the path; the package's parent is meant.
    sys.path[0] = str(ROOT)
    configure_logging()
    serve(given.model, given.port, given.token or os.environ.get("TIEPDAN_RASA_TOKEN", ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
