"""API actions that change the vocabularies, and show what was changed."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.domain.vocabulary_changes.proposing import GivenRow
from ckanext.satudata.domain.vocabulary_changes.reading import MOST_BYTES
from ckanext.satudata.domain.vocabulary_changes.reading_json import row_values
from ckanext.satudata.domain.vocabulary_changes.rules import MOST_CODES
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.reading import flag, number, text
from ckanext.satudata.vocabulary import affected, editing, editing_present, present
from ckanext.satudata.vocabulary.editing import Order

__all__ = [
    "satudata_vocabulary_create", "satudata_vocabulary_import",
    "satudata_vocabulary_import_accept", "satudata_vocabulary_undo",
    "satudata_vocabulary_update", "satudata_vocabulary_usage",
    "satudata_vocabulary_version_list", "satudata_vocabulary_version_show",
]

_MOST_VERSION = 1_000_000
_NOTE = 1000
_MOST_LISTED = 1000


def _read(data_dict: Any, **readers: Any) -> dict[str, Any]:
    """Read parameters by name; all that are wrong are told at once."""
    data, found, wrong = dict(data_dict or {}), {}, {}
    for name, reader in readers.items():
        try:
            found[name] = reader(data)
        except tk.Invalid as error:
            wrong[name] = [str(error.error)]
    if wrong:
        raise tk.ValidationError(wrong)
    return found


def _name(data: dict[str, Any]) -> str:
    return text(data, "name", 64, _("Tulis nama daftarnya, misalnya satuan."))


def _note(data: dict[str, Any]) -> str:
    return text(data, "note", _NOTE)


def _seen(data: dict[str, Any]) -> int | None:
    if data.get("expected_version") in (None, ""):
        return None
    return number(data, "expected_version", 0, _MOST_VERSION)


def _rows(data: dict[str, Any]) -> list[GivenRow]:
    rows = data.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(each, dict) for each in rows):
        raise tk.Invalid(_("Kirim rows: daftar kode, masing-masing dengan code dan isian yang "
                           "berubah."))
    if len(rows) > MOST_CODES:
        raise tk.Invalid(_("Terlalu banyak kode: {count}, paling banyak {most}.").format(
            count=len(rows), most=MOST_CODES))
    return [GivenRow(at, row_values(each)) for at, each in enumerate(rows, 1)]


def _by(context: Any) -> str | None:
    return actor_of_context(context).id or None


def satudata_vocabulary_create(context: Any, data_dict: Any) -> dict[str, Any]:
    """Make a list of codes of the portal's own; it has an address like all others at once.

    :param name: how its address ends: small letters, digits, underlines, e.g. ``jenis_pasar``.
    :type name: string
    :param title_id: title in Indonesian.
    :type title_id: string
    :param title_en: title in English.
    :type title_en: string, optional
    :param about: what the list is for.
    :type about: string, optional
    :param note: why it is made; kept with version 1.
    :type note: string, optional

    :returns: the list as in ``satudata_vocabulary_update``.
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: not a walidata.
    :raises ckan.logic.ValidationError: the name is taken or no name, or there is no title.
    """
    tk.check_access("satudata_vocabulary_create", context, data_dict)
    data = _read(data_dict, name=_name, note=_note,
                 title_id=lambda data: text(data, "title_id"),
                 title_en=lambda data: text(data, "title_en"),
                 about=lambda data: text(data, "about", 2000))
    editing.create(_by(context), data["name"], {
        "title_id": data["title_id"], "title_en": data["title_en"], "note": data["about"]},
        data["note"])
    return editing_present.about(editing.find(data["name"]))


def satudata_vocabulary_update(context: Any, data_dict: Any) -> dict[str, Any]:
    """Change codes of a list: new ones, other words, retirement. One call is one version.

    No code is ever deleted: a retired one has ``valid_to``, its last day, and may name its
    ``successor``. It stays valid in the data that say it, and is offered no more.

    :param name: the list; how far it may be edited is ``editing`` in the answer: ``tetap``
        (not at all), ``sebutan`` (labels, note, aliases), ``isi`` (all).
    :type name: string
    :param rows: codes, each a dictionary with ``code`` and the fields that change, named as in
        ``satudata_vocabulary_show``; what is left out stays as it is.
    :type rows: list
    :param expected_version: the version that was seen; another answers 409.
    :type expected_version: int, optional
    :param note: why.
    :type note: string, optional
    :param partly: take the right rows though others are refused (default: all or nothing).
    :type partly: boolean, optional
    :param dry_run: say what would change, and change nothing (default: false).
    :type dry_run: boolean, optional

    :returns: ``name, title, version, modified, size, editing, reason, local, uri``, ``counts`` and
        the changes by kind: ``new, changed, retired``, each ``code, label, fields`` (``field,
        label, before, after``) and ``used`` (how many datasets say the code: ``terbit,
        belum_terbit, kegiatan, indikator, instansi, semua``); ``refused`` (``row, code, field,
        message``), ``advice`` (what to look at twice), ``absent``. At most 500 of each kind are
        listed; ``counts`` has them all.
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: not a walidata.
    :raises ckan.logic.NotFound: there is no such list.
    :raises ckan.logic.ValidationError: rows are refused, nothing changes, or (409) the list has
        become another version.
    """
    tk.check_access("satudata_vocabulary_update", context, data_dict)
    data = _read(data_dict, name=_name, rows=_rows, note=_note, expected_version=_seen,
                 partly=lambda data: flag(data, "partly"),
                 dry_run=lambda data: flag(data, "dry_run"))
    return _answer(_by(context), Order(
        data["name"], data["rows"], "ubah", data["expected_version"], data["note"],
        partly=data["partly"]), data["dry_run"])


def _answer(by: str | None, order: Order, dry_run: bool) -> dict[str, Any]:
    known = editing.find(order.name)
    told = editing_present.proposal(editing.weigh(order), known)
    if not dry_run:
        editing.decide(by, order)
        told |= editing_present.about(editing.find(order.name))
    return told


def satudata_vocabulary_import(context: Any, data_dict: Any) -> dict[str, Any]:
    """Read a file of codes and say what it would change; nothing is changed yet.

    Taken are CSV (columns in any order, by comma, semicolon or tab), the JSON of
    ``satudata_vocabulary_show`` and SKOS as Turtle, RDF/XML, N-Triples or JSON-LD: our own forms,
    and those of other portals. The IRI of a concept of another portal is kept as ``iri`` of a
    new code. The file waits 7 days to be taken by ``satudata_vocabulary_import_accept``.

    :param name: the list.
    :type name: string
    :param upload: the file (multipart), at most 10 MB.
    :type upload: file
    :param content: its text, instead of ``upload``.
    :type content: string, optional
    :param media_type: what ``content`` is, e.g. ``text/turtle``.
    :type media_type: string, optional
    :param retire_absent: retire codes in force that the file does not name (default: they stay).
    :type retire_absent: boolean, optional

    :returns: as ``satudata_vocabulary_update``, with ``id`` of the file, and ``source`` (``file,
        form, scheme, ignored`` columns).
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: not a walidata.
    :raises ckan.logic.NotFound: there is no such list.
    :raises ckan.logic.ValidationError: the file cannot be read, and how to mend it.
    """
    tk.check_access("satudata_vocabulary_import", context, data_dict)
    data = _read(data_dict, name=_name, media_type=lambda data: text(data, "media_type"),
                 retire_absent=lambda data: flag(data, "retire_absent"), upload=_content)
    content, kind, address = data["upload"]
    by = _by(context)
    found = editing.receive(by or "", data["name"], content, data["media_type"] or kind, address,
                            data["retire_absent"])
    return _waiting(by or "", found.id)


def _content(data: dict[str, Any]) -> tuple[bytes, str, str]:
    upload, written = data.get("upload"), data.get("content")
    if hasattr(upload, "read"):
        name = str(getattr(upload, "filename", "") or "")
        # One byte more than may be, so that a longer file is told and not cut.
        content = upload.read(MOST_BYTES + 1)
        return (content if isinstance(content, bytes) else str(content).encode()), "", name
    if isinstance(written, str) and written:
        return written.encode("utf-8", "replace"), "", ""
    raise tk.Invalid(_("Pilih berkas daftar kode: CSV, JSON, Turtle, RDF/XML atau JSON-LD."))


def _waiting(by: str, identifier: str) -> dict[str, Any]:
    found, order = editing.received(by, identifier)
    return {"id": found.id, "source": found.source, "retire_absent": found.retire_absent,
            **editing_present.proposal(editing.weigh(order), editing.find(order.name))}


def satudata_vocabulary_import_accept(context: Any, data_dict: Any) -> dict[str, Any]:
    """Make a file that was read a new version of its list, or only say again what it would change.

    :param id: of the file, from ``satudata_vocabulary_import``; each person's own.
    :type id: string
    :param expected_version: the version it was compared with; another answers 409.
    :type expected_version: int
    :param note: why.
    :type note: string, optional
    :param partly: take the right rows though others are refused (default: all or nothing).
    :type partly: boolean, optional
    :param dry_run: compare again, and change nothing (default: false).
    :type dry_run: boolean, optional

    :returns: as ``satudata_vocabulary_import``.
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: not a walidata.
    :raises ckan.logic.NotFound: no such file waits.
    :raises ckan.logic.ValidationError: rows are refused, nothing changes, or (409) the list has
        become another version.
    """
    tk.check_access("satudata_vocabulary_import_accept", context, data_dict)
    data = _read(data_dict, id=lambda data: text(data, "id", need=_("Tulis id berkasnya.")),
                 note=_note, expected_version=_seen, partly=lambda data: flag(data, "partly"),
                 dry_run=lambda data: flag(data, "dry_run"))
    if data["expected_version"] is None and not data["dry_run"]:
        raise tk.ValidationError({"expected_version": [_(
            "Tulis versi yang dibandingkan, dari jawaban satudata_vocabulary_import.")]})
    by = _by(context) or ""
    told = _waiting(by, data["id"])
    if not data["dry_run"]:
        _found, order = editing.received(by, data["id"])
        editing.decide(by, Order(
            order.name, order.rows, "impor", data["expected_version"], data["note"],
            order.source, order.retire_absent, data["partly"]))
        told |= editing_present.about(editing.find(order.name))
    return told


def satudata_vocabulary_undo(context: Any, data_dict: Any) -> dict[str, Any]:
    """Take a version of a list back, by a new version: fields as they were, new codes retired.

    What was changed again since stays as it is now.

    :param name: the list.
    :type name: string
    :param number: of the version to take back.
    :type number: int
    :param expected_version: the version that was seen; another answers 409.
    :type expected_version: int, optional
    :param note: why.
    :type note: string, optional

    :returns: ``name, title, version, modified, size, editing, reason, local, uri`` and ``kept``:
        codes that were changed again since.
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: not a walidata.
    :raises ckan.logic.NotFound: there is no such list or version.
    :raises ckan.logic.ValidationError: nothing of it can be taken back, or (409) the list has
        become another version.
    """
    tk.check_access("satudata_vocabulary_undo", context, data_dict)
    data = _read(data_dict, name=_name, note=_note, expected_version=_seen,
                 number=lambda data: number(data, "number", 0, _MOST_VERSION))
    _version, later = editing.undo(_by(context), data["name"], data["number"],
                                   data["expected_version"], data["note"])
    return {**editing_present.about(editing.find(data["name"])), "kept": later}


@tk.side_effect_free
def satudata_vocabulary_usage(context: Any, data_dict: Any) -> dict[str, Any]:
    """Tell which datasets, kegiatan, indikator and instansi say a code, drafts among them.

    :param name: the list.
    :type name: string
    :param code: the code.
    :type code: string
    :param limit: at most so many, 0 to 1000 (default 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional

    :returns: ``count``, ``counts`` by kind and ``results`` by title: ``id, name, title, type,
        kind`` (``terbit, belum_terbit, kegiatan, indikator, instansi``).
    :rtype: dictionary

    :raises ckan.logic.NotAuthorized: not a walidata.
    :raises ckan.logic.NotFound: there is no such list or code.
    """
    tk.check_access("satudata_vocabulary_usage", context, data_dict)
    data = _read(data_dict, name=_name, code=lambda data: text(data, "code", 64),
                 limit=lambda data: number(data, "limit", 100, _MOST_LISTED),
                 offset=lambda data: number(data, "offset", 0, _MOST_VERSION))
    known = editing.find(data["name"])
    if data["code"] not in known:
        raise tk.ObjectNotFound(_("Kode “{code}” tidak ada di kosakata {name}.").format(
            code=data["code"], name=known.name))
    found = sorted(affected.users(known.name, [data["code"]]).get(data["code"], {}).values(),
                   key=lambda each: (each.title.casefold(), each.id))
    kinds = [each.kind for each in found]
    return {"count": len(found), "counts": {kind: kinds.count(kind) for kind in affected.KINDS},
            "results": [vars(each) for each in found[data["offset"]:][:data["limit"]]]}


@tk.side_effect_free
def satudata_vocabulary_version_list(context: Any, data_dict: Any) -> dict[str, Any]:
    """List what was changed of a list since it was delivered, newest first; everybody may.

    :param name: the list.
    :type name: string
    :param limit: at most so many, 0 to 1000 (default 100).
    :type limit: int, optional
    :param offset: skip so many (default 0).
    :type offset: int, optional

    :returns: ``count`` and ``results``: ``number, at, kind`` (``baru, ubah, impor, urung``),
        ``kind_label, note, source, about, codes`` (how many); ``actor`` for a walidata.
    :rtype: dictionary

    :raises ckan.logic.NotFound: there is no such list.
    """
    tk.check_access("satudata_vocabulary_version_list", context, data_dict)
    data = _read(data_dict, name=_name,
                 limit=lambda data: number(data, "limit", 100, _MOST_LISTED),
                 offset=lambda data: number(data, "offset", 0, _MOST_VERSION))
    editing.find(data["name"])
    count, rows = editing.versions(data["name"], data["limit"], data["offset"])
    named = bool(context.get("ignore_auth")) or may(
        actor_of_context(context), Permission.KELOLA_KODE, Subject())
    return {"count": count, "results": editing_present.versions(rows, named)}


@tk.side_effect_free
def satudata_vocabulary_version_show(context: Any, data_dict: Any) -> dict[str, Any]:
    """Show a list as it was in a version, and what that version changed; everybody may.

    :param name: the list.
    :type name: string
    :param number: of the version; 0 is as delivered.
    :type number: int

    :returns: ``name, title, number, at, size``, ``changes`` (each ``code, label, effect, fields``)
        and ``results``: every code as in ``satudata_vocabulary_show``.
    :rtype: dictionary

    :raises ckan.logic.NotFound: there is no such list or version.
    """
    tk.check_access("satudata_vocabulary_version_show", context, data_dict)
    data = _read(data_dict, name=_name,
                 number=lambda data: number(data, "number", 0, _MOST_VERSION))
    found, changed = editing.as_of(data["name"], data["number"])
    lang = present.language()
    return {
        "name": found.name, "title": found.title(lang), "number": found.version,
        "at": found.modified.isoformat() if found.modified else None, "size": len(found),
        "changes": [editing_present.change(each, found[each.code].label(lang))
                    for each in (changed.rows if changed else ())],
        "results": [present.concept(found, each, lang) for each in found],
    }
