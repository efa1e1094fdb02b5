"""Inspections as the API shows them, in the reader's language."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.inspection import flow
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.inspection import findings
from ckanext.satudata.inspection.model import Inspection
from ckanext.satudata.shared.datastore import TABLE_ONLY
from ckanext.satudata.shared.raw_files import raw_of

__all__ = ["STATE_LABELS", "full", "summary", "translated"]

STATE_LABELS: Mapping[str, str] = {
    "antre": N_("Menunggu giliran"), "berjalan": N_("Sedang diperiksa"),
    "selesai": N_("Selesai diperiksa"), "ditolak": N_("Tidak terbaca"),
    "gagal": N_("Pemeriksaan gagal"),
}
_LINK = N_("Tautan ke luar portal: isinya tidak diperiksa.")
_NO_TABLE = N_("Berkas, bukan tabel: isinya tidak diperiksa.")
_FAILED = N_("Pemeriksaan otomatis gagal karena gangguan portal. Data tetap bisa dikirim; Walidata "
             "memeriksa isinya sendiri sebelum menyetujuinya.")
_UNCHECKED = N_("Isinya tidak dapat diperiksa otomatis. Walidata memeriksanya sendiri sebelum "
                "menyetujui.")
_ROWS = N_("Tabel tanpa berkas: barisnya diperiksa saat dikirim.")


def summary(resource: Mapping[str, Any], found: Inspection | None) -> dict[str, Any]:
    """Return where the inspection of one file stands.

    :param resource: as ``package_show`` gives it
    """
    shown: dict[str, Any] = {
        "resource_id": resource["id"], "name": resource.get("name") or "",
        "state": found.state if found is not None else None, "state_label": "",
        "progress": 0, "counts": {}, "scores": {}, "questions": 0, "must": 0, "remark": "",
        "no_table": False,
        "started_at": None, "finished_at": None, "engine": None}
    if found is None:
        if resource.get("url_type") in TABLE_ONLY:
            shown["remark"] = tk._(_ROWS)
        elif resource.get("url_type") != "upload" or not resource.get("sha256"):
            shown["remark"] = tk._(_LINK)
        return shown
    report = found.report or {}
    shown |= {
        "state_label": tk._(STATE_LABELS[found.state]), "progress": found.progress,
        "counts": found.counts, "scores": found.scores, "engine": found.engine,
        "started_at": _iso(found.started_at), "finished_at": _iso(found.finished_at),
        "questions": sum(each.get("answer") is None for table in report.get("tables") or []
                         for each in table.get("questions") or []),
    }
    shown["must"] = _must(resource, found)
    if found.state == "gagal":
        shown["remark"] = tk._(_FAILED)
    elif (found.state == "ditolak" and not flow.expects_table(found.asked["name"])) or (
            found.state == "selesai" and not report.get("tables")):
        # A scan, a guide, an archive: nothing is wrong with it, unless it hides a table.
        code = str((report.get("refused") or {}).get("code") or "")
        hidden = found.state == "ditolak" and flow.went_unchecked(code, found.asked["name"])
        shown |= {"state": "selesai", "state_label": tk._(STATE_LABELS["selesai"]),
                  "remark": tk._(_UNCHECKED if hidden else _NO_TABLE), "counts": {},
                  "scores": {}, "no_table": not hidden}
    return shown


def _must(resource: Mapping[str, Any], found: Inspection) -> int:
    """Return how many catatan must be mended, as the page of the file lists them."""
    if found.state not in ("selesai", "ditolak"):
        return 0
    notes = findings.notes(found.report or {}, str(resource.get("jenis_berkas") or ""),
                           str(found.asked["name"]))
    if raw_of(resource) is not None:
        notes = findings.of_closed(notes)
    return sum(each["severity"] == "wajib" for each in notes)


def full(resource: Mapping[str, Any], found: Inspection | None) -> dict[str, Any]:
    """Return the same with the report and the names of the result files."""
    return summary(resource, found) | {
        "id": found and found.id, "sha256": found and found.sha256,
        "recipe_hash": found.recipe_hash if found is not None else "",
        "report": translated(found.report) if found is not None and found.report else None,
        "files": sorted(found.files) if found is not None and not found.stripped_at else [],
        "stripped_at": _iso(found.stripped_at) if found is not None else None,
    }


def translated(value: Any) -> Any:
    """Return a report whose sentences are in the reader's language."""
    if isinstance(value, list):
        return [translated(each) for each in value]
    if not isinstance(value, dict):
        return value
    template = value.get("template")
    if isinstance(template, str) and isinstance(value.get("values"), dict):
        return {**value, "text": _filled(template, value)}
    return {name: translated(each) for name, each in value.items()}


def _filled(template: str, said: Mapping[str, Any]) -> str:
    if not template:
        return ""
    try:
        return str(tk._(template)).format(**said["values"])
    except (KeyError, IndexError, ValueError):  # a translation with another place in it
        return str(said.get("text") or template)


def _iso(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.timezone.utc).isoformat() if value is not None else None
