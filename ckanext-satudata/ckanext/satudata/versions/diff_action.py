"""API actions of comparisons: what changed between versions, and what a new one changes."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.versions.fields import difference, said
from ckanext.satudata.shared.signals import file_opened
from ckanext.satudata.versions import diff, diff_files, reading
from ckanext.satudata.versions.reading import Row
from ckanext.satudata.versions.schema import number, text
from ckanext.satudata.versions.show import is_restricted

__all__ = ["opens_all", "restricted_number", "satudata_revision_changes", "satudata_version_diff",
           "sides"]

DRAFT = "draf"


@tk.side_effect_free
def satudata_version_diff(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Compare two versions of a dataset: what it said, its files, and their tables row by row.

    Small tables are compared at once, large ones by a worker: ask again until ``state`` is
    ``siap`` or ``gagal``.

    :param id: id or name of the dataset.
    :type id: string
    :param from: number of the earlier version.
    :type from: integer
    :param to: number of the later version, or ``draf``: the version under way, for those who may
        read it.
    :type to: integer or string
    :returns: ``fields`` (``field``, ``label``, ``old``, ``new``; what the portal set is left out)
        and ``resources``: ``resource_id``, ``name``, ``status`` (sama, baru, hapus, ubah),
        ``fields`` said of the file, ``file`` (``same``; ``old`` and ``new`` with ``filename``,
        ``format``, ``size`` in bytes, ``stored``) and ``table``, null where both are not stored
        tables: ``state`` (menunggu, berjalan, siap, gagal), ``progress`` in percent, ``reason``
        of a failure, and when ready ``key`` and ``key_source`` (skema, datastore, usulan, or
        tanpa: rows compared whole), ``rows`` (added, removed, changed, same), ``past_changed``
        (published rows that changed or are gone), ``columns`` (added, removed, changed:
        column to cells, reformatted: the same numbers written otherwise), ``sample`` (at most
        50: ``kind`` ubah, hapus or tambah, ``key``: column to value, ``column``, ``old``,
        ``new``), ``listed`` (lines of the full list) and ``list_url`` (CSV). Of restricted files
        whoever may not open them is told counts: ``sample`` is empty, ``key``, ``columns`` and
        ``list_url`` are null (a table without a header is headed by its first row), and the
        ``filename`` of a file that lies elsewhere is empty.
    :rtype: dictionary
    :raises ObjectNotFound: one of the versions is not there, was withdrawn, or is not for you.
    :raises NotAuthorized: the dataset is not for you.
    """
    package = reading.dataset_of(context, text(data_dict, "id"))
    tk.check_access("satudata_version_diff", context, {"id": package.id})
    first = number(data_dict, "from", None, 1, 2**31 - 1)
    second = DRAFT if data_dict.get("to") == DRAFT else number(data_dict, "to", None, 1, 2**31 - 1)
    old, new, pairs, rows = sides(context, package, first, second)
    kind = str(new.get("type") or package.type)
    addresses = {each.any.resource_id: tk.url_for(
        "satudata_diff.listing", id=package.name, old=first, new=second,
        resource_id=each.any.resource_id) for each in pairs}
    opens = {each.any.resource_id: opens_all(context, package, each.any.resource_id, [
        number for number, given in ((first, each.old), (second, each.new)) if given])
        for each in pairs}
    resources = diff.describe(pairs, opens, addresses, kind, context.get("user") or None)
    restricted = restricted_number(package, rows)
    if restricted is not None:
        for each in resources:  # values leave: who keeps a log writes it first
            shown = (each["table"] or {}).get("sample")
            if shown:
                file_opened.send(
                    package.id, resource_id=each["resource_id"], number=restricted, sha256=None,
                    way="tabel", rows=len(shown), user=context.get("user") or None)
    return {"fields": diff.with_labels(difference(said(old), said(new)), kind),
            "resources": resources}


def sides(
    context: Any, package: model.Package, first: int, second: int | str
) -> tuple[dict[str, Any], dict[str, Any], list[diff_files.Pair], list[Row]]:
    """Return what both versions say to this reader, their files, and the rows of those published.

    :raises ObjectNotFound: one is not there for them
    """
    old, row = _version(context, package, first)
    rows = [row]
    before = diff_files.of_version(old, reading.files_of([row.version])[row.version.submission_id])
    if second == DRAFT:
        new, draft, files = _draft(context, package)
        after = diff_files.of_draft(files, before, draft.snapshots)
        if not _opens(context, draft.content_id):
            before, after = ([each.without_addresses() for each in given]
                             for given in (before, after))
    else:
        new, other = _version(context, package, int(second))
        after = diff_files.of_version(
            new, reading.files_of([other.version])[other.version.submission_id])
        rows.append(other)
    return old, new, diff_files.pairs(before, after), rows


def restricted_number(package: model.Package, rows: Iterable[Row]) -> int | None:
    """Return which of these versions has files that are not for everybody, ``None`` without one."""
    return next((each.number for each in rows if is_restricted(package, each)), None)


def _version(context: Any, package: model.Package, wanted: int) -> tuple[dict[str, Any], Row]:
    """Return a version as its reader sees it."""
    shown = tk.get_action("satudata_version_show")(
        tk.fresh_context(context), {"id": package.id, "number": wanted})
    row = reading.one(context, package, wanted)
    if row is None:
        raise tk.ObjectNotFound(tk._("Versi ini tidak ada, atau sudah ditarik."))
    return shown["content"], row


def _draft(
    context: Any, package: model.Package
) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    """Return the version under way as its reader sees it, its row, and as it is.

    Who may read it and not open its files is told how much changed in them, by their hashes.
    """
    found = diff.draft_of(package.id)
    try:
        if found is None:
            raise tk.NotAuthorized
        # It may be read as a dataset only by those who work on it, withdrawn ones included.
        tk.check_access("satudata_submission_show", dict(context), {"id": found.id})
        shown = tk.get_action("package_show")(
            {**tk.fresh_context(context), "use_cache": False}, {"id": found.content_id})
    except tk.NotAuthorized:
        raise tk.ObjectNotFound(tk._("Tidak ada versi yang sedang disusun.")) from None
    files = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": found.content_id})
    return shown, found, files


def opens_all(
    context: Any, package: model.Package, resource_id: str, numbers: Iterable[int | str]
) -> bool:
    """Tell whether somebody may open a file in all of these versions."""
    for each in numbers:
        if each == DRAFT:
            draft = diff.draft_of(package.id)
            opens = draft is not None and _opens(context, draft.content_id)
        else:
            opens = _opens(context, package.id, resource_id=resource_id, number=each)
        if not opens:
            return False
    return True


def _opens(context: Any, package_id: str, **of: Any) -> bool:
    try:
        tk.check_access("satudata_file_open", dict(context), {"id": package_id, **of})
    except tk.NotAuthorized:
        return False
    return True


@tk.side_effect_free
def satudata_revision_changes(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell how much the version under way changes of what was published last.

    :param id: id or name of the dataset, or id of its working copy or submission.
    :type id: string
    :returns: ``number`` (of the version it follows, null for a first one), ``fields`` and
        ``files`` (how many differ), ``past_changed`` (published rows that are others now or
        gone, files gone or not comparable; null while it is being found out), ``progress`` of
        that in percent, and ``kind_proposed`` (rilis_baru, perbaikan, perubahan_metadata; null
        for a first version and while it is not known)
    :rtype: dictionary
    :raises ObjectNotFound: no version is under way, or it is not for you.
    """
    named = text(data_dict, "id")
    package = model.Package.get(named)
    found = diff.draft_of(package.id if package is not None else named)
    tk.check_access("satudata_revision_changes", context, {"id": found.id if found else named})
    if found is None:
        raise tk.ObjectNotFound(tk._("Tidak ada versi yang sedang disusun."))
    change, follows = diff.change_of(found)
    return {
        "number": follows, "fields": change.fields, "files": change.files,
        "past_changed": change.past_changed, "progress": change.progress,
        "kind_proposed": diff.proposed(change) if follows is not None else None,
    }
