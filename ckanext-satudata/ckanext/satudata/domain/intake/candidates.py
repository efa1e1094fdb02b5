"""A value somebody need not type, and where it came from."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from ckanext.satudata.domain.inspection.notes import Message
from ckanext.satudata.domain.intake.periods import coverage
from ckanext.satudata.domain.metadata_derive import as_list, empty
from ckanext.satudata.domain.vocabulary import get

__all__ = ["Candidate", "Source", "same"]

_LISTS = frozenset({"urusan", "kode_wilayah", "language", "id_indikator", "kegunaan"})


class Source(str, Enum):
    """Where a value comes from, the surest about this edition first."""

    LEMBAR = "lembar"  # the file that was handed in
    STANDAR = "standar"  # the indikator or kegiatan that was picked
    DAFTAR_DATA = "daftar_data"
    INSTANSI = "instansi"
    ISIAN = "isian"  # another field
    PORTAL = "portal"
    TAHUN_LALU = "tahun_lalu"
    LAZIM = "lazim"  # what nearly all such data say
    ANDA = "anda"


@dataclass(frozen=True)
class Candidate:
    """A proposal for one field.

    :param said: where it came from, as a sentence
    :param moved: of last year's, and moved on to the period of this file
    """

    field: str
    value: Any
    source: Source
    said: Message
    moved: bool = False


def same(field: str, one: Any, other: Any) -> bool:
    """Tell whether two values of a field say the same, however they are written."""
    if empty(one) or empty(other):
        return empty(one) and empty(other)
    if field == "temporal_coverage":
        spans = coverage(one), coverage(other)
        return spans[0] == spans[1] if None not in spans else _plain(one) == _plain(other)
    if field in _LISTS:
        return as_list(one) == as_list(other)
    if field == "satuan" and isinstance(one, str) and isinstance(other, str):
        known = [get("satuan").match(each) for each in (one, other)]
        if all(known):
            return known[0] == known[1]
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in cast("Mapping[str, Any]", value).items()
                if not empty(item)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in cast("Sequence[Any]", value) if not empty(item)]
    return " ".join(str(value).split())
