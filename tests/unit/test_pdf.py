"""PDFs that do something on their own, however that is written, and those that do nothing."""

import os
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pdf import MAX_INFLATED, is_active

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PAGES = (
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n"
)


def plain(catalogue: bytes = b"", *objects: bytes) -> bytes:
    """Return a PDF whose objects stand in it as they are."""
    first = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>\nendobj\n"
    return HEAD + first + PAGES + b"\n".join(objects) + b"\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def packed(
    *objects: bytes, keys: bytes = b"/Filter /FlateDecode", pack=zlib.compress, kind: bytes = b"/Type /ObjStm",
    catalogue: bytes = b"", start: int = 10,
) -> bytes:  # type: ignore[no-untyped-def] # fmt: skip
    """Return a PDF with these objects in an object stream, numbered from `start`."""
    header, body = b"", b""
    for number, content in enumerate(objects, start):
        header += b"%d %d " % (number, len(body))
        body += content + b" "
    data = pack(header + body)
    told = b"<< %s /N %d /First %d /Length %d %s >>" % (kind, len(objects), len(header), len(data), keys)
    return plain(catalogue, b"9 0 obj\n" + told + b"\nstream\r\n" + data + b"\nendstream\nendobj")


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
LINK = b"<< /S /URI /URI (https://dichvucong.gov.vn) >>"


@pytest.mark.parametrize(
    "content",
    [
        plain(b"/OpenAction " + SCRIPT),
        plain(b"", b"5 0 obj << /S /Java#53cript /#4aS (x) >> endobj"),
        plain(b"/Open#41ction 5 0 R", b"5 0 obj << /S /#4aavaScript /JS (x) >> endobj"),
        plain(b"/Names << /#45mbeddedFiles 6 0 R >>"),
        plain(b"", b"5 0 obj << /Type /Filespec /EF << /F 6 0 R >> >> endobj"),
        plain(b"", b"5 0 obj << /S /Launch /F (cmd.exe) >> endobj"),
        plain(b"", b"5 0 obj << /Subtype /RichMedia >> endobj"),
        plain(b"/AA << /WC 5 0 R >>"),
        plain(b"/AA 5 0 R"),
        plain(b"/AA%c\n<< /O 5 0 R >>"),
        plain(b"/AA" + b" " * 100 + b"<< /O 5 0 R >>"),
        plain(b"", b"5 0 obj << /S /SubmitForm /F (http://x) >> endobj"),
        plain(b"/AcroForm << /XFA [(a) 6 0 R] >>"),
        plain(b"/AcroForm << /XFA 6 0 R >>"),
        plain(b"", b"5 0 obj << /S /GoToR /F (\\\\\\\\host\\\\a.pdf) >> endobj"),
        plain(b"/OpenAction " + LINK),
        plain(b"/OpenAction 5 0 R", b"5 0 obj\n" + LINK + b"\nendobj"),
        plain(b"/OpenAction 5 0 R", b"5 0 obj [3 0 R /Fit] endobj", b"5%c\n 0 obj " + LINK + b" endobj"),
        plain(b"/OpenAction 5 0 R", b"5 0 obj [3 0 R /Fit] endobj", b"05 0 obj " + LINK + b" endobj"),
        plain(b"/OpenAction 5 0 R"),
        plain(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 5 0 R >>"),
        plain(b"/OpenAction << /S /GoTo /S /URI /URI (http://x) >>"),
        plain(b"/OpenAction << /S 5 0 R >>"),
        plain(b"/OpenAction << /Type /Action >>"),
        plain(b"/OpenAction [3 0 R /Fit] " * 17),
        packed(SCRIPT),
        packed(b"<< /S /Java#53cript >>", b"[1 2]"),
        packed(b"<< /AA << /O 4 0 R >> >>"),
        packed(SCRIPT, kind=b"/Type /Obj#53tm"),
        packed(SCRIPT, kind=b"/Type 7 0 R"),
        packed(SCRIPT, kind=b"/X (((endobj stream))) /Type /ObjStm"),
        packed(SCRIPT, kind=b"/X (\\) endobj) /Type /ObjStm"),
        packed(SCRIPT, kind=b"/X stream /Type /ObjStm"),
        packed(SCRIPT, kind=b"% endobj\n/Type /ObjStm"),
        packed(SCRIPT, kind=b"/Subtype /Image /Type /ObjStm"),
        packed(SCRIPT, keys=b"/Filter 7 0 R"),
        packed(SCRIPT, keys=b"", pack=bytes),
        packed(b"[1]", keys=b"/Filter [/ASCIIHexDecode /FlateDecode]", pack=lambda b: b.hex().encode()),
        packed(b"[1]", keys=b"/Filter /AHx", pack=lambda b: b.hex(" ").encode()),
        packed(b"[1]", keys=b"/Filter /FlateDecode /Filter /LZWDecode"),
        packed(b"[1]", keys=b"/Filter [/FlateDecode /FlateDecode]", pack=lambda b: zlib.compress(zlib.compress(b))),
        packed(b"[1]", keys=b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >>"),
        packed(b"[1]", keys=b"/F (other.bin)"),
        packed(b"[1]", pack=lambda b: zlib.compress(b)[:-8] + b"\xff" * 40),
        packed(b"[1]").replace(b"/Root", b"/Encrypt 8 0 R /Root"),
        packed(b" " * (MAX_INFLATED + 10)),
        packed(*[b" " * (MAX_INFLATED // 3)] * 4),
        packed(LINK, catalogue=b"/OpenAction 10 0 R"),
        packed(b"<< /Type /Catalog /OpenAction 11 0 R >>", LINK),
    ],
)  # fmt: skip
def test_what_does_something_is_told(content: bytes) -> None:
    assert is_active(content)


@pytest.mark.parametrize(
    "content",
    [
        plain(),
        plain(b"/OpenAction [3 0 R /FitH 842]"),
        plain(b"/OpenAction << /S /GoTo /D [3 0 R /XYZ null null 0] >>"),
        plain(b"/OpenAction [3 0 R]"),
        plain(b"/OpenAction 5 0 R", b"5 0 obj\n<< /S /GoTo /D [3 0 R /Fit] >>\nendobj"),
        plain(b"/OpenAction 5 0 R", b"5 0 obj [3 0 R /Fit] endobj"),
        plain(b"/OpenAction << /S /Named /N /FirstPage >>"),
        plain(b"/OpenAction /trang-1"),
        plain(b"", b"5 0 obj << /Subtype /Link /A " + LINK + b" >> endobj"),
        plain(b"/AAPL:Keywords [(a)] /JSON 1 /Launched true /AA null /EFG << >>"),
        plain(b"/Lang (vi) /Title (Don /JS khieu nai)"),
        plain(b"", b"5 0 obj << /First 6 0 R >> endobj", b"6 0 obj << /N 3 >>\nstream\nabc\nendstream endobj"),
        plain(b"", b"5 0 obj << /BaseFont /ABCDEF+Times#20New#20Roman >> endobj"),
        packed(b"<< /Type /Catalog /Pages 2 0 R >>", b"[1 2 3]", LINK),
        packed(b"<< /Type /Catalog /OpenAction 11 0 R >>", b"<< /S /GoTo /D [3 0 R /Fit] >>"),
        packed(b"[1]", keys=b"/Filter [/FlateDecode]"),
        packed(b"[3 0 R /Fit]", catalogue=b"/OpenAction 10 0 R"),
        packed(b"<< /Title (Java script) >>", keys=b"", pack=bytes),
        packed(b"[1]") + packed(b"[2]"),
    ],
)  # fmt: skip
def test_what_does_nothing_is_taken(content: bytes) -> None:
    assert not is_active(content)


def test_scanned_pages_are_not_taken_for_active_by_chance() -> None:
    noise = random.Random(1).randbytes(1_000_000)
    image = b" 0 obj << /Subtype /Image /Filter /DCTDecode >>\nstream\n" + noise + b"\nendstream endobj"
    pages = [b"5" + image, b"6" + image]
    assert not is_active(plain(b"/OpenAction [3 0 R /Fit]", *pages))
    assert not is_active(packed(b"[1 2]").replace(b"%%EOF", b"\n".join(pages)))


@pytest.mark.parametrize(
    "piece",
    [
        b"/JS%", b"/AA ", b"5%", b"obj(", b"obj <<", b"1 0 obj << /N 1 /First 2 (", b"/OpenAction 5 0 R ", b"#2f/",
        b"0", b"(", b"%", b"obj << /N /First 9 >> stream ", b"1 0 obj << /Type /ObjStm /First 4 >> stream\n1 0 ",
        b"/OpenAction <<", b"/", b"/N",
    ],
)  # fmt: skip
@pytest.mark.timeout(120)
def test_no_file_keeps_the_check_busy(piece: bytes) -> None:
    content = HEAD + b"/ObjStm /OpenAction 5 0 R " + piece * (2 * 1024 * 1024 // len(piece))
    assert is_active(content) in {True, False}


@pytest.mark.timeout(60)
def test_many_object_streams_are_gone_through_in_time() -> None:
    one = b"%d 0 obj << /Type /ObjStm /N 1 /First 4 >>\nstream\n"
    data = zlib.compress(b"7 0 " + os.urandom(2_000).hex().encode())
    content = plain(b"", *(one % n + data + b"\nendstream endobj" for n in range(10, 1_500)))
    assert not is_active(content)


@given(st.binary(max_size=200), st.sampled_from([plain(), packed(b"[1]"), packed(SCRIPT)]), st.integers(0, 400))
def test_any_damage_is_borne(noise: bytes, content: bytes, at: int) -> None:
    is_active(content[:at] + noise + content[at:])
