"""The Berita Acara as PDF: A4, letterhead, tables over pages, the same bytes each time.

Made with reportlab (pure Python, BSD): no library of the system is needed. Text is placed
with an embedded font, so it can be selected and searched, and no text of a person reaches
reportlab's own markup unescaped.
"""
from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from ckanext.satudata.domain.berita_acara import layout
from ckanext.satudata.domain.berita_acara.document import Confirmation, Document

__all__ = ["Brand", "write"]

_FONT, _BOLD = "SatuDataSans", "SatuDataSans-Bold"
_FILES = {_FONT: "DejaVuSansCondensed.ttf", _BOLD: "DejaVuSansCondensed-Bold.ttf"}
_MARGIN, _FOOT = 20 * mm, 22 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_INK, _INK_2, _LINE, _SHADE = (HexColor(c) for c in ("#17202B", "#4A5563", "#B9C2CD", "#EEF1F5"))
_PAD = 4
_TALLEST = 110 * mm
#: Fonts and their subsets are shared by all documents of a process; one is written at a time.
_ONE = threading.Lock()


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    given = {"fontName": _FONT, "textColor": _INK, "leading": size * 1.35, **more}
    return ParagraphStyle(name, fontSize=size, **given)


_BODY = _style("body", 10, alignment=TA_JUSTIFY, spaceAfter=6)
_LIST = _style("list", 10, leftIndent=16, bulletFontName=_FONT, bulletFontSize=10, spaceAfter=4)
_SECTION = _style("section", 11, fontName=_BOLD, spaceBefore=8, spaceAfter=5)
_TITLE = _style("title", 14, fontName=_BOLD, alignment=TA_CENTER, spaceBefore=12)
_NUMBER = _style("number", 10.5, alignment=TA_CENTER, spaceAfter=12)
# Text without a space (a URL, a pasted key) is broken rather than run out of its column.
_CELL = _style("cell", 8.5, splitLongWords=1)
_CELL_HEAD = _style("cell head", 8.5, fontName=_BOLD)
_SMALL = _style("small", 8, textColor=_INK_2)
_SIGN = _style("sign", 9.5)


@dataclass(frozen=True)
class Brand:
    """What differs from region to region: the two colours of the mark, ``#RRGGBB``."""

    first: str
    second: str


def write(
    document: Document,
    confirmations: Sequence[Confirmation],
    *,
    content_hash: str,
    check_url: str,
    brand: Brand,
    status: str,
    refused: bool = False,
) -> bytes:
    """Return the document as PDF.

    The same arguments give the same bytes: the creation date is the day of issue, nothing
    random goes in. (Another version of reportlab may write other bytes; a document that is
    confirmed is therefore kept, not made again.)

    :param content_hash: SHA-256 of the frozen content; empty for a draft
    :param check_url: where that hash can be looked up; written out and as a QR code
    :param status: what stands in the foot of every page beside the number
    :param refused: the document is void and must say so
    """
    stream = io.BytesIO()
    with _ONE:
        _register()
        template = _template(stream, document, brand)
        story = [*_head(document, refused), *_body(document),
                 *_end(layout.signatures(document, confirmations, refused),
                       content_hash, check_url)]
        template.build(story, canvasmaker=_numbered(document, status))
    return stream.getvalue()


def _register() -> None:
    if _FONT in pdfmetrics.getRegisteredFontNames():
        return
    folder = Path(__file__).parent / "fonts"
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    # No italics: <i> never occurs, and a family needs four entries.
    pdfmetrics.registerFontFamily(_FONT, _FONT, _BOLD, _FONT, _BOLD)


def _template(stream: io.BytesIO, document: Document, brand: Brand) -> BaseDocTemplate:
    title = layout.head(document)
    template = BaseDocTemplate(
        stream, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN,
        bottomMargin=_FOOT, invariant=1, lang="id", title=f"{title.title}, {title.number}",
        author=document.walidata.name, subject=document.agency.name,
        creator="ckanext-satudata", initialFontName=_FONT,
    )
    height = A4[1] - _FOOT - _MARGIN
    # Below the letterhead, on the first page only; frames without padding of their own.
    first = Frame(_MARGIN, _FOOT, _WIDTH, height - 20 * mm, 0, 0, 0, 0, id="first")
    later = Frame(_MARGIN, _FOOT, _WIDTH, height, 0, 0, 0, 0, id="later")
    template.addPageTemplates([
        PageTemplate("first", [first], autoNextPageTemplate="later",
                     onPage=lambda canvas, _: _letterhead(canvas, document, brand)),
        PageTemplate("later", [later]),
    ])
    return template


def _numbered(document: Document, status: str) -> type[Canvas]:
    """Return a canvas that knows how many pages there are before it writes the first one."""
    issued = document.issued or document.date
    number = document.number or "Konsep"

    class Numbered(Canvas):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._pages: list[dict[str, Any]] = []
            # invariant=1 would date every document 2000-01-01.
            self.setDateFormatter(lambda *_: f"D:{issued:%Y%m%d}000000Z")

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for order, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self._foot(order, len(self._pages))
                super().showPage()
            super().save()

        def _foot(self, order: int, count: int) -> None:
            self.setStrokeColor(_LINE)
            self.setLineWidth(0.5)
            self.line(_MARGIN, 15 * mm, A4[0] - _MARGIN, 15 * mm)
            self.setFillColor(_INK_2)
            self.setFont(_FONT, 8)
            self.drawString(_MARGIN, 10.5 * mm, f"{number} · {status}")
            self.drawRightString(A4[0] - _MARGIN, 10.5 * mm, f"Halaman {order} dari {count}")

    return Numbered


def _letterhead(canvas: Canvas, document: Document, brand: Brand) -> None:
    top = A4[1] - _MARGIN
    _mark(canvas, _MARGIN, top - 14 * mm, 14 * mm, brand)
    words = layout.head(document)
    canvas.setFillColor(_INK)
    left = _MARGIN + 18 * mm
    canvas.setFont(_BOLD, _fit(words.government, _BOLD, 13))
    canvas.drawString(left, top - 5.5 * mm, words.government)
    canvas.setFont(_FONT, _fit(words.walidata, _FONT, 10))
    canvas.drawString(left, top - 11.5 * mm, words.walidata)
    canvas.setStrokeColor(HexColor(brand.first))
    canvas.setLineWidth(1.5)
    canvas.line(_MARGIN, top - 17 * mm, A4[0] - _MARGIN, top - 17 * mm)


def _fit(text: str, font: str, size: float) -> float:
    """Return the size at which a line fits beside the mark: the head has no second line."""
    width = pdfmetrics.stringWidth(text, font, size)
    return min(size, size * (_WIDTH - 18 * mm) / width) if width else size


def _mark(canvas: Canvas, x: float, y: float, side: float, brand: Brand) -> None:
    """Draw the woven mark of the portal's head: four strands on a square of 38 units."""
    canvas.saveState()
    canvas.translate(x, y + side)
    canvas.scale(side / 38, -side / 38)
    canvas.setFillColor(HexColor(brand.first))
    canvas.rect(0, 0, 38, 38, stroke=0, fill=1)
    strands = (
        ("#FFFFFF", ((7, 2, 5, 11), (7, 20, 5, 4), (14, 2, 5, 4), (14, 13, 5, 11))),
        (brand.second, ((2, 7, 4, 5), (13, 7, 11, 5), (2, 14, 11, 5), (20, 14, 4, 5))),
    )
    for colour, boxes in strands:
        canvas.setFillColor(HexColor(colour))
        for left, top, width, height in boxes:
            canvas.rect(6 + left, 6 + top, width, height, stroke=0, fill=1)
    canvas.restoreState()


def _head(document: Document, refused: bool) -> list[Flowable]:
    words = layout.head(document, refused)
    return [_paragraph(words.title, _TITLE), _paragraph(words.number, _NUMBER)]


def _body(document: Document) -> list[Flowable]:
    story: list[Flowable] = []
    for block in layout.blocks(document):
        if isinstance(block, layout.Heading):
            story += [CondPageBreak(28 * mm), _paragraph(block.text, _SECTION)]
        elif isinstance(block, layout.Text):
            story.append(_paragraph(block.text, _BODY))
        elif isinstance(block, layout.Numbered):
            story += [Paragraph(_markup(text), _LIST, bulletText=f"{order}.")
                      for order, text in enumerate(block.items, 1)]
        else:
            story += [_table(block), Spacer(0, 8)]
    return story


def _table(grid: layout.Grid) -> Table:
    widths = [_WIDTH * column.share / 100 for column in grid.columns]
    rows: list[list[Any]] = [[_paragraph(column.title, _CELL_HEAD) for column in grid.columns]]
    joined: list[tuple[Any, ...]] = []
    for row in grid.rows:
        # A further catatan of the same dataset has a line above itself only.
        line = (0, -1, 0.5) if row[0].text else (2, 2, 0.25)
        joined.append(("LINEABOVE", (line[0], len(rows)), (line[1], len(rows)), line[2], _LINE))
        rows += _broken([_cell(cell) for cell in row], widths)
    return Table(
        rows, colWidths=widths, repeatRows=1, hAlign="LEFT",
        style=TableStyle([
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
            ("BOX", (0, 0), (-1, -1), 0.5, _LINE), ("LINEBEFORE", (1, 0), (-1, -1), 0.25, _LINE),
            ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LEFTPADDING", (0, 0), (-1, -1), _PAD), ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
            *joined,
        ]),
    )


def _broken(cells: Sequence[Any], widths: Sequence[float]) -> list[list[Any]]:
    """Break a tall row into rows of :data:`_TALLEST`, so that it can go on over pages.

    (reportlab can split inside a row, but then repeats the head in the middle of a page.)
    """
    found: list[list[Any]] = []
    left = list(cells)
    while any(left):
        row: list[Any] = []
        rest: list[Any] = []
        for cell, width in zip(left, widths, strict=True):
            head, tail = _cut(cell, width - 2 * _PAD)
            row.append(head)
            rest.append(tail)
        found.append(row)
        left = rest
    return found


def _cut(cell: Any, width: float) -> tuple[Any, Any]:
    """Return what of a paragraph fits into :data:`_TALLEST`, and the rest."""
    if not cell or cell.wrap(width, _TALLEST)[1] <= _TALLEST:
        return cell, ""
    head, *tail = cell.split(width, _TALLEST) or (cell,)
    return head, tail[0] if tail else ""


def _cell(cell: layout.Cell) -> Paragraph:
    text = _markup(cell.text)
    if cell.strong:
        text = f"<b>{_markup(cell.strong)}</b>" + (f"<br/>{text}" if text else "")
    return Paragraph(text, _CELL)


def _end(
    places: Sequence[layout.Signature], content_hash: str, check_url: str
) -> list[Flowable]:
    signs = Table(
        [[_signature(place) for place in places]], colWidths=[_WIDTH / 2] * 2, splitInRow=1,
        style=TableStyle([
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOX", (0, 0), (-1, -1), 0.5, _LINE),
            ("LINEBEFORE", (1, 0), (1, -1), 0.5, _LINE), ("TOPPADDING", (0, 0), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ]))
    story: list[Flowable] = [Spacer(0, 6), signs]
    if content_hash:
        story += [Spacer(0, 8), _proof(content_hash, check_url)]
    return [KeepTogether(story)]


def _signature(place: layout.Signature) -> list[Flowable]:
    lines = [f"<b>{_markup(place.title)}</b>", _markup(place.agency)]
    if place.name:
        lines += ["", f"<b>{_markup(place.name)}</b>", _markup(place.office),
                  f"Dikonfirmasi di portal {_markup(place.at)}"]
    else:
        lines += ["", place.pending]
    return [Paragraph(line or "&nbsp;", _SIGN) for line in lines]


def _proof(content_hash: str, check_url: str) -> Table:
    code = QrCodeWidget(check_url, barLevel="M", barBorder=0)
    x0, y0, x1, _y1 = code.getBounds()
    side = 22 * mm
    scale = side / (x1 - x0)
    drawing = Drawing(side, side, transform=[scale, 0, 0, scale, -x0 * scale, -y0 * scale])
    drawing.add(code)
    link = f'<link href="{escape(check_url, {chr(34): "&quot;"})}">{_markup(check_url)}</link>'
    text = [
        Paragraph("<b>Sidik isi dokumen (SHA-256)</b>", _SMALL),
        Paragraph(_markup(content_hash), _SMALL),
        Paragraph(f"Keasliannya dapat diperiksa di {link}", _SMALL),
        Paragraph("Konfirmasi dicatat portal atas nama akun masing-masing; dokumen ini tidak "
                  "memuat tanda tangan elektronik tersertifikasi.", _SMALL),
    ]
    return Table([[drawing, text]], colWidths=[side + 6 * mm, _WIDTH - side - 6 * mm],
                 style=TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"),
                                   ("LEFTPADDING", (0, 0), (-1, -1), 0)]))


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(_markup(text), style)


def _markup(text: str) -> str:
    """Escape a person's text for reportlab's markup; line ends stay line ends."""
    return escape(text).replace("\n", "<br/>")
