"""Bytes of a file of a version, under an address that never gives others.

Who cites a figure gives this address: it must answer years later with the same bytes, or say that
they are gone. It asks ``satudata_file_open`` every time, so that what is restricted or purged is so
at once whatever a browser kept, and tells ``file_opened`` before the first byte leaves.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Response, request

from ckanext.satudata.shared import blobs, withheld
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.signals import file_opened
from ckanext.satudata.versions.model import VersionFile
from ckanext.satudata.versions.reading import Row
from ckanext.satudata.versions.show import filename_of, is_restricted, mimetype_of

__all__ = ["elsewhere", "send"]


def send(package: model.Package, row: Row, file: VersionFile) -> Response:
    """Answer with the bytes of a stored file, or of the rows that were its table.

    :raises BlobMissingError: nothing is stored under its hash
    """
    sha256 = file.sha256 or file.table_sha256 or ""
    size = blobs.size(sha256)
    answer = Response(content_type=mimetype_of(file))
    answer.headers.set("Content-Disposition", "attachment", filename=filename_of(file))
    # Whatever somebody uploaded, it is never a page of this portal.
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    restricted = is_restricted(package, row)
    _cache(answer, restricted)
    if not restricted:
        answer.set_etag(sha256)
        answer.last_modified = row.version.published_at
    number, resource_id, package_id = row.number, file.resource_id, package.id
    if request.method == "GET":
        answer.response = blobs.open(sha256)
    answer.content_length = size
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    if request.method == "GET" and answer.status_code in (200, 206):
        _tell(package_id, resource_id, number, sha256, "versi", answer.content_length)
    return answer


def elsewhere(package: model.Package, row: Row, file: VersionFile) -> Any:
    """Lead on to a file that lies elsewhere; what is there now is not ours to promise."""
    address, restricted = withheld.location(str(file.url)), is_restricted(package, row)
    # By HEAD as well: the address is all there is to take.
    _tell(package.id, file.resource_id, row.number, None, "tautan")
    answer = tk.redirect_to(address)
    _cache(answer, restricted)
    return answer


def _tell(
    package_id: str, resource_id: str, number: int, sha256: str | None, way: str,
    size: int | None = None,
) -> None:
    """Let who keeps the log write it; the connection is free before the bytes go out."""
    with unit_of_work():
        file_opened.send(package_id, resource_id=resource_id, number=number, sha256=sha256,
                         way=way, rows=None, size=size)


def _cache(answer: Any, restricted: bool) -> None:
    if restricted:  # for one person and once; CKAN would call it public
        request.environ["__no_cache__"] = True
        answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-store" if restricted else "no-cache"
