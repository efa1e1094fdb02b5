"""Put the whole demo together as plans that the loader understands."""
from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from pathlib import Path

from ckanext.satudata.domain.demo import catalog, describe
from ckanext.satudata.domain.demo.agencies import desa_organizations
from ckanext.satudata.domain.demo.figures import Figures
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.demo.spec import Dataset
from ckanext.satudata.domain.demo.writing import write
from ckanext.satudata.domain.loading.plan import DatasetPlan, FilePlan, Plan
from ckanext.satudata.domain.loading.problems import Place

__all__ = ["identifiers", "plan", "tags"]


def _datasets(region: Region) -> Iterator[tuple[Dataset, str]]:
    """Yield every dataset with the name of its organization."""
    for spec in catalog.DATASETS:
        yield spec, f"{describe.PREFIX}{spec.agency}"
    desa = [(entry, area) for entry, area in desa_organizations(region) if area is not None]
    for number, (entry, area) in enumerate(desa, 1):
        assert area is not None
        yield catalog.desa_dataset(number, area, "dpmd"), entry["name"]


def identifiers(region: Region) -> list[str]:
    """Return the identifier of everything the demo publishes."""
    prefix = describe.PREFIX
    return [
        *(f"{prefix}kegiatan-{survey.key}" for survey in catalog.SURVEYS),
        *(f"{prefix}indikator-{key}" for key in catalog.INDICATORS),
        *(f"{prefix}{spec.key}" for spec, _ in _datasets(region)),
    ]


def tags(region: Region) -> set[str]:
    """Return every keyword the demo uses."""
    return {describe.TAG} | {tag for spec, _ in _datasets(region) for tag in spec.tags}


def plan(region: Region, folder: Path, now: datetime.date) -> Plan:
    """Write all files into ``folder`` and return what to load, what is referred to first."""
    place = Place("demo")
    figures = Figures(region, describe.years(now))
    found: list[DatasetPlan] = []
    for survey in catalog.SURVEYS:
        fields = describe.activity(survey, region, now)
        found.append(DatasetPlan(fields["name"], "kegiatan", f"{describe.PREFIX}{survey.agency}",
                                 fields, [], place))
    for key, entry in catalog.INDICATORS.items():
        fields = describe.indicator(key, region)
        found.append(DatasetPlan(fields["name"], "indikator", f"{describe.PREFIX}{entry[0]}",
                                 fields, [], place))
    for number, (spec, organization) in enumerate(_datasets(region), 1):
        fields = describe.dataset(spec, region, now, number)
        found.append(DatasetPlan(fields["name"], "dataset", organization, fields,
                                 _files(spec, fields["title"], figures, folder), place))
    return Plan(found)


def _files(spec: Dataset, title: str, figures: Figures, folder: Path) -> list[FilePlan]:
    if spec.recipe is None:
        return [_columns_of(spec, folder)]
    table = spec.recipe.make(figures)
    files: list[FilePlan] = []
    for extension in spec.files:
        name = f"{describe.PREFIX}{spec.key}.{extension}"
        path = folder / name
        path.write_bytes(write(table, extension))
        files.append(FilePlan(
            path, name, Place(name),
            {"name": f"{title} ({extension.upper()})",
             "description": "Data contoh: angkanya dibuat oleh program. "
                            + ("Titik dan koordinatnya tidak nyata." if extension == "geojson"
                               else "Satu baris per " + _grain(table.header) + "."),
             "format": "GeoJSON" if extension == "geojson" else extension.upper(),
             "jenis_berkas": "data"},
            {"fields": table.fields} if table.fields else None,
        ))
    return files


def _columns_of(spec: Dataset, folder: Path) -> FilePlan:
    """Describe the columns of data that are not public: the metadata of closed data are open."""
    rows = [
        ["kolom", "keterangan", "sifat"],
        ["nomor", "Nomor urut", "umum"],
        ["uraian", spec.definisi, "dikecualikan"],
        ["periode", "Periode pencatatan", "umum"],
    ]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    name = f"{describe.PREFIX}{spec.key}-kolom.csv"
    path = folder / name
    path.write_text(out.getvalue(), encoding="utf-8")
    return FilePlan(path, name, Place(name), {
        "name": f"Keterangan kolom {spec.title.lower()} (CSV)", "format": "CSV",
        "description": "Data contoh: susunan kolom saja, datanya tidak dibuka.",
        "jenis_berkas": "dokumentasi",
    })


_KEYS = ("nama_kecamatan", "nama_desa", "tahun", "bulan", "tanggal", "komoditas")
_KINDS = ("jenis", "kelompok", "jenjang", "kelas", "status", "kondisi", "rukun")


def _grain(header: list[str]) -> str:
    keys = [name.replace("nama_", "").replace("_", " ") for name in header
            if name in _KEYS or name.startswith(_KINDS)]
    return ", ".join(keys)
