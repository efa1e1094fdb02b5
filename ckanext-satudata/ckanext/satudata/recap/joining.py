"""What units sent becomes one file of the draft: taken together, handed in, its coverage said."""
from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.notes import Severity
from ckanext.satudata.domain.intake.recap.choosing import Candidate, choose
from ckanext.satudata.domain.intake.recap.merging import (
    Merged,
    Remark,
    UnmergeableError,
    fields_of,
    merge,
    unit_columns,
)
from ckanext.satudata.domain.intake.recap.parts import Unit
from ckanext.satudata.domain.intake.states import State, Way
from ckanext.satudata.recap import board, store
from ckanext.satudata.recap.model import Recap
from ckanext.satudata.recap.service import KIND
from ckanext.satudata.shared import audit, blobs, moment
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.shared.db import number_of, unit_of_work
from ckanext.satudata.shared.family import draft_of, under_way
from ckanext.satudata.shared.refusals import Overtaken

__all__ = ["join", "preview"]

Data = dict[str, Any]
#: Letters of a setoran's note.
_NOTE = 2_000
#: Rows a preview shows.
_ROWS = 20


def preview(row: Recap) -> Data:
    """Tell what the table of all accepted setoran would be; changes nothing.

    :raises ValidationError: none can be made of them, in words
    """
    with _merged(row) as (merged, _path):
        return _shown(row, merged)


def join(row: Recap, context: Mapping[str, Any], actor_id: str | None) -> Data:
    """Put the table of all accepted setoran into the draft, in place of the one before.

    The coverage of the dataset says how many units are in it. Repeatable at any point: the next
    time takes the place of what a broken off one left.

    :raises ValidationError: none can be made of them; 409: the version under way is being
        inspected, or somebody joins this recap now
    """
    with _alone(row.id), _merged(row) as (merged, path):
        content_id = draft_of(row.package_id, acting(context))
        before, resources = store.resources_of(row.intake_id)
        if before == State.MENUNGGU.value:
            tk.get_action("satudata_intake_discard")(acting(context), {"id": row.intake_id})
        with path.open("rb") as stream:
            sent = tk.get_action("satudata_intake_create")(
                acting(context, ignore_auth=True), {
                    "id": row.package_id, "way": Way.REKAP.value, "note": _note(row, merged),
                    "replaces": _replaced(row, content_id, resources), "accept": False,
                    "upload": FileStorage(stream, filename=_filename(row))})
        with unit_of_work():
            held = store.locked(row.id)
            held.intake_id = sent["id"]
        tk.get_action("satudata_intake_accept")(acting(context), {"id": sent["id"]})
        tk.get_action("package_patch")(acting(context), {
            "id": content_id, "cakupan_pelaporan": [{
                "diterima": len(merged.received), "seharusnya": _all(merged),
                "satuan": row.unit_kind}]})
        with unit_of_work():
            held = store.locked(row.id)
            held.merged_at = moment.now()
            audit.record(KIND, actor=actor_id, package_id=row.package_id, transition="gabung",
                         data={"id": row.id, "intake": sent["id"],
                               "received": len(merged.received), "units": _all(merged)})
        return _shown(held, merged) | {"intake_id": sent["id"], "content_id": content_id}


@contextmanager
def _alone(recap_id: str) -> Iterator[None]:
    """Let nobody else join this recap meanwhile, in any process; the commits inside release none.

    :raises ValidationError: 409; somebody does
    """
    number = number_of("satudata_recap_join", recap_id)
    with model.ensure_engine().connect() as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(number))):
            raise Overtaken("state", "digabung", tk._(
                "Rekap ini sedang digabung orang lain. Tunggu sebentar, lalu muat ulang."))
        try:
            yield
        finally:
            connection.scalar(sa.select(sa.func.pg_advisory_unlock(number)))
            connection.commit()


@contextmanager
def _merged(row: Recap) -> Iterator[tuple[Merged, Path]]:
    """Merge what was accepted; yield the table, and its CSV as long as the block runs."""
    units = [Unit(each.unit_code, each.unit_name) for each in store.links(row.id)]
    by_link = {each.id: unit for each, unit in zip(store.links(row.id), units, strict=True)}
    with tempfile.TemporaryDirectory(prefix="rekap") as folder:
        candidates = list(_candidates(row, by_link, Path(folder)))
        expected = _expected(row)
        parts, remarks = choose(candidates, expected)
        try:
            merged = merge(parts, units, row.unit_kind, expected, remarks, _waiting(row, by_link))
        except UnmergeableError as error:
            raise tk.ValidationError({"message": [error.message.text(tk._)]}) from None
        path = Path(folder) / "rekap.csv"
        merged.write(path)
        yield merged, path


def _waiting(row: Recap, by_link: Mapping[str, Unit]) -> list[str]:
    """Return the codes of units whose setoran somebody still has to accept."""
    return [by_link[link].code for link, several in board.sent_of(row.id).items()
            if any(each.state == State.MENUNGGU.value for each in several)]


def _candidates(
    row: Recap, by_link: Mapping[str, Unit], folder: Path
) -> Iterator[Candidate]:
    """Yield the tables of each accepted setoran, fetched into a folder."""
    for link, several in board.sent_of(row.id).items():
        for each in several:
            if each.state != State.DITERIMA.value:
                continue
            files = each.files or {} if each.stripped_at is None else {}
            tables = tuple(
                _fetched(files[name], files[f"skema-{name[6:-4]}.json"], folder)
                for name in sorted(files, key=lambda name: (len(name), name))
                if name.startswith("tabel-") and f"skema-{name[6:-4]}.json" in files)
            yield Candidate(by_link[link], tables, each.created_at, each.filename, each.id)


def _fetched(table: str, schema: str, folder: Path) -> tuple[Path, Data]:
    """Return the path of a table's CSV and its Table Schema; bytes that are gone read as none."""
    path = folder / f"{table}.csv"
    try:
        if not path.exists():
            blobs.fetch(table, path)
        return path, json.loads(b"".join(blobs.open(schema)))
    except (blobs.BlobMissingError, ValueError):
        return path, {}


def _expected(row: Recap) -> list[Data]:
    """Return the columns this data had when it was a recap of such units before."""
    for each in _resources(row):
        schema = _schema_of(each)
        if unit_columns(row.unit_kind)[0] in [one.get("name") for one in schema.get("fields", [])]:
            return fields_of(schema, row.unit_kind)
    return []


def _resources(row: Recap) -> list[Data]:
    shown = tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {
        "id": under_way(row.package_id) or row.package_id})
    return shown.get("resources") or []


def _schema_of(resource: Data) -> Data:
    """Return the Table Schema of a file, of which a form may have made anything."""
    found = resource.get("skema") or {}
    try:
        found = json.loads(found) if isinstance(found, str) else found
    except ValueError:
        return {}
    fields = found.get("fields") if isinstance(found, dict) else None
    return {"fields": [each for each in fields if isinstance(each, dict)]} if isinstance(
        fields, list) else {}


def _replaced(row: Recap, content_id: str, before: list[str]) -> str | None:
    """Return the file of the draft whose place the table takes: this recap's, or last year's."""
    resources = _resources(row)
    for each in resources:
        if before and (each["id"] in before or each.get("asal_resource_id") in before):
            return each["id"]
    code = unit_columns(row.unit_kind)[0]
    alike = [each["id"] for each in resources if code in [
        one.get("name") for one in _schema_of(each).get("fields", [])]]
    return alike[0] if len(alike) == 1 else None


def _filename(row: Recap) -> str:
    return f"{words.snake(row.title)[:80] or 'rekap'}.csv"


def _all(merged: Merged) -> int:
    return sum(len(each) for each in (
        merged.received, merged.empty, merged.unread, merged.waiting, merged.missing))


def _headline(row: Recap, merged: Merged) -> str:
    return tk._("Rekap {received} dari {all} {kind}.").format(
        received=len(merged.received), all=_all(merged), kind=row.unit_kind)


def _note(row: Recap, merged: Merged) -> str:
    """Return what goes with the setoran to whoever inspects: coverage, then every remark."""
    lines = [_headline(row, merged), *(each.message.text(tk._) for each in merged.remarks)]
    made = ""
    for at, line in enumerate(lines):
        more = tk._("Dan {count} catatan lain.").format(count=len(lines) - at)
        if len(made) + len(line) + len(more) + 2 > _NOTE:
            return f"{made}{more}"
        made += f"{line}\n"
    return made.strip()


def _shown(row: Recap, merged: Merged) -> Data:
    rows = merged.data.slice(0, _ROWS).to_pylist()
    return {
        "id": row.id, "headline": _headline(row, merged), "rows": merged.data.num_rows,
        "columns": [dict(each) for each in merged.schema["fields"]], "first": rows,
        "received": len(merged.received), "total": _all(merged),
        **{name: [{"code": each.code, "name": each.name} for each in getattr(merged, name)]
           for name in ("missing", "waiting", "empty", "unread")},
        "remarks": [_remark(each) for each in merged.remarks],
        "stops": sum(each.severity is Severity.WAJIB for each in merged.remarks)}


def _remark(remark: Remark) -> Data:
    return {"code": remark.code, "severity": remark.severity.value,
            "text": remark.message.text(tk._),
            "how": remark.how.text(tk._) if remark.how is not None else "",
            "units": list(remark.units)}
