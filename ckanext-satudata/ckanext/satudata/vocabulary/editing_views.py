"""``/kode-referensi/<list>/ubah`` and beside it: the walidata's pages of a list.

Nothing changes before its effect was shown: a form and a file are compared first, and what is
saved is what was compared. Versions are for everybody to read. All works without JavaScript.
"""
from __future__ import annotations

import csv
import hashlib
import io
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from ckan.plugins.toolkit import _
from flask import Blueprint, Response
from markupsafe import escape

from ckanext.satudata.domain.vocabulary import COLUMNS, Vocabulary, row_of
from ckanext.satudata.domain.vocabulary_changes.changes import changes_between
from ckanext.satudata.domain.vocabulary_changes.cleaning import LONGEST, word_for
from ckanext.satudata.domain.vocabulary_changes.policy import EDITABLE, Editing, policy
from ckanext.satudata.shared.asking import ask_to_log_in, visitor
from ckanext.satudata.vocabulary import editing, editing_present, present

__all__ = ["blueprint"]

_PER_PAGE = 100
_MOST_NUMBER = 7
_FIELDS = COLUMNS[1:]

blueprint = Blueprint("satudata_vocabulary_editing", __name__)


@blueprint.before_request
def _may() -> Any:
    """Let who may change lists in; versions are everybody's to read."""
    if (tk.request.endpoint or "").rpartition(".")[2].startswith("version"):
        return None
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    try:
        tk.check_access("satudata_vocabulary_update", visitor(), {})
    except tk.NotAuthorized:
        return tk.abort(403, _("Kode referensi diubah oleh Walidata."))
    return None


def _call(action: str, **data: Any) -> Any:
    return tk.get_action(f"satudata_vocabulary_{action}")(visitor(), data)


def _find(name: str) -> Vocabulary:
    try:
        return editing.find(name)
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, _("Kosakata ini tidak ada."))


def _frame(known: Vocabulary, **more: Any) -> dict[str, Any]:
    return {"scheme": present.scheme(known, present.language()),
            "about": editing_present.about(known), **more}


def _url(route: str, **values: Any) -> str:
    return tk.h.url_for(f"satudata_vocabulary_editing.{route}", **values)


def _page_number() -> int:
    text = tk.request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _sent(name: str, longest: int = 1000) -> str:
    return tk.request.form.get(name, "")[:longest].strip()


def _version_sent() -> int | None:
    text = _sent("expected_version", 20)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_NUMBER else None


def edit(name: str) -> Any:
    """Show what may be edited of a list: its codes, its file, its versions."""
    if name == present.WILAYAH:
        return tk.render("satudata/kode_referensi/ubah_wilayah.html", {
            "scheme": present.wilayah_scheme(present.language())})
    known = _find(name)
    query = tk.request.args.get("q", "")[:200].replace("\x00", "").strip()
    pager = Page(collection=known.find(query), page=_page_number(), items_per_page=_PER_PAGE,
                 url=lambda **at: _url("edit", name=name, page=at["page"], **(
                     {"q": query} if query else {})))
    lang, today = present.language(), editing.today()
    return tk.render("satudata/kode_referensi/ubah.html", _frame(
        known, q=query, pager=pager,
        results=[present.concept(known, each, lang) | {"over": not each.is_valid(today)}
                 for each in pager]))


def code(name: str, code: str = "") -> Any:
    """Show the form of one code, or of a new one; POST shows what would change, then saves it."""
    known = _find(name)
    if code and code not in known:
        return tk.abort(404, _("Kode ini tidak ada di daftar."))
    far = policy(name)
    if far is Editing.TETAP or (not code and far is not Editing.ISI):
        return tk.redirect_to(_url("edit", name=name))
    fields = [each for each in _FIELDS if not code or each in EDITABLE[far]]
    held = row_of(known[code]) if code else dict.fromkeys(COLUMNS, "")
    data = {**held, "note": "", "expected_version": known.version}
    errors: dict[str, list[str]] = {}
    told: dict[str, Any] | None = None
    if tk.request.method == "POST":
        data |= {each: _sent(each, LONGEST[each] * 2) for each in fields}
        data["alias"] = "|".join(each.strip() for each in data["alias"].split(";"))
        data |= {"kode": code or _sent("kode", 200), "note": _sent("note")}
        _keep_of_others(known, data, fields)
        row = {each: data[each] for each in ("kode", *fields)}
        try:
            if _sent("dilihat") == _mark(row):
                _call("update", name=name, rows=[row], note=data["note"],
                      expected_version=_version_sent())
                tk.h.flash_success(escape(_("Kode “{kode}” tersimpan.").format(
                    kode=data["kode"])))
                return tk.redirect_to("satudata_vocabulary.concept", name=name,
                                      code=data["kode"])
            if code == "" and row["kode"] in known:
                errors["kode"] = [_("Kode ini sudah ada. Ubah kode itu, atau pilih kode lain.")]
            else:
                told = _call("update", name=name, rows=[row], dry_run=True)
                errors = {_column(each["field"]): [each["message"]] for each in told["refused"]}
                data["dilihat"] = "" if errors else _mark(row)
        except tk.ValidationError as error:
            errors = {each: texts for each, texts in error.error_dict.items() if each != "state"}
            if errors.pop("conflict", None):
                data["expected_version"] = _find(name).version
    data["alias"] = data["alias"].replace("|", "; ")
    return tk.render("satudata/kode_referensi/ubah_kode.html", _frame(
        known, code=code, fields=[(each, _(word_for(each))) for each in fields], data=data,
        errors=errors, told=None if errors else told, longest=LONGEST,
        current=present.concept(known, known[code], present.language()) if code else None))


def _keep_of_others(known: Vocabulary, data: dict[str, Any], fields: list[str]) -> None:
    """Take what others changed of a code since the form was opened, where it was left as it was."""
    seen, code = _version_sent(), data["kode"]
    if seen is None or seen >= known.version or code not in known:
        return
    try:
        then = editing.as_of(known.name, seen)[0]
    except tk.ObjectNotFound:
        return
    if code in then:
        before, now = row_of(then[code]), row_of(known[code])
        data |= {each: now[each] for each in fields
                 if data[each].replace("\r\n", "\n") == before[each]}


def _column(field: str) -> str:
    return "kode" if field == "code" else editing_present.COLUMN_OF[field]


def _mark(row: dict[str, str]) -> str:
    """Return what tells whether the form still says what was shown."""
    return hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()[:16]


def bring(name: str) -> Any:
    """Ask for a file; POST reads it and leads to what it would change."""
    known = _find(name)
    errors: dict[str, Any] = {}
    if tk.request.method == "POST":
        try:
            found = _call("import", name=name, upload=tk.request.files.get("upload"),
                          retire_absent=tk.request.form.get("retire_absent") == "true")
            return tk.redirect_to(_url("compare", name=name, id=found["id"]))
        except tk.ValidationError as error:
            errors = error.error_dict
    return tk.render("satudata/kode_referensi/impor.html", _frame(
        known, errors=errors, columns=COLUMNS,
        retire_absent=tk.request.form.get("retire_absent") == "true"))


def compare(name: str, id: str) -> Any:
    """Show what a file would change; POST takes it, or throws it away."""
    known = _find(name)
    errors: dict[str, Any] = {}
    try:
        if tk.request.method == "POST":
            user = tk.current_user.id
            if "buang" in tk.request.form:
                editing.discard(user, id)
                return tk.redirect_to(_url("edit", name=name))
            taken = _call("import_accept", id=id, note=_sent("note"), partly=True,
                          expected_version=_version_sent())
            tk.h.flash_success(escape(_("{judul} sekarang versi {nomor}.").format(
                judul=known.title(present.language()), nomor=taken["version"])))
            return tk.redirect_to(_url("version", name=name, number=taken["version"]))
    except tk.ValidationError as error:
        errors = error.error_dict
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    try:
        told = _call("import_accept", id=id, dry_run=True)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    return tk.render("satudata/kode_referensi/banding.html", _frame(
        _find(name), told=told, errors=errors, note=_sent("note")))


def users(name: str, code: str) -> Any:
    """List who says a code."""
    known = _find(name)
    number = _page_number()
    try:
        found = _call("usage", name=name, code=code, limit=_PER_PAGE,
                      offset=(number - 1) * _PER_PAGE)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    pager = Page(collection=range(found["count"]), page=number, items_per_page=_PER_PAGE,
                 url=lambda **at: _url("users", name=name, code=code, page=at["page"]))
    return tk.render("satudata/kode_referensi/pemakaian.html", _frame(
        known, found=found, pager=pager,
        current=present.concept(known, known[code], present.language())))


def begin() -> Any:
    """Show the form of a new list; POST makes it."""
    data = {each: _sent(each, 2100) for each in ("name", "title_id", "title_en", "about", "note")}
    errors: dict[str, Any] = {}
    if tk.request.method == "POST":
        try:
            made = _call("create", **data)
            tk.h.flash_success(escape(_("Daftar “{judul}” dibuat. Tambahkan kode-kodenya.").format(
                judul=made["title"])))
            return tk.redirect_to(_url("edit", name=made["name"]))
        except tk.ValidationError as error:
            errors = error.error_dict
    return tk.render("satudata/kode_referensi/baru.html", {"data": data, "errors": errors})


def versions(name: str) -> Any:
    """List the versions of a list."""
    known, number = _find(name), _page_number()
    found = _call("version_list", name=name, limit=_PER_PAGE, offset=(number - 1) * _PER_PAGE)
    pager = Page(collection=range(found["count"]), page=number, items_per_page=_PER_PAGE,
                 url=lambda **at: _url("versions", name=name, page=at["page"]))
    return tk.render("satudata/kode_referensi/versi.html", _frame(
        known, found=found, pager=pager, keeps=_keeps()))


def version(name: str, number: int) -> Any:
    """Show what a version changed, or how it differs from another (``dengan``)."""
    known = _find(name)
    try:
        then, changed = editing.as_of(name, number)
        with_ = tk.request.args.get("dengan", "")
        other = int(with_) if with_.isascii() and with_.isdigit() and len(
            with_) <= _MOST_NUMBER else None
        changes = changed.rows if changed else ()
        if other is not None:
            changes = changes_between(then, editing.as_of(name, other)[0])
    except tk.ObjectNotFound:
        return tk.abort(404, _("Versi ini tidak ada."))
    lang = present.language()
    rows = editing.versions(name, 1, known.version - number)[1] if number else []
    about = editing_present.versions(rows, _keeps())
    later = editing.undoing(name, number)[1] if number and _keeps() else []
    return tk.render("satudata/kode_referensi/versi_satu.html", _frame(
        known, number=number, other=other, then=then, later=later, keeps=_keeps(),
        version=about[0] if about else None, count=len(changes),
        changes=[editing_present.change(each, (then[each.code] if each.code in then else
                                               known[each.code]).label(lang))
                 for each in changes[:editing_present.MOST]]))


def version_file(name: str, number: int) -> Response:
    """Send a list as it was in a version, as CSV."""
    _find(name)
    try:
        then, _changed = editing.as_of(name, number)
    except tk.ObjectNotFound:
        return tk.abort(404, _("Versi ini tidak ada."))
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(map(row_of, then))
    return Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{name}-versi-{number}.csv"'})


def undo(name: str, number: int) -> Any:
    """Take a version back."""
    known = _find(name)
    try:
        done = _call("undo", name=name, number=number, note=_sent("note"),
                     expected_version=_version_sent())
        tk.h.flash_success(escape(_("{judul} sekarang versi {nomor}.").format(
            judul=known.title(present.language()), nomor=done["version"])))
        return tk.redirect_to(_url("version", name=name, number=done["version"]))
    except tk.ObjectNotFound:
        return tk.abort(404, _("Versi ini tidak ada."))
    except tk.ValidationError as error:
        said = error.error_dict.get("message") or error.error_dict.get("rows") or [""]
        tk.h.flash_error(escape(str(said[0])))
    return tk.redirect_to(_url("version", name=name, number=number))


def _keeps() -> bool:
    try:
        return bool(tk.check_access("satudata_vocabulary_update", visitor(), {}))
    except tk.NotAuthorized:
        return False


_BOTH = ["GET", "POST"]
for _rule, _view, _methods in (
    ("/kode-referensi/baru", begin, _BOTH),
    ("/kode-referensi/<name>/ubah", edit, ["GET"]),
    ("/kode-referensi/<name>/ubah/<code>", code, _BOTH),
    ("/kode-referensi/<name>/ubah/<code>/pemakaian", users, ["GET"]),
    ("/kode-referensi/<name>/kode-baru", code, _BOTH),
    ("/kode-referensi/<name>/impor", bring, _BOTH),
    ("/kode-referensi/<name>/impor/<id>", compare, _BOTH),
    ("/kode-referensi/<name>/versi", versions, ["GET"]),
    ("/kode-referensi/<name>/versi/<int:number>", version, ["GET"]),
    ("/kode-referensi/<name>/versi/<int:number>/unduh", version_file, ["GET"]),
    ("/kode-referensi/<name>/versi/<int:number>/urungkan", undo, ["POST"]),
):
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods)
