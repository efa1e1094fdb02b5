"""JSON files: a list of flat objects is a table, everything else is a file to download."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection.formats import json
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, Place
from ckanext.satudata.domain.loading.shapes import is_object, is_objects
from ckanext.satudata.domain.loading.table import NotATable

__all__ = ["rows"]


def rows(path: Path, limits: Limits, place: Place) -> Iterator[tuple[int, list[str]]]:
    """Return header and rows of a list of objects; ``line`` is the number in the list.

    :raises RefusedFile: if it is no JSON.
    :raises NotATable: if it is JSON of another shape (GeoJSON, an API answer).
    """
    size = path.stat().st_size
    if size > limits.json_bytes:
        raise NotATable(place, N_("berkas JSON {size} MB melebihi batas {limit} MB untuk dibaca."),
                        size=size // 1_000_000, limit=limits.json_bytes // 1_000_000)
    content = json.load(path)
    if is_object(content) and content.get("type") in ("FeatureCollection", "Feature"):
        raise NotATable(place, N_("GeoJSON disimpan sebagai berkas."))
    if not is_objects(content) or not content:
        raise NotATable(place, N_("isi JSON bukan daftar objek datar."))
    names: dict[str, None] = {}
    for number, item in enumerate(content, 1):
        for name, value in item.items():
            if isinstance(value, dict | list):
                raise NotATable(Place(place.file, number, name), N_("isi JSON bersarang."))
            names.setdefault(json.plain(name))
    return _rows(list(names), content)


def _rows(names: list[str], content: list[dict[str, Any]]) -> Iterator[tuple[int, list[str]]]:
    yield 0, names
    for number, item in enumerate(content, 1):
        yield number, [_text(item.get(name)) for name in names]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return json.plain(value) if isinstance(value, str) else "" if value is None else str(value)
