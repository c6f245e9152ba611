"""The HTML of the page without JavaScript. Every text goes through `escape`."""

import secrets
from collections.abc import Sequence
from datetime import timedelta, timezone
from html import escape
from typing import Any

from bot.core.channels.rendering import token
from bot.core.messages import Event, EventKind

_VIET_NAM = timezone(timedelta(hours=7))
_HEAD = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tiếp Dân – trang đơn giản</title>
<link rel="icon" href="static/chat/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="static/chat/chat.css">
<link rel="stylesheet" href="static/plain/plain.css">
</head>
<body>
<main class="plain">
<h1>Tiếp Dân – Sở Nội vụ Hà Nội</h1>
<p>Tôi là trợ lý tự động. Trang này dùng được khi máy không có JavaScript; ảnh và ghi âm thì phải gửi ở
<a href="./">trang đầy đủ</a>. Khẩn cấp, xin gọi <a href="tel:113">113</a> công an, <a href="tel:114">114</a>
chữa cháy, <a href="tel:115">115</a> cấp cứu.</p>
"""
_TAIL = """</main>
</body>
</html>
"""


def page(events: Sequence[Event], *, session_id: str, renewal: str, typed: str, notice: str, awaits: bool) -> str:
    """Return the whole page: the conversation, then the form, which carries the session."""
    told = "".join(map(_entry, events))
    parts = [_HEAD]
    if told:
        parts.append(f'<ol class="talked">{told}</ol>')
    if notice:
        parts.append(f'<p class="warning" role="alert">{escape(notice)}</p>')
    hidden = {"session": session_id, "renewal": renewal, "message": secrets.token_hex(8)}
    parts.append('<form method="post" action="don-gian" accept-charset="utf-8">')
    parts += [f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items()]
    if awaits:
        parts.append('<p role="status">Tôi đang xem tin của anh/chị.</p>')
        parts.append('<p><button class="go" name="choice" value="look">Xem trả lời</button></p>')
    elif events:
        parts.append(_choices(events[-1]))
    focus = " autofocus" if events and not awaits else ""
    parts.append(
        f'<label for="text">Câu hỏi của anh/chị</label><textarea id="text" name="text" rows="3"{focus}>'
        f'{escape(typed)}</textarea><button class="go" name="choice" value="">Gửi</button>'
    )
    if session_id:
        parts.append(
            ' <button class="less" name="choice" value="erase">Xóa nội dung trò chuyện</button>'
            '<p class="note">Xóa rồi thì không lấy lại được. Phiếu phản ánh đã gửi thì vẫn còn.</p>'
        )
    parts += ["</form>", _TAIL]
    return "".join(parts)


def _entry(event: Event) -> str:
    body = event.body
    if event.kind is EventKind.CITIZEN:
        said = f'<div class="bubble">{escape(body["text"]) or "(tin trống)"}</div>'
        return f'<li class="entry citizen"><h2>Anh/chị</h2>{said}</li>'
    at = event.created_at.astimezone(_VIET_NAM).strftime("%H:%M, %d/%m/%Y")
    blocks = "".join(map(_block, body.get("blocks") or []))
    sources = "".join(f"<li>{_source(source)}</li>" for source in body.get("sources") or [])
    listed = f'<ul class="sources" aria-label="Nguồn của câu trả lời">{sources}</ul>' if sources else ""
    said = f'<div class="sheet"><p class="say">{escape(body["text"])}</p>{blocks}{listed}</div>'
    who = escape(str(body["data"].get("name", ""))) if event.kind is EventKind.OPERATOR else "Tiếp Dân"
    return f'<li class="entry"><h2>{who} · {at}</h2>{said}</li>'


def _block(block: dict[str, Any]) -> str:
    kind = "ol" if block["kind"] == "steps" else "ul"
    items = "".join(f"<li>{escape(item)}</li>" for item in block.get("items") or [])
    parts = [
        f"<h3>{escape(block['title'])}</h3>" if block.get("title") else "",
        f"<p>{escape(block['text'])}</p>" if block.get("text") else "",
        f'<{kind} class="items">{items}</{kind}>' if items else "",
    ]
    return f'<section class="block {escape(block["kind"])}">{"".join(parts)}</section>'


def _source(source: dict[str, Any]) -> str:
    label, url = escape(source["label"]), source.get("url") or ""
    if not url.lower().startswith(("https://", "http://")):
        return label
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{label}</a>'


def _choices(event: Event) -> str:
    buttons = event.body.get("buttons") or []
    if event.kind is EventKind.CITIZEN or not buttons:
        return ""
    shown = "".join(
        f'<button name="choice" value="{token(event.sequence, place)}">{escape(button["title"])}</button>'
        for place, button in enumerate(buttons)
    )
    return f'<div class="choices long" role="group" aria-label="Chọn nhanh">{shown}</div>'
