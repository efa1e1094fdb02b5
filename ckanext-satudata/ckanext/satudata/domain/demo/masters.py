"""The Data Induk of the demo: the puskesmas that its recap asks and other data may refer to."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.satudata.domain.demo.figures import Figures
from ckanext.satudata.domain.demo.region import Area, Region
from ckanext.satudata.domain.demo.tables import Recipe, Table, column

__all__ = ["PUSKESMAS", "ListOfPuskesmas", "puskesmas"]

#: How many there are.
PUSKESMAS = 31


def puskesmas(region: Region) -> Iterator[tuple[str, str, Area]]:
    """Yield code, name and place of each: named after kecamatan, where there are fewer, desa."""
    taken = {area.name.casefold() for area in region.kecamatan}
    places: list[Area] = [*region.kecamatan, *(
        area for area in region.desa if area.name.casefold() not in taken)][:PUSKESMAS]
    start = region.code.replace(".", "")
    for number, area in enumerate(places, 1):
        yield f"P{start}{number:03d}", f"Puskesmas {area.name}", area


@dataclass(frozen=True)
class ListOfPuskesmas(Recipe):
    """One row per puskesmas."""

    years: int = 1

    def make(self, figures: Figures) -> Table:
        names = {area.code: area.name for area in figures.region.kecamatan}
        table = Table([
            column("kode_puskesmas", "Kode puskesmas", konsep="Puskesmas"),
            column("nama_puskesmas", "Nama puskesmas"),
            column("kode_kecamatan", "Kode kecamatan (Kemendagri)", kode_referensi="wilayah",
                   konsep="Kode Wilayah"),
            column("nama_kecamatan", "Nama kecamatan"),
            column("jenis_puskesmas", "Jenis puskesmas", konsep="Klasifikasi"),
            column("jumlah_tempat_tidur", "Jumlah tempat tidur", "integer", konsep="Tempat Tidur",
                   satuan="unit", ukuran="Jumlah", ms_var="jumlah_tempat_tidur"),
        ])
        for code, name, area in puskesmas(figures.region):
            # A desa lies in its kecamatan, a kecamatan in the region.
            kecamatan = area.code if area.code in names else area.parent
            stays = figures.chance("rawat inap", code) < 0.4
            beds = 6 + int(figures.chance("tempat tidur", code) * 14) if stays else 0
            table.rows.append([code, name, kecamatan, names[kecamatan],
                               "Rawat inap" if stays else "Non rawat inap", beds])
        return table
