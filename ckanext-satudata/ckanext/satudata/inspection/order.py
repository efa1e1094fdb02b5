"""What is asked of the engine for one file: its bytes, its metadata, corrections, last release."""
from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from ckanext.satudata import config
from ckanext.satudata.domain.inspection.pipeline import ENGINE
from ckanext.satudata.domain.inspection.recipe import mixed, without_drops
from ckanext.satudata.domain.loading.shapes import is_list, is_object
from ckanext.satudata.domain.metadata_columns import columns
from ckanext.satudata.inspection import recipes
from ckanext.satudata.inspection.family import Content, last_hash
from ckanext.satudata.shared.data_induk import published_table
from ckanext.satudata.shared.raw_files import raw_of
from ckanext.satudata.shared.table_rows import beside

__all__ = ["BESIDE", "Wanted", "facts_of", "filename", "wanted"]

#: Kind of a table beside a file, which is what is read as data.
BESIDE = "tabel"


@dataclass(frozen=True)
class Wanted:
    """An inspection as it should be made now of one file.

    :ivar resource_id: of the file, or name of the table beside it
    :ivar previous: hash and name of the file as it was published last, where that was another
    :ivar kind: code of ``jenis_berkas`` of what is no file of figures; ``is_table``: they are the
        rows of a resource without a file; ``is_tidy``: its clean table is what is published
    """

    content: Content
    resource_id: str
    sha256: str
    name: str
    facts: Mapping[str, Any]
    recipe: Mapping[str, Any]
    schema: Mapping[str, Any] | None
    previous: tuple[str, str] | None
    kind: str = ""
    is_table: bool = False
    is_tidy: bool = False

    @property
    def asked(self) -> dict[str, Any]:
        """What is kept with the inspection, as JSON data."""
        return {"name": self.name, "facts": dict(self.facts), "recipe": dict(self.recipe),
                "schema": self.schema and dict(self.schema),
                "previous": self.previous and list(self.previous),
                **({"kind": self.kind} if self.kind else {}),
                **({"table": True} if self.is_table else {}),
                **({"tidy": True} if self.is_tidy and self.previous else {})}

    @property
    def key(self) -> str:
        """Hash of all that decides the answer."""
        return _digest([ENGINE, self.content.package_id, self.sha256, self.asked])

    @property
    def id(self) -> str:
        """Hash of the answer's key and of whose file it is."""
        return _digest([self.key, self.resource_id])

    @property
    def recipe_hash(self) -> str:
        """Hash of the corrections, empty without any."""
        return _digest(dict(self.recipe)) if self.recipe else ""


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def wanted(
    content: Content, shown: Mapping[str, Any], rows: Mapping[str, str] | None = None
) -> list[Wanted]:
    """Return what should be inspected of a version: every file the portal holds.

    :param shown: as ``package_show`` gives it
    :param rows: of tables, the hash of their rows as CSV, as ``shared/table_rows.py`` names them;
        beside a file they are asked for personal data alone, unless they are the file
    """
    facts, recipe, rows = facts_of(shown), recipes.newest(content.package_id), rows or {}
    made = [_of_file(content, each, facts, recipe) for each in _stored(shown)]
    for each in shown.get("resources") or []:
        name, itself, other = f"{_named(each)[-190:]}.csv", each["id"], beside(each["id"])
        if itself in rows:
            made.append(Wanted(content, itself, rows[itself], name, facts, recipe,
                               _schema(each.get("skema")), None, _kind(each), is_table=True))
        elif rows.get(other, each.get("sha256")) != each.get("sha256"):
            made.append(Wanted(content, other, rows[other], name, facts, {}, None, None,
                               BESIDE, is_table=True))
    return made


def _of_file(
    content: Content, resource: Mapping[str, Any], facts: Mapping[str, Any],
    recipe: Mapping[str, Any],
) -> Wanted:
    """Return what is wanted of a file; of a clean table that of the raw file it was made of."""
    raw = raw_of(resource)
    if raw is not None:
        return Wanted(
            content, resource["id"], raw.sha256, raw.name, facts, recipe, None,
            _published(content, resource), _kind(resource), is_tidy=True)
    if "resep" not in resource:  # not a setoran: the file is published with all its columns
        recipe = without_drops(recipe)
    return Wanted(
        content, resource["id"], resource["sha256"], filename(resource), facts,
        mixed(recipe, resource.get("resep")), _schema(resource.get("skema")),
        _previous(content, resource), _kind(resource), is_tidy="resep" in resource)


def _named(resource: Mapping[str, Any]) -> str:
    return str(resource.get("name") or "tabel")


def _kind(resource: Mapping[str, Any]) -> str:
    kind = str(resource.get("jenis_berkas") or "")
    return "" if kind == "data" else kind


def _stored(shown: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in shown.get("resources") or []:
        if each.get("url_type") == "upload" and each.get("sha256"):
            yield each


def _previous(content: Content, resource: Mapping[str, Any]) -> tuple[str, str] | None:
    found = _published(content, resource)
    return found if found is not None and found[0] != resource["sha256"] else None


def _published(content: Content, resource: Mapping[str, Any]) -> tuple[str, str] | None:
    return last_hash(content, str(resource.get("asal_resource_id") or resource["id"]))


def filename(resource: Mapping[str, Any]) -> str:
    """Return the name of an uploaded file."""
    name = unquote(urlsplit(str(resource.get("url") or "")).path.rpartition("/")[2])
    return (name or str(resource.get("name") or "") or "berkas")[-200:]


def facts_of(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the metadata of a dataset says that checks ask for, days as ISO 8601."""
    first, last = _period(shown.get("temporal_coverage"))
    areas = shown.get("kode_wilayah")
    return {
        "home": config.wilayah() or "",
        "areas": [each for each in areas if isinstance(each, str)][:2_000]
        if is_list(areas) else [],
        "level": str(shown.get("tingkat_penyajian") or ""),
        "first_day": first and first.isoformat(), "last_day": last and last.isoformat(),
        "unit": str(shown.get("satuan") or ""), "title": str(shown.get("title") or ""),
        **_master(shown),
    }


def _master(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return which columns are code and name of a Data Induk, and which lists others refer to."""
    own = {"key": shown.get("kunci_induk"), "label": shown.get("nama_induk")}
    lists = {
        str(column["name"]): {"name": found.name, "sha256": found.sha256,
                              "key": found.master.key, "label": found.master.label}
        for each in shown.get("resources") or [] for column in columns(each.get("skema"))
        if column.get("data_induk") and column.get("name")
        and (found := published_table(str(column["data_induk"]))) is not None}
    return {**(own if shown.get("data_induk") and all(own.values()) else {}),
            **({"masters": lists} if lists else {})}


def _period(value: Any) -> tuple[dt.date | None, dt.date | None]:
    """Return first and last day of all periods; an end that is not said is the start's."""
    days: list[tuple[dt.date, dt.date]] = []
    for each in value if is_list(value) else []:
        if not is_object(each):
            continue
        start = _days(each.get("start"))
        end = _days(each.get("end")) or start
        if start and end:
            days.append((start[0], end[1]))
    if not days:
        return None, None
    return min(first for first, _ in days), max(last for _, last in days)


def _days(value: Any) -> tuple[dt.date, dt.date] | None:
    """Return first and last day of ``2025``, ``2025-03`` or ``2025-03-14``."""
    try:
        parts = [int(each) for each in str(value or "")[:10].split("-")]
        if len(parts) == 1:
            return dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
        if len(parts) == 2:
            year, month = parts
            return dt.date(year, month, 1), dt.date(
                year, month, calendar.monthrange(year, month)[1])
        day = dt.date(*parts)
    except (TypeError, ValueError):
        return None
    return day, day


def _schema(value: Any) -> dict[str, Any] | None:
    """Return the Table Schema that was declared for a file."""
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return dict(value) if is_object(value) and value else None
