"""API actions of the small grid."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake import cells
from ckanext.satudata.domain.intake import grid as rules
from ckanext.satudata.domain.intake.states import Way
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.entry_sheets import grid, handing
from ckanext.satudata.entry_sheets.grid_model import GridDraft
from ckanext.satudata.entry_sheets.grid_tables import Content, content_of, tables_of
from ckanext.satudata.shared import moment, reading
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.asking import acting
from ckanext.satudata.shared.db import unit_of_work

__all__ = [
    "satudata_grid_discard",
    "satudata_grid_show",
    "satudata_grid_submit",
    "satudata_grid_update",
]

Data = dict[str, Any]
_MOST = 1_000_000_000


@tk.side_effect_free
def satudata_grid_show(context: Any, data_dict: Data) -> Data:
    """Show the grid of a dataset as far as it is filled, or what it would begin with.

    Of a published table it begins with the rows of the next period: what they are about, the
    period moved on, figures empty. Cells are texts as people write them (``1.234,5``).

    :param id: id or name of the dataset, or of its working copy.
    :type id: string
    :param table: id of the file whose table it goes on from; its first table unless given.
    :type table: string, optional
    :param mode: ``lanjut`` (next period), ``ubah`` (change its rows) or ``kosong`` (a new table);
        begins anew instead of going on.
    :type mode: string, optional
    :param draft_id: of a kept grid, also of a copy.
    :type draft_id: string, optional
    :returns: ``package_id``, ``table``, ``mode``, ``draft_id`` and ``version`` (null and 0 while
        nothing is kept), ``columns`` (``name``, ``type``, ``title``, ``unit``, ``figure``,
        ``required``, ``options`` as code and label, ``closed``), ``rows`` (lists of texts),
        ``kept_rows`` (of earlier periods, which stay in the file), ``last_period``, ``too_large``
        and ``count``, ``updated_at``, ``updated_by``, ``takes`` (the version under way may be
        written), ``tables`` (id and name of files) and ``drafts`` (kept grids).
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to write.
    :raises ObjectNotFound: no such file or grid in it.
    """
    tk.check_access("satudata_grid_show", context, data_dict)
    content = content_of(handing.text_of(data_dict, "id"))
    return _shown(content, grid.begun(content, *_wanted(data_dict), _opener(context, content)))


def satudata_grid_update(context: Any, data_dict: Data) -> Data:
    """Keep a grid as it is written now; what is wrong in it is kept as well.

    :param id: id or name of the dataset, or of its working copy.
    :type id: string
    :param table: as for ``satudata_grid_show``.
    :type table: string, optional
    :param mode: as for ``satudata_grid_show``, where nothing is kept yet.
    :type mode: string, optional
    :param draft_id: of the kept grid; empty to begin one.
    :type draft_id: string, optional
    :param version: the one you saw, 0 where none is kept.
    :type version: integer
    :param columns: of a new table: ``title``, ``type`` and ``satuan`` of each, at most 60.
    :type columns: list of dictionaries, optional
    :param rows: at most 500, a text for each column.
    :type rows: list of lists of strings
    :param copy: keep it beside what others wrote.
    :type copy: boolean, optional
    :returns: ``draft_id``, ``version``, ``updated_at`` and ``names`` of the columns.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to write.
    :raises ValidationError: beyond the bounds; 409 where somebody else wrote since, with
        ``draft_id`` and ``version`` of what they wrote.
    """
    tk.check_access("satudata_grid_update", context, data_dict)
    content = content_of(handing.text_of(data_dict, "id"))
    begin = grid.begun(content, *_wanted(data_dict), _opener(context, content))
    row = _valid(lambda: grid.keep(
        content, begin, data_dict.get("columns"), data_dict.get("rows"), _version(data_dict),
        actor_of_context(context).id or None, _flag(data_dict, "copy")))
    return {"draft_id": row.id, "version": row.version, "updated_at": row.updated_at.isoformat(),
            "names": [each["name"] for each in row.columns]}


def satudata_grid_discard(context: Any, data_dict: Data) -> Data:
    """Forget a kept grid.

    :param id: id or name of the dataset, or of its working copy.
    :type id: string
    :param draft_id: of the grid.
    :type draft_id: string
    :param version: the one you saw.
    :type version: integer
    :returns: ``draft_id``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to write.
    :raises ValidationError: 409; somebody else wrote since.
    """
    tk.check_access("satudata_grid_discard", context, data_dict)
    draft = _draft(data_dict)
    grid.discard(draft, _version(data_dict))
    return {"draft_id": draft.id}


def satudata_grid_submit(context: Any, data_dict: Data) -> Data:
    """Hand in a kept grid: it becomes a CSV with the columns of its table, in the draft at once.

    :param id: id or name of the dataset, or of its working copy.
    :type id: string
    :param draft_id: of the grid.
    :type draft_id: string
    :param version: the one you saw.
    :type version: integer
    :returns: as ``satudata_intake_show``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not yours to write.
    :raises ValidationError: ``rows``: what is wrong in which cell; 409 where somebody else wrote
        since.
    """
    tk.check_access("satudata_grid_submit", context, data_dict)
    content = content_of(handing.text_of(data_dict, "id"))
    draft, version = _draft(data_dict), _version(data_dict)
    filled = grid.begun(content, "", "", draft.id, _opener(context, content))
    _demand_right(filled)
    csv = grid.file(filled)
    name, version = filled.name, grid.taken(draft, version)
    try:
        made = handing.written(
            context, content.package_id, Way.PETAK, f"petak-{moment.now():%Y-%m-%d}.csv", csv,
            name, grid.writers(filled))
    except BaseException:
        model.Session.rollback()
        grid.given_back(draft.id, version)
        raise
    _forget(draft.id, version)
    return made


def _opener(context: Any, content: Content) -> Callable[[str], bool]:
    def may_open(resource_id: str) -> bool:
        try:
            tk.check_access("satudata_file_open", acting(context), {
                "id": content.shown["id"], "resource_id": resource_id})
        except tk.NotAuthorized:
            return False
        return True

    return may_open


def _demand_right(filled: grid.Filled) -> None:
    """Refuse a grid with a wrong cell, and one without rows.

    :raises ValidationError: by cell
    """
    wrong = rules.check(filled.columns, filled.rows)
    if wrong:
        titles = {each.name: each.title or each.name.replace("_", " ") for each in filled.columns}
        raise tk.ValidationError({"rows": [
            tk._("Baris {row}, kolom {column}: {what}").format(
                row=each.row + 1, column=titles[each.column],
                what=tk._(cells.MESSAGES[each.code]).format(value=each.value, row=each.like))
            for each in wrong]})
    if not any(cell.strip() for row in filled.rows for cell in row):
        raise tk.ValidationError({"rows": [tk._(
            "Petak ini masih kosong. Isi setidaknya satu baris.")]})


def _forget(identifier: str, version: int) -> None:
    """Forget what was handed in, unless somebody went on with it meanwhile."""
    with unit_of_work():
        row = model.Session.get(GridDraft, identifier, with_for_update=True,
                                populate_existing=True)
        if row is not None and row.version == version:
            model.Session.delete(row)


def _draft(data: Mapping[str, Any]) -> GridDraft:
    content = content_of(handing.text_of(data, "id"))
    wanted = handing.text_of(data, "draft_id")
    found = next((each for each in grid.drafts(content.package_id) if each.id == wanted), None)
    if found is None:
        raise tk.ObjectNotFound(tk._("Isian ini tidak ada lagi: sudah dikirim atau dihapus."))
    return found


def _wanted(data: Mapping[str, Any]) -> tuple[str, str, str]:
    mode = handing.text_of(data, "mode")
    if mode and mode not in grid.MODES:
        raise tk.ValidationError({"mode": [tk._("Cara yang dikenal: {known}.").format(
            known=", ".join(grid.MODES))]})
    return handing.text_of(data, "table"), mode, handing.text_of(data, "draft_id")


def _version(data: Mapping[str, Any]) -> int:
    try:
        return reading.number(dict(data), "version", 0, _MOST)
    except tk.Invalid as error:
        raise tk.ValidationError({"version": [error.error]}) from None


def _flag(data: Mapping[str, Any], name: str) -> bool:
    try:
        return reading.flag(dict(data), name)
    except tk.Invalid as error:
        raise tk.ValidationError({name: [error.error]}) from None


def _valid(run: Callable[[], GridDraft]) -> GridDraft:
    try:
        return run()
    except InvalidValueError as error:
        raise tk.ValidationError({"rows": [error.explain("", tk._(error.message))]}) from error


def _shown(content: Content, filled: grid.Filled) -> Data:
    draft = filled.draft
    return {
        "package_id": content.package_id, "table": filled.name, "mode": filled.mode,
        "draft_id": draft.id if draft is not None else None,
        "version": draft.version if draft is not None else 0,
        "columns": [{
            "name": each.name, "type": each.type, "title": each.title, "unit": each.unit,
            "reference": each.reference, "figure": each.is_figure, "key": each.is_key,
            "required": each.required or bool(each.reference) or (
                each.is_period and each.type != "string"),
            "options": [list(pair) for pair in each.options], "closed": each.closed,
        } for each in filled.columns],
        "rows": filled.rows, "too_large": filled.too_large, "count": filled.count,
        "kept_rows": int(filled.base.get("kept") or 0),
        "last_period": str(filled.base.get("last") or ""),
        "updated_at": draft.updated_at.isoformat() if draft is not None else None,
        "updated_by": _person(draft.updated_by) if draft is not None else None,
        "takes": content.takes,
        "tables": [{"id": each, "name": name} for each, name in tables_of(content)],
        "drafts": [{"draft_id": each.id, "table": each.name, "is_copy": bool(each.copy),
                    "updated_at": each.updated_at.isoformat(),
                    "updated_by": _person(each.updated_by)}
                   for each in grid.drafts(content.package_id)],
    }


def _person(identifier: str | None) -> dict[str, str] | None:
    user = model.User.get(identifier) if identifier else None
    return None if user is None else {
        "id": user.id, "name": user.name, "fullname": user.fullname or user.name}
