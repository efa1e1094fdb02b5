"""The scanned surat pengantar: kept with the submission, for those who may read it.

What comes in is a stranger's file: only PDF, PNG and JPEG by their first bytes, of bounded size,
stored under the hash of its bytes and served as a download that no browser runs.
"""
from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response
from werkzeug.datastructures import FileStorage

from ckanext.satudata.shared import scans
from ckanext.satudata.shared.storage_errors import refusing

__all__ = ["MAX_BYTES", "keep", "response"]

MAX_BYTES = 10_000_000
KINDS = {b"%PDF-": ("application/pdf", "pdf"), b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
         b"\xff\xd8\xff": ("image/jpeg", "jpg")}


def keep(upload: Any) -> dict[str, Any]:
    """Store an uploaded letter; return what the submission remembers of it.

    :returns: ``sha256``, ``nama`` (as it was called), ``jenis`` (media type), ``ukuran`` (bytes)
    :raises ValidationError: it is no file, too large, or of another kind
    """
    if not isinstance(upload, FileStorage):
        raise tk.ValidationError({"letter": [tk._("Kirim surat sebagai berkas.")]})
    content = upload.stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise tk.ValidationError({"letter": [tk._(
            "Berkas surat lebih dari {limit} MB. Kecilkan dahulu, misalnya dengan memindai "
            "hitam-putih.").format(limit=MAX_BYTES // 1_000_000)]})
    kind = next((each for mark, each in KINDS.items() if content.startswith(mark)), None)
    if kind is None:
        raise tk.ValidationError({"letter": [tk._(
            "Berkas surat harus PDF, PNG, atau JPEG. Simpan ulang dalam salah satu format itu.")]})
    with refusing("letter"):
        sha256 = scans.put(content)
    name = re.sub(r"[\x00-\x1f\x7f/\\]+", " ", upload.filename or "").strip()[:200]
    return {"sha256": sha256, "nama": name or f"surat.{kind[1]}", "jenis": kind[0],
            "ukuran": len(content)}


def response(kept: dict[str, Any]) -> Response:
    """Return a kept letter as a download.

    :raises ObjectNotFound: its bytes are not in the storage any more
    """
    try:
        content = scans.content(str(kept["sha256"]))
    except LookupError:
        raise tk.ObjectNotFound(tk._("Berkas surat tidak ada lagi di penyimpanan.")) from None
    answer = Response(content, mimetype=str(kept["jenis"]))
    extension = next(each[1] for each in KINDS.values() if each[0] == kept["jenis"])
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=surat-pengantar-{kept['sha256'][:8]}.{extension}")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
