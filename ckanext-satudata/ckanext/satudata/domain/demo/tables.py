"""Tidy tables from the figures, each with its Table Schema."""
from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.satudata.domain.demo.figures import SERIES, Figures
from ckanext.satudata.domain.demo.region import Area

__all__ = ["Categories", "Events", "Indices", "Points", "Prices", "Recipe", "Series", "Sexes",
           "Stores", "Table", "column"]

Cell = str | int | float


@dataclass
class Table:
    """Rows under a schema; ``geojson`` instead of rows for points on a map."""

    fields: list[dict[str, Any]]
    rows: list[list[Cell]] = field(default_factory=list[list[Cell]])
    geojson: str | None = None

    @property
    def header(self) -> list[str]:
        """Column names."""
        return [entry["name"] for entry in self.fields]


def column(name: str, title: str, kind: str = "string", **more: str) -> dict[str, Any]:
    """Return a column of a Table Schema; what is empty is left out."""
    return {"name": name, "type": kind, "title": title} | {k: v for k, v in more.items() if v}


def _measure(name: str) -> dict[str, Any]:
    series = SERIES[name]
    return column(name, series.title, series.type, konsep=series.konsep, satuan=series.satuan,
                   ukuran="Persentase" if series.satuan == "persen" else "Jumlah", ms_var=name)


def _places(level: str) -> list[dict[str, Any]]:
    columns = [
        column("kode_kecamatan", "Kode kecamatan (Kemendagri)", kode_referensi="wilayah",
                konsep="Kode Wilayah"),
        column("nama_kecamatan", "Nama kecamatan"),
    ]
    if level != "kecamatan":
        columns += [
            column("kode_desa", "Kode desa/kelurahan (Kemendagri)", kode_referensi="wilayah",
                    konsep="Kode Wilayah"),
            column("nama_desa", "Nama desa/kelurahan"),
        ]
    return columns


_YEAR = column("tahun", "Tahun", "integer", konsep="Tahun", satuan="tahun")


def _areas(figures: Figures, level: str) -> list[tuple[Area, list[Cell]]]:
    names = {area.code: area.name for area in figures.region.kecamatan}
    if level.count(".") == 3:  # a single desa
        return [(area, [area.parent, names[area.parent], area.code, area.name])
                for area in figures.region.desa if area.code == level]
    if level == "kecamatan":
        return [(area, [area.code, area.name]) for area in figures.region.kecamatan]
    return [
        (area, [area.parent, names[area.parent], area.code, area.name])
        for area in figures.region.desa
    ]


class Recipe:
    """How a table is made; ``years`` limits it to the last so many, 0 for all."""

    level = "kecamatan"

    def make(self, figures: Figures) -> Table:
        """Return the table for a region."""
        raise NotImplementedError


@dataclass(frozen=True)
class Series(Recipe):
    """One row per area and year, one column per figure."""

    names: tuple[str, ...]
    level: str = "kecamatan"
    years: int = 0

    def make(self, figures: Figures) -> Table:
        table = Table([*_places(self.level), _YEAR, *(_measure(name) for name in self.names)])
        for year in figures.years[-self.years:]:
            for area, place in _areas(figures, self.level):
                values: list[Cell] = [figures.value(name, area, year) for name in self.names]
                table.rows.append([*place, year, *values])
        return table


@dataclass(frozen=True)
class Categories(Recipe):
    """One row per area, year and category; the categories add up to a figure.

    :ivar scale: divides the figure, for counts of few things (schools per pupils).
    """

    of: str
    dimension: str
    dimension_title: str
    weights: Mapping[str, float]
    name: str
    title: str
    satuan: str
    konsep: str
    scale: float = 1.0
    level: str = "kecamatan"
    years: int = 0

    def make(self, figures: Figures) -> Table:
        table = Table([
            *_places(self.level), _YEAR,
            column(self.dimension, self.dimension_title, konsep="Klasifikasi"),
            column(self.name, self.title, "integer", konsep=self.konsep, satuan=self.satuan,
                    ukuran="Jumlah", ms_var=self.name),
        ])
        for year in figures.years[-self.years:]:
            for area, place in _areas(figures, self.level):
                # what there are few of does not jump about: the base year's size decides
                base = figures.years[0] if self.scale > 1 else year
                whole = int(figures.value(self.of, area, base) / self.scale)
                parts = figures.split(whole, self.weights, self.name, area.code)
                for category, value in parts.items():
                    table.rows.append([*place, year, category, value])
        return table


@dataclass(frozen=True)
class Sexes(Recipe):
    """Population by sex, long form."""

    level: str = "kecamatan"
    years: int = 0

    def make(self, figures: Figures) -> Table:
        table = Table([
            *_places(self.level), _YEAR, column("jenis_kelamin", "Jenis kelamin"),
            _measure("jumlah_penduduk"),
        ])
        for year in figures.years[-self.years:]:
            for area, place in _areas(figures, self.level):
                for name, label in (("laki_laki", "Laki-laki"), ("perempuan", "Perempuan")):
                    table.rows.append([*place, year, label, figures.value(name, area, year)])
        return table


@dataclass(frozen=True)
class Events(Recipe):
    """Counted events per kecamatan, year, month and kind (many zeros are kept)."""

    kinds: Mapping[str, float]
    dimension: str
    dimension_title: str
    name: str
    title: str
    satuan: str
    konsep: str
    years: int = 2

    def make(self, figures: Figures) -> Table:
        table = Table([
            *_places("kecamatan"), _YEAR, column("bulan", "Bulan", "integer", satuan="bulan"),
            column(self.dimension, self.dimension_title, konsep="Klasifikasi"),
            column(self.name, self.title, "integer", konsep=self.konsep, satuan=self.satuan,
                    ukuran="Jumlah", ms_var=self.name),
        ])
        for year in figures.years[-self.years:]:
            for area, place in _areas(figures, "kecamatan"):
                for month in range(1, 13):
                    rain = 1.6 if month in (1, 2, 3, 11, 12) else 0.6
                    for kind, rate in self.kinds.items():
                        luck = figures.chance(self.name, kind, area.code, year, month)
                        table.rows.append(
                            [*place, year, month, kind, int(rate * rain * luck**4 * 4)])
        return table


@dataclass(frozen=True)
class Indices(Recipe):
    """A composite index per desa with its three parts and the class it falls in."""

    def make(self, figures: Figures) -> Table:
        part = [("iks", "Indeks ketahanan sosial"), ("ike", "Indeks ketahanan ekonomi"),
                ("ikl", "Indeks ketahanan lingkungan")]
        table = Table([
            *_places("desa_kelurahan"), _YEAR,
            *(column(name, title, "number", satuan="indeks", konsep=title, ukuran="Indeks",
                      ms_var=name) for name, title in part),
            column("indeks", "Indeks desa", "number", satuan="indeks", konsep="Indeks Desa",
                    ukuran="Indeks", ms_var="indeks"),
            column("status", "Status desa"),
        ])
        for year in figures.years[-3:]:
            step = year - figures.years[0]
            for area, place in _areas(figures, "desa_kelurahan"):
                values = [
                    round(
                        min(0.99, 0.52 + 0.32 * figures.chance(name, area.code) + 0.012 * step), 4
                    )
                    for name, _ in part
                ]
                index = round(sum(values) / 3, 4)
                status = ("Mandiri" if index > 0.8155 else "Maju" if index > 0.7072
                          else "Berkembang" if index > 0.5989 else "Tertinggal")
                table.rows.append([*place, year, *values, index, status])
        return table


@dataclass(frozen=True)
class Prices(Recipe):
    """Weekly market prices per commodity, the last two years."""

    goods: Mapping[str, int]
    level: str = "kabupaten_kota"

    def make(self, figures: Figures) -> Table:
        table = Table([
            column("kode_kabupaten", "Kode kabupaten/kota (Kemendagri)",
                    kode_referensi="wilayah", konsep="Kode Wilayah"),
            column("nama_kabupaten", "Nama kabupaten/kota"),
            column("tanggal", "Tanggal pencatatan", "date", konsep="Waktu"),
            column("komoditas", "Komoditas", konsep="Klasifikasi"),
            column("harga", "Harga rata-rata", "integer", konsep="Harga Eceran",
                    satuan="rupiah_per_kg", ukuran="Harga", ms_var="harga"),
        ])
        for good, base in self.goods.items():
            day, price = datetime.date(figures.years[-2], 1, 1), float(base)
            while day.year <= figures.years[-1]:
                price *= 1 + (figures.chance(good, day) - 0.485) * 0.05
                price = min(max(price, base * 0.7), base * 1.6)
                table.rows.append([figures.region.code, figures.region.name, day.isoformat(),
                                   good, round(price / 50) * 50])
                day += datetime.timedelta(days=7)
        table.rows.sort(key=lambda row: (str(row[2]), str(row[3])))
        return table


@dataclass(frozen=True)
class Stores(Recipe):
    """What lies in the store of each kecamatan, per person it is to last for.

    :ivar goods: unit, and how many inhabitants one of it is for
    """

    goods: Mapping[str, tuple[str, int]]
    years: int = 1

    def make(self, figures: Figures) -> Table:
        table = Table([
            *_places("kecamatan"), column("gudang", "Nama dan letak gudang"),
            column("jenis_barang", "Jenis barang", konsep="Klasifikasi"),
            column("satuan_barang", "Satuan barang"),
            column("jumlah_barang", "Jumlah barang", "integer", konsep="Logistik Bencana",
                    satuan="unit", ukuran="Jumlah", ms_var="jumlah_barang"),
        ])
        year = figures.years[-1]
        for area, place in _areas(figures, "kecamatan"):
            people = figures.value("jumlah_penduduk", area, year)
            for good, (unit, each_for) in self.goods.items():
                share = 0.5 + figures.chance("gudang", good, area.code)
                table.rows.append([
                    *place, f"Gudang {area.name}, belakang kantor kecamatan (contoh)", good, unit,
                    int(people / each_for * share)])
        return table


#: Where the invented points lie: about a kabupaten's width around a middle; without a
#: middle of its own a region's points lie in the Java Sea, which nobody mistakes for real.
_MIDDLES = {"36.04": (106.13, -6.15), "52.03": (116.55, -8.55)}


@dataclass(frozen=True)
class Points(Recipe):
    """Points of interest with invented coordinates, as GeoJSON."""

    names: tuple[str, ...]
    kind: str

    def make(self, figures: Figures) -> Table:
        longitude, latitude = _MIDDLES.get(figures.region.code, (110.0, -5.0))
        features: list[dict[str, Any]] = []
        for area in figures.region.kecamatan:
            for number, name in enumerate(self.names):
                east = figures.chance("bujur", self.kind, area.code, number) - 0.5
                north = figures.chance("lintang", self.kind, area.code, number) - 0.5
                features.append({
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": [
                        round(longitude + east * 0.3, 5), round(latitude + north * 0.2, 5)]},
                    "properties": {
                        "nama": f"{name} {area.name} (contoh)", "jenis": self.kind,
                        "kode_kecamatan": area.code, "nama_kecamatan": area.name,
                        "keterangan": "data contoh, titik tidak nyata",
                    },
                })
        collection = {"type": "FeatureCollection", "features": features}
        return Table([], geojson=json.dumps(collection, ensure_ascii=False))
