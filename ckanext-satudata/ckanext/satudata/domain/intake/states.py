"""Where a setoran stands, and how it came."""
from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from ckanext.satudata.domain.metadata_values import N_

__all__ = ["OF_PEOPLE", "STATE_LABELS", "WAY_LABELS", "State", "Way"]


class State(str, Enum):
    """Of a setoran: a file that was handed in."""

    MENUNGGU = "menunggu"
    DITERIMA = "diterima"
    DIBUANG = "dibuang"


class Way(str, Enum):
    """How a setoran came."""

    UNGGAH = "unggah"
    API = "api"
    TEMPEL = "tempel"
    PETAK = "petak"
    TAUTAN = "tautan"
    REKAP = "rekap"


#: Ways that whoever may write a dataset names for themselves; the others are the portal's.
OF_PEOPLE = frozenset({Way.UNGGAH, Way.API, Way.TEMPEL, Way.PETAK})

STATE_LABELS: Mapping[State, str] = MappingProxyType({
    State.MENUNGGU: N_("Menunggu diterima"), State.DITERIMA: N_("Diterima"),
    State.DIBUANG: N_("Dibuang"),
})
WAY_LABELS: Mapping[Way, str] = MappingProxyType({
    Way.UNGGAH: N_("Diunggah"), Way.API: N_("Lewat API"), Way.TEMPEL: N_("Ditempel"),
    Way.PETAK: N_("Diisi di petak"), Way.TAUTAN: N_("Lewat tautan setor"),
    Way.REKAP: N_("Rekap dari unit"),
})
