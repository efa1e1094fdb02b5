"""Pages and downloads of tables: what a client is told while a table changes, and whole dumps."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, jsonify

from ckanext.satudata.shared import forms
from ckanext.satudata.shared.answering import refused as in_words
from ckanext.satudata.shared.datastore import TableSwitching, inherited
from ckanext.satudata.shared.programs import page_is_asked
from ckanext.satudata.tables import reading
from ckanext.satudata.tables.journal import REFUSED, answering, open_resources, refusal

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_tables", __name__)

#: Seconds; tables change places within a fraction of one.
RETRY_AFTER = "1"
#: What CKAN's views make of the refusal, which is a table not found to them.
_MEANT = frozenset({400, 404, 500})
_DATATABLES = "datatablesview.ajax"


@blueprint.app_errorhandler(TableSwitching)
def refused(error: TableSwitching) -> Response:
    """Say that a new version is being put in place."""
    return _told()


@blueprint.before_app_request
def one_table() -> None:
    """Let a page of DataTables, which CKAN makes of two reads, be of one table."""
    if tk.request.endpoint == _DATATABLES:
        reading.one_answer()


@blueprint.after_app_request
def service_unavailable(response: Response) -> Response:
    """Answer 503 where CKAN's views took the refusal for a table that is not there."""
    refused = g.get("satudata_switching")
    if not refused or response.status_code not in _MEANT:
        return response
    if tk.request.path.startswith("/api/"):
        told = response.get_json(silent=True)
        error = {"__type": "Service Unavailable", "message": tk._(refused)}
        shown = {"help": told.get("help")} if isinstance(told, dict) and "help" in told else {}
        return _said(jsonify({**shown, "success": False, "error": error}))
    if tk.request.endpoint == _DATATABLES:
        return _said(jsonify({"error": tk._(refused)}))
    return _told()


@blueprint.route("/datastore/dump/<resource_id>")
def dump(resource_id: str) -> Any:
    """Give the whole of a table; see CKAN. A dump that meets a new version breaks off.

    CKAN reads a page of rows at a time, each as the table is then. The connection is closed
    without the end of the stream, which every client of HTTP/1.1 takes for what it is.
    """
    from ckanext.datastore import blueprint as stock

    read: dict[str, int | None] = {}
    with answering():
        table = _table_of(resource_id)
        closed = open_resources()
        if closed and (table in closed or reading.behind(table) in closed):
            raise refusal()
        with reading.same_table(read):
            response = stock.dump(table)
    if table != resource_id and "Content-Disposition" in response.headers:
        response.headers["Content-Disposition"] = (
            response.headers["Content-Disposition"].replace(table, resource_id))
    if isinstance(response, Response) and response.is_streamed:
        response.response = _of_one_table(response.response, read)
    return response


def _table_of(resource_id: str) -> str:
    """Return whose table to dump: of a working copy's file without one, the published one's."""
    origin = inherited([resource_id]).get(resource_id)
    if origin is None:
        return resource_id
    try:
        tk.check_access("datastore_search", {}, {"resource_id": resource_id})
    except tk.NotAuthorized:
        tk.abort(404, tk._("Halaman tidak ada"))
    return origin


def _of_one_table(pages: Iterable[bytes], read: dict[str, int | None]) -> Iterator[bytes]:
    """Yield the pages of a dump as long as they come from the table of the first."""
    source = iter(pages)
    while True:
        with reading.same_table(read):
            page = next(source, None)
        if page is None:
            return
        yield page


def _told() -> Response:
    """Say it on a page, or to a program in its own form."""
    said = tk._(g.get("satudata_switching") or REFUSED)
    if page_is_asked():
        page = tk.render("error_document_template.html", {
            "code": 503, "name": tk._("Tabel belum bisa dibaca"), "content": said,
            "show_login_redirect_link": False})
        return _said(Response(page, mimetype="text/html"))
    if forms.asked(forms.split(tk.request.path)[1]) == "json":
        return _said(jsonify({"error": {"message": said}}))
    return _said(in_words(said, 503))


def _said(response: Response) -> Response:
    response.status_code = 503
    response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response
