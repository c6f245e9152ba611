"""What the widget offers beside talking: files, voice, plainer words, transcript, clearing, rating."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat import DESKTOP, PHONE, QUESTION
from tests.browser.fake_dialogue import DOSSIER
from tests.browser.widget import Embedding, OpenHost, ask, launch

pytestmark = pytest.mark.browser
# A device with one Vietnamese voice that only notes what it is given to read.
SPEAKING = """
window.spoken = [];
Object.defineProperty(window, 'speechSynthesis', {value: {
  getVoices: () => [{lang: 'en-US'}, {lang: 'vi-VN'}], cancel() {}, addEventListener() {},
  speak(said) { window.spoken.push(said.text); window.said = said; },
}});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
# A microphone whose recording is a few bytes of WebM.
RECORDING = """
Object.defineProperty(navigator, 'mediaDevices', {value: {
  getUserMedia: async () => {
    if (window.refused) throw new Error('no');
    return {getTracks: () => [{stop() { window.released = true; }}]};
  },
}});
window.MediaRecorder = class {
  constructor() { this.state = 'inactive'; this.mimeType = 'audio/webm'; }
  start() { this.state = 'recording'; }
  stop() { this.state = 'inactive'; this.ondataavailable({data: new Blob(['\\u001aE'])}); this.onstop(); }
};
"""


def answers(page: Page, count: int) -> None:
    expect(page.locator(".assistant")).to_have_count(count)


def option(page: Page, name: str) -> None:
    page.get_by_role("button", name="Tùy chọn").click()
    page.get_by_role("button", name=name, exact=True).click()


def test_the_transcript_has_the_words_lists_and_sources(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    launch(page)
    ask(page, QUESTION)
    answers(page, 2)
    with page.expect_download() as download:
        option(page, "Tải nội dung trò chuyện")
    assert re.fullmatch(r"tiep-dan-\d{4}-\d{2}-\d{2}\.txt", download.value.suggested_filename)
    text = Path(download.value.path()).read_text("utf-8")
    assert QUESTION in text
    assert DOSSIER.text in text
    assert all(f"- {item}" in text for item in DOSSIER.blocks[0].items)
    assert "https://dichvucong.gov.vn" in text


def test_clearing_says_what_remains_erases_on_the_server_and_starts_anew(
    open_host: OpenHost, embedding: Embedding
) -> None:
    page = open_host(DESKTOP)
    launch(page)
    ask(page, QUESTION)
    answers(page, 2)
    (conversation,) = embedding.store.tables.events
    option(page, "Xóa nội dung trò chuyện")
    asked = page.get_by_role("dialog", name="Xóa nội dung trò chuyện?")
    expect(asked).to_contain_text("Phiếu phản ánh đã gửi thì vẫn còn")
    asked.get_by_role("button", name="Giữ lại").click()
    answers(page, 2)
    option(page, "Xóa nội dung trò chuyện")
    asked.get_by_role("button", name="Xóa", exact=True).click()
    expect(page.locator(".divider")).to_contain_text("Phiếu phản ánh đã gửi thì vẫn còn")
    answers(page, 1)
    expect(page.locator(".bubble")).to_have_count(0)
    assert {event.body["text"] for event in embedding.store.tables.events[conversation]} == {""}
    assert len(embedding.store.tables.sessions) == 2


def test_rating_sends_the_score_of_the_conversation(open_host: OpenHost, embedding: Embedding) -> None:
    page = open_host(DESKTOP)
    launch(page)
    answers(page, 1)
    option(page, "4 điểm")
    expect(page.locator(".bubble")).to_have_text("4 điểm")
    answers(page, 2)
    assert [message.button for message in embedding.store.tables.messages] == ["s:score:4"]


def test_office_words_are_said_in_plainer_ones(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    launch(page)
    expect(page.get_by_role("button", name="Dễ hiểu hơn")).to_have_count(0)  # a greeting needs none
    ask(page, QUESTION)
    page.get_by_role("button", name="Dễ hiểu hơn").click()
    told = page.locator(".block.note")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Thành phần hồ sơ: các giấy tờ phải nộp.")
    expect(told).to_contain_text("Bản chính: tờ giấy gốc, không phải bản chụp.")
    expect(page.get_by_role("button", name="Dễ hiểu hơn")).to_have_count(0)


def test_an_answer_is_read_aloud_only_where_a_vietnamese_voice_exists(open_host: OpenHost) -> None:
    page = open_host(DESKTOP, script=SPEAKING)
    launch(page)
    ask(page, QUESTION)
    answers(page, 2)
    page.get_by_role("button", name="Nghe").last.click()
    expect(page.get_by_role("button", name="Dừng đọc")).to_have_count(1)
    assert DOSSIER.text in page.evaluate("window.spoken[0]")
    assert DOSSIER.blocks[0].items[8] in page.evaluate("window.spoken[0]")
    page.evaluate("window.said.onend()")
    expect(page.get_by_role("button", name="Dừng đọc")).to_have_count(0)
    page.get_by_role("button", name="Nghe").last.click()
    page.get_by_role("button", name="Dừng đọc").click()
    expect(page.get_by_role("button", name="Dừng đọc")).to_have_count(0)
    mute = open_host(DESKTOP, script=SPEAKING.replace("vi-VN", "fr-FR"))
    launch(mute)
    ask(mute, QUESTION)
    answers(mute, 2)
    expect(mute.get_by_role("button", name="Nghe")).to_have_count(0)


def taken(page: Page) -> list[str]:
    """Answer uploads in place of the service, and note them."""
    sent: list[str] = []

    def store(route: Route) -> None:
        origin = route.request.headers.get("origin", "*")
        allowed = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Headers": "authorization, content-type",
        }
        if route.request.method == "OPTIONS":
            route.fulfill(status=204, headers=allowed)
            return
        sent.append(route.request.url)
        body: dict[str, Any] = {"id": f"f{len(sent)}", "name": "ghi-am.webm", "size": 3, "duplicate": False}
        route.fulfill(status=201, headers=allowed, content_type="application/json", body=json.dumps(body))

    page.route("**/api/files/**", store)
    return sent


def test_a_recording_is_sent_only_when_chosen(open_host: OpenHost, embedding: Embedding) -> None:
    page = open_host(script=RECORDING)
    launch(page)
    answers(page, 1)
    sent = taken(page)
    page.get_by_role("button", name="Ghi âm", exact=True).click()
    expect(page.get_by_role("button", name="Gửi ghi âm")).to_be_focused()
    page.get_by_role("button", name="Bỏ ghi âm").click()
    expect(page.get_by_role("button", name="Ghi âm", exact=True)).to_be_focused()
    assert page.evaluate("window.released")
    assert sent == []
    page.get_by_role("button", name="Ghi âm", exact=True).click()
    page.get_by_role("button", name="Gửi ghi âm").click()
    expect(page.locator(".bubble")).to_have_text("Tệp: ghi-am.webm")
    answers(page, 2)
    assert len(sent) == 1
    assert embedding.store.tables.messages[0].button == "file:f1"


def test_a_refused_microphone_is_said_plainly(open_host: OpenHost) -> None:
    page = open_host(script=RECORDING + "window.refused = true;")
    launch(page)
    page.get_by_role("button", name="Ghi âm", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("nhắn chữ")


def test_no_recording_is_offered_where_the_browser_cannot(open_host: OpenHost) -> None:
    page = open_host(script="delete window.MediaRecorder;")
    launch(page)
    answers(page, 1)
    expect(page.get_by_role("button", name="Ghi âm", exact=True)).to_have_count(0)


def test_a_photo_goes_to_the_service_with_the_token(open_host: OpenHost, embedding: Embedding) -> None:
    page = open_host(PHONE)
    launch(page)
    answers(page, 1)
    sent = taken(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Gửi ảnh, ghi âm hoặc PDF").click()
    chooser.value.set_files({"name": "ảnh quầy.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff"})
    expect(page.locator(".bubble")).to_contain_text("Tệp: ghi-am.webm")
    assert sent[0].startswith(f"{embedding.origin}/api/files/s_")


def test_the_offices_notice_stands_above_the_talk_in_the_chosen_language(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    notice = {"text": "Bão số 9: gọi 114.", "english": "Storm: call 114.", "until": "2099-01-01T00:00:00Z"}
    page.route(
        "**/api/web/notices",
        lambda route: route.fulfill(json=[notice], headers={"Access-Control-Allow-Origin": "*"}),
    )
    launch(page)
    region = page.get_by_role("region", name="Thông báo")
    expect(region).to_have_text("Bão số 9: gọi 114.")
    option(page, "English")
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Notices")).to_have_text("Storm: call 114.")
