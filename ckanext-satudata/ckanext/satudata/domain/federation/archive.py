"""What stands in the archive of a dataset beside its files: safe names, and a page to read first.

Whoever opens it has a folder on a disk and nothing else, perhaps years later: so it says in words
what this is, who made it, how it may be used and cited, and what signs and columns mean.
"""
from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.lists import FORMATS
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.plain import concept_label, text_of
from ckanext.satudata.domain.federation.terms import as_records

__all__ = ["FOLDER", "README", "file_name", "readme"]

#: Where the files lie, and the page to read first.
FOLDER, README = "data", "BACA.txt"
_LONGEST = 100
_WIDTH = 78
#: What Windows takes in no name, beside control characters and signs that turn the line around.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
#: Names of devices, with whatever ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def file_name(wanted: object, format_name: object, taken: Collection[str]) -> str:
    """Return a name for a file that every system can store beside the others.

    :param wanted: as it was handed in; folders before it do not count
    :param format_name: gives the ending where the name has none
    :param taken: names there are, case-folded; two that differ in case are one on Windows
    """
    text = unicodedata.normalize("NFC", text_of(wanted)).replace("\\", "/").rpartition("/")[2]
    text = "".join(each for each in text if unicodedata.category(each)[0] != "C")
    text = _FORBIDDEN.sub("-", re.sub(r"\s+", " ", text)).strip(". ~")
    stem, dot, ending = text.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,10}", ending):
        known = FORMATS.get(text_of(format_name).lower())
        stem, ending = text, known.name.lower() if known else ""
    stem = _cut(stem, _LONGEST).strip(". ~") or "berkas"
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    behind = f".{ending}" if ending else ""
    name, number = f"{stem}{behind}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}{behind}"
    return name


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text of so many bytes, which is what disks count."""
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")


def readme(package: Mapping[str, Any], site: Site, made_on: str) -> str:
    """Return the page to read first, with the line ends that every editor shows.

    :param package: the content of ``datapackage.json``
    :param made_on: day the archive was made, in words
    """
    ours = cast("dict[str, Any]", package.get("satudata") or {})
    files = [each for each in as_records(package["resources"]) if each["name"] != "metadata"]
    title = _one_line(package["title"])
    lines = [title, "=" * min(len(title), _WIDTH), ""]
    lines += _wrapped(package.get("description", ""))
    lines += ["", *_facts(package, ours, made_on)]
    if package.get("citation"):
        lines += ["", "Cara mengutip", "-------------", *_wrapped(package["citation"])]
    lines += ["", "Isi arsip ini", "-------------",
              "datapackage.json  keterangan untuk program (Data Package v2)",
              "metadata.ttl      metadata lengkap (DCAT)"]
    for each in files:
        lines += ["", each["path"], *_wrapped(each["title"], "  ")]
        lines += _columns(each.get("schema"))
    lines += _left_out(as_records(ours.get("tidak_disertakan")))
    lines += _marks(files)
    lines += ["", f"Diunduh dari {site.title or site.government}, {site.url}/", ""]
    return "\r\n".join(lines)


def _facts(package: Mapping[str, Any], ours: Mapping[str, Any], made_on: str) -> list[str]:
    licences = [f"{each.get('title') or each.get('name', '')} {each.get('path', '')}".strip()
                for each in as_records(package.get("licenses"))]
    makers = [each["title"] for each in as_records(package.get("contributors"))
              if "creator" in each.get("roles", ())]
    said = [
        ("Produsen data", "; ".join(makers)), ("Penerbit", _publisher(package)),
        ("Versi produsen", package.get("version", "")),
        ("Satuan", _label("satuan", ours.get("satuan"))),
        ("Sifat angka", concept_label("sifat_angka", ours.get("sifat_angka"))),
        ("Lisensi", "; ".join(licences) or "belum diisi; tanyakan kepada produsen data"),
        ("Halaman", package.get("homepage", "")), ("Arsip dibuat", made_on),
    ]
    return [f"{name + ':':<16}{text}" for name, each in said if (text := _one_line(each))]


def _publisher(package: Mapping[str, Any]) -> str:
    return next((each["title"] for each in as_records(package.get("contributors"))
                 if "publisher" in each.get("roles", ())), "")


def _columns(schema: Any) -> list[str]:
    if not isinstance(schema, dict):
        return []
    lines: list[str] = []
    for each in as_records(cast("dict[str, Any]", schema).get("fields")):
        said = [each.get("title", ""), each.get("description", "") or each.get("konsep", "")]
        unit = _label("satuan", each.get("satuan"))
        said.append(f"satuan {unit}" if unit else "")
        if each.get("kode_referensi"):
            said.append(f"kode menurut {each.get('kode_referensi_iri') or each['kode_referensi']}")
        parts = {part.casefold(): part for part in map(_one_line, said) if part}
        name = _one_line(each["name"])
        lines += _wrapped(f"{name}: {'; '.join(parts.values())}" if parts else name, "    - ")
    return lines


def _left_out(items: Iterable[Mapping[str, str]]) -> list[str]:
    lines = [line for each in items
             for line in _wrapped(f"{_one_line(each['title'])}. {each['alasan']}", "  - ")]
    return ["", "Tidak disertakan", "----------------", *lines] if lines else []


def _marks(files: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what the signs in a column of ``status_angka`` mean, where there is such a column."""
    used = {each.get("kode_referensi") for file in files
            for each in as_records(file.get("schema", {}).get("fields"))}
    if "status_angka" not in used:
        return []
    lines = [f"  {each.code:<18}{each.notation or '':<4}{each.label_id}"
             for each in vocabulary.get("status_angka")]
    return ["", "Arti tanda di kolom status angka", "--------------------------------",
            "Sel yang kosong berarti angkanya tidak ada, bukan nol.", *lines]


def _label(name: str, code: object) -> str:
    text, known = text_of(code), vocabulary.get(name)
    return (known[text].notation or known[text].label_id) if text in known else text


def _one_line(text: object) -> str:
    return re.sub(r"\s+", " ", text_of(text))


def _wrapped(text: str, before: str = "") -> list[str]:
    lines: list[str] = []
    for paragraph in text_of(text).splitlines():
        lines += textwrap.wrap(
            paragraph, _WIDTH, initial_indent=before if not lines else " " * len(before),
            subsequent_indent=" " * len(before), break_long_words=False,
            break_on_hyphens=False) or [""]
    return lines
