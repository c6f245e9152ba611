"""`tiepdan chat`: talks to the running stack in a terminal."""

import asyncio
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape

from bot.webclient import WebClient, WebClientError

PROMPT = "[bold cyan]bạn ›[/] "


async def chat(url: str, console: Console) -> None:
    """Talk until the end of input or «thoát»; a number presses the quick reply of that number.

    The quick replies stay until the next reply; an empty line and a number that none of them has are not sent.
    Raises WebClientError.
    """
    async with httpx.AsyncClient(base_url=usable(url), timeout=30) as http:
        client = WebClient(http)
        session = await client.open()
        seen, buttons = 0, []
        for event in await client.events(session, 0):
            buttons, seen = show(console, event["body"]), event["sequence"]
        while True:
            try:
                text = (await asyncio.to_thread(console.input, PROMPT)).strip()
            except EOFError:
                return
            if text.lower() in {"thoát", "thoat", "exit", "quit"}:
                return
            if not text:
                continue
            number = int(text) if buttons and text.isdecimal() and len(text) < 4 else None
            if number is not None and not 0 < number <= len(buttons):
                console.print(f"  Lựa chọn có các số từ 1 đến {len(buttons)}.", highlight=False)
                continue
            chosen = buttons[number - 1] if number else None
            seen = await client.post(session, chosen["title"] if chosen else text, chosen["id"] if chosen else None)
            with console.status("đang trả lời…"):
                event = await client.reply(session, seen, timeout_seconds=330)
            buttons, seen = show(console, event["body"]), event["sequence"]


def usable(url: str) -> httpx.URL:
    """Return an address that can be called. Raises WebClientError, which says what one looks like."""
    try:
        parts = httpx.URL(url.strip())
    except httpx.InvalidURL:
        parts = httpx.URL()
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise WebClientError(
            f"địa chỉ «{url}» không đúng dạng; viết cả http:// hoặc https://, ví dụ http://127.0.0.1:8080"
        )
    return parts


def show(console: Console, body: dict[str, Any]) -> list[dict[str, str]]:
    """Print a reply and return its quick replies."""
    console.print(f"[bold green]Tiếp Dân ›[/] {escape(body['text'])}", highlight=False)
    for block in body.get("blocks", []):
        if block["title"]:
            console.print(f"  [bold]{escape(block['title'])}[/]", highlight=False)
        if block["text"]:
            console.print(f"  {block['text']}", highlight=False, markup=False)
        for number, item in enumerate(block["items"], 1):
            mark = f"{number}." if block["kind"] == "steps" else "•"
            console.print(f"  {mark} {item}", highlight=False, markup=False)
    for source in body.get("sources", []):
        label = source["label"] + (f" – {source['url']}" if source["url"] else "")
        console.print(f"  [dim]{escape(label)}[/]", highlight=False)
    buttons: list[dict[str, str]] = body.get("buttons", [])
    for number, button in enumerate(buttons, 1):
        console.print(f"  [cyan]{number}[/] {escape(button['title'])}", highlight=False)
    return buttons
