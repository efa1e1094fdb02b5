"""What tus 1.0.0 writes into headers, read strictly (https://tus.io/protocols/resumable-upload)."""
from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Mapping
from email.utils import format_datetime

import ckan.plugins.toolkit as tk

__all__ = ["BODY", "EXTENSIONS", "VERSION", "Refused", "expires", "filename", "metadata", "number",
           "spoken"]

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
#: The type of a body that holds bytes of a file.
BODY = "application/offset+octet-stream"
#: Longest metadata, name of a file and key that are read.
_METADATA, _FILENAME, _KEY = 4096, 200, 50
_NUMBER = re.compile(r"[0-9]{1,15}")
#: What no name of a file holds: ends of lines, and marks that turn the direction of writing.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Refused(Exception):
    """An answer that is no: ``status``, a sentence for people, and headers."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def spoken(error: tk.ValidationError) -> str:
    """Return the sentences of a refusal."""
    return " ".join(each for said in error.error_dict.values() if isinstance(said, list)
                    for each in said if isinstance(each, str))


def number(text: str | None, header: str) -> int:
    """Read a number of bytes.

    :raises Refused: 400; there is none, or it is none
    """
    if text is None or not _NUMBER.fullmatch(text):
        raise Refused(400, tk._("Tajuk {name} harus berisi jumlah bita.").format(name=header))
    return int(text)


def metadata(text: str | None) -> Mapping[str, str]:
    """Read ``Upload-Metadata``: keys, each with its value in Base64.

    :raises Refused: 400; it is not written so, or too long
    """
    found: dict[str, str] = {}
    wrong = Refused(400, tk._("Tajuk {name} tidak terbaca.").format(name="Upload-Metadata"))
    if len(text or "") > _METADATA:
        raise wrong
    for pair in filter(None, (each.strip() for each in (text or "").split(","))):
        key, _space, value = pair.partition(" ")
        if len(key) > _KEY or key in found:
            raise wrong
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise wrong from error
    return found


def filename(given: str) -> str:
    """Return the name of a file as it is kept: no folders, no invisible marks.

    :raises Refused: 400; nothing is left of it
    """
    name = _CONTROL.sub("", re.split(r"[/\\]", given)[-1]).strip()
    if not name.strip(". "):
        raise Refused(400, tk._("Nama berkas kosong. Beri berkas nama, lalu unggah lagi."))
    stem, dot, ending = name.rpartition(".")
    if len(name) > _FILENAME and dot and len(ending) < 20:  # its ending says what it is
        return f"{stem[:_FILENAME - len(ending) - 1]}.{ending}"
    return name[:_FILENAME]


def expires(moment: dt.datetime) -> str:
    """Return a moment as ``Upload-Expires`` says it (RFC 9110)."""
    return format_datetime(moment.astimezone(dt.timezone.utc), usegmt=True)
