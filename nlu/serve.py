"""Starts Rasa on the loopback interface: `.venv-rasa/bin/python nlu/serve.py --model var/rasa --port 5005`."""

import argparse
import importlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXIT_CONFIGURATION = 78
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
    # By name, after the environment is set: Rasa's packages read it when they are imported.
    server = importlib.import_module("nlu.pipeline.server")
    server.serve(given.model, given.port, given.token or os.environ.get("TIEPDAN_RASA_TOKEN", ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
