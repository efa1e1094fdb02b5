"""Bytes of a file, on their way out: as CKAN sends them, but asked for and written down.

CKAN asks whether a dataset may be read and then gives its files; here a file has a right of its
own. Open files carry their hash as ETag and are to be asked for anew each time (a cache answers
from what it holds after a 304), so that a restriction holds at once in every cache.
"""
from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
import file_keeper as fk
from ckan.lib import files, signals, uploader
from ckan.lib.files.base import is_supported_type
from flask import Response
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from ckanext.satudata.shared.signals import file_opened

__all__ = ["closed", "send", "send_stored"]

CHUNK = 64 * 1024
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def send(
    resource: dict[str, Any], filename: str | None, restricted: bool, grant: str | None = None
) -> Response:
    """Return the answer with a resource's uploaded file; the right was asked.

    :param grant: id of the permission by which somebody without an account opens it
    :raises werkzeug.exceptions.NotFound: there is no such file
    """
    upload: Any = uploader.get_resource_uploader(resource)
    storage = getattr(upload, "storage", None)
    sha256 = getattr(upload, "sha256", None)
    if not isinstance(storage, fk.Storage):
        tk.abort(404, tk._("Berkas ini tidak tersedia."))
    found = send_stored(
        storage, upload.get_path(resource["id"]),
        filename=filename or str(resource.get("url") or "").rpartition("/")[2],
        mimetype=resource.get("mimetype"), sha256=sha256, restricted=restricted,
        said={"sender": resource["package_id"], "resource_id": resource["id"], "way": "unduh",
              "number": None, "rows": None, "grant": grant})
    # A part that begins later belongs to a download that was counted.
    if found.status_code == 200 and tk.request.method == "GET":
        signals.resource_download.send(resource["id"])
    return found


def send_stored(
    storage: Any, location: str, *, filename: str | None, mimetype: str | None,
    sha256: str | None, restricted: bool, said: dict[str, Any],
) -> Response:
    """Return the answer with a stored file, whole or the part asked for.

    :param said: what :data:`ckanext.satudata.shared.signals.file_opened` is told, ``sender``
        among it
    :raises werkzeug.exceptions.NotFound: there is no such file
    """
    try:
        place = files.Location(location)
        size = storage.size(place)
        data = files.FileData(place, size=size, **({"content_type": mimetype} if mimetype else {}))
    except files.exc.LocationError:
        tk.abort(404, tk._("Berkas ini tidak tersedia."))
    etag = None if restricted else sha256
    if etag and tk.request.if_none_match.contains(etag):
        return _marked(Response(status=304), etag, restricted)
    if tk.request.method != "GET":
        return _dressed(Response(), data, filename, etag, restricted)
    source = storage.stream(data)
    body = wrap_file(tk.request.environ, source, CHUNK) if hasattr(source, "read") else source
    response = _dressed(Response(body, direct_passthrough=hasattr(source, "read")), data, filename,
                        etag, restricted)
    try:
        response.make_conditional(tk.request.environ, accept_ranges=True, complete_length=size)
        file_opened.send(said.pop("sender"), sha256=sha256, size=response.content_length, **said)
    except RequestedRangeNotSatisfiable as error:
        response.close()
        return _marked(error.get_response(tk.request.environ), etag, restricted)
    except BaseException:
        response.close()
        raise
    return response


def _dressed(
    response: Response, data: files.FileData, filename: str | None, etag: str | None,
    restricted: bool,
) -> Response:
    written = data.content_type or ""
    # What a client wrote there may be no type at all, or two headers.
    response.content_type = written if _TYPE.fullmatch(written) else "application/octet-stream"
    response.content_length = data.size
    shown = is_supported_type(data.content_type, tk.config["ckan.files.inline_content_types"])
    response.headers.set("Content-Disposition", "inline" if shown else "attachment",
                         filename=_CONTROL.sub("", filename or data.location))
    # Whatever somebody uploaded, a browser takes it for what we say it is, and never for a page of
    # this portal; a reader of PDF does not work in a sandbox, and a PDF is no page.
    response.headers["X-Content-Type-Options"] = "nosniff"
    if written != "application/pdf":
        response.headers["Content-Security-Policy"] = "sandbox; frame-ancestors 'self'"
    return _marked(response, etag, restricted)


def closed(response: Response) -> Response:
    """Mark an answer that is for one person and once: no cache keeps it, nobody is told of it."""
    tk.request.environ["__no_cache__"] = True
    response.cache_control.private = True
    response.cache_control.no_store = True
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _marked(response: Any, etag: str | None, restricted: bool) -> Any:
    if restricted:
        return closed(response)
    if etag:
        response.set_etag(etag)
    response.cache_control.no_cache = True
    return response
