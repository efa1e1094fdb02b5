"""Tables of a web page, which many applications export as ``.xls``.

A page without a table is refused for what it is: mostly a log-in or error page that was saved
instead of the file.
"""
from __future__ import annotations

import codecs
import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection.bounds import PIECE, check_size
from ckanext.satudata.domain.inspection.formats.blocks import Table, grids
from ckanext.satudata.domain.inspection.kinds import utf16
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["read", "read_page"]

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,30})""",
                      re.IGNORECASE)
_SKIPPED = frozenset(["script", "style", "head", "nav", "select", "button", "noscript", "template",
                      "svg", "textarea", "xml", "footer", "option"])
_BLOCKS = frozenset(["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "center", "section",
                     "article", "header", "td", "th", "tr", "table", "ul", "ol", "hr", "form",
                     "main", "figure", "figcaption", "blockquote", "address", "dd", "dt", "body"])
_NESTED = 50
_BLANKS = re.compile(r"[ \t\r\f\v\n\xa0]+")


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Read the tables of a page.

    :raises RefusedFile: ``web_page`` without a table, or beyond the limits
    """
    check_size(path, limits.markup_bytes)
    return read_page(path.read_bytes(), name, limits)


def read_page(content: bytes, name: str, limits: Limits) -> RawFile:
    """Read the tables of a page that is in memory."""
    if not re.search(rb"<\s*(?:\w+:)?table\b", content.replace(b"\0", b"")[:], re.IGNORECASE):
        raise _web_page(content)
    encoding = _encoding(content)
    text = content.decode(encoding, errors="replace")
    del content
    blocks = _blocks(text)
    found = [grid for grid in grids(blocks, limits) if grid.height]
    if not found:
        raise _web_page(text.encode())
    sheets = [grid.sheet(typed=False) for grid in found]
    from ckanext.satudata.domain.inspection.sheet import RawFile

    return RawFile(name, "html", sheets, encoding=encoding)


def _web_page(content: bytes) -> RefusedFile:
    found = re.search(rb"<title[^>]*>([^<]{1,200})", content, re.IGNORECASE)
    title = " ".join(found[1].decode(errors="replace").split()) if found else ""
    template = N_(
        "Berkas ini halaman web “{title}” tanpa tabel, misalnya halaman masuk atau pesan kesalahan "
        "yang tersimpan sebagai ganti berkasnya. Unduh ulang berkas datanya, lalu unggah lagi."
    ) if title else N_(
        "Berkas ini halaman web tanpa tabel, misalnya halaman masuk atau pesan kesalahan yang "
        "tersimpan sebagai ganti berkasnya. Unduh ulang berkas datanya, lalu unggah lagi.")
    return RefusedFile("web_page", template, title=title[:100])


def _encoding(content: bytes) -> str:
    wide = utf16(content[:4096])
    if wide:
        return wide
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        said = _CHARSET.search(content[:4096])
        try:
            named = codecs.lookup(said[1].decode()).name if said else "cp1252"
        except LookupError:
            named = "cp1252"
        return "cp1252" if named in ("utf-8", "iso8859-1") else named
    return "utf-8"


def _blocks(text: str) -> list[str | Table]:
    """Return the lines and tables of a page in order; inner tables before the outer one."""
    etree: Any = importlib.import_module("lxml.etree")  # which has no types

    page = _Page()
    parser: Any = etree.HTMLParser(target=page, huge_tree=False, no_network=True)
    # its declared encoding is no longer true
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    text = re.sub(r"<meta[^>]*charset[^>]*>", "", text, count=3, flags=re.IGNORECASE)
    try:
        for start in range(0, len(text), PIECE):
            parser.feed(text[start:start + PIECE])
        parser.close()
    except etree.XMLSyntaxError:
        page.close()
    return page.blocks


class _Cell:
    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.down = _span(attributes.get("rowspan"))
        self.across = _span(attributes.get("colspan"))
        self.said: list[str] = []


class _Page:
    """Told of a page by the parser; unclosed cells and rows close where a browser closes them."""

    def __init__(self) -> None:
        self.blocks: list[str | Table] = []
        self._line: list[str] = []
        self._tables: list[tuple[Table, int]] = []
        self._cells: list[_Cell | None] = []
        self._skip = 0
        self._caption = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = tag.rpartition(":")[2].lower()
        if tag in _SKIPPED:
            self._skip += 1
        if self._skip:
            return
        if tag == "table":
            if len(self._tables) >= _NESTED:
                raise RefusedFile("too_deep", N_(
                    "Tabel di halaman web ini bersarang lebih dari {limit} tingkat. Simpan "
                    "tabelnya sebagai XLSX atau CSV."), limit=_NESTED)
            self._flush()
            self._tables.append((Table(), len(self.blocks)))
            self._cells.append(None)
        elif tag == "tr" and self._tables:
            self._close_cell()
            self._tables[-1][0].rows.append([])
        elif tag in ("td", "th") and self._tables:
            self._close_cell()
            self._cells[-1] = _Cell(attributes)
        elif tag == "caption" and self._tables:
            self._caption = True
        elif tag == "br":
            self._say("\n")
        elif tag in _BLOCKS:
            self._break()

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2].lower()
        if tag in _SKIPPED:
            self._skip = max(self._skip - 1, 0)
            return
        if self._skip:
            return
        if tag == "table" and self._tables:
            self._close_cell()
            table, at = self._tables.pop()
            self._cells.pop()
            # an outer table that only holds others is no table
            inner = any(isinstance(block, Table) for block in self.blocks[at:])
            if table.rows and not inner:
                self.blocks.append(table)
            elif inner:
                texts = [text for row in table.rows for text, _, _ in row if text.strip()]
                self.blocks[at:at] = [line for text in texts for line in text.split("\n")]
        elif tag in ("td", "th", "tr") and self._tables:
            self._close_cell()
        elif tag == "caption":
            self._caption = False
        elif tag in _BLOCKS:
            self._break()

    def data(self, data: str) -> None:
        if self._skip:
            return
        if self._caption and self._tables:
            self._tables[-1][0].caption += _BLANKS.sub(" ", data)
        else:
            self._say(_BLANKS.sub(" ", data))

    def close(self) -> None:
        while self._tables:
            self.end("table")
        self._flush()

    def _say(self, text: str) -> None:
        cell = self._cells[-1] if self._cells else None
        if cell is not None:
            cell.said.append(text)
        elif not self._tables:
            self._line.append(text)

    def _break(self) -> None:
        cell = self._cells[-1] if self._cells else None
        if cell is not None:
            if cell.said:
                cell.said.append("\n")
        elif not self._tables:
            self._flush()

    def _flush(self) -> None:
        for line in "".join(self._line).split("\n"):
            if line.strip():
                self.blocks.append(line.strip())
        self._line = []

    def _close_cell(self) -> None:
        if not self._cells:
            return
        cell = self._cells[-1]
        self._cells[-1] = None
        if cell is None:
            return
        table = self._tables[-1][0]
        if not table.rows:
            table.rows.append([])
        lines = [" ".join(line.split(" ")).strip() for line in "".join(cell.said).split("\n")]
        text = "\n".join(line for line in lines if line)
        table.rows[-1].append((text, cell.down, cell.across))


def _span(given: str | None) -> int:
    digits = (given or "").strip()
    return max(int(digits), 1) if digits.isdigit() and len(digits) < 6 else 1
