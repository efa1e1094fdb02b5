"""Put the whole demo together as plans that the loader understands."""
from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.demo import catalog, describe, stories
from ckanext.satudata.domain.demo.agencies import desa_organizations
from ckanext.satudata.domain.demo.editions import Edition, edition_of
from ckanext.satudata.domain.demo.figures import Figures
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.demo.spec import Dataset
from ckanext.satudata.domain.demo.tables import Table
from ckanext.satudata.domain.demo.writing import write
from ckanext.satudata.domain.loading.plan import DatasetPlan, FilePlan, Plan
from ckanext.satudata.domain.loading.problems import Place

__all__ = ["Entry", "Said", "attribute", "entries", "identifiers", "plan", "said", "tags"]


@dataclass(frozen=True)
class Entry:
    """Something the demo publishes, with who makes it and what became of it.

    :ivar story: ``None`` for what stood online before this portal
    """

    name: str
    producer: str
    story: stories.Story | None


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


def entries(region: Region, pembina_for: Collection[str]) -> list[Entry]:
    """Return everything with its way through the workflow.

    :param pembina_for: kinds of data whose Data Prioritas the pembina checks again
    """
    prefix = describe.PREFIX
    found = [
        Entry(f"{prefix}kegiatan-{each.key}", _producer(f"{prefix}{each.agency}"),
              stories.smooth(each.key))
        for each in catalog.SURVEYS
    ] + [
        Entry(f"{prefix}indikator-{key}", _producer(f"{prefix}{each[0]}"), stories.smooth(key))
        for key, each in catalog.INDICATORS.items()
    ]
    for spec, organization in _datasets(region):
        again = bool(spec.priority) and spec.kind in pembina_for
        story = None if spec.key in stories.BEFORE else stories.story_of(spec.key, again)
        found.append(Entry(f"{prefix}{spec.key}", _producer(organization, region), story))
    return found


def _producer(organization: str, region: Region | None = None) -> str:
    """Return the name of the user who makes the data of an organization."""
    desa = [] if region is None else [
        entry["name"] for entry, area in desa_organizations(region) if area is not None]
    if organization in desa:
        return f"{describe.PREFIX}agen-statistik-{desa.index(organization) + 1}"
    return f"{describe.PREFIX}produsen-{organization.removeprefix(describe.PREFIX)}"


def attribute(found: Plan, made: Collection[Entry], now: datetime.datetime) -> None:
    """Say of each dataset of a plan who makes it, and since when.

    :param now: aware, in the zone of the government.
    """
    by_name = {entry.name: entry for entry in made}
    for each in found.datasets:
        entry = by_name[each.identifier]
        if entry.story is not None:
            each.author = _author(entry)
            each.since = stories.times(entry.story, now)[0]


def _author(entry: Entry) -> str:
    typed_by = entry.story.typed_by if entry.story is not None else ""
    return f"{describe.PREFIX}{typed_by}" if typed_by else entry.producer


@dataclass(frozen=True)
class Said:
    """What a version of a dataset says and gives.

    :ivar files: by name: the table and its bytes
    """

    fields: dict[str, Any]
    files: dict[str, tuple[Table, bytes]]


def said(region: Region, name: str, number: int, now: datetime.date) -> Said:
    """Return a version of a dataset that has more than one."""
    order, (spec, _) = next(
        (order, found) for order, found in enumerate(_datasets(region), 1)
        if f"{describe.PREFIX}{found[0].key}" == name)
    edition = edition_of(spec.key, number)
    assert spec.recipe is not None
    table = spec.recipe.make(_figures(region, now, edition))
    return Said(describe.dataset(spec, region, now, order, edition), {
        f"{name}.{extension}": (table, write(table, extension)) for extension in spec.files})


def _figures(region: Region, now: datetime.date, edition: Edition) -> Figures:
    areas = region.kecamatan
    return Figures(region, describe.years(now)[:-edition.years_short or None], {
        (column, areas[place % len(areas)].code): share
        for (column, place), share in edition.late.items()})


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
        first = edition_of(spec.key, 1)
        known = _figures(region, now, first) if first != Edition() else figures
        found.append(DatasetPlan(fields["name"], "dataset", organization, fields,
                                 _files(spec, fields["title"], known, folder), place))
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
