"""How one illustrative dataset, activity or indicator is written down."""
from __future__ import annotations

from dataclasses import dataclass

from ckanext.satudata.domain.demo.tables import Recipe

__all__ = ["Closed", "Dataset", "Survey"]


@dataclass(frozen=True)
class Dataset:
    """One dataset; what is the same for all is in ``describe``.

    :ivar files: extensions, the first is the main one.
    :ivar priority: criterion of Data Prioritas, empty if it is none.
    :ivar month: month of the yearly release.
    :ivar master: name of the Data Induk it is, column of its codes and of its names
    :ivar coverage: how many of which source reported, and what the source is.
    """

    key: str
    agency: str
    title: str
    recipe: Recipe | None
    konsep: str
    definisi: str
    klasifikasi: str
    ukuran: str
    satuan: str
    urusan: str
    app: str = "aplikasi_daerah"
    uses: tuple[str, ...] = ("profil_daerah", "dda")
    tags: tuple[str, ...] = ()
    frequency: str = "tahunan"
    files: tuple[str, ...] = ("csv",)
    priority: str = ""
    month: int = 3
    nature: str = "tetap"
    collected: str = "kompilasi_produk_administrasi"
    activity: str = ""
    indicators: tuple[str, ...] = ()
    coverage: tuple[int, int, str] | None = None
    closed: Closed | None = None
    unit: str = "Subbagian Program dan Data"
    kind: str = "statistik"
    break_note: str = ""
    master: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Closed:
    """Why the files of a dataset are not public."""

    access: str
    basis: str
    reason: str


@dataclass(frozen=True)
class Survey:
    """A statistical activity (MS-Keg) with its variables."""

    key: str
    agency: str
    title: str
    why: str
    aim: str
    collected: str
    sektor: str
    urusan: str
    variables: tuple[str, ...]
    recommended: bool = False
    lead: str = "Kepala Bidang Data"
