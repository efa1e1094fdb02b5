"""How the text of a file is written, as far as its beginning tells."""
from __future__ import annotations

import codecs

from ckanext.satudata.domain.inspection.formats.dialect import delimiter_of, encoding_of
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import RefusedFile

__all__ = ["written_as"]


def written_as(head: bytes, whole: bool) -> tuple[str, str]:
    """Return encoding, by its name at IANA, and delimiter; empty where it is no text.

    :param head: the first bytes of the file, ``whole`` if there are no others
    """
    try:
        encoding = encoding_of(head, head) or _eight_bit(head, whole)
        text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
        return encoding.removesuffix("-sig"), delimiter_of(text, not whole, Limits())
    except RefusedFile:
        return "", ""


def _eight_bit(head: bytes, whole: bool) -> str:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, whole)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"
