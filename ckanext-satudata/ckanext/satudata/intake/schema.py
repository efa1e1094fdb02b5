"""What callers of the intake's actions send, read and bounded."""
from __future__ import annotations

import contextlib
import io
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.domain.intake.states import OF_PEOPLE, State, Way
from ckanext.satudata.shared import blobs, reading

__all__ = ["MAX_TEXT", "Given", "filename", "given", "needed", "receipt", "state_of", "way_of"]

#: Bytes of a file sent as a text in JSON; larger ones come as a file or an upload.
MAX_TEXT = 5 * 1024 * 1024
_NOTE = 2_000
_HASH = re.compile("[0-9a-f]{64}")


@dataclass
class Given:
    """What is handed in.

    :ivar stream: its bytes, None where ``upload_id`` names them
    """

    filename: str
    stream: IO[bytes] | None
    upload_id: str
    note: str
    replaces: str
    accept: bool


@contextlib.contextmanager
def _collecting() -> Iterator[dict[str, list[str]]]:
    wrong: dict[str, list[str]] = {}
    yield wrong
    if wrong:
        raise tk.ValidationError(wrong)


def needed(data: Mapping[str, Any], name: str = "id") -> str:
    """Return the identifier a call is about.

    :raises ValidationError: none came
    """
    try:
        return reading.text(dict(data), name, need=_("Isian ini wajib."))
    except tk.Invalid as error:
        raise tk.ValidationError({name: [error.error]}) from None


def given(data: Mapping[str, Any]) -> Given:
    """Read what is handed in.

    :raises ValidationError: by field: no file, more than one, too large, a bad name
    """
    sent = dict(data)
    with _collecting() as wrong:
        note = _read(wrong, "note", lambda: reading.text(sent, "note", _NOTE))
        replaces = _read(wrong, "replaces", lambda: reading.text(sent, "replaces"))
        accept = _read(wrong, "accept", lambda: reading.flag(sent, "accept"))
        upload_id = _read(wrong, "upload_id", lambda: reading.text(sent, "upload_id"))
        name, stream = _read(wrong, "upload", lambda: _file(sent)) or ("", None)
        if not wrong and (stream is None) == (not upload_id):
            wrong["upload"] = [_("Sertakan satu berkas: sebagai upload (multipart), upload_id "
                                 "dari unggahan yang selesai, atau content dengan filename.")]
    return Given(name, stream, upload_id or "", note or "", replaces or "", bool(accept))


def _read(wrong: dict[str, list[str]], name: str, read: Any) -> Any:
    try:
        return read()
    except tk.Invalid as error:
        wrong[name] = [str(error.error)]
        return None


def _file(data: dict[str, Any]) -> tuple[str, IO[bytes] | None]:
    upload = data.get("upload")
    if upload is not None and hasattr(upload, "filename") and hasattr(upload, "stream"):
        if not upload.filename:
            raise tk.Invalid(_("Pilih berkasnya dahulu."))
        _bounded(upload.stream)
        return filename(upload.filename), upload.stream
    if upload not in (None, ""):
        raise tk.Invalid(_("Kirim upload sebagai berkas (multipart/form-data)."))
    content = data.get("content")
    if content is None:
        return "", None
    if not isinstance(content, str | bytes):
        raise tk.Invalid(_("content harus teks isi berkas."))
    # A lone surrogate, which JSON can hold and no file, becomes a question mark.
    raw = content.encode(errors="replace") if isinstance(content, str) else content
    if len(raw) > MAX_TEXT:
        raise tk.Invalid(_("Isi berkas lewat content paling besar {limit} MB. Kirim sebagai "
                           "berkas.").format(limit=MAX_TEXT // 1024 // 1024))
    stream = io.BytesIO(raw)
    _bounded(stream)
    return filename(reading.text(data, "filename", need=_("Sertakan nama berkasnya."))), stream


def _bounded(stream: IO[bytes]) -> None:
    size = stream.seek(0, 2)
    stream.seek(0)
    limit = getattr(blobs.storage().settings, "max_size", -1)
    if not size:
        raise tk.Invalid(_("Berkas ini kosong. Pilih berkas yang berisi tabel."))
    if 0 <= limit < size:
        raise tk.Invalid(_("Berkas ini {size} MB, batasnya {limit} MB. Bagi menjadi beberapa "
                           "berkas, atau simpan sebagai CSV.").format(
            size=_megabytes(size), limit=_megabytes(limit)))


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",")


def filename(value: str) -> str:
    """Return the name of a file without its folders, and without what no screen shows."""
    name = os.path.basename(value.replace("\\", "/"))
    name = "".join("_" if unicodedata.category(each)[0] == "C" else each for each in name).strip()
    stem, ending = os.path.splitext(name)
    return (stem[:180] + ending[:20]) or "berkas"


def way_of(data: Mapping[str, Any], usual: Way, trusted: bool) -> Way:
    """Return how a setoran came.

    :param trusted: the portal itself says it
    :raises ValidationError: not for the caller to say
    """
    value = data.get("way")
    if value in (None, ""):
        return usual
    if value in [each.value for each in Way] and (trusted or Way(value) in OF_PEOPLE):
        return Way(value)
    raise tk.ValidationError({"way": [_("Cara yang dikenal: {known}.").format(
        known=", ".join(sorted(each.value for each in OF_PEOPLE)))]})


def state_of(data: Mapping[str, Any]) -> State | None:
    """Return a wanted state, None for all.

    :raises ValidationError: there is no such state
    """
    value = data.get("state")
    if value in (None, ""):
        return None
    if value in [each.value for each in State]:
        return State(value)
    raise tk.ValidationError({"state": [_("Keadaan yang dikenal: {known}.").format(
        known=", ".join(each.value for each in State))]})


def receipt(data: Mapping[str, Any]) -> str | None:
    """Return the hash of a sender's receipt, as the portal itself made it."""
    value = data.get("receipt_sha256")
    return value if isinstance(value, str) and _HASH.fullmatch(value) else None
