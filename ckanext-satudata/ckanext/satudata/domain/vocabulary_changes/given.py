"""What was read of a file, before it is judged."""
from __future__ import annotations

from dataclasses import dataclass, field

from ckanext.satudata.domain.inspection.notes import N_, RefusedFile
from ckanext.satudata.domain.vocabulary_changes.proposing import GivenRow
from ckanext.satudata.domain.vocabulary_changes.rules import MOST_CODES

__all__ = ["Given", "bounded"]


@dataclass(frozen=True)
class Given:
    """Rows, and what the file says of the list.

    :ivar form: csv, json, turtle, xml, nt or json-ld
    :ivar scheme: IRI of the list where it was taken from, empty if it says none
    :ivar ignored: columns that are none of ours
    """

    rows: list[GivenRow]
    form: str
    scheme: str = ""
    title_id: str = ""
    title_en: str = ""
    ignored: list[str] = field(default_factory=list[str])


def bounded(rows: list[GivenRow]) -> list[GivenRow]:
    """Return the rows, if they are as many as a list may have and at least one.

    :raises RefusedFile: they are not
    """
    if len(rows) > MOST_CODES:
        raise RefusedFile("too_many", N_(
            "Berkas ini memuat lebih dari {batas} kode, lebih dari yang dapat dimuat satu "
            "daftar."), batas=MOST_CODES)
    if not rows:
        raise RefusedFile("no_codes", N_("Berkas ini tidak memuat satu kode pun."))
    return rows
