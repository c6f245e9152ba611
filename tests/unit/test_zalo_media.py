"""Which addresses of files are opened: hosts of the list, public addresses, no way round either."""

from collections.abc import Callable

import httpx
import pytest

from bot.core.channels.contract import Failure, Media, MediaRefused, SendFailed
from channels.zalo.media import Fetcher, MediaRules, host_of, is_public

PUBLIC = "203.162.0.1"
FILE = b"%PDF-1.7 noi dung"


class Web:
    """Answers by address as named (host header and path), and keeps what was opened."""

    def __init__(self, answers: dict[str, httpx.Response], names: dict[str, list[str]] | None = None) -> None:
        self.answers = answers
        self.names = names or {}
        self.opened: list[httpx.Request] = []
        self.resolved: list[str] = []

    async def resolve(self, host: str) -> list[str]:
        self.resolved.append(host)
        return self.names.get(host, [PUBLIC])

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.opened.append(request)
        return self.answers.get(f"{request.headers['host']}{request.url.path}", httpx.Response(404))

    def fetcher(self, *hosts: str) -> Fetcher:
        rules = MediaRules(hosts or ("*.zdn.vn",))
        return Fetcher(rules, self.resolve, httpx.MockTransport(self.answer))


def pdf(content: bytes = FILE, kind: str = "application/pdf", **headers: str) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(content), headers={"content-type": kind, **headers})


def moved(to: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": to})


async def refusal(web: Web, address: str, limit: int = 1_000, size: int | None = None) -> str:
    try:
        await web.fetcher().fetch(Media(address, size=size), limit)
    except MediaRefused as refused:
        return refused.reason
    except SendFailed as failed:
        return failed.failure.value
    return ""


async def test_a_file_is_fetched_from_the_checked_address_under_its_name() -> None:
    web = Web({"f.zdn.vn/x": pdf()})
    assert await web.fetcher().fetch(Media("https://f.zdn.vn/x?a=1"), 100) == FILE
    request = web.opened[0]
    assert (request.url.host, request.headers["host"]) == (PUBLIC, "f.zdn.vn")
    assert request.extensions["sni_hostname"] == "f.zdn.vn"
    assert request.url.query == b"a=1"
    assert web.resolved == ["f.zdn.vn"]


@pytest.mark.parametrize(
    "address",
    ["http://f.zdn.vn/x", "https://zdn.vn.ke-xau.example/x", "https://xzdn.vn/x", "https://f.zdn.vn:8443/x",
     "https://f.zdn.vn@10.0.0.1/x", "https://a:b@f.zdn.vn/x", "https://127.0.0.1/x", "https://[::1]/x",
     "https://localhost/x", "https://2130706433/x", "https://0x7f.1/x", "file:///etc/passwd", "ftp://f.zdn.vn/x",
     "gopher://f.zdn.vn/x", "//f.zdn.vn/x", "f.zdn.vn/x", "", "https://", "https:///x", "https://f.zdn.vn\\@10.0.0.1/x",
     "https://zdn.vn/x", "https://f.zdn.vn./x", "https://f..zdn.vn/x", "https://ｆ.zdn.vn.xn--/x", "javascript:1",
     "https://f.zdn.vn\r\nHost: x/", "https://169.254.169.254/latest/meta-data", "https://f.zdn.vn:99999/x"],
)  # fmt: skip
async def test_other_addresses_are_not_even_resolved(address: str) -> None:
    web = Web({})
    assert await refusal(web, address) == "host"
    assert (web.opened, web.resolved) == ([], [])


@pytest.mark.parametrize(
    "private",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1", "198.18.0.1", "192.0.2.1",
     "fe80::1%eth0", "x"],
)  # fmt: skip
async def test_a_name_that_leads_inside_is_not_opened(private: str) -> None:
    assert not is_public(private)
    for found in ([private], [PUBLIC, private]):
        web = Web({"f.zdn.vn/x": pdf()}, {"f.zdn.vn": found})
        assert await refusal(web, "https://f.zdn.vn/x") == "host"
        assert web.opened == []


def test_public_addresses_are_public() -> None:
    assert all(map(is_public, (PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8")))


async def test_a_name_is_resolved_once_for_each_opening() -> None:
    web = Web({"f.zdn.vn/x": pdf()})
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def changing(host: str) -> list[str]:
        return next(answers)

    web.resolve = changing  # type: ignore[method-assign]
    assert await web.fetcher().fetch(Media("https://f.zdn.vn/x"), 100) == FILE
    assert web.opened[0].url.host == PUBLIC


@pytest.mark.parametrize("name", ["https://g.zdn.vn/y", "//g.zdn.vn/y"])
async def test_a_redirect_among_the_hosts_is_followed_and_checked(name: str) -> None:
    web = Web({"f.zdn.vn/x": moved(name), "g.zdn.vn/y": pdf()})
    assert await web.fetcher().fetch(Media("https://f.zdn.vn/x"), 100) == FILE
    assert web.resolved == ["f.zdn.vn", "g.zdn.vn"]
    relative = Web({"f.zdn.vn/x": moved("/y", 307), "f.zdn.vn/y": pdf()})
    assert await relative.fetcher().fetch(Media("https://f.zdn.vn/x"), 100) == FILE


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/x", "https://ke-xau.example/x", "http://g.zdn.vn/x", "file:///etc/passwd", "https://[::1]/",
     "https://trong.zdn.vn/x", "https://f.zdn.vn/x"],
)  # fmt: skip
async def test_a_redirect_elsewhere_or_in_a_circle_is_not_followed(target: str) -> None:
    web = Web({"f.zdn.vn/x": moved(target), "trong.zdn.vn/x": pdf()}, {"trong.zdn.vn": ["10.0.0.1"]})
    assert await refusal(web, "https://f.zdn.vn/x") == "host"
    assert all(request.url.host == PUBLIC for request in web.opened)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(pdf(b"x" * 1_001), "size"), (pdf(FILE, "text/html"), "type"), (pdf(FILE, "image/svg+xml"), "type"),
     (pdf(FILE, "application/javascript"), "type"), (pdf(FILE, **{"content-encoding": "gzip"}), "type"),
     (pdf(FILE, **{"content-length": "9999999999"}), "size"), (httpx.Response(404), "gone"),
     (httpx.Response(403), "gone"), (httpx.Response(410), "gone"), (httpx.Response(500), "retry"),
     (httpx.Response(429), "wait"), (pdf(b""), "gone"), (httpx.Response(206), "retry"), (pdf(b"x" * 1_000), ""),
     (pdf(FILE, "image/jpeg; charset=x"), ""), (pdf(FILE, ""), ""), (pdf(FILE, "application/octet-stream"), "")],
)  # fmt: skip
async def test_size_and_type_are_limited(answer: httpx.Response, reason: str) -> None:
    assert await refusal(Web({"f.zdn.vn/x": answer}), "https://f.zdn.vn/x") == reason


async def test_a_size_that_is_announced_is_believed_when_it_is_too_much() -> None:
    web = Web({"f.zdn.vn/x": pdf()})
    assert await refusal(web, "https://f.zdn.vn/x", 1_000, size=1_001) == "size"
    assert web.opened == []


@pytest.mark.parametrize("fault", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), OSError("x")])
async def test_a_network_that_fails_is_tried_again(fault: Exception) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise fault

    async def resolve(_host: str) -> list[str]:
        return [PUBLIC]

    fetcher = Fetcher(MediaRules(), resolve, httpx.MockTransport(fail))
    with pytest.raises(SendFailed) as failed:
        await fetcher.fetch(Media("https://f.zdn.vn/x"), 100)
    assert failed.value.failure is Failure.RETRY


async def test_a_name_that_does_not_exist_is_tried_again() -> None:
    async def resolve(_host: str) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(SendFailed):
        await Fetcher(MediaRules(), resolve).fetch(Media("https://f.zdn.vn/x"), 100)


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://F.zdn.vn/bi-mat?token=1", "f.zdn.vn"), ("https://a\r\nb/", "?"), ("x" * 999, "?"), ("", "?")],
)
def test_a_log_names_the_host_alone(address: str, host: str) -> None:
    assert host_of(address) == host


def hosts_refuse(*hosts: str) -> Callable[[str], bool]:
    return lambda host: not Fetcher(MediaRules(hosts))._allowed(host)


def test_a_host_without_a_star_is_that_host_alone() -> None:
    refused = hosts_refuse("f.zdn.vn")
    assert not refused("f.zdn.vn")
    assert refused("a.f.zdn.vn")
    assert refused("zdn.vn")
