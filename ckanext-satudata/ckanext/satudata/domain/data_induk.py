"""Data Induk: tables whose rows are things that other data refer to by a code.

Perpres 39/2019 art. 10 has data share reference codes and Data Induk (master data: the agreed list
of puskesmas, sekolah, perangkat daerah ...), and art. 36 has the portal give access to them. Each
row has an address for ever, ``/id/<name of the list>/<code>``; so a name belongs to one dataset,
and neither a name nor a code is given to something else later.
"""
from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, cast

from ckanext.satudata.domain.metadata import Dataset, Place
from ckanext.satudata.domain.metadata_columns import LIST_NAME, columns
from ckanext.satudata.domain.metadata_values import N_, InvalidValueError

__all__ = [
    "CODE", "MAX_NAME", "Column", "Master", "code_column_in_a_table", "is_code", "list_name",
    "master_of", "name_column_in_the_table", "nearest", "proposal", "rows_of",
]

MAX_NAME = 40
#: What a code may be, so that it stands in an address as it is and survives being typed: letters,
#: digits and ``. _ - :`` inside. No slash, no blank, no other sign.
CODE = r"[0-9A-Za-z](?:[0-9A-Za-z._:\-]{0,98}[0-9A-Za-z])?"
_CODE = re.compile(CODE)
_DATA = "data"


def list_name(value: Any) -> str:
    """Return the short name of a Data Induk as it stands in addresses.

    :raises InvalidValueError: it is none, with one that would do
    """
    written = str(value).strip()
    if LIST_NAME.fullmatch(written):
        return written
    raise InvalidValueError(
        N_("“{value}” di “{label}” tidak dapat menjadi bagian alamat. Pakai huruf kecil, angka dan "
           "tanda hubung, diawali huruf, paling banyak {maximum} karakter. Contoh {example}."),
        value=written[:60], maximum=MAX_NAME, example=proposal(written) or "puskesmas")


def proposal(text: str) -> str:
    """Return a name made of a text, empty where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-").lstrip("0123456789-")
    made = made[:MAX_NAME].rstrip("-")
    return made if len(made) > 1 else ""


def is_code(text: str) -> bool:
    """Tell whether a text can be the code of a row."""
    return _CODE.fullmatch(text) is not None


@dataclass(frozen=True)
class Column:
    """A column of a Data Induk's table, as its Table Schema describes it.

    :ivar unit: code of ``satuan``, or as somebody wrote it
    :ivar reference: ``wilayah``, the name of a vocabulary, or an IRI
    :ivar master: short name of the Data Induk its codes are of
    :ivar meaning: IRI of the property it is (``rdfType`` of Table Schema)
    """

    name: str
    type: str = "string"
    title: str = ""
    description: str = ""
    unit: str = ""
    reference: str = ""
    master: str = ""
    meaning: str = ""

    @property
    def label(self) -> str:
        """What the column is called for people."""
        return self.title or self.name


@dataclass(frozen=True)
class Master:
    """What a dataset says of itself as a Data Induk.

    :ivar name: of the list, as in its address
    :ivar key: column of the codes
    :ivar label: column of the names
    :ivar resource: id of the file whose table it is
    :ivar columns: of that table, in their order
    """

    name: str
    key: str
    label: str
    resource: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(each for each in self.columns if each.name == name)


def master_of(dataset: Mapping[str, Any]) -> Master | None:
    """Return what a dataset (as ``package_show`` gives it) is as a Data Induk.

    :returns: nothing where it is none, or does not say yet which columns are code and name
    """
    name, key, label = (_said(dataset, field) for field in ("data_induk", "kunci_induk",
                                                            "nama_induk"))
    if not name or not key or not label:
        return None
    for resource in _tables(dataset):
        found = tuple(_column(each) for each in columns(resource.get("skema")))
        if {key, label} <= {each.name for each in found}:
            return Master(name, key, label, str(resource.get("id") or ""), found)
    return None


def _said(dataset: Mapping[str, Any], field: str) -> str:
    value = dataset.get(field)
    return value.strip() if isinstance(value, str) else ""


def _tables(dataset: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the data files that describe their columns."""
    given = dataset.get("resources")
    items = cast("list[Any]", given) if isinstance(given, list) else []
    return [cast("Mapping[str, Any]", each) for each in items
            if isinstance(each, Mapping)
            and (cast("Mapping[str, Any]", each).get("jenis_berkas") or _DATA) == _DATA
            and columns(cast("Mapping[str, Any]", each).get("skema"))]


def _column(field: Mapping[str, Any]) -> Column:
    def text(key: str) -> str:
        value = field.get(key)
        return value.strip() if isinstance(value, str) else ""

    return Column(text("name"), text("type") or "string", text("title"), text("description"),
                  text("satuan"), text("kode_referensi"), text("data_induk"),
                  text("rdfType"))


# ------------------------------------------------------------------ rules of publication
def code_column_in_a_table(dataset: Dataset, today: date) -> Iterable[Place]:
    """The column of the codes is one of a table of the dataset."""
    key = _said(dataset, "kunci_induk")
    known = [_names(each) for each in _tables(dataset)]
    if key and not any(key in names for names in known):
        yield Place(("kunci_induk",), {"column": key[:60], "known": _listed(known)})


def name_column_in_the_table(dataset: Dataset, today: date) -> Iterable[Place]:
    """The column of the names stands in the same table as that of the codes."""
    key, label = _said(dataset, "kunci_induk"), _said(dataset, "nama_induk")
    known = [names for each in _tables(dataset) if key in (names := _names(each))]
    if label and known and not any(label in names for names in known):
        yield Place(("nama_induk",), {"column": label[:60], "known": _listed(known)})


def _names(resource: Mapping[str, Any]) -> list[str]:
    return [_column(each).name for each in columns(resource.get("skema"))]


def _listed(tables: Iterable[Sequence[str]]) -> str:
    names = list(dict.fromkeys(name for names in tables for name in names))
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "") if names else "-"


def nearest(code: str, known: Iterable[str]) -> str:
    """Return the known code somebody probably meant, empty where none is close."""
    found = get_close_matches(code[:100], list(known), 1, 0.6)
    return found[0] if found else ""


def rows_of(content: bytes, key: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield code and cells of each row of a published table (a CSV) that has a code.

    :returns: nothing of what is no such table: other bytes were published before this portal
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        for row in reader:
            code = (row.get(key) or "").strip()
            if is_code(code):
                yield code, {name: value for name, value in row.items() if isinstance(value, str)}
    except csv.Error:
        return
