"""JSON: a list of records, wherever in an answer it stands, and the properties of GeoJSON."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection.bounds import (
    check_size,
    not_text,
    too_many_cells,
    too_many_columns,
    too_many_rows,
)
from ckanext.satudata.domain.inspection.kinds import utf16
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import N_, Message, RefusedFile

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["load", "plain", "read"]

#: What JSON can spell and no cell can hold: a NUL, half of a letter beyond the first 65,536.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
#: How deep in an answer records are looked for.
_DEPTH = 4


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Read the longest list of records.

    :raises RefusedFile: no JSON, no records, or beyond the limits
    """
    check_size(path, limits.json_bytes)
    content = load(path)
    kind, where, remarks = "json", Path(name).stem, list[Message]()
    if isinstance(content, dict) and content.get("type") in ("FeatureCollection", "Feature"):
        kind, records = "geojson", _features(content)
    else:
        found = _lists(content)
        if not found:
            raise RefusedFile("no_table", N_(
                "Isi JSON ini bukan daftar catatan. Kirim daftar objek, misalnya "
                "[{example}, ...], atau simpan tabelnya sebagai CSV."),
                example='{"kecamatan": "Ciruas", "jumlah": 12}')
        key, records = max(found.items(), key=lambda item: len(item[1]))
        where = key or where
        others = [other for other, rows in found.items() if other != key and len(rows) > 1]
        if others:
            remarks.append(Message(N_("Hanya daftar {key} yang dibaca; daftar lain: {others}."),
                                   {"key": key or "-", "others": ", ".join(others)[:200]}))
    rows = _table(records, limits)
    from ckanext.satudata.domain.inspection.formats.cells import typed_column
    from ckanext.satudata.domain.inspection.sheet import RawFile, Sheet

    columns = [typed_column(values) for values in zip(*rows, strict=True)]
    return RawFile(name, kind, [Sheet(where, columns)], remarks=remarks)


def load(path: Path) -> Any:
    """Return the content of a JSON file, or of one with a record a line.

    :raises RefusedFile: ``damaged``, ``too_deep``
    """
    raw = path.read_bytes()
    encoding = utf16(raw[:4096]) or "utf-8-sig"
    try:
        text = raw.decode(encoding)
        del raw
        try:
            return _parse(text)
        except json.JSONDecodeError:
            lines = [line for line in text.splitlines() if line.strip()]
            if len(lines) < 2 or not lines[0].lstrip().startswith("{"):
                raise
            return [_parse(line) for line in lines]
    except RecursionError:
        raise RefusedFile("too_deep", N_(
            "Isi JSON ini bersarang terlalu dalam, jadi bukan tabel. Simpan tabelnya sebagai "
            "CSV.")) from None
    except ValueError as error:
        raise RefusedFile("damaged", N_(
            "Isi berkas ini bukan JSON yang benar ({error}). Ekspor ulang dari aplikasi asalnya."),
            error=str(error)[:120]) from error


def _parse(text: str) -> Any:
    return json.loads(text, parse_constant=lambda _: None)


def _features(content: dict[str, Any]) -> list[Any]:
    found = content.get("features") if content["type"] == "FeatureCollection" else [content]
    records: list[Any] = []
    for feature in found if isinstance(found, list) else []:
        if isinstance(feature, dict):
            given = feature.get("properties")
            records.append(dict(given) if isinstance(given, dict) else {})
    if not any(records):
        raise RefusedFile("no_table", N_(
            "GeoJSON ini tidak berisi properti, jadi tidak ada tabel di dalamnya. Isi properti "
            "setiap wilayah, atau unggah tabelnya sebagai CSV."))
    return records


def _lists(content: Any, where: str = "", depth: int = 0) -> dict[str, list[Any]]:
    """Return lists of objects, or of rows, by the way to them (``result.records``)."""
    if isinstance(content, list):
        if content and all(isinstance(each, dict) for each in content):
            return {where: content}
        if len(content) > 1 and all(isinstance(each, list) and not any(
                isinstance(cell, dict | list) for cell in each) for each in content):
            return {where: content}
        inside: list[tuple[str, Any]] = [
            (f"{where}[{number}]", each) for number, each in enumerate(content[:20])]
    elif isinstance(content, dict):
        inside = [(f"{where}.{key}" if where else str(key), each)
                  for key, each in content.items()]
    else:
        return {}
    found: dict[str, list[Any]] = {}
    if depth < _DEPTH:
        for name, each in inside:
            found |= _lists(each, name, depth + 1)
    return found


def _table(records: list[Any], limits: Limits) -> list[list[Any]]:
    """Return header and rows; an object inside a record becomes columns ``outer.inner``."""
    if len(records) > limits.rows:
        raise too_many_rows(len(records), limits)
    if isinstance(records[0], list):
        width = max(map(len, records))
        _bound(len(records), width, limits)
        return [[plain(cell) for cell in [*row, *[None] * (width - len(row))]]
                for row in records]
    names: dict[str, int] = {}
    flat: list[dict[str, Any]] = []
    for record in records:
        row: dict[str, Any] = {}
        for key, value in record.items():
            if isinstance(value, dict) and value and not any(
                    isinstance(each, dict | list) for each in value.values()):
                row.update({f"{key}.{inner}": each for inner, each in value.items()})
            else:
                row[key] = value
        for key in row:
            names.setdefault(key, len(names))
        flat.append(row)
        if len(names) > limits.columns:
            raise too_many_columns(len(names), limits)
    _bound(len(flat), len(names), limits)
    return [[plain(name) for name in names],
            *([plain(row.get(name)) for name in names] for row in flat)]


def _bound(rows: int, width: int, limits: Limits) -> None:
    if width > limits.columns:
        raise too_many_columns(width, limits)
    if rows * width > limits.workbook_cells:
        raise too_many_cells(rows * width, limits.workbook_cells)


def plain(value: Any) -> Any:
    """Return a value a cell can hold; text that none can refuses the file (``not_text``)."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if abs(value) <= 2 ** 53 else str(value)
    if isinstance(value, str):
        if _NO_TEXT.search(value):
            raise not_text()
        return value
    return value
