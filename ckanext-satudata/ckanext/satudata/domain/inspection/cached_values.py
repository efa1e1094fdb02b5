"""Puts the results of formulas back into a saved workbook.

openpyxl keeps a formula and drops its last result, and whoever reads the workbook without Excel
then finds the cell empty. The results are those that were read from the officer's own file.
"""
from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from ckanext.satudata.domain.inspection.sheet import Kind, Sheet
from ckanext.satudata.domain.inspection.sheet_view import place_of

__all__ = ["restore"]

_FORMULA = re.compile(
    r'<c r="(?P<cell>[A-Z]{1,3}[0-9]{1,7})"(?P<more>(?: [a-z]+="[^"]*")*)>'
    r"(?P<formula><f(?: [^>]*)?(?:/>|>[^<]*</f>))<v ?/?>(?:</v>)?</c>")
_TYPE = re.compile(r' t="[^"]*"')
_TYPES = {Kind.TEXT: ' t="str"', Kind.BOOL: ' t="b"', Kind.ERROR: ' t="e"'}


def restore(path: Path, parts: Mapping[str, Sheet]) -> None:
    """Write the results of formulas into a workbook.

    :param parts: the sheets as they were read, by the name of their part in the workbook
    """
    target = path.with_suffix(".tmp")
    with zipfile.ZipFile(path) as source, \
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in source.infolist():
            data = source.read(entry)
            sheet = parts.get(entry.filename)
            if sheet is not None and b"<f" in data:
                data = _filled(data.decode("utf-8"), sheet).encode("utf-8")
            made.writestr(entry, data)
    shutil.move(target, path)


def _filled(xml: str, sheet: Sheet) -> str:
    def one(match: re.Match[str]) -> str:
        place = place_of(match["cell"])
        value = _value(sheet, place) if place else None
        if value is None:
            return match[0]
        kind, text = value
        more = _TYPE.sub("", match["more"]) + kind
        return f'<c r="{match["cell"]}"{more}>{match["formula"]}<v>{escape(text)}</v></c>'

    return _FORMULA.sub(one, xml)


def _value(sheet: Sheet, place: tuple[int, int]) -> tuple[str, str] | None:
    """Return the type attribute and the text of a result, nothing of an empty one."""
    cell = sheet.cell(*place)
    if cell.kind == Kind.EMPTY:
        return None
    if cell.kind == Kind.NUMBER:
        return "", repr(cell.number)
    if cell.kind == Kind.BOOL:
        return _TYPES[Kind.BOOL], "1" if cell.text == "TRUE" else "0"
    if cell.kind == Kind.DATE:
        from openpyxl.utils.datetime import to_excel

        try:
            return "", repr(to_excel(datetime.fromisoformat(cell.text)))
        except ValueError:
            return _TYPES[Kind.TEXT], cell.text
    return _TYPES[cell.kind], cell.text
