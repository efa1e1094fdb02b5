"""The template of a dataset: of its published table, else of what its metadata say."""
from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.berita_acara.words import long_date
from ckanext.satudata.domain.inspection import sandbox
from ckanext.satudata.domain.intake import due as dues
from ckanext.satudata.domain.intake import periods, template
from ckanext.satudata.entry_sheets import template_cache
from ckanext.satudata.entry_sheets.grid_tables import Content
from ckanext.satudata.shared import blobs, moment

__all__ = ["Table", "made", "table_of"]

#: A file no inspection read yet is read at once up to here, and for so many seconds.
_LARGEST, _SECONDS = 5 * 1024 * 1024, 20
_LONGEST_SCHEMA = 500_000
#: Files of a dataset looked at for a table.
_LOOKED = 20
_LATER = dt.timedelta(days=365)
_INSPECTION = sa.table("satudata_inspection", *(sa.column(each) for each in (
    "package_id", "sha256", "state", "finished_at", "stripped_at", "asked_at")),
    sa.column("files", sa.JSON), sa.column("report", sa.JSON))


@dataclass
class Table:
    """The table a template is made of.

    :ivar package_id: of the package whose file it is of; ``public``: that is published
    :ivar sha256: of the file; ``csv``: of its clean table, empty where it is still to be read
    :ivar masked: columns with personal data
    """

    package_id: str
    resource: dict[str, Any]
    sha256: str
    public: bool
    csv: str = ""
    columns: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    masked: list[str] = field(default_factory=list[str])


def table_of(content: Content, resource_id: str = "") -> Table | None:
    """Return the table that is public, else that of the draft; the first unless one is named.

    :param resource_id: of the published file or of that of the draft
    :raises ObjectNotFound: there is no such file
    """
    shown, public = content.shown, False
    package = model.Package.get(content.package_id)
    if package is not None and not package.private and package.state == model.State.ACTIVE:
        public = True
        if shown["id"] != package.id:
            shown = tk.get_action("package_show")(
                {"ignore_auth": True, "use_cache": False}, {"id": package.id})
    listed = _data(shown)
    if resource_id:
        named = {resource_id, *(each.get("asal_resource_id") for each in content.shown.get(
            "resources") or [] if each["id"] == resource_id)}
        listed = [each for each in listed if named & {each["id"], each.get("asal_resource_id")}]
        if not listed:
            raise tk.ObjectNotFound(tk._("Berkas ini tidak ada di dataset itu."))
    stored = [Table(shown["id"], each, str(each["sha256"]), public) for each in listed[:_LOOKED]
              if each.get("sha256") and each.get("url_type") == "upload"]
    for each in stored:
        if _inspected(content.package_id, each):
            return each
    return next((each for each in stored if (each.resource.get("size") or 0) <= _LARGEST), None)


def _data(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the files that hold data and not its documentation."""
    return [each for each in shown.get("resources") or []
            if (each.get("jenis_berkas") or "data") == "data"]


def _inspected(package_id: str, table: Table) -> bool:
    """Take what an inspection of the file found, if there is one."""
    found = model.Session.execute(
        sa.select(_INSPECTION.c.files, _INSPECTION.c.report).where(
            _INSPECTION.c.package_id == package_id, _INSPECTION.c.sha256 == table.sha256,
            _INSPECTION.c.state == "selesai", _INSPECTION.c.stripped_at.is_(None))
        .order_by(_INSPECTION.c.asked_at.desc()).limit(1)).first()
    tables = ((found.report if found is not None else None) or {}).get("tables") or []
    if found is None or not tables or "tabel-1.csv" not in (found.files or {}):
        return False
    table.csv, table.columns = found.files["tabel-1.csv"], tables[0]["columns"]
    table.masked = sorted(tables[0].get("masked") or {})
    return True


def made(
    content: Content, table: Table | None, may_see: bool, keys: bool = False
) -> dict[str, Any]:
    """Return ``filename``, ``sha256``, ``size``, ``rows``, ``year`` and ``shows_values``.

    :param may_see: whoever gets it may open the file of the table
    :param keys: who may not is told what its rows are about
    :raises RefusedFile: the table is too wide for a sheet
    :raises Overtaken: others make one of this dataset, and it takes long
    """
    order = {**_order(content, table, may_see), "keys": keys}
    key = template_cache.digest({**order, "made_of": table and [table.sha256, table.csv],
                                 "version": template.VERSION,
                                 "lists": vocabulary.edition().number})
    known = template_cache.recall(content.package_id, key)
    if known is not None:
        return known
    with template_cache.alone(content.package_id):
        known = template_cache.recall(content.package_id, key)
        return known if known is not None else _make(content, table, order, key)


def _make(
    content: Content, table: Table | None, order: Mapping[str, Any], key: str
) -> dict[str, Any]:
    """Make a template and remember it by its key."""
    with tempfile.TemporaryDirectory(prefix="satudata-templat-") as folder:
        place = Path(folder)
        given = {**order, "out": str(place / "templat.xlsx")}
        if table is not None:
            given["table"] = _fetched(table, place)
        said = template.make(given)
        with (place / "templat.xlsx").open("rb") as stream:
            sha256 = blobs.store(stream)
            size = stream.seek(0, 2)
    result = {
        "filename": _filename(content, said.get("year")), "sha256": sha256, "size": size,
        "rows": said["rows"], "year": said.get("year"),
        "shows_values": bool(order["open"] and table is not None)}
    template_cache.remember(content.package_id, key, result)
    return result


def _filename(content: Content, year: Any) -> str:
    package = model.Package.get(content.package_id)
    name = (package.name if package is not None else "data")[:80]
    return f"templat-{name}-{year}.xlsx" if year and str(year) not in name else (
        f"templat-{name}.xlsx")


def _fetched(table: Table, place: Path) -> dict[str, Any] | None:
    """Bring the clean table here; a file nobody read is read now."""
    path = place / "tabel-1.csv"
    try:
        if table.csv:
            blobs.fetch(table.csv, path)
            return {"csv": str(path), "columns": table.columns, "masked": table.masked,
                    "public": table.public}
        raw, out = place / "berkas", place / "hasil"
        blobs.fetch(table.sha256, raw)
    except blobs.BlobMissingError:
        return None
    out.mkdir()
    name = str(table.resource.get("name") or "berkas")
    report = sandbox.inspect(raw, name, out, {
        "limits": {"seconds": _SECONDS}, "facts": {"home": config.wilayah() or ""},
        "annotated": False})
    if not report["tables"]:
        return None
    first = report["tables"][0]
    return {"csv": str(out / "tabel-1.csv"), "columns": first["columns"],
            "masked": sorted(first.get("masked") or {}), "public": table.public}


def _order(content: Content, table: Table | None, may_see: bool) -> dict[str, Any]:
    shown = content.shown
    edition = dues.next_edition(
        str(shown.get("frequency") or ""), periods.coverage(shown.get("temporal_coverage")),
        periods.day_of(shown.get("jadwal_rilis")), published=content.is_public)
    covered = edition.period if edition is not None else periods.coverage(
        shown.get("temporal_coverage"))
    areas = shown.get("kode_wilayah")
    return {
        "dataset": content.package_id, "title": str(shown.get("title") or "")[:300],
        "open": may_see, "schema": _schema(table.resource if table else _first(shown)),
        "areas": [str(each) for each in areas][:2_000] if isinstance(areas, list) and areas
        else [config.wilayah()] if config.wilayah() else [],
        "level": str(shown.get("tingkat_penyajian") or ""),
        "unit": str(shown.get("satuan") or "")[:200],
        "year": covered.end.year if covered is not None else None,
        "said": _said(shown, content.package_id, edition)}


def _first(shown: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((each for each in _data(shown) if each.get("skema")), {})


def _schema(resource: Mapping[str, Any]) -> dict[str, Any] | None:
    value = resource.get("skema")
    if isinstance(value, str):
        try:
            value = json.loads(value[:_LONGEST_SCHEMA])
        except ValueError:
            return None
    return value if isinstance(value, dict) else None


def _said(
    shown: Mapping[str, Any], package_id: str, edition: dues.Edition | None
) -> dict[str, str]:
    people = shown.get("contact")
    first = people[0] if isinstance(people, list) and people else {}
    first = first if isinstance(first, dict) else {}
    contact = ", ".join(str(first[each])[:150].removeprefix("mailto:") for each in (
        "name", "email") if first.get(each))
    day = edition.due if edition is not None and edition.promised else None
    if day is not None and not moment.now().date() <= day <= moment.now().date() + _LATER:
        day = None
    package = model.Package.get(package_id)
    return {
        "agency": str((shown.get("organization") or {}).get("title") or "")[:200],
        "contact": contact, "due": long_date(day) if day is not None else "",
        "address": tk.url_for("dataset.read", id=package.name if package else package_id,
                              qualified=True, locale="default")}
