"""XLSX: values by calamine, what they look like from the sheet's own XML.

Before calamine opens the workbook, each sheet is walked through for its farthest cell, since
calamine keeps every empty cell up to there. What calamine does not tell (number formats, hidden
rows and columns, errors, formulas that were never computed) is found on the same walk.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from ckanext.satudata.domain.inspection.bounds import (
    MB,
    PIECE,
    SPARSE,
    SPARSE_FROM,
    Archive,
    Extent,
    check_size,
    damaged,
    too_many_cells,
)
from ckanext.satudata.domain.inspection.formats import numfmt
from ckanext.satudata.domain.inspection.formats.look import Look
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.markup import Handler, has_entities, parse, refused_doctype
from ckanext.satudata.domain.inspection.names import parse_cell

__all__ = ["read"]

_FORMAT_ROWS = 2_000
_FORMAT_CELLS = 200_000
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"\b(\w+)\s*=\s*[\"']([^\"']*)[\"']")
_USED = re.compile(rb"\bt=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Za-z]{1,3}\d{1,7})[\"'][^>]*\bt=[\"']e[\"'][^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,20})<", re.DOTALL)
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Za-z]{1,3}\d{1,7})[\"'][^>]*>\s*<(?:\w+:)?f\b"
    rb"(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*"
    rb"</(?:\w+:)?c>")


def read(path: Path, name: str, limits: Limits) -> Any:
    """Read all visible sheets of a workbook.

    :raises RefusedFile: encrypted, damaged, or reaching beyond the limits
    """
    check_size(path, limits.file_bytes)
    archive = Archive(path, limits)
    parts = _parts(archive)
    styles = numfmt.cell_formats(_xml(archive, "xl/styles.xml"))
    shared = _shared(archive)
    looks: dict[str, Look] = {}
    for sheet, part in parts.items():
        looks[sheet] = _walk(archive, part, sheet, styles, limits, shared)
    from ckanext.satudata.domain.inspection.formats import book

    return book.read(path, name, "xlsx", limits, looks)


def _xml(archive: Archive, name: str) -> Element | None:
    """Return a small part as a tree, parsed under the rules of :mod:`.markup`."""
    found = archive.find(name)
    if found is None:
        return None
    content = archive.read(found, 16 * MB)
    if not content:
        return None
    tree = _Tree()
    parse([content], tree)
    return tree.root


class _Tree(Handler):
    """Builds a tree of names without prefixes."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        made = Element(name, dict(attributes))
        if self._open:
            self._open[-1].append(made)
        else:
            self.root = made
        self._open.append(made)

    def end(self, name: str) -> None:
        self._open.pop()


def _parts(archive: Archive) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    relations = _xml(archive, "xl/_rels/workbook.xml.rels")
    book = _xml(archive, "xl/workbook.xml")
    if book is None or relations is None:
        raise damaged()
    targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
    parts: dict[str, str] = {}
    for sheet in book.iter("sheet"):
        target = targets.get(sheet.get("id", ""), "")
        found = archive.find(target if target.startswith("/") else f"xl/{target}")
        if found is not None and sheet.get("name"):
            parts[sheet.get("name", "")] = found
    if not parts:
        raise damaged()
    return parts


def _shared(archive: Archive) -> list[int]:
    """Return the bytes of each shared text."""
    part = archive.find("xl/sharedStrings.xml")
    sizes: list[int] = []
    if part is None:
        return sizes
    current, rest = 0, b""
    for number, piece in enumerate(archive.pieces(part)):
        if not number and has_entities(piece[:4096]):
            raise refused_doctype()
        *texts, rest = (rest + piece).split(b"</si>")
        for text in texts:
            sizes.append(current + len(text))
            current = 0
        current += max(len(rest) - 4, 0)
        rest = rest[-4:]
    return sizes


def _check_shared(
    archive: Archive, part: str, sheet: str, sizes: list[int], limits: Limits
) -> None:
    """Refuse a sheet whose cells use a long text so often that its copies fill the memory."""
    archive.again()
    total, rest = 0, b""
    for piece in archive.pieces(part):
        for found in _USED.finditer(rest + piece):
            number = int(found[1])
            total += sizes[number] if number < len(sizes) else 0
        rest = piece[-60:]
        if total > limits.memory_bytes // 4:
            raise too_many_cells(total, limits.memory_bytes // 4, sheet)


def _walk(
    archive: Archive, part: str, sheet: str, styles: list[str], limits: Limits, shared: list[int]
) -> Look:
    look = Look()
    far = [0, 0]
    cells = tags = 0
    rest = b""
    styled = True
    for number, piece in enumerate(archive.pieces(part)):
        if not number:
            if piece[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise damaged()
            if has_entities(piece[:4096]):
                raise refused_doctype()
        # up to the last whole row or cell; the rest waits for the next piece
        piece = rest + piece
        cut = max(piece.rfind(b"<row"), piece.rfind(b"<c "))
        if cut < 0:
            cut = piece.rfind(b":c ")
        if cut <= 0 or len(piece) - cut > 4 * PIECE:
            cut = len(piece)
        whole, rest = piece[:cut], piece[cut:]
        cells += _reach(whole, far)
        tags += _tags(whole)
        if b"hidden=" in whole:
            _hidden(whole, look)
        if b't="e"' in whole or b"t='e'" in whole:
            _errors(whole, look)
        if b"<f" in whole or b":f" in whole:
            _formulas(whole, look)
        if styled:
            styled = _formats(whole, look, styles)
    cells += _reach(rest, far)
    tags += _tags(rest)
    if b"t=\"e\"" in rest:
        _errors(rest, look)
    _formulas(rest, look)
    if styled:
        _formats(rest, look, styles)
    height, width = far
    area = height * width
    # a cell that does not say where it stands follows the one before it
    if (tags > cells or width > limits.columns or height > limits.rows
            or area > limits.workbook_cells or (area > SPARSE_FROM and cells * SPARSE < area)):
        _precise(archive, part, sheet, limits)
    if cells * max(shared, default=0) > limits.memory_bytes // 4:
        _check_shared(archive, part, sheet, shared, limits)
    return look


def _tags(piece: bytes) -> int:
    """Return how many cells begin in a piece."""
    if b"<row" in piece or b"<c" in piece:
        return piece.count(b"<c ") + piece.count(b"<c>")
    return piece.count(b":c ") + piece.count(b":c>")


def _reach(piece: bytes, far: list[int]) -> int:
    """Take the references of a piece into account; return how many cells there are.

    A reference is letters and digits after ``r="``; whole columns of bytes are looked at at once,
    since a regular expression takes as long as the reading itself.
    """
    import numpy as np

    if len(piece) < 16:
        return 0
    content = np.frombuffer(piece, np.uint8)
    size = len(content)
    at = np.flatnonzero((content[:-12] == 114) & (content[1:-11] == 61))  # r=
    at = at[(content[at + 2] == 34) | (content[at + 2] == 39)]
    tail = [size - 12 + n for n in range(10)
            if content[size - 12 + n] == 114 and content[size - 11 + n] == 61]
    for start in tail:
        found = re.match(rb"r=[\"']([A-Za-z]{1,3})(\d{1,7})[\"']", piece[start:])
        place = parse_cell((found[1] + found[2]).decode()) if found else None
        if place is not None:
            far[0], far[1] = max(far[0], place[0] + 1), max(far[1], place[1] + 1)
    if not len(at):
        return 0
    before = content[np.maximum(at - 1, 0)]
    at = at[(before <= 32)] + 3
    column = np.zeros(len(at), np.int64)
    row = np.zeros(len(at), np.int64)
    letters = np.ones(len(at), bool)
    digits = np.zeros(len(at), bool)
    for step in range(11):
        byte = content[np.minimum(at + step, size - 1)].astype(np.int64)
        upper = byte & ~32
        letters &= (upper >= 65) & (upper <= 90) & (step < 4)
        column = np.where(letters, column * 26 + upper - 64, column)
        digit = (byte >= 48) & (byte <= 57)
        digits = digit & (digits | ~letters) if step else np.zeros(len(at), bool)
        row = np.where(digits, row * 10 + byte - 48, row)
        if not (letters.any() or digits.any()):
            break
    cell = column > 0
    if cell.any():
        far[0], far[1] = max(far[0], int(row[cell].max())), max(far[1], int(column[cell].max()))
    return int(cell.sum())


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(text))


def _hidden(piece: bytes, look: Look) -> None:
    for found in _ROW.finditer(piece):
        if b"hidden" in found[1]:
            given = _attributes(found[1])
            if given.get(b"hidden") in (b"1", b"true") and given.get(b"r", b"").isdigit():
                look.hidden_rows.add(int(given[b"r"]) - 1)
    for found in _COLUMN.finditer(piece):
        given = _attributes(found[1])
        first, last = given.get(b"min", b""), given.get(b"max", b"")
        if given.get(b"hidden") in (b"1", b"true") and first.isdigit() and last.isdigit():
            look.hidden_columns.update(range(int(first) - 1, min(int(last), 16_384)))


def _errors(piece: bytes, look: Look) -> None:
    for found in _ERROR.finditer(piece):
        place = parse_cell(found[1].decode())
        if place is not None and len(look.errors) < _FORMAT_CELLS:
            look.errors[place] = found[2].decode(errors="replace")


def _formulas(piece: bytes, look: Look) -> None:
    look.uncomputed.extend(found[1].decode() for found in _UNCOMPUTED.finditer(piece))


def _formats(piece: bytes, look: Look, styles: list[str]) -> bool:
    """Note the number formats of a piece; return whether more rows are looked at."""
    if not any(styles):
        return False
    for found in _CELL.finditer(piece):
        given = _attributes(found[1])
        style = given.get(b"s", b"")
        if not style.isdigit() or found[1].endswith(b"/"):
            continue
        code = styles[int(style)] if int(style) < len(styles) else ""
        if not code:
            continue
        place = parse_cell(given.get(b"r", b"").decode(errors="replace"))
        if place is None:
            continue
        if place[0] >= _FORMAT_ROWS or len(look.formats) >= _FORMAT_CELLS:
            return False
        look.formats[place] = code
    return True


class _Precise(Handler):
    """Finds the cells that hold something, for a sheet that seems to reach too far."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self._row = self._column = -1
        self._here = (0, 0)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            given = attributes.get("r", "")
            self._row = int(given) - 1 if given.isdigit() else self._row + 1
            self._column = -1
        elif name == "c":
            place = parse_cell(attributes.get("r", ""))
            if place is None and "r" in attributes:
                raise damaged()
            self._here = place or (self._row, self._column + 1)
            self._column = self._here[1]
        elif name in ("v", "t"):
            self.extent.add(*self._here)


def _precise(archive: Archive, part: str, sheet: str, limits: Limits) -> None:
    extent = Extent(sheet, limits)
    archive.again()
    parse(archive.pieces(part), _Precise(extent))
    extent.check()
