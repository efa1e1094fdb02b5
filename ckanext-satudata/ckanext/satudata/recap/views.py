"""Pages of recaps: the list, a new one, the board, and what it leads to. No GET changes anything.
"""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from flask import Blueprint, Response, make_response

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.intake.links import FORGET_SENDERS
from ckanext.satudata.domain.intake.recap import board as rules
from ckanext.satudata.domain.intake.recap.units import LEVELS, MAX_TEXT
from ckanext.satudata.domain.wilayah_search import plain
from ckanext.satudata.recap import form
from ckanext.satudata.shared import mail, moment
from ckanext.satudata.shared.asking import ask_to_log_in, visitor
from ckanext.satudata.shared.family import subject_of

__all__ = ["blueprint"]

Data = dict[str, Any]
blueprint = Blueprint("satudata_recap", __name__)
blueprint.before_request(ask_to_log_in)
#: Units on one page of the board.
PER_PAGE = 100
_ACTS = re.compile(r"[=@+\-\t\r]")
_ONE = "/dataset/<id>/rekap/<uuid:recap>"


def _package(id: str) -> Data:
    """Return the dataset, or answer 404: hidden data is told to nobody."""
    try:
        return tk.get_action("package_show")(visitor(), {"id": id[:200]})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, _("Dataset tidak ditemukan."))


def _board(id: str, recap: Any) -> tuple[Data, Data]:
    package = _package(id)
    try:
        found = tk.get_action("satudata_recap_show")(visitor(), {"id": str(recap)})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("Rekap ini tidak ada, atau bukan untuk Anda."))
    of = subject_of(package["id"])  # it may be named by its working copy
    if of is None or of[0] != found["package_id"]:
        return tk.abort(404, _("Rekap ini tidak ada, atau bukan untuk Anda."))
    return package, found


def _page(template: str, package: Data, status: int = 200, **more: Any) -> Response:
    """Keep the links of units out of caches, and out of the addresses other sites see."""
    now = moment.now()
    answer = make_response(tk.render(f"satudata/recap/{template}.html", {
        "pkg": package, "now": now.isoformat(), "has_mail": mail.is_set_up(),
        "today": workdays.local(now, config.zona_waktu()).date().isoformat(), **more}), status)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _may(action: str, identifier: str) -> bool:
    try:
        tk.check_access(action, visitor(), {"id": identifier})
    except tk.NotAuthorized:
        return False
    return True


def _said(error: tk.ValidationError) -> str:
    return " ".join(str(each) for value in error.error_dict.values()
                    if isinstance(value, list) for each in value)


# ---------------------------------------------------------------------------- list and new one
@blueprint.route("/dataset/<id>/rekap")
def index(id: str) -> Any:
    """List the recaps of a dataset."""
    package = _package(id)
    try:
        found = tk.get_action("satudata_recap_list")(visitor(), {"id": package["id"]})
    except tk.NotAuthorized:
        return tk.abort(404, _("Rekap ini tidak ada, atau bukan untuk Anda."))
    return _page("index", package, recaps=found,
                 may_create=_may("satudata_recap_create", package["id"]))


@blueprint.route("/dataset/<id>/rekap/baru", methods=["GET", "POST"])
def new(id: str) -> Any:
    """Ask who is to send, show them as understood, then make their links."""
    package = _package(id)
    if not _may("satudata_recap_create", package["id"]):
        return tk.abort(403, _("Tautan kirim data dibuat walidata, walidata pendukung, atau admin "
                               "instansi datanya."))
    earlier = tk.get_action("satudata_recap_list")(visitor(), {"id": package["id"]})
    if tk.request.method == "GET":
        return _new(package, form.blank(package), {}, earlier)
    typed = form.typed(tk.request.form, tk.request.files.get("berkas"))
    if typed["source"] == "rekap":
        typed["list"] = _list_of(earlier, typed["recap"])
    if tk.request.form.get("langkah") != "buat":
        return _new(package, typed, form.problems(typed), earlier, checked=True)
    try:
        made = tk.get_action("satudata_recap_create")(
            visitor(), {"id": package["id"], **form.asked(typed)})
    except tk.ValidationError as error:
        return _new(package, typed, error.error_dict, earlier)
    tk.h.flash_success(_("{count} tautan dibuat. Kirimkan ke tiap {kind} dari papan ini.").format(
        count=made["total"], kind=made["unit_kind"]), allow_html=False)
    return tk.h.redirect_to("satudata_recap.board", id=package["name"], recap=made["id"])


def _new(
    package: Data, typed: Data, errors: Mapping[str, Any], earlier: list[Data],
    checked: bool = False,
) -> Response:
    shown = {name: texts for name, texts in errors.items() if isinstance(texts, list)}
    return _page(
        "new", package, 400 if shown else 200, data=typed, errors=shown, earlier=earlier,
        forget_days=FORGET_SENDERS.days,
        found=form.found(typed) if checked and not shown else (), levels=LEVELS,
        limit=MAX_TEXT)


def _list_of(earlier: list[Data], chosen: str) -> str:
    """Return the units of an earlier recap of this dataset as a list."""
    if chosen not in [each["id"] for each in earlier]:
        return ""
    found = tk.get_action("satudata_recap_show")(visitor(), {"id": chosen})
    units = sorted(found["units"], key=lambda each: each["code"])
    return form.written([(each["code"], each["name"], each.get("phone", ""),
                          each.get("email", "")) for each in units])


# ------------------------------------------------------------------------------------ the board
@blueprint.route(_ONE)
def board(id: str, recap: Any) -> Any:
    """Show who has sent and who has not."""
    package, found = _board(id, recap)
    return _shown(package, found)


def _shown(package: Data, found: Data, **more: Any) -> Response:
    stand, text = tk.request.args.get("keadaan", ""), tk.request.args.get("cari", "")[:100].strip()
    wanted = [each for each in found["units"] if (
        stand not in found["counts"] or each["stand"] == stand) and (
        not text or plain(text) in plain(f"{each['name']} {each['code']}"))]
    page = min(tk.h.get_page_number(tk.request.args), 10_000)
    printing = tk.request.args.get("cetak") == "1"
    pages = max(1, -(-len(wanted) // PER_PAGE))
    page = min(page, pages)
    units = wanted if printing else wanted[(page - 1) * PER_PAGE:page * PER_PAGE]
    return _page(
        "print" if printing else "board", package, recap=found, units=units, count=len(wanted),
        page=page, pages=pages, stand=stand if stand in found["counts"] else "", text=text,
        labels={each.value: _(rules.LABELS[each]) for each in rules.ORDER},
        may_accept=_may("satudata_recap_accept", found["id"]), **more)


@blueprint.route(f"{_ONE}/tautan.csv")
def links(id: str, recap: Any) -> Any:
    """Give all links as CSV to who may make them; no cell of it is a formula."""
    found = _board(id, recap)[1]
    if not found["manages"]:
        return tk.abort(403, _("Tautan kirim data hanya untuk yang boleh membuatnya."))
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(["kode", "nama", "telepon", "surel", "keadaan", "tautan"])
    for each in sorted(found["units"], key=lambda unit: unit["code"]):
        writer.writerow([_harmless(cell) for cell in (
            each["code"], each["name"], each["phone"], each["email"], each["stand_label"],
            each["url"] or "")])
    # A spreadsheet takes a file without this mark for Windows-1252.
    answer = Response("\ufeff" + made.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="tautan-rekap.csv")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _harmless(cell: str) -> str:
    return f"'{cell}" if _ACTS.match(cell) else cell


@blueprint.route(f"{_ONE}/terima", methods=["POST"])
def accept(id: str, recap: Any) -> Any:
    """Accept what is ready, or what one unit sent."""
    def done(after: Data) -> str:
        said = _("{count} kiriman diterima.").format(count=len(after["accepted"]))
        return said if not after["refused"] else _("{said} Belum diterima: {names}.").format(
            said=said, names=", ".join(after["refused"][:10]))
    return _do("accept", id, recap, done)


@blueprint.route(f"{_ONE}/ingatkan", methods=["GET", "POST"])
def remind(id: str, recap: Any) -> Any:
    """Remind: one unit by the way chosen, or all; who has no mail comes one after the other."""
    package, found = _board(id, recap)
    if not found["manages"]:
        return tk.abort(403, _("Tautan kirim data hanya untuk yang boleh membuatnya."))
    chosen = tk.request.form.get("unit", "")
    if tk.request.method == "POST":
        try:
            told = tk.get_action("satudata_recap_remind")(visitor(), {
                "id": found["id"], **({"units": [chosen]} if chosen else {})})
        except tk.ValidationError as error:
            tk.h.flash_error(_said(error), allow_html=False)
            return tk.h.redirect_to("satudata_recap.board", id=package["name"], recap=found["id"])
        unit = next((each for each in found["units"] if each["code"] == chosen), None)
        if unit is not None and unit["wa_url"] and tk.request.form.get("lewat") == "wa":
            return tk.redirect_to(unit["wa_url"])
        if told["mailed"]:
            tk.h.flash_success(_("{count} surel pengingat dikirim.").format(
                count=told["mailed"]), allow_html=False)
        return tk.h.redirect_to("satudata_recap.remind", id=package["name"], recap=found["id"])
    waiting = [each for each in found["units"] if each["stand"] == "belum" and each["url"]]
    return _page("remind", package, recap=found,
                 by_phone=[each for each in waiting if each["phone"]],
                 by_mail=[each for each in waiting if not each["phone"] and each["email"]],
                 by_hand=[each for each in waiting if not each["phone"] and not each["email"]])


@blueprint.route(f"{_ONE}/gabung", methods=["GET", "POST"])
def merge(id: str, recap: Any) -> Any:
    """Show what the table of all would be, then make it."""
    package, found = _board(id, recap)
    if not _may("satudata_recap_merge", found["id"]):
        return tk.abort(403, _("Hanya penyusun data ini yang menggabungkan kirimannya."))
    posted = tk.request.method == "POST"
    try:
        merged = tk.get_action("satudata_recap_merge")(
            visitor(), {"id": found["id"], "dry_run": not posted})
    except (tk.ValidationError, tk.NotAuthorized) as error:
        said = _said(error) if isinstance(error, tk.ValidationError) else str(error.message)
        tk.h.flash_error(said, allow_html=False)
        return tk.h.redirect_to("satudata_recap.board", id=package["name"], recap=found["id"])
    if not posted:
        return _page("merge", package, recap=found, merged=merged)
    tk.h.flash_success(_("{headline} Tabelnya masuk ke draf.").format(
        headline=merged["headline"]), allow_html=False)
    return tk.h.redirect_to("satudata_recap.board", id=package["name"], recap=found["id"])


@blueprint.route(f"{_ONE}/ubah", methods=["POST"])
def update(id: str, recap: Any) -> Any:
    """Change the last day, or ask further units."""
    sent = {name: tk.request.form.get(name, "")[:MAX_TEXT + 1] for name in ("title", "due_at")}
    text = tk.request.form.get("list", "")[:MAX_TEXT + 1]
    if text.strip():
        sent["list"] = text
    return _do("update", id, recap, lambda _after: _("Rekap diperbarui."), **sent)


@blueprint.route(f"{_ONE}/tutup", methods=["POST"])
def close(id: str, recap: Any) -> Any:
    """Close the recap."""
    return _do("close", id, recap, lambda _after: _(
        "Rekap ditutup. Tautannya tidak menerima kiriman lagi; yang sudah masuk tetap ada."))


def _do(action: str, id: str, recap: Any, said: Any, **more: Any) -> Any:
    """Call an action of a recap for the form, say what came of it, and go back to the board."""
    package, found = _board(id, recap)
    chosen = tk.request.form.get("unit", "")
    if chosen and action == "accept":
        more["units"] = [chosen]
    try:
        after = tk.get_action(f"satudata_recap_{action}")(visitor(), {"id": found["id"], **more})
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error.message))
    except tk.ValidationError as error:
        tk.h.flash_error(_said(error), allow_html=False)
    else:
        tk.h.flash_success(said(after), allow_html=False)
    return tk.h.redirect_to("satudata_recap.board", id=package["name"], recap=found["id"])
