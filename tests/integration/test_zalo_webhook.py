"""What the fake Zalo sends is admitted and read: signatures, repetitions, the unsigned body of saving."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from bot.core.channels.contract import Arrival, Incoming
from channels.zalo.signature import VARIANTS, SignatureRefused
from tests.fakes.zalo_webhook import LADDER_SECONDS, ZaloWebhook
from tests.integration.zalo_steps import CITIZEN, Bench, bench


class _Route(BaseHTTPRequestHandler):
    """A webhook as the core's: admit, keep under the identity, acknowledge."""

    on: ClassVar[Bench]
    kept: ClassVar[dict[str, tuple[Incoming, ...]]]
    failures: ClassVar[list[int]]
    retries: ClassVar[list[str]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.retries.append(self.headers.get("num_retry", ""))
        status = self.failures.pop() if self.failures else 200
        if status == 200:
            try:
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.on.channel.admit(body, headers)
                self.kept[self.on.channel.identity(body)] = self.on.channel.read(body)
            except SignatureRefused:
                status = 401
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def route(on: Bench) -> Iterator[tuple[str, type[_Route]]]:
    handler = type("Route", (_Route,), {"on": on, "kept": {}, "failures": [], "retries": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_variant_is_admitted_and_counted(variant: Any) -> None:
    with bench() as on, route(on) as (url, handler):
        webhook = ZaloWebhook(on.state, url, str(variant))
        assert webhook.save()
        assert webhook.deliver(webhook.text(CITIZEN, "Thủ tục cấp đổi CCCD", "m1")).statuses == [200]
        assert handler.kept["m1"][0].text == "Thủ tục cấp đổi CCCD"
        assert on.counters.counts == {"handshake": 1, f"signature.{variant}": 1}


def test_a_tightened_setting_refuses_the_others() -> None:
    with bench(signature_variants="app_id-body-oa") as on, route(on) as (url, handler):
        webhook = ZaloWebhook(on.state, url, "oa_id-body-oa")
        delivery = webhook.deliver(webhook.text(CITIZEN, "a"))
        assert delivery.statuses == [401] * 6
        assert webhook.off
        assert handler.kept == {}
        assert on.counters.counts["signature.refused.wrong"] == 6


def test_a_repetition_is_the_same_event() -> None:
    with bench() as on, route(on) as (url, handler):
        waited: list[float] = []
        webhook = ZaloWebhook(on.state, url, pause=waited.append)
        handler.failures += [503, 500]
        assert webhook.deliver(webhook.text(CITIZEN, "a", "m1")).statuses == [500, 503, 200]
        assert webhook.deliver(webhook.text(CITIZEN, "a", "m1")).taken
        assert list(handler.kept) == ["m1"]
        assert waited == list(LADDER_SECONDS[:2])
        assert handler.retries == ["", "1", "2", ""]
        assert not webhook.off


def test_the_last_repetition_is_still_young_enough() -> None:
    with bench() as on, route(on) as (url, handler):
        webhook = ZaloWebhook(on.state, url, pause=lambda seconds: on.later(seconds=seconds))
        handler.failures += [500] * 5
        assert webhook.deliver(webhook.text(CITIZEN, "a", "m1")).statuses == [500] * 5 + [200]
        event = webhook.text(CITIZEN, "b", "m2")
        on.later(days=2)
        assert webhook.deliver(event).statuses[-1] == 401


def test_an_officer_who_takes_over_and_a_citizen_who_withdraws() -> None:
    with bench() as on, route(on) as (url, handler):
        webhook = ZaloWebhook(on.state, url)
        roles = {"sender": {"id": on.state.oa_id, "admin_id": "5"}, "recipient": {"id": CITIZEN}}
        webhook.deliver(webhook.event("oa_send_text", CITIZEN, **roles, message={"msg_id": "m", "text": "tôi đây"}))
        webhook.deliver(webhook.event("user_withdraw", CITIZEN, user_id=CITIZEN))
        kinds = [arrived.kind for kept in handler.kept.values() for arrived in kept]
        assert kinds == [Arrival.OFFICER, Arrival.ERASE]
