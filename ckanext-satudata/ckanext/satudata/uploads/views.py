"""Uploads by tus 1.0.0 at ``/unggah``: begin, ask where it stands, go on, give up."""
from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.uploads import limits, owners, protocol, store
from ckanext.satudata.uploads.model import Upload
from ckanext.satudata.uploads.protocol import BODY, EXTENSIONS, VERSION, Refused

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_uploads", __name__)
# Who is logged in is asked for the page's token by ``shared/forged.py``. Who hands in by a link has
# no session that another page could use, and may come back after days, or with another program.
csrf.exempt(blueprint)
_READ = 16 * 1024
#: Seconds a line may be silent within a body; then what came is kept and the server goes on.
SILENT = 30


def _spoken(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let a view speak tus: its version, its refusals, nothing kept by a cache."""
    @wraps(view)
    def spoken(*args: Any, **named: Any) -> Response:
        try:
            if tk.request.method != "OPTIONS" and (
                    tk.request.headers.get("Tus-Resumable") != VERSION):
                raise Refused(412, tk._("Pakai protokol tus versi {version}.").format(
                    version=VERSION), Tus_Version=VERSION)
            answer = view(*args, **named)
        except tk.ObjectNotFound:
            answer = _refusal(_gone())
        except tk.ValidationError as error:  # of the storage, in words
            answer = _refusal(Refused(503, protocol.spoken(error)))
        except Refused as refused:
            answer = _refusal(refused)
        answer.headers["Tus-Resumable"] = VERSION
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return spoken


def _refusal(refused: Refused) -> Response:
    return Response(refused.message + "\n", refused.status, refused.headers, mimetype="text/plain")


def _gone() -> Refused:
    return Refused(404, tk._("Unggahan ini tidak ada lagi, atau bukan milik Anda. Unggah berkasnya "
                             "dari awal."))


@blueprint.route("/unggah", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route("/unggah/<id>", methods=["OPTIONS"], provide_automatic_options=False)
@_spoken
def offers(id: str = "") -> Response:
    """Say what this server speaks and takes."""
    return Response(status=204, headers={
        "Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(limits.largest())})


@blueprint.route("/unggah", methods=["POST"])
@_spoken
def begin() -> Response:
    """Begin an upload; ``Location`` is where its bytes go."""
    size = protocol.number(tk.request.headers.get("Upload-Length"), "Upload-Length")
    metadata = protocol.metadata(tk.request.headers.get("Upload-Metadata"))
    name = protocol.filename(metadata.get("filename", ""))
    owner = owners.owner(metadata)
    if size == 0:
        raise Refused(400, tk._("Berkas {name} kosong. Periksa berkasnya, lalu unggah lagi.")
                      .format(name=name))
    if size > owner.largest:
        raise Refused(413, tk._(
            "Berkas {name} berukuran {size}, batasnya {limit}. Bagi berkas menjadi beberapa "
            "bagian atau kirim sebagai CSV.gz.").format(
                name=name, size=tk.h.satudata_size(size), limit=tk.h.satudata_size(owner.largest)))
    limits.check_made(owner.name)
    row = store.begin(owner.name, name, size, owner.largest)
    return Response(status=201, headers={
        "Location": tk.h.url_for("satudata_uploads.stands", id=row.id, locale="default"),
        "Upload-Offset": "0", **_expiry(row)})


@blueprint.route("/unggah/<id>", methods=["HEAD"])
@_spoken
def stands(id: str) -> Response:
    """Say how much of an upload came."""
    row = _found(id)
    return Response(status=200, headers={
        "Upload-Offset": str(row.received), "Upload-Length": str(row.size), **_expiry(row)})


@blueprint.route("/unggah/<id>", methods=["PATCH", "DELETE", "POST"])
@_spoken
def change(id: str) -> Response:
    """Take more bytes of an upload, or give it up.

    What stands between may let no such method pass: then POST names it (tus 1.0.0).
    """
    method = tk.request.headers.get("X-HTTP-Method-Override") or tk.request.method
    if method == "PATCH":
        return _go_on(id)
    if method == "DELETE":
        store.remove(_found(id).id)
        return Response(status=204)
    raise Refused(405, tk._("Cara ini tidak dikenal."), Allow="DELETE, HEAD, OPTIONS, PATCH")


def _go_on(id: str) -> Response:
    if tk.request.mimetype != BODY:
        raise Refused(415, tk._("Kirim isi berkas sebagai {type}.").format(type=BODY))
    offset = protocol.number(tk.request.headers.get("Upload-Offset"), "Upload-Offset")
    length = tk.request.content_length or 0
    if "Transfer-Encoding" in tk.request.headers:
        raise Refused(411, tk._("Tajuk {name} harus berisi jumlah bita.").format(
            name="Content-Length"))
    row = _found(id)
    limits.check_sent(row.id)
    if offset != row.received:
        raise _elsewhere(row.received)
    if offset + length > row.size:
        raise Refused(413, tk._("Yang dikirim lebih panjang daripada berkasnya. Unggah berkasnya "
                                "dari awal."))
    for piece in _pieces(length):
        try:
            offset = store.append(row.id, offset, piece)
        except store.OffsetError as error:
            raise _elsewhere(error.received) from error
    if offset == row.size:
        store.finish(row.id)
    return Response(status=204, headers={"Upload-Offset": str(offset), **_expiry(_found(id))})


def _elsewhere(received: int) -> Refused:
    return Refused(409, tk._("Unggahan ini sudah sampai bita {received}. Lanjutkan dari sana.")
                   .format(received=received), Upload_Offset=str(received))


def _pieces(length: int) -> Iterator[bytes]:
    """Yield what comes in pieces that are kept one by one; where the line breaks, what came."""
    line = tk.request.environ.get("gunicorn.socket")
    with contextlib.suppress(OSError, AttributeError):  # another server may have none
        line.settimeout(SILENT)
    piece = bytearray()
    while length:
        try:
            got = tk.request.stream.read(min(_READ, store.PIECE - len(piece), length))
        except (OSError, HTTPException):
            got = b""
        if not got:
            break
        piece += got
        length -= len(got)
        if len(piece) == store.PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def _found(id: str) -> Upload:
    """Return an upload of whoever asks; of others' nobody learns that they are there.

    Somebody whose session ended is told so: after a new login they go on. The database is let go
    then: a body may take minutes on a slow line.
    """
    with unit_of_work(keep=False):
        row = store.find(id) if len(id) <= 100 else None
        if row is None or not owners.is_theirs(row):
            raise _gone() if tk.current_user.is_authenticated else Refused(401, tk._(
                "Sesi Anda berakhir, atau tautan ini tidak berlaku lagi. Masuk lagi atau "
                "minta tautan baru, lalu pilih berkas yang sama."))
        model.Session.expunge(row)
    return row


def _expiry(row: Upload) -> dict[str, str]:
    return {"Upload-Expires": protocol.expires(row.touched_at + limits.LIFETIME)}
