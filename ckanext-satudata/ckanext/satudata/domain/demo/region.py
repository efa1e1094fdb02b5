"""A kabupaten or kota with its real kecamatan and desa."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.errors import UnknownCodeError

__all__ = ["Area", "Region"]


@dataclass(frozen=True)
class Area:
    """A kecamatan, desa or kelurahan."""

    code: str
    name: str
    parent: str


@dataclass(frozen=True)
class Region:
    """A kabupaten or kota, for which the demo makes a portal."""

    code: str

    def __post_init__(self) -> None:
        if wilayah.level(self.code) != "kabupaten_kota":
            raise UnknownCodeError("wilayah kabupaten/kota", self.code)

    @cached_property
    def name(self) -> str:
        """``Kabupaten Serang``, also where the reference says ``KAB. SERANG``."""
        bare = wilayah.get(self.code).name
        for prefix in ("Kabupaten ", "Kota ", "Kab. ", "KABUPATEN ", "KOTA ", "KAB. "):
            bare = bare.removeprefix(prefix)
        return f"{self.kind} {bare}"

    @cached_property
    def kind(self) -> str:
        """Kabupaten or Kota: the second pair of digits from 71 on is a kota."""
        return "Kota" if int(self.code[3:5]) >= 71 else "Kabupaten"

    @cached_property
    def bare_name(self) -> str:
        """The name without Kabupaten or Kota."""
        return self.name.partition(" ")[2]

    @cached_property
    def kecamatan(self) -> tuple[Area, ...]:
        """All kecamatan by code."""
        return tuple(
            Area(item.code, item.name, self.code)
            for item in sorted(wilayah.children(self.code), key=lambda item: item.code))

    @cached_property
    def desa(self) -> tuple[Area, ...]:
        """All desa and kelurahan by code."""
        return tuple(
            Area(item.code, item.name, area.code) for area in self.kecamatan
            for item in sorted(wilayah.children(area.code), key=lambda item: item.code))

    def desa_of(self, kecamatan: str) -> tuple[Area, ...]:
        """Return the desa and kelurahan of one kecamatan."""
        return self._by_kecamatan.get(kecamatan, ())

    @cached_property
    def _by_kecamatan(self) -> dict[str, tuple[Area, ...]]:
        found: dict[str, list[Area]] = {}
        for area in self.desa:
            found.setdefault(area.parent, []).append(area)
        return {code: tuple(areas) for code, areas in found.items()}
