"""A table as it comes out of the clipboard of a spreadsheet, a document or a chat.

Programs put the same cells there twice: as a page (merged cells, figures as they are shown) and
as plain text with tabs. The page is better where there is one. Nothing of it is kept but the
cells, their spans and the lines around them: no style, script, link or comment.

Threat: whoever pastes chooses every byte. What is kept is written anew from a list of five
elements; the engine's reader bounds the rest (nesting, spans, cells).
"""
from __future__ import annotations

import html as markup
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.domain.metadata_values import N_, InvalidValueError

__all__ = ["MAX_BYTES", "Pasted", "read"]

#: Of one paste, page or text.
MAX_BYTES = 2_000_000
_PIECE = 64 * 1024
_SKIPPED = frozenset(["script", "style", "template", "noscript", "svg", "object", "xml",
                      "select", "textarea", "title", "button", "iframe"])
_KEPT = frozenset(["table", "tr", "td", "th", "caption"])
_LINES = frozenset(["p", "div", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6"])
_SPANS = ("rowspan", "colspan")
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: A column too narrow for its figures shows these instead, and copies them.
_NARROW = re.compile(r"#{3,}")
#: What a chat puts before each message that is copied with others.
_CHAT = re.compile(
    r"^\[\d{1,2}[.:]\d{2}(?:[.:]\d{2})?,? \d{1,2}/\d{1,2}/\d{2,4}\] [^:\n]{1,60}: ", re.MULTILINE)
_SIGNS = (";", "|", ",")


@dataclass(frozen=True)
class Pasted:
    """What was pasted, as a file.

    :ivar rows: lines of all its tables; ``columns`` of the widest
    """

    filename: str
    content: bytes
    rows: int
    columns: int


def read(html: str, text: str) -> Pasted:
    """Return what was pasted as a file to hand in.

    :param html: what the clipboard gives as ``text/html``; empty without JavaScript
    :param text: what it gives as ``text/plain``, or what somebody typed
    :raises InvalidValueError: nothing, too much, or no table
    """
    for each in (html, text):
        if len(each.encode(errors="replace")) > MAX_BYTES:
            raise InvalidValueError(N_(
                "Tempelan ini lebih dari 2 MB. Simpan lembarnya sebagai berkas, lalu unggah."))
    found = _of_page(html) or _of_text(text)
    if _NARROW.search(found.content.decode()):
        raise InvalidValueError(N_(
            "Ada sel yang tertulis “###” karena kolomnya terlalu sempit. Lebarkan kolom itu di "
            "lembar Anda, lalu salin dan tempel lagi."))
    return found


def _of_page(html: str) -> Pasted | None:
    if not re.search(r"<\s*(?:\w+:)?table\b", html, re.IGNORECASE):
        return None
    etree: Any = importlib.import_module("lxml.etree")  # which has no types
    page = _Page()
    parser: Any = etree.HTMLParser(target=page, huge_tree=False, no_network=True)
    clean = re.sub(r"^\s*<\?xml[^>]*\?>", "", _CONTROL.sub("", html))
    try:
        for start in range(0, len(clean), _PIECE):
            parser.feed(clean[start:start + _PIECE])
        parser.close()
    except etree.XMLSyntaxError:
        page.close()
    if not page.rows or not page.filled:
        return None
    written = f'<!doctype html><meta charset="utf-8">{"".join(page.out)}\n'
    return Pasted("tempelan.html", written.encode(errors="replace"), page.rows, page.columns)


class _Page:
    """Told of a page by the parser; writes what is kept of it."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.rows, self.columns, self.filled = 0, 0, False
        self._open: list[str] = []
        self._skip = 0
        self._wide = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = tag.rpartition(":")[2].lower()
        if tag in _SKIPPED:
            self._skip += 1
        if self._skip:
            return
        if tag in _LINES:
            self.out.append("<br>")
        elif tag in _KEPT:
            self._kept(tag, attributes)

    def _kept(self, tag: str, attributes: Mapping[str, str]) -> None:
        spans = {name: _span(attributes.get(name)) for name in _SPANS}
        said = "".join(f' {name}="{count}"' for name, count in spans.items() if count > 1)
        self.out.append(f"\n<{tag}{said}>" if tag in ("table", "tr") else f"<{tag}{said}>")
        self._open.append(tag)
        if tag == "tr":
            self._wide = 0
        elif tag in ("td", "th"):
            self._wide += spans["colspan"]
            self.columns = max(self.columns, self._wide)

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2].lower()
        if tag in _SKIPPED:
            self._skip = max(self._skip - 1, 0)
        elif not self._skip and tag in self._open:
            while self._open:
                last = self._open.pop()
                self.out.append(f"</{last}>")
                self.rows += last == "tr" and self._wide > 0
                if last == tag:
                    break

    def data(self, data: str) -> None:
        if self._skip:
            return
        said = _BLANKS.sub(" ", data)
        self.filled = self.filled or (bool(said.strip()) and "tr" in self._open)
        # between the cells of a table stand only the blanks of who wrote the page
        if said.strip() or (self._open and self._open[-1] in ("td", "th", "caption")):
            self.out.append(markup.escape(said, quote=False))

    def close(self) -> None:
        while self._open:
            self.end(self._open[-1])


def _span(given: str | None) -> int:
    digits = (given or "").strip()
    return max(int(digits), 1) if digits.isdecimal() and digits.isascii() and len(
        digits) < 5 else 1


def _of_text(text: str) -> Pasted:
    lines = _CONTROL.sub("", _CHAT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    filled = [line for line in lines.split("\n") if line.strip()]
    if not filled:
        raise InvalidValueError(N_(
            "Belum ada yang ditempel. Pilih sel di lembar Anda bersama kepala kolomnya, salin "
            "(Ctrl+C), lalu tempel di sini (Ctrl+V)."))
    sign = "\t" if any("\t" in line for line in filled) else next(
        (each for each in _SIGNS if sum(each in line for line in filled) * 2 > len(filled)), "")
    if not sign or len(filled) < 2:
        raise InvalidValueError(N_(
            "Tempelan ini belum berupa tabel: kolomnya tidak terpisah, atau barisnya hanya satu. "
            "Salin selnya langsung dari Excel atau Google Sheets, bersama kepala kolomnya."))
    return Pasted("tempelan.tsv" if sign == "\t" else "tempelan.csv",
                  ("\n".join(lines.strip("\n").split("\n")) + "\n").encode(errors="replace"),
                  len(filled), max(line.count(sign) for line in filled) + 1)
