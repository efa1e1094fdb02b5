"""What may be edited of which list, and the words that name pages and not codes.

The table is a column of ``reference/vocabularies.csv``, with the reason beside it:

=========  ========================================================================================
tetap      nothing: the law fixes the words, or pages and documents speak by them
sebutan    better labels, notes and spellings; the codes are the law's, BPS's or the software's
isi        new codes, other relations, retirement: what differs from one government to the next
=========  ========================================================================================

Lists a portal made itself are its own: ``isi``.
"""
from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.vocabulary_changes.changes import FIELDS

__all__ = ["EDITABLE", "RESERVED", "SUFFIXES", "Editing", "policy", "reason"]


class Editing(str, Enum):
    """How far a list may be edited."""

    TETAP = "tetap"
    SEBUTAN = "sebutan"
    ISI = "isi"


#: The fields of a known code that may change.
EDITABLE: Mapping[Editing, frozenset[str]] = MappingProxyType({
    Editing.TETAP: frozenset(),
    Editing.SEBUTAN: frozenset({"label_id", "label_en", "keterangan", "alias"}),
    Editing.ISI: frozenset(FIELDS),
})

#: Parts of addresses below ``/kode-referensi`` and below a list: no list and no code is called so.
RESERVED = frozenset({
    "api", "baru", "ekspor", "feed", "impor", "import", "index", "kode-baru", "pemakaian",
    "profil", "search", "ubah", "unduh", "versi", "version", "vocabularies", "wilayah",
    "wilayah-bps", "wilayah_bps",
})

#: What ends an address asks for a form of the list, so no code ends in it.
SUFFIXES = (".csv", ".html", ".ics", ".json", ".jsonld", ".nt", ".rdf", ".ttl", ".xml", ".zip")

_OURS = N_("Daftar ini dibuat di portal ini.")


def policy(name: str) -> Editing:
    """Return how far a list may be edited; a list that was not delivered is the portal's own."""
    if vocabulary.delivered(name) is None:
        return Editing.ISI
    return Editing(vocabulary.policy_of(name)[0])


def reason(name: str) -> str:
    """Return why, a msgid."""
    return _OURS if vocabulary.delivered(name) is None else vocabulary.policy_of(name)[1]
