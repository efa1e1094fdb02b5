"""Pages of the Berita Acara: list, desk, document, PDF, check. Nothing changes by GET."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from ckan.plugins.toolkit import _
from flask import Blueprint, Response, make_response

from ckanext.satudata.berita_acara import form, service, store
from ckanext.satudata.domain.berita_acara import layout
from ckanext.satudata.domain.berita_acara.document import Document
from ckanext.satudata.domain.berita_acara.draft import MAX_ATTENDEES
from ckanext.satudata.domain.berita_acara.steps import State
from ckanext.satudata.shared.asking import visitor

__all__ = ["blueprint"]

_PER_PAGE = 20
_MORE = 3

blueprint = Blueprint("satudata_berita_acara", __name__)


@blueprint.before_request
def ask_to_log_in() -> Any:
    """Send whoever is not logged in to do so, and back here; anybody may check a document."""
    endpoint = str(tk.request.endpoint).rpartition(".")[2]
    if tk.current_user.is_authenticated or endpoint in ("check", "check_hash"):
        return None
    return tk.h.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?"))


def _call(action: str, data: dict[str, Any]) -> Any:
    """Call one of our actions; what is not for this person does not exist for them."""
    try:
        return tk.get_action(f"satudata_berita_acara_{action}")(visitor(), data)
    except tk.ObjectNotFound:
        return tk.abort(404, _("Berita acara ini tidak ada, atau bukan untuk Anda."))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error.message or _("Anda belum berwenang atas langkah ini.")))


def _to(identifier: str) -> Response:
    return tk.redirect_to("satudata_berita_acara.show", id=identifier)


def index() -> str:
    """List the documents one may read."""
    page = tk.request.args.get("page", "1")
    number = max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1
    chosen = {"state": tk.request.args.get("status", "")[:20],
              "owner_org": tk.request.args.get("opd", "")[:200].replace("\x00", "")}
    if chosen["state"] not in {state.value for state in State}:
        chosen["state"] = ""
    found = _call("list", {**chosen, "limit": _PER_PAGE, "offset": (number - 1) * _PER_PAGE})

    def url(**values: Any) -> str:
        return tk.h.url_for("satudata_berita_acara.index", **{
            name: value for name, value in (
                ("status", chosen["state"]), ("opd", chosen["owner_org"]),
                ("page", values["page"])) if value})

    pager = Page(found["results"], page=number, url=url, item_count=found["count"],
                 items_per_page=_PER_PAGE, presliced_list=True)
    agencies = form.agencies(tk.current_user.name)
    return tk.render("satudata/berita_acara/index.html", {
        "documents": found["results"], "count": found["count"], "pager": pager, "chosen": chosen,
        "states": [state.value for state in State], "may_prepare": bool(agencies)})


def new() -> str | Response:
    """Prepare one: choose the OPD, tick its data, write who was there."""
    named, submission = (tk.request.values.get(name, "")[:200].replace("\x00", "")
                         for name in ("opd", "pengajuan"))
    ticked: list[str] = []
    if submission:
        named, ticked = _submission(submission)
    agencies = form.agencies(tk.current_user.name)
    if not agencies:
        return tk.abort(403, _("Hanya walidata yang dapat menyusun berita acara."))
    agency = next((each for each in agencies if named in (each["name"], each["id"])), None)
    if agency is None:
        if named:
            return tk.abort(404, _("Instansi ini tidak ada, atau bukan untuk Anda."))
        return tk.render("satudata/berita_acara/choose.html", {"agencies": agencies})
    if tk.request.method == "POST":
        return _save(agency, None, lambda data: _call(
            "create", {**data, "owner_org": agency["id"]}))
    return _form(agency, form.blank("pemeriksaan" if ticked else "desk", ticked), {}, None)


def _submission(identifier: str) -> tuple[str, list[str]]:
    """Return the OPD of the submission one came from, and the submission to tick."""
    try:
        record = tk.get_action("satudata_submission_show")(visitor(), {"id": identifier})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, _("Pengajuan ini tidak ada, atau bukan untuk Anda."))
    return record["owner_org"], [record["id"]]


def edit(id: Any) -> str | Response:
    """Change a draft."""
    document = _call("show", {"id": str(id)})
    if not any(each["name"] == "ubah" and each["allowed"] for each in document["actions"]):
        tk.h.flash_error(_("Berita acara ini bukan draf lagi, jadi tidak dapat diubah."))
        return _to(document["id"])
    agency = document["organization"]
    if tk.request.method == "POST":
        version = tk.request.form.get("expected_version", "")
        return _save(agency, document, lambda data: _call("update", {
            **data, "id": document["id"], "expected_version": version}))
    return _form(agency, form.from_draft(document["draft"]), {}, document)


def _save(
    agency: dict[str, str], document: dict[str, Any] | None,
    save: Callable[[dict[str, Any]], dict[str, Any]],
) -> str | Response:
    data = form.posted(tk.request.form)
    if tk.request.form.get("baris"):
        room = MAX_ATTENDEES - len(data["attendees"])
        data["attendees"] += [{"name": "", "office": "", "agency": ""}] * min(_MORE, max(room, 0))
        return _form(agency, data, {}, document)
    if tk.request.form.get("semua"):
        data["submissions"] = [each["id"] for each in form.choices(
            tk.current_user.name, agency["id"], data["submissions"])]
        return _form(agency, data, {}, document)
    data["attendees"] = [each for each in data["attendees"] if any(
        value.strip() for value in each.values())]
    try:
        saved = save(data)
    except tk.ValidationError as error:
        data["attendees"] = data["attendees"] or form.blank("desk", [])["attendees"]
        page = make_response(_form(agency, data, error.error_dict, document))
        page.status_code = 400
        return page
    return _to(saved["id"])


def _form(
    agency: dict[str, str], data: dict[str, Any], errors: dict[str, Any],
    document: dict[str, Any] | None,
) -> str:
    version = document["version"] if document else None
    return tk.render("satudata/berita_acara/form.html", {
        "agency": agency, "data": data, "document": document, "version": version,
        "errors": {name: texts for name, texts in errors.items() if isinstance(texts, list)},
        "choices": form.choices(tk.current_user.name, agency["id"], data["submissions"]),
    })


def show(id: Any) -> str:
    """Show the document as it prints, and what one may do with it."""
    document = _call("show", {"id": str(id)})
    row = store.find(document["id"])
    assert row is not None
    # The very content whose hash the form sends back; a draft is not composed twice.
    paper = Document.from_dict(document["content"])
    refused = document["state"] == State.DITOLAK.value
    return tk.render("satudata/berita_acara/show.html", {
        "document": document,
        "actions": {each["name"]: each for each in document["actions"]},
        "head": layout.head(paper, refused),
        "blocks": [(type(block).__name__, block) for block in layout.blocks(paper)],
        "signatures": layout.signatures(paper, row.confirmed(), refused),
        "me": tk.current_user,
    })


def _step(action: str, id: Any, done: str, *fields: str) -> Response:
    """Take a step from a form, say how it went, and go back to the document."""
    data = {"id": str(id), **{name: tk.request.form.get(name, "") for name in fields}}
    try:
        after = _call(action, data)
    except tk.ValidationError as error:
        texts = [str(text) for value in error.error_dict.values() if isinstance(value, list)
                 for text in value]
        tk.h.flash_error(" ".join(texts) or _("Langkah itu tidak berhasil."), allow_html=False)
        return _to(str(id))
    tk.h.flash_success(done.format(number=after["number"] or ""), allow_html=False)
    return _to(str(id))


def issue(id: Any) -> Response:
    """Issue a draft."""
    return _step("issue", id, _("Berita acara terbit dengan nomor {number}. Kedua pihak diberi "
                                "tahu untuk mengonfirmasi."), "expected_hash")


def confirm(id: Any) -> Response:
    """Confirm for one's side."""
    return _step("confirm", id, _("Konfirmasi Anda atas berita acara {number} tercatat."),
                 "expected_hash", "office", "side")


def refuse(id: Any) -> Response:
    """Refuse with a reason."""
    return _step("refuse", id, _("Penolakan Anda atas berita acara {number} tercatat. Isinya "
                                 "kembali menjadi draf walidata."), "reason", "side")


def cancel(id: Any) -> Response:
    """Give up a draft."""
    return _step("cancel", id, _("Draf dibatalkan."))


def pdf(id: Any) -> Response:
    """Send the PDF: the one both sides confirmed, or one that says it is not confirmed yet."""
    document = _call("show", {"id": str(id)})
    row = store.find(document["id"])
    assert row is not None
    content = service.print_pdf(row, Document.from_dict(document["content"]))
    response = make_response(content)
    name = re.sub(r"[^A-Za-z0-9]+", "-", document["number"] or "konsep").strip("-")
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="Berita-Acara-{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def check(sha256: str = "") -> str | Response:
    """Tell anybody whether a document of this hash was issued here; nothing of what it says."""
    given = sha256 or tk.request.args.get("sidik", "")
    answer = _call("check", {"sha256": given}) if given.strip() else None
    page = make_response(tk.render("satudata/berita_acara/check.html", {
        "answer": answer, "given": given[:200]}))
    page.status_code = 404 if answer is not None and not answer["found"] else 200
    # A person with the paper asks, not a search engine.
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def _rule(path: str, endpoint: str, view: Callable[..., Any], *methods: str) -> None:
    blueprint.add_url_rule(path, endpoint, view, methods=methods or ("GET",))


_rule("/berita-acara", "index", index)
_rule("/berita-acara/baru", "new", new, "GET", "POST")
_rule("/berita-acara/periksa", "check", check)
_rule("/berita-acara/periksa/<sha256>", "check_hash", check)
_rule("/berita-acara/<uuid:id>", "show", show)
_rule("/berita-acara/<uuid:id>.pdf", "pdf", pdf)
_rule("/berita-acara/<uuid:id>/ubah", "edit", edit, "GET", "POST")
_rule("/berita-acara/<uuid:id>/terbitkan", "issue", issue, "POST")
_rule("/berita-acara/<uuid:id>/konfirmasi", "confirm", confirm, "POST")
_rule("/berita-acara/<uuid:id>/tolak", "refuse", refuse, "POST")
_rule("/berita-acara/<uuid:id>/batalkan", "cancel", cancel, "POST")
