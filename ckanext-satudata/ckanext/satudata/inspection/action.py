"""API actions of the inspection of files, and of the officer's corrections."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.inspection import job, pace, present, recipes, schema, setoran, store
from ckanext.satudata.inspection.family import (
    Content,
    content_of,
    content_of_resource,
    period_moves,
    shown_of,
)
from ckanext.satudata.inspection.model import Inspection
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.shared.raw_files import raw_of

__all__ = [
    "satudata_inspection_list",
    "satudata_inspection_run",
    "satudata_inspection_show",
    "satudata_recipe_show",
    "satudata_recipe_update",
]


def satudata_inspection_run(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Have the files of a version inspected; what was inspected as it is now is not read again.

    Uploads are inspected by themselves. This is for whoever cannot wait, or saw one fail. What is
    found becomes catatan of the submission, which the producer sees at once.

    :param id: id or name of the dataset, its working copy, or id of its submission.
    :type id: string, optional with ``resource_id``
    :param resource_id: of one of its files.
    :type resource_id: string, optional
    :param wait: read small files before answering, at most 20 seconds for all of them.
    :type wait: boolean, optional
    :returns: as ``satudata_inspection_list``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    :raises ValidationError: 409; the version was withdrawn or replaced.
    :raises TooOften: it was asked for too often; ``retry_after`` says in how many seconds to.
    """
    tk.check_access("satudata_inspection_run", context, data_dict)
    content = _content(data_dict)
    if not content.is_alive:
        raise tk.ValidationError({"message": [tk._(
            "Versi ini tidak berlaku lagi, jadi tidak diperiksa. Periksa versi yang sedang "
            "disusun.")]})
    if not context.get("ignore_auth"):
        pace.check_run(content.package_id, actor_of_context(context).id)
    shown = shown_of(content)
    waits = schema.flag(data_dict, "wait")
    job.ask(content, shown, again=True, workers=not waits)
    if waits:
        job.finish_now(content.content_id)
    return _listed(content, shown)


@tk.side_effect_free
def satudata_inspection_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell where the inspection of each file of a version stands.

    :param id: id or name of the dataset (its version under way, else its newest), of its working
        copy, or id of its submission.
    :type id: string
    :param setoran: instead, for code of the portal: names of what was handed in, many at once.
        Then there are only ``results``, without such whose files are gone, in no order.
    :type setoran: list of strings, optional
    :returns: ``package_id``, ``content_id`` and ``results``, one for each file: ``resource_id``,
        ``name``, ``state`` (antre, berjalan, selesai, ditolak, gagal; null where there is nothing
        to inspect), ``state_label``, ``progress`` in percent, ``counts`` (wajib, sebaiknya, saran,
        ``by_code``), ``scores`` (principle to 0-100), ``questions`` (how many wait for an answer),
        ``must`` (how many catatan must be mended), ``remark``, ``no_table`` (it is kept as it is),
        ``started_at``, ``finished_at`` (ISO 8601, UTC), ``engine``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    """
    tk.check_access("satudata_inspection_list", context, data_dict)
    if context.get("ignore_auth") and data_dict.get("setoran") is not None:
        return {"results": _of_setoran(data_dict["setoran"])}
    content = _content(data_dict)
    return _listed(content, shown_of(content))


@tk.side_effect_free
def satudata_inspection_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show what was found in one file, in the reader's language. Personal values are masked.

    :param resource_id: id of the file.
    :type resource_id: string
    :returns: as one of ``satudata_inspection_list``, with ``report`` (``tables``: the table found,
        ``columns``, first ``rows``, ``changes`` and ``questions`` of the tidying, ``profile``;
        ``findings``, ``refused``; each sentence is ``template``, ``values`` and ``text``),
        ``files`` (names of result files), ``stripped_at`` (values were taken out) and
        ``period_moves`` (the draft still states the period of the version that is public).
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    """
    tk.check_access("satudata_inspection_show", context, data_dict)
    content, resource = content_of_resource(schema.text(data_dict, "resource_id"))
    version = shown_of(content)
    shown = next((each for each in version.get("resources") or []
                  if each["id"] == resource.id), {"id": resource.id})
    return {**present.full(shown, _of(content.package_id, shown, store.current(resource.id))),
            "period_moves": period_moves(content, version)}


@tk.side_effect_free
def satudata_recipe_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show how the officer corrected the reading of a dataset's files.

    :param id: id or name of the dataset, its working copy, or id of its submission.
    :type id: string
    :returns: ``recipe`` (``version`` 1 and ``tables``), ``number`` (of corrections so far; send it
        back as ``expected``) and ``history``: at most 50, newest first, each with ``by`` (id, name
        and fullname of a user) and ``at``.
    :rtype: dictionary
    :raises NotAuthorized: there is none, or it is not for you.
    """
    tk.check_access("satudata_recipe_show", context, data_dict)
    return _recipe(_content(data_dict))


def satudata_recipe_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Correct how the files of a dataset are read, and have them read again.

    Corrections belong to a layout (the fingerprint of a table's header) and are played back on
    next year's file of the same layout. The newest 50 are kept.

    :param id: id or name of the dataset, its working copy, or id of its submission.
    :type id: string
    :param recipe: ``version`` 1 and ``tables``, each ``fingerprint``, ``off`` (codes of steps),
        ``answers`` (key of a question to code of a choice), ``names`` (old to new), ``types``,
        ``units`` (column to these), ``range`` (``B5:E26``), ``header_rows``, ``long``, ``skip``,
        ``drop`` (names of columns that no clean table has; the raw file keeps them).
    :type recipe: dictionary
    :param expected: the ``number`` you saw.
    :type expected: integer, optional
    :param dry_run: only say whether these are corrections; nothing is kept.
    :type dry_run: boolean, optional
    :returns: as ``satudata_recipe_show``.
    :rtype: dictionary
    :raises NotAuthorized: the data is not yours to write.
    :raises ValidationError: what is no correction; 409 unless the version is a draft or was
        returned, or where somebody corrected meanwhile.
    :raises TooOften: it was corrected too often within the hour.
    """
    tk.check_access("satudata_recipe_update", context, data_dict)
    content = _content(data_dict)
    given = schema.recipe(data_dict.get("recipe"))
    if schema.flag(data_dict, "dry_run"):
        return {**_recipe(content), "recipe": given}
    if not content.is_editable:
        raise tk.ValidationError({"conflict": "state", "state": content.state.value, "message": [
            tk._("Bacaan berkas dikoreksi selama data masih di instansi.")]})
    with unit_of_work():
        lock("satudata_recipe", content.package_id)
        known = _number(content)
        if data_dict.get("expected") not in (None, "", known, str(known)):
            raise tk.ValidationError({"conflict": "version", "version": known, "message": [tk._(
                "Orang lain mengoreksi bacaan berkas ini. Muat ulang halaman, lalu ulangi.")]})
        if given != recipes.newest(content.package_id):
            pace.check_corrections(content.package_id, actor_of_context(context).id)
            recipes.add(content.package_id, given, actor_of_context(context).id or None)
    job.ask(content)
    return _recipe(content)


def _content(data: Mapping[str, Any]) -> Content:
    resource = schema.text(data, "resource_id")
    return content_of_resource(resource)[0] if resource else content_of(schema.text(data, "id"))


def _listed(content: Content, shown: Mapping[str, Any]) -> dict[str, Any]:
    found = store.current_of(content.content_id)
    return {"package_id": content.package_id, "content_id": content.content_id, "results": [
        present.summary(each, _of(content.package_id, each, found.get(each["id"])))
        for each in shown.get("resources") or []]}


def _of_setoran(names: Collection[str]) -> list[dict[str, Any]]:
    """Return the same of many setoran: a list of a thousand asks for no dataset a thousand times.
    """
    found = store.current_named(names)
    return [present.summary(each, _of(package_id, each, found.get(each["id"])))
            for package_id, each in setoran.files(names)]


def _of(
    package_id: str, resource: Mapping[str, Any], found: Inspection | None
) -> Inspection | None:
    """Return the inspection of a file as it is now; of a published one that of its draft.

    :param found: the newest of the file, which may be of other bytes
    """
    raw = raw_of(resource)
    sha256 = resource.get("sha256") if raw is None else raw.sha256
    rows = not sha256 and resource.get("url_type") != "upload"
    if found is not None and (
            bool(found.asked.get("table")) if rows else found.sha256 == sha256):
        return found
    return (store.finished_like(package_id, sha256)
            or store.made(package_id, sha256)) if sha256 else None


def _number(content: Content) -> int:
    return next((each.id for each in recipes.history(content.package_id, 1)), 0)


def _recipe(content: Content) -> dict[str, Any]:
    rows = recipes.history(content.package_id)
    users = {each.id: each for each in model.Session.query(model.User).filter(
        model.User.id.in_([each.created_by for each in rows if each.created_by]))}
    return {
        "recipe": rows[0].recipe if rows else {"version": 1, "tables": []},
        "number": rows[0].id if rows else 0,
        "history": [{"by": _person(users.get(each.created_by or "")),
                     "at": each.created_at.isoformat()} for each in rows]}


def _person(user: model.User | None) -> dict[str, str] | None:
    return None if user is None else {
        "id": user.id, "name": user.name, "fullname": user.fullname or user.name}
