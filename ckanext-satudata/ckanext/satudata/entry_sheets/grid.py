"""The small grid: what it begins with, is kept as, and becomes.

One grid of a table for all who write the data: whoever writes names the version they saw, and who
comes second is told, sees what the other wrote, and may keep their own as a copy.
"""
from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain.intake import grid, grid_rows
from ckanext.satudata.domain.intake.grid import Column
from ckanext.satudata.entry_sheets.grid_model import GridDraft
from ckanext.satudata.entry_sheets.grid_tables import Content, Table, read, rows_of, tables_of
from ckanext.satudata.shared import blobs, moment
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.refusals import Overtaken

__all__ = ["MODES", "MOST_COPIES", "Filled", "begun", "columns_to_fill", "discard", "drafts",
           "file", "given_back", "keep", "taken", "writers"]

#: ``lanjut``: the next period of the last table; ``ubah``: its rows; ``kosong``: a new table.
MODES = ("lanjut", "ubah", "kosong")
#: Copies of the grids of one dataset.
MOST_COPIES = 20
#: Where ``base`` says who wrote: whoever hands it in is not its only author.
_BY = "by"
_LEVELS = {"kecamatan": "kecamatan", "desa": "desa_kelurahan", "desa_kelurahan": "desa_kelurahan",
           "kabupaten_kota": "kabupaten_kota", "kelurahan": "desa_kelurahan"}


@dataclass
class Filled:
    """A grid as it is, kept or only begun.

    :ivar draft: None where nothing was written yet
    :ivar count: rows it would have, where they are too many for a grid
    """

    name: str
    mode: str
    columns: list[Column]
    rows: list[list[str]]
    base: dict[str, Any] = field(default_factory=dict[str, Any])
    draft: GridDraft | None = None
    count: int = 0

    @property
    def too_large(self) -> bool:
        """Whether a template serves better."""
        return self.count > grid.ROWS


def drafts(package_id: str) -> list[GridDraft]:
    """Return every grid of a dataset, newest first."""
    return list(model.Session.scalars(
        sa.select(GridDraft).where(GridDraft.package_id == package_id)
        .order_by(GridDraft.updated_at.desc(), GridDraft.id),
        execution_options={"populate_existing": True}))


def begun(
    content: Content, name: str, mode: str, draft_id: str, may_open: Callable[[str], bool]
) -> Filled:
    """Return the grid that somebody opens.

    :param name: id of a file of the version, empty for its first table or a new one
    :param mode: one of :data:`MODES`; empty for what is most likely meant
    :param draft_id: a kept one, empty for that of all
    :param may_open: whether they may open a file, so that its rows are shown to them
    :raises ObjectNotFound: there is no such grid or file
    """
    found = drafts(content.package_id)
    kept = next((each for each in found if each.id == draft_id), None)
    if draft_id and kept is None:
        raise tk.ObjectNotFound(tk._("Isian ini tidak ada lagi: sudah dikirim atau dihapus."))
    if kept is None:
        kept = next((each for each in found if not each.copy and name in ("", each.name)
                     and mode in ("", each.mode)), None)
    if kept is not None:
        columns = columns_to_fill(kept.columns, kept.base, content)
        return Filled(kept.name, kept.mode, columns, kept.rows, kept.base, kept)
    if mode == "kosong":
        return _new(content)
    names = [name] if name else [each for each, _title in tables_of(content)]
    for each in names[:20]:
        table = read(content, each)
        if table is not None:
            return _from(content, table, mode, may_open)
    if name:
        raise tk.ObjectNotFound(tk._("Berkas ini tidak ada, atau tidak berisi tabel."))
    return _new(content)


def _from(
    content: Content, table: Table, mode: str, may_open: Callable[[str], bool]
) -> Filled:
    """Begin with a table: with its rows, or with those of the next period."""
    mode = mode or ("lanjut" if table.released else "ubah")
    base: dict[str, Any] = {"sha256": table.sha256}
    name = table.resource_id
    if table.rows is None or not may_open(table.resource_id):
        columns = columns_to_fill([_as_field(each) for each in table.columns], base, content)
        return Filled(name, mode, columns, [], base,
                      count=grid.ROWS + 1 if table.rows is None else 0)
    columns = grid_rows.roles(table.columns, table.rows)
    base["used"] = grid_rows.used_values(columns, table.rows)
    if mode == "ubah":
        rows = grid_rows.as_written(columns, table.rows)
    else:
        start = grid_rows.moved_on(columns, table.rows)
        rows, base["keeps"], base["last"] = start.rows, start.keeps, start.last
        base["kept"] = len(table.rows) if start.keeps else 0
    columns = columns_to_fill([_as_field(each) for each in columns], base, content)
    count = len(rows)
    return Filled(name, mode, columns, rows if count <= grid.ROWS else [], base, count=count)


def _new(content: Content) -> Filled:
    """Begin a table nobody made before: a year, the areas it speaks of, and one figure."""
    shown = content.shown
    level = _LEVELS.get(str(shown.get("tingkat_penyajian") or ""), "")
    base: dict[str, Any] = {"level": level}
    year = _year(shown)
    fields: list[dict[str, Any]] = [{"name": "tahun", "title": "Tahun", "type": "year"}]
    rows = [[year]]
    areas = grid.areas_below(config.wilayah(), level)
    if 0 < len(areas) <= grid.ROWS:
        fields += [{"name": "kode_wilayah", "title": "Kode wilayah", "type": "string",
                    "kode_referensi": "wilayah"},
                   {"name": "nama_wilayah", "title": "Nama wilayah", "type": "string"}]
        rows = [[year, code, label] for code, label in areas]
    fields.append({"name": "jumlah", "title": "Jumlah", "type": "number",
                   "satuan": str(shown.get("satuan") or "")[:100]})
    columns = columns_to_fill(fields, base, content)
    return Filled("", "kosong", columns, [[*row, ""] for row in rows], base)


def _year(shown: Mapping[str, Any]) -> str:
    periods = shown.get("temporal_coverage")
    first = periods[0] if isinstance(periods, list) and periods else {}
    start = str(first.get("start") or "") if isinstance(first, Mapping) else ""
    return start[:4] if start[:4].isdecimal() else ""


def columns_to_fill(
    fields: Sequence[Mapping[str, Any]], base: Mapping[str, Any], content: Content
) -> list[Column]:
    """Return columns with what may be chosen in each."""
    level = str(base.get("level") or "") or _LEVELS.get(
        str(content.shown.get("tingkat_penyajian") or ""), "")
    return grid.offered(grid.columns_of({"fields": list(fields)}), base.get("used") or {},
                        config.wilayah(), level)


def _as_field(column: Column) -> dict[str, Any]:
    made: dict[str, Any] = {"name": column.name, "type": column.type}
    made |= {key: value for key, value in (
        ("title", column.title), ("satuan", column.unit), ("kode_referensi", column.reference),
        ("peran", column.role))
        if value}
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.closed and not column.reference:
        limits["enum"] = [code for code, _label in column.options]
    return made | ({"constraints": limits} if limits else {})


def keep(
    content: Content, begin: Filled, fields: Any, rows: Any, version: int, who: str | None,
    copy: bool,
) -> GridDraft:
    """Keep a grid as it was written.

    :param begin: as :func:`begun` gave it
    :param fields: columns somebody named, of a new table; those of a known one stay
    :param version: the one that was seen; 0 for none
    :param copy: keep it beside the one of all
    :raises InvalidValueError: columns or rows beyond the bounds
    :raises ValidationError: 409; somebody else wrote since
    """
    columns = grid.named(fields) if fields is not None and begin.mode == "kosong" else begin.columns
    texts = grid.read_rows(rows, len(columns))
    with unit_of_work():
        lock("satudata_grid", content.package_id)
        if copy or begin.draft is None:
            row = _add(content, begin, who, copy)
        else:
            row = _locked(begin.draft.id, version)
            row.version += 1
        row.columns, row.rows = [_as_field(each) for each in columns], texts
        row.updated_by, row.updated_at = who, moment.now()
        row.base = {**row.base, _BY: sorted({*row.base.get(_BY, ()), *([who] if who else ())})}
    return row


def writers(filled: Filled) -> list[str]:
    """Return the ids of who wrote at a kept grid."""
    return [str(each) for each in filled.base.get(_BY, ())]


def _add(content: Content, begin: Filled, who: str | None, copy: bool) -> GridDraft:
    known = drafts(content.package_id)
    first = next((each for each in known if not each.copy
                  and (each.name, each.mode) == (begin.name, begin.mode)), None)
    if first is not None and not copy:
        raise _overtaken(first)
    if len(known) >= MOST_COPIES:
        raise tk.ValidationError({"copy": [tk._(
            "Sudah ada {limit} isian tersimpan untuk data ini. Kirim atau hapus dahulu salah "
            "satunya.").format(limit=MOST_COPIES)]})
    now = moment.now()
    row = GridDraft(
        id=str(uuid.uuid4()), package_id=content.package_id, name=begin.name, mode=begin.mode,
        copy=(who or "portal") if copy else "", base=dict(begin.base), columns=[], rows=[],
        version=1, created_by=who, created_at=now, updated_by=who, updated_at=now)
    model.Session.add(row)
    return row


def _locked(identifier: str, version: int) -> GridDraft:
    row = model.Session.scalars(
        sa.select(GridDraft).where(GridDraft.id == identifier).with_for_update(),
        execution_options={"populate_existing": True}).first()
    if row is None:
        raise Overtaken("state", "", tk._("Isian ini sudah dikirim atau dihapus orang lain. "
                                          "Simpan isian Anda sebagai salinan."))
    if row.version != version:
        raise _overtaken(row)
    return row


def _overtaken(row: GridDraft) -> Overtaken:
    user = model.User.get(row.updated_by) if row.updated_by else None
    raised = Overtaken("version", "", tk._(
        "{name} mengisi petak ini juga dan menyimpan lebih dahulu. Isian Anda masih ada di "
        "layar: lihat isiannya, atau simpan isian Anda sebagai salinan.").format(
            name=(user.fullname or user.name) if user is not None else tk._("Orang lain")))
    raised.error_dict["version"] = row.version
    raised.error_dict["draft_id"] = row.id
    return raised


def discard(draft: GridDraft, version: int) -> None:
    """Forget a grid.

    :raises ValidationError: 409; somebody else wrote since
    """
    with unit_of_work():
        model.Session.delete(_locked(draft.id, version))


def taken(draft: GridDraft, version: int) -> int:
    """Take a grid to be handed in: whoever presses twice, or at once with another, is told.

    :returns: the version it has now
    :raises ValidationError: 409; somebody else wrote since
    """
    with unit_of_work():
        row = _locked(draft.id, version)
        row.version += 1
        row.updated_at = moment.now()
    return version + 1


def given_back(identifier: str, version: int) -> None:
    """Undo :func:`taken` where the hand-in failed, unless somebody wrote meanwhile."""
    with unit_of_work():
        model.Session.execute(
            sa.update(GridDraft).where(GridDraft.id == identifier, GridDraft.version == version)
            .values(version=version - 1))


def file(filled: Filled) -> bytes:
    """Return the file of a grid without faults, below the rows of earlier periods that stay.

    :raises ValidationError: the earlier rows are gone
    """
    kept: list[list[str]] = []
    if filled.base.get("keeps") and filled.base.get("sha256"):
        try:
            kept = rows_of(filled.base["sha256"], filled.columns) or []
        except (blobs.BlobMissingError, ValueError):
            kept = []
        if not kept:
            raise tk.ValidationError({"message": [tk._(
                "Tabel rilis sebelumnya tidak ada lagi, jadi barisnya tidak dapat disertakan. "
                "Simpan isian Anda sebagai salinan, lalu mulai dari tabel yang baru.")]})
    return grid.to_csv(filled.columns, filled.rows, grid_rows.of_other_years(
        filled.columns, kept, filled.rows))

