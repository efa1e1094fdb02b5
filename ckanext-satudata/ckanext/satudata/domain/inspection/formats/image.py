"""A scan or a photo: proof beside figures that a person types, never read into figures."""
from __future__ import annotations

from pathlib import Path

from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["proof", "read"]


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Keep it; nothing of it is opened."""
    return proof(name, "image")


def proof(name: str, kind: str) -> RawFile:
    """Return a file that is kept beside typed figures."""
    return RawFile(name, kind, proof=True, remarks=[Message(N_(
        "Berkas ini gambar atau hasil pindai. Berkas disimpan sebagai bukti; ketik angkanya ke "
        "dalam tabel."))])
