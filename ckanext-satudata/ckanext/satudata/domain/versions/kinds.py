"""Kinds of versions: why what was published is published anew (a release, a correction).

BPS and SDMX keep a revision of figures that were published apart from a release of new ones;
who uses the data must be able to tell which it was, and why (Perpres 39/2019 art. 9: metadata).
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from ckanext.satudata.domain.metadata_values import N_

__all__ = ["KIND_LABELS", "Change", "Kind", "propose"]


class Kind(str, Enum):
    """Why a version follows another."""

    RILIS_BARU = "rilis_baru"
    PERBAIKAN = "perbaikan"
    PERUBAHAN_METADATA = "perubahan_metadata"


KIND_LABELS: Mapping[Kind, str] = {
    Kind.RILIS_BARU: N_("Rilis baru"),
    Kind.PERBAIKAN: N_("Perbaikan"),
    Kind.PERUBAHAN_METADATA: N_("Perubahan metadata"),
}


@dataclass(frozen=True)
class Change:
    """What differs between the public version and its successor.

    :param files: files whose bytes or address differ, came or went
    :param past_changed: values already published that are others now, rows and files that are
        gone; ``None`` while it is not known
    :param progress: of finding that out, percent
    """

    fields: int = 0
    files: int = 0
    past_changed: int | None = 0
    progress: int = 100


def propose(change: Change) -> Kind:
    """Return the kind that fits what changed."""
    if not change.files:
        return Kind.PERUBAHAN_METADATA
    return Kind.PERBAIKAN if change.past_changed else Kind.RILIS_BARU
