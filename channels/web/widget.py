"""widget.js: the chat page's modules, markup and styles as one plain script for other sites' pages.

The modules are joined as they are, each in a function of its own; indentation and comment lines are left out. No
build step and no tool is needed: the script is made at the first request and again when a file changes.
"""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import Response

from channels.web.page import STATIC_DIR

ENTRY = "widget/element.js"
_IMPORT = re.compile(r'^import \{([^}]+)\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^\s*(?:/\*.*?\*/[ \t]*$|//[^\n]*$)\n?", re.MULTILINE | re.DOTALL)
# «code; // remark»: a remark that holds no quotation mark, so that no string is cut.
_REMARK = re.compile(r"[ \t]+// [^\"'`\n]*$", re.MULTILINE)
# Spaces around signs that no sentence of the interface has between spaces.
_SPACED = re.compile(
    r" (=>|===|!==|=|&&|\|\||<|>|\+=|\+|\*|\?|:) |(?<=\)) (?=\{)|(?<=\bif) (?=\()"
    r"|(?<=\{) (?=[\w.])|(?<=[\w)\]]) (?=\})"
)
_CSS_SPACE = re.compile(r"\s*([{};,\n])\s*|(?<=[\w-])(:) ")
# A host page has its own banner, main part, footer and first heading.
_TAGS = {"main": "div", "header": "div", "footer": "div", "h1": "h2"}
_LEFT_OUT = frozenset({"script", "noscript"})
_VOID = frozenset({"input", "br", "img"})


@dataclass(frozen=True)
class Script:
    """The finished script and its compressed form."""

    plain: bytes
    packed: bytes
    tag: str


class _Markup(HTMLParser):
    """Reads the body of the chat page into [tag, attributes, children…]."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[object] = []
        self._open: list[list[object]] = []
        self._inside = False
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._inside = True
            return
        if not self._inside or self._skipping or tag in _LEFT_OUT:
            self._skipping += self._inside and tag not in _VOID
            return
        # The parser lower-cases names; in SVG one that we use has a capital.
        named = {("viewBox" if name == "viewbox" else name): value or "" for name, value in attrs}
        part: list[object] = [_TAGS.get(tag, tag), named]
        (self._open[-1] if self._open else self.parts).append(part)
        if tag not in _VOID:
            self._open.append(part)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        if self._skipping:
            self._skipping -= 1
        elif self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._skipping and data.strip():
            self._open[-1].append(re.sub(r"\s+", " ", data))


def markup() -> list[object]:
    """Return the chat page's body as nested lists."""
    reader = _Markup()
    reader.feed((STATIC_DIR / "chat" / "index.html").read_text("utf-8"))
    return reader.parts


def styles() -> str:
    """Return the shared styles and the widget's own."""
    text = "".join((STATIC_DIR / name).read_text("utf-8") for name in ("chat/chat.css", "widget/widget.css"))
    close = _CSS_SPACE.sub(lambda m: (m[1] or m[2]).strip(), re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    return close.replace(";}", "}").strip()


def bundle() -> str:
    """Return the whole script."""
    done: dict[str, str] = {}
    _add(ENTRY, done)
    return '"use strict";(()=>{const M={};\n' + "\n".join(done.values()) + "\n})();\n"


def _add(name: str, done: dict[str, str]) -> None:
    """Add a module after those that it imports; the pages' modules import each other in no circle."""
    if name in done:
        return
    if name == "widget/parts.js":
        parts = json.dumps({"css": styles(), "markup": markup()}, ensure_ascii=False, separators=(",", ":"))
        done[name] = f"M[{json.dumps(name)}]={parts};"
        return
    source = (STATIC_DIR / name).read_text("utf-8")
    for _names, wanted in _IMPORT.findall(source):
        _add(_beside(name, wanted), done)
    source = _IMPORT.sub(lambda m: f"const{{{m[1].strip()}}}=M[{json.dumps(_beside(name, m[2]))}];\n", source)
    exported = [found[2] for found in _EXPORT.finditer(source)]
    source = _REMARK.sub("", _COMMENT.sub("", _EXPORT.sub(r"\1 \2", source)))
    source = _SPACED.sub(lambda m: m[1] or "", source)
    lines = "\n".join(line.strip() for line in source.splitlines() if line.strip())
    done[name] = f"M[{json.dumps(name)}]=(()=>{{\n{lines}\nreturn {{{','.join(exported)}}};\n}})();"


def _beside(name: str, wanted: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / wanted).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


@lru_cache(maxsize=1)
def _made(_stamps: tuple[int, ...]) -> Script:
    plain = bundle().encode()
    return Script(plain, gzip.compress(plain, 9, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:32]}"')


def script() -> Script:
    """Return the script as the files are now."""
    files: list[Path] = sorted((STATIC_DIR / "chat").iterdir()) + sorted((STATIC_DIR / "widget").iterdir())
    return _made(tuple(file.stat().st_mtime_ns for file in files))


def widget_script(request: Request) -> Response:
    """Answer GET /widget.js; browsers keep it and ask whether it changed."""
    made = script()
    headers = {"ETag": made.tag, "Cache-Control": "max-age=300, must-revalidate", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == made.tag:
        return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    content = made.packed if packed else made.plain
    return Response(content, media_type="text/javascript; charset=utf-8", headers=headers)
