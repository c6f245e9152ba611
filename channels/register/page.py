"""The register as a page: whole without JavaScript, readable on a phone. Pure."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlencode

from bot.core.cases.register import Entry, Narrowed, UnitCount
from bot.core.cases.state import Finding
from bot.core.phrases import vietnamese_date
from channels.register.labels import Labels

PATH = "/phan-anh"
TITLE = "Trả lời phản ánh về cán bộ"
_OFFICE = "Sở Nội vụ Hà Nội"


def page(
    entries: Sequence[Entry],
    everything: Sequence[Entry],
    totals: Sequence[UnitCount],
    wanted: Narrowed,
    number: int,
    pages: int,
    labels: Labels,
    k: int,
) -> str:
    """Return the HTML of one page of entries. `everything` gives the choices, `totals` the table of findings."""
    title = TITLE + (f" · {labels.unit(wanted.unit)}" if wanted.unit else "")
    title += f" · trang {number}" if number > 1 else ""
    shown = "".join(_entry(entry, labels) for entry in entries)
    if not entries:
        asked = wanted != Narrowed()
        shown = (
            f"<p class='none'>{'Chưa có trả lời nào đúng với lựa chọn này.' if asked else 'Chưa có trả lời nào.'}</p>"
        )
    return f"""<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · {_OFFICE}</title>
<meta name="description" content="Kết quả giải quyết phản ánh của người dân, không nêu tên ai.">
<link rel="stylesheet" href="/static/register/register.css">
</head>
<body>
<a class="skip" href="#tra-loi">Đến phần trả lời</a>
<header>
<p class="office"><a href="/">{_OFFICE}</a></p>
<h1>{TITLE}</h1>
<p>Người dân phản ánh, cơ quan kiểm tra và trả lời. Trang này đăng phần trả lời đã được người thứ hai duyệt;
không đăng lời kể, không nêu tên người gửi hay người bị nêu.</p>
</header>
<main>
{_form(everything, wanted, labels)}
<section id="tra-loi" aria-labelledby="h-tra-loi">
<h2 id="h-tra-loi">{_found(len(entries), number, pages)}</h2>
{shown}
{_pager(wanted, number, pages)}
</section>
{_totals(totals, labels)}
</main>
<footer>
<p>Nơi gặp và ngày xảy ra chỉ được ghi khi có từ {k} người trở lên phản ánh cùng việc, cùng nơi,
cùng ngày, để không ai đoán ra người gửi.
Số liệu dùng lại được ở dạng máy đọc: <a href="/api/register">/api/register</a>.</p>
</footer>
</body>
</html>
"""


def query(wanted: Narrowed, number: int = 1) -> str:
    """Return the address of a page of the register."""
    given = {
        "don-vi": wanted.unit,
        "ky": wanted.period,
        "ma": wanted.behaviour,
        "trang": number if number > 1 else None,
    }
    told = urlencode({name: value for name, value in given.items() if value})
    return f"{PATH}?{told}" if told else PATH


def period_name(period: str) -> str:
    """2026-11 → tháng 11/2026; 2026 → năm 2026."""
    year, _, month = period.partition("-")
    return f"tháng {month}/{year}" if month else f"năm {year}"


def _form(everything: Sequence[Entry], wanted: Narrowed, labels: Labels) -> str:
    units = sorted(
        {e.unit for e in everything if e.unit} | ({wanted.unit} if wanted.unit else set()), key=labels.unit
    )
    codes = sorted({code for e in everything for code in e.behaviours}, key=labels.behaviour)
    months = sorted({e.period for e in everything}, reverse=True)
    years = sorted({month[:4] for month in months}, reverse=True)
    periods = [(period, _capital(period_name(period))) for period in (*years, *months)]
    return f"""<form method="get" action="{PATH}">
{_select("don-vi", "Cơ quan", "Mọi cơ quan", [(u, labels.unit(u)) for u in units], wanted.unit)}
{_select("ky", "Thời gian đăng", "Mọi lúc", periods, wanted.period)}
{_select("ma", "Nội dung", "Mọi nội dung", [(c, labels.behaviour(c)) for c in codes], wanted.behaviour)}
<button type="submit">Xem</button>
</form>"""


def _select(name: str, label: str, nothing: str, options: Iterable[tuple[str, str]], chosen: str | None) -> str:
    told = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in options
    )
    return f'<label>{label}<select name="{name}"><option value="">{nothing}</option>{told}</select></label>'


def _totals(totals: Sequence[UnitCount], labels: Labels) -> str:
    if not totals:
        return ""
    names = [labels.finding(finding) for finding in Finding]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{escape(labels.unit(count.unit))}</th>'
        + "".join(_cell(name, count.findings.get(finding, 0)) for finding, name in zip(Finding, names, strict=True))
        + f"{_cell('Tổng', count.total)}</tr>"
        for count in totals
    )
    return f"""<section aria-labelledby="h-so"><h2 id="h-so">Kết luận theo cơ quan</h2>
<table><thead><tr><th scope="col">Cơ quan</th>{head}<th scope="col">Tổng</th></tr></thead>
<tbody>{rows}</tbody></table>
</section>"""


def _cell(name: str, number: int) -> str:
    """A number with its heading beside it; on a phone zeros are left out."""
    return f'<td data-label="{escape(name)}"{"" if number else " class=zero"}>{number}</td>'


def _entry(entry: Entry, labels: Labels) -> str:
    facts = [("Nội dung phản ánh", labels.behaviours(entry))]
    if entry.desk:
        facts.append(("Nơi gặp", labels.desk(entry.desk)))
    if entry.event_date:
        facts.append(("Ngày xảy ra", vietnamese_date(entry.event_date)))
    facts += [("Vì sao", entry.reason), ("Nếu chưa đồng ý", entry.remedy)]
    told = "".join(f"<div><dt>{name}</dt><dd>{_text(value)}</dd></div>" for name, value in facts)
    marks = "".join(
        f'<p class="mark">Đính chính ngày {vietnamese_date(c.on)}: {_text(c.note)}</p>' for c in entry.corrections
    )
    if entry.reviewing:
        marks += '<p class="mark">Người gửi cho biết chưa được giải quyết; việc này đang được xem lại.</p>'
    return f"""<article id="{entry.ref}" aria-labelledby="t-{entry.ref}">
<p class="when">Đăng ngày {vietnamese_date(entry.published_on)}</p>
<h3 id="t-{entry.ref}">{escape(labels.unit(entry.unit))}</h3>
<p class="finding {entry.finding.name.lower().replace("_", "-")}">{escape(labels.finding(entry.finding))}</p>
<p class="answer">{_text(entry.text)}</p>
{marks}<dl>{told}</dl>
</article>"""


def _pager(wanted: Narrowed, number: int, pages: int) -> str:
    if pages < 2:
        return ""
    links = []
    if number > 1:
        links.append(f'<a rel="prev" href="{escape(query(wanted, number - 1))}">Mới hơn</a>')
    links.append(f"<span>Trang {number} trên {pages}</span>")
    if number < pages:
        links.append(f'<a rel="next" href="{escape(query(wanted, number + 1))}">Cũ hơn</a>')
    return f'<nav aria-label="Các trang">{"".join(links)}</nav>'


def _found(shown: int, number: int, pages: int) -> str:
    return "Các trả lời" + (f" (trang {number} trên {pages})" if pages > 1 else f" ({shown})" if shown else "")


def _text(value: str) -> str:
    return escape(value).replace("\n", "<br>")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
