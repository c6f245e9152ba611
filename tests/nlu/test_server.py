"""Rasa as this project runs it: one action a turn, honest failures, nothing kept and nothing logged."""

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from nlu.build import MODEL_NAME, STAMP_NAME, fingerprint

ROOT = Path(__file__).resolve().parent.parent.parent
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
MODEL_FOLDER = ROOT / "var" / "rasa"
SECRET_WORDS = "zebrawords"

pytestmark = pytest.mark.stack


@dataclass
class Rasa:
    """A running server, its log, and the calls that its actions received."""

    client: httpx.Client
    log: Path
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def turn(self, message: str, sender: str = "c-1") -> httpx.Response:
        body = {"sender": sender, "message": message, "metadata": {"turn_id": "t-1"}}
        return self.client.post("/webhooks/rest/webhook", json=body)


def action_server(calls: list[tuple[str, dict[str, Any]]]) -> ThreadingHTTPServer:
    class Action(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            call = json.loads(self.rfile.read(int(self.headers["content-length"])))
            calls.append((parse_qs(urlsplit(self.path).query).get("token", [""])[0], call))
            fails = "broken" in (call["tracker"]["latest_message"]["text"] or "")
            body = json.dumps({"events": [], "responses": [{"custom": {"act": call["next_action"]}}]}).encode()
            self.send_response(500 if fails else 200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Action)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rasa]:
    stamp = MODEL_FOLDER / STAMP_NAME
    if not (MODEL_FOLDER / MODEL_NAME).is_file() or json.loads(stamp.read_text())["fingerprint"] != fingerprint():
        pytest.skip("no Rasa model of these sources in var/rasa: make prepare")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    calls: list[tuple[str, dict[str, Any]]] = []
    actions = action_server(calls)
    log = tmp_path_factory.mktemp("rasa") / "rasa.log"
    environment = {
        **os.environ,
        "TIEPDAN_ACTION_URL": f"http://127.0.0.1:{actions.server_port}/webhook",
        "TIEPDAN_ACTION_TOKEN": "action-token",
        "TIEPDAN_RASA_TOKEN": "rasa-token",
    }
    command = [str(RASA_PYTHON), "nlu/serve.py", "--model", str(MODEL_FOLDER), "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20)
    try:
        wait_until_ready(client, process, log)
        yield Rasa(client, log, calls)
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=20)
        actions.shutdown()
        actions.server_close()


def wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            if client.get("/status", params={"token": "rasa-token"}).json().get("model_file"):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    pytest.fail("Rasa did not become ready")


def test_a_turn_runs_one_action_with_the_token_and_the_turn_id(rasa: Rasa) -> None:
    rasa.calls.clear()
    assert rasa.turn("thủ tục thành lập hội").json() == [{"recipient_id": "c-1", "custom": {"act": "action_answer"}}]
    [(token, call)] = rasa.calls
    assert token == "action-token"
    assert call["sender_id"] == "c-1"
    assert call["tracker"]["latest_message"]["metadata"] == {"turn_id": "t-1"}
    assert call["tracker"]["latest_message"]["intent"]["name"] == "ask_procedure"


def test_a_button_is_an_intent_of_its_own(rasa: Rasa) -> None:
    rasa.turn("/press_button")
    assert rasa.calls[-1][1]["tracker"]["latest_message"]["intent"] == {"name": "press_button", "confidence": 1.0}


@pytest.mark.parametrize("message", ["?", "😡", "…"])
def test_a_message_without_words_is_answered_too(rasa: Rasa, message: str) -> None:
    assert rasa.turn(message).status_code == 200
    assert rasa.calls[-1][1]["tracker"]["latest_message"]["intent"]["name"] == "nlu_fallback"


def test_codes_are_entities(rasa: Rasa) -> None:
    rasa.turn("hồ sơ H26.15.02-261008-0975 của thủ tục 1.014942 đến đâu rồi")
    found = rasa.calls[-1][1]["tracker"]["latest_message"]["entities"]
    assert {(entity["entity"], entity["value"]) for entity in found} == {
        ("dossier_code", "H26.15.02-261008-0975"),
        ("procedure_code", "1.014942"),
    }


def test_a_failing_action_is_a_bad_gateway(rasa: Rasa) -> None:
    assert rasa.turn(f"broken {SECRET_WORDS}").status_code == 502


@pytest.mark.parametrize(
    "body", [[], {"message": "x"}, {"sender": "", "message": "x"}, {"sender": "c", "message": ""}]
)
def test_a_turn_without_sender_or_message_is_refused(rasa: Rasa, body: object) -> None:
    assert rasa.client.post("/webhooks/rest/webhook", json=body).status_code == 400


def test_nothing_of_a_turn_stays_in_rasa(rasa: Rasa) -> None:
    rasa.turn(f"cán bộ quát tôi {SECRET_WORDS}", sender="c-2")
    tracker = rasa.client.get("/conversations/c-2/tracker", params={"token": "rasa-token"})
    assert tracker.status_code == 200
    assert tracker.json()["latest_message"]["text"] is None
    assert SECRET_WORDS not in tracker.text


def test_the_log_holds_no_words_and_no_tokens(rasa: Rasa) -> None:
    rasa.turn(f"broken {SECRET_WORDS}")
    log = rasa.log.read_text()
    assert "Encountered an exception while running action" in log
    assert SECRET_WORDS not in log
    assert "action-token" not in log
    assert "rasa-token" not in log


def test_all_but_turns_needs_the_token(rasa: Rasa) -> None:
    assert rasa.client.get("/status").status_code == 401
    assert rasa.client.post("/model/parse", json={"text": "x"}).status_code == 401
