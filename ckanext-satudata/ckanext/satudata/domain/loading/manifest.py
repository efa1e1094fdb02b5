"""Read a folder's manifest (CSV) or single files into a :class:`Plan`.

One row describes one file. Columns are the names of the dataset's fields, and:

``file``
    path of the file in the folder; empty for a dataset without files (restricted data);
``organization``
    name or title of the producing organization (the same as ``owner_org``);
``identifier``
    stable id of the dataset; rows that share it are files of one dataset;
``resource.<field>``
    a field of the file itself (``resource.name``, ``resource.description``);
``<field>.<subfield>``
    a subfield of a repeating field (``temporal_coverage.start``, ``contact.email``).

List fields separate their items by ``;``. An empty cell says nothing: what the
dataset has stays. An unknown column is reported and left out.
"""
from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection.formats import dialect as dialects
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.paths import check_size, inside
from ckanext.satudata.domain.loading.plan import DatasetPlan, FilePlan, Plan, Shape, identifier_for
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place, Problem
from ckanext.satudata.domain.loading.reading import filled
from ckanext.satudata.domain.loading.shapes import is_list, is_object, is_objects

__all__ = ["MANIFEST_NAMES", "read_manifest", "read_single"]

MANIFEST_NAMES = ("manifest.csv", "manifes.csv")

#: Other spellings of a column; the right side is the name of the contract.
ALIASES = {
    "berkas": "file", "path": "file", "organisasi": "organization", "owner_org": "organization",
    "judul": "title", "uraian": "notes", "kata_kunci": "tag_string", "tags": "tag_string",
    "lisensi": "license_id", "license": "license_id", "tipe": "type",
}
ShapeOf = Callable[[str], Shape | None]


def read_manifest(
    path: Path, shape_of: ShapeOf, limits: Limits, organization: str | None = None
) -> Plan:
    """Read a CSV manifest.

    :param shape_of: returns the shape of a dataset type, None for an unknown type.
    :param organization: for the rows that name none.
    :raises LoadError: if the manifest itself cannot be read.
    """
    place = Place(path.name)
    size = path.stat().st_size
    if size > limits.manifest_bytes:
        raise LoadError(place, N_("manifes berukuran {size} MB, batasnya {limit} MB."),
                        size=size // 1_000_000, limit=limits.manifest_bytes // 1_000_000)
    check_size(size, path.name, place, limits)
    plan = Plan()
    try:
        with path.open("rb") as stream:
            rows = filled(dialects.records(stream, dialects.detect(path, limits), limits))
            header_line, header = next(rows)
            columns = _columns(header, Place(path.name, header_line), plan)
            reader = _Reader(path.parent, path.name, columns, shape_of, limits, organization, plan)
            for count, (line, cells) in enumerate(rows, 1):
                if count > limits.manifest_rows:
                    raise LoadError(Place(path.name, line), N_("manifes melebihi {limit} baris."),
                                    limit=limits.manifest_rows)
                reader.row(line, cells)
    except StopIteration:
        raise LoadError(place, N_("manifes tidak berisi judul kolom.")) from None
    except RefusedFile as refused:
        raise LoadError(place, refused.message.template, **refused.message.values) from refused
    except csv.Error as error:
        raise LoadError(place, N_("tanda kutip di berkas ini tidak berpasangan ({error})."),
                        error=str(error)) from error
    if not plan.datasets and not plan.problems:
        raise LoadError(place, N_("manifes tidak berisi baris data."))
    reader.warn_unknown()
    return plan


def read_single(root: Path, files: list[Path], limits: Limits, organization: str | None) -> Plan:
    """Plan a dataset for each file, titled by its name."""
    plan = Plan()
    for file in files:
        name = file.relative_to(root).as_posix()
        place = Place(name)
        try:
            real = inside(root, name, place, limits)
        except LoadError as error:
            plan.problems.append(error.problem)
            continue
        identifier = identifier_for(name, organization)
        plan.datasets.append(DatasetPlan(
            identifier, "dataset", organization, {"title": title_from(file.name)},
            [FilePlan(real, name, place)], place))
    return plan


def title_from(file_name: str) -> str:
    """Return a title for a file that came without one."""
    stem = file_name.split(".", 1)[0] or file_name
    words = stem.replace("_", " ").replace("-", " ").split()
    return (" ".join(words) or file_name)[:1].upper() + " ".join(words)[1:]


def _columns(header: list[str], place: Place, plan: Plan) -> list[str]:
    names: list[str] = []
    for number, raw in enumerate(header, 1):
        name = raw.strip().lower().replace(" ", "_")
        name = ALIASES.get(name, name)
        if name and name in names:
            raise LoadError(Place(place.file, place.line, raw.strip()), N_(
                "kolom ini ada dua kali. Hapus salah satunya."))
        if not name and number < len(header):
            plan.problems.append(Problem(Place(place.file, place.line, str(number)), N_(
                "kolom ke-{number} tidak berjudul dan tidak dibaca."), {"number": number}, False))
        names.append(name)
    if "file" not in names and "title" not in names:
        raise LoadError(place, N_(
            "manifes harus punya kolom file atau title. Kolom yang ada: {columns}."),
            columns=", ".join(name for name in names if name)[:300])
    return names


class _Reader:
    """Turns the rows of one manifest into plans, a bad row into a problem."""

    def __init__(self, root: Path, file: str, columns: list[str], shape_of: ShapeOf,
                 limits: Limits, organization: str | None, plan: Plan) -> None:
        self.root, self.file, self.columns = root, file, columns
        self.shape_of, self.limits, self.organization = shape_of, limits, organization
        self.plan = plan
        self.by_identifier: dict[str, DatasetPlan] = {}
        self.files: dict[Path, int] = {}
        self.unknown: dict[str, str | None] = {}

    def row(self, line: int, cells: list[str]) -> None:
        """Take one row; a problem in it never stops the others."""
        try:
            if len(cells) > len(self.columns) and any(c.strip() for c in cells[len(self.columns):]):
                raise LoadError(Place(self.file, line), N_(
                    "baris ini berisi {count} sel, sedangkan judulnya {width}. Periksa tanda kutip "
                    "dan pemisah."), count=len(cells), width=len(self.columns))
            values = {
                name: cell.strip() for name, cell in zip(self.columns, cells, strict=False)
                if name and cell.strip()
            }
            if values:
                self._take(line, values)
        except LoadError as error:
            self.plan.problems.append(error.problem)

    def _take(self, line: int, values: dict[str, str]) -> None:
        kind = values.pop("type", "dataset")
        shape = self.shape_of(kind)
        if shape is None:
            raise LoadError(Place(self.file, line, "type"), N_(
                "tipe {type} tidak dikenal. Gunakan dataset, kegiatan, atau indikator."), type=kind)
        file_name = values.pop("file", None)
        organization = values.pop("organization", None) or self.organization
        given = values.pop("identifier", None)
        file = self._file(line, file_name) if file_name else None
        identifier = given or identifier_for(file_name or values.get("title", ""), organization)
        fields, resource, places = self._fields(line, values, shape)
        if file:
            file.fields = resource
        known = self.by_identifier.get(identifier)
        if known:
            self._join(known, line, kind, organization, fields, file)
            return
        if "title" not in fields:
            if not file_name:
                raise LoadError(Place(self.file, line, "title"), N_("judul dataset kosong."))
            fields["title"] = title_from(Path(file_name).name)
        dataset = DatasetPlan(identifier, kind, organization, fields, [file] if file else [],
                              Place(self.file, line), places)
        self.by_identifier[identifier] = dataset
        self.plan.datasets.append(dataset)

    def _file(self, line: int, name: str) -> FilePlan:
        place = Place(self.file, line, "file")
        path = inside(self.root, name, place, self.limits)
        if path in self.files:
            raise LoadError(place, N_("berkas {name} sudah dipakai di baris {line}."),
                            name=name, line=self.files[path])
        self.files[path] = line
        return FilePlan(path, name, Place(name))

    def _join(self, known: DatasetPlan, line: int, kind: str, organization: str | None,
              fields: dict[str, Any], file: FilePlan | None) -> None:
        """Add a file to a dataset that an earlier row began."""
        place = Place(self.file, line, "identifier")
        different = [name for name, value in fields.items() if known.fields.get(name) != value]
        if file is None or different or kind != known.type or organization != known.organization:
            raise LoadError(place, N_(
                "identifier {identifier} sudah dipakai di baris {line}. Beri identifier lain, atau "
                "kosongkan kolom selain file bila ini berkas kedua dataset itu."),
                identifier=known.identifier, line=known.place.line)
        known.files.append(file)

    def _fields(
        self, line: int, values: dict[str, str], shape: Shape
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, Place]]:
        fields: dict[str, Any] = {}
        resource: dict[str, Any] = {}
        places: dict[str, Place] = {}
        for column, text in values.items():
            place = Place(self.file, line, column)
            head, _, tail = column.partition(".")
            if head == "resource" and tail in shape.resource_fields:
                resource[tail] = _value(text, tail in shape.resource_lists)
            elif tail and tail in shape.groups.get(head, ()):
                self._subfield(fields, head, tail, text)
                places[head] = place
            elif not tail and column in shape.groups:
                fields[column] = _json(text, place)
                places[column] = place
            elif not tail and column in shape.fields:
                fields[column] = _value(text, column in shape.lists)
                places[column] = place
            else:
                near = difflib.get_close_matches(column, sorted(shape.fields), 1, 0.75)
                self.unknown.setdefault(column, near[0] if near else None)
        return fields, resource, places

    @staticmethod
    def _subfield(fields: dict[str, Any], head: str, tail: str, text: str) -> None:
        """Put ``a ; b`` of ``contact.name`` into the first and second contact."""
        entries = fields.setdefault(head, [])
        for number, item in enumerate(text.split(";")):
            while len(entries) <= number:
                entries.append({})
            if item.strip():
                entries[number][tail] = item.strip()

    def warn_unknown(self) -> None:
        """Report each column that no field answers to, once."""
        for column, near in self.unknown.items():
            if near:
                template = N_("kolom ini tidak dikenal dan tidak dibaca. Maksudnya {near}?")
            else:
                template = N_("kolom ini tidak dikenal dan tidak dibaca.")
            self.plan.problems.append(
                Problem(Place(self.file, 1, column), template, {"near": near}, fatal=False))


def _value(text: str, many: bool) -> Any:
    if not many:
        return text
    if text.startswith("["):
        try:
            parsed = json.loads(text)
        except (ValueError, RecursionError):
            parsed = None
        if is_list(parsed):
            return [str(item) for item in parsed]
    return [item.strip() for item in text.split(";") if item.strip()]


def _json(text: str, place: Place) -> Any:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        parsed = None
    if is_object(parsed):
        parsed = [parsed]
    if not is_objects(parsed):
        raise LoadError(place, N_(
            "isi kolom ini harus daftar JSON. Lebih mudah: pakai kolom terpisah seperti "
            "{example}."),
            example=f"{place.column}.<subkolom>")
    return parsed
