"""Personal data in a table: which columns hold it (UU 27/2022, art. 4).

A NIK and a number of a kartu keluarga have 16 digits: the kode wilayah of the kecamatan (6), a
date (6; for a woman's NIK the day plus 40) and a serial number from 1 (4). A number is taken for
one where that holds, or where the header says so. Figures, kode wilayah (2 to 10 digits), NPSN
(8), kode DSSD and amounts of money are not of that form.

A name is personal beside something that makes a person of it: an identity number, an address, a
day of birth. A list of schools or offices with their names and addresses is not.
"""
from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.figures import Encoded, encoded, remembered
from ckanext.satudata.domain.inspection.notes import N_
from ckanext.satudata.domain.inspection.personal_words import (
    BY_HEADER,
    COUNTS,
    INSTITUTION,
    OFFICE_BOX,
    OFFICE_DOMAIN,
    PERSON,
    THING,
)
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.wording import words

__all__ = ["EMAIL", "KINDS", "MOBILE", "SAYS_ID", "SIXTEEN", "WORTH_A_LOOK", "Personal", "find",
           "is_nik", "is_office_box", "personal_columns"]

#: Kind -> what it is called.
KINDS: dict[str, str] = {
    "nik": N_("NIK"), "kk": N_("nomor KK"), "telepon": N_("nomor telepon"), "email": N_("surel"),
    "npwp": N_("NPWP"), "nip": N_("NIP"), "nisn": N_("NISN"), "nuptk": N_("NUPTK"),
    "bpjs": N_("nomor kartu BPJS"), "paspor": N_("nomor paspor"),
    "rekening": N_("nomor rekening"), "nama": N_("nama orang"), "alamat": N_("alamat orang"),
    "lahir": N_("tanggal lahir"),
}

SIXTEEN = re.compile(r"(?<!\d)(\d{6})[ .-]?(\d{6})[ .-]?(\d{4})(?!\d)|"
                      r"(?<!\d)(\d{4})[ .-](\d{4})[ .-](\d{4})[ .-](\d{4})(?!\d)")
MOBILE = re.compile(
    r"(?<![\w.+-])(?:\+?62[ .-]?|\(\+?62\)[ .-]?|0)8[1-9]\d(?:[ .-]?\d){6,9}(?![\w-])")
#: From its first letter on, or a long text without any would be read once for each letter.
EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@"
                   r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,63}")
_NPWP = re.compile(r"(?<!\d)\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}(?!\d)")
_NIP = re.compile(r"(?<!\d)((?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))[ ]?"
                  r"((?:19|20)\d\d(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]))[ ]?([12])[ ]?(\d{3})(?!\d)")
#: The forms above as far as Arrow knows them; only texts with one are looked at closer.
_NUMBER_16 = r"\d{6}[ .-]?\d{6}[ .-]?\d{4}|\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{4}"
_FORMS = {
    "nik": _NUMBER_16, "kk": _NUMBER_16,
    "nip": r"(?:19|20)\d{6} ?(?:19|20)\d{4} ?[12] ?\d{3}",
    "npwp": r"\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}",
    "telepon": r"(?:62\)?[ .-]?|0)8[1-9]\d(?:[ .-]?\d){6,9}",
    "email": r"[A-Za-z0-9]@[A-Za-z0-9]",
}
WORTH_A_LOOK = "|".join(dict.fromkeys(_FORMS.values()))
#: So many texts are looked at one by one; of more, a sample tells what the others are.
_MANY = 20_000
_LONG_NUMBER = r"^[\d\s.+()'-]{9,}$"
_FEW = 0.2
SAYS_ID = re.compile(r"\b(?:nik|ktp|kk|kartu keluarga)\b[\s:.noNO]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Personal:
    """A column with personal data.

    :ivar rows: where it stands (from 0, in order)
    :ivar inside: within longer text, so that the column itself may stay
    :ivar office: of an office by its form or its table: no person's data beyond doubt
    """

    column: str
    kind: str
    rows: np.ndarray
    inside: bool = False
    office: bool = False


@cache
def _kab_kota() -> frozenset[str]:
    """Return the four digits of all kab/kota, those of the older list among them."""
    return frozenset(code.replace(".", "")[:4] for code in (
        *wilayah.codes("kabupaten_kota"), *wilayah.retired_codes()) if "." in code)


def is_nik(digits: str) -> bool:
    """Tell whether 16 digits have the structure of a NIK (or of a KK, which is the same).

    The kecamatan may have been renumbered since the number was given out, so a kab/kota of either
    list is enough where the rest is right; a day above 40 is a woman's.
    """
    if len(digits) != 16 or not digits.isdigit() or digits[12:] == "0000":
        return False
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    day -= 40 if day > 40 else 0
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2000 + year % 4, month)[1]:
        return False
    return digits[4:6] != "00" and digits[:4] in _kab_kota()


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _kind_by_header(column: TidyColumn) -> tuple[str, re.Pattern[str]] | None:
    said = set(words(column.name)) | set(words(column.title)) | set(words(column.source_header))
    if said & COUNTS:
        return None
    for named, kind, form in BY_HEADER:
        if said & named:
            return kind, re.compile(r"['’`]?\s*" + form)
    return None


def _scan(text: str) -> tuple[str, bool] | None:
    """Return what a text holds: (kind, of an office)."""
    for found in SIXTEEN.finditer(text):
        if is_nik(_digits(found.group())) or SAYS_ID.search(text[:found.start()]):
            said = text[:found.start()].lower()
            return ("kk" if re.search(r"\b(?:kk|kartu keluarga)\b[\s:.no]*$", said) else "nik",
                    False)
    if _NIP.search(text):
        return "nip", False
    if _NPWP.search(text):
        return "npwp", False
    if MOBILE.search(text):
        return "telepon", False
    found = EMAIL.search(text)
    return ("email", is_office_box(found.group())) if found else None


def is_office_box(address: str) -> bool:
    box, _, domain = address.partition("@")
    named = [part for part in re.split(r"[^a-z]+", box.lower()) if part]
    if named and (named[0] in OFFICE_BOX or any(
            len(word) > 3 and named[0].startswith(word) for word in OFFICE_BOX)):
        return True
    return bool(OFFICE_DOMAIN.search(domain)) and len(named) == 1 and named[0] in domain.split(".")


def _is_all(text: str) -> bool:
    """Tell whether a text is nothing but a number or an address of mail."""
    return (len(text) <= 60 and " " not in text.strip(" '’`")) or len(
        re.sub(r"[\d\s.+()'’-]", "", text)) <= 2


def _scanned(
    column: TidyColumn, labels: Encoded, known: np.ndarray
) -> dict[str, tuple[np.ndarray, bool, bool]]:
    """Return kind -> (labels that hold it, only inside longer text, all of an office).

    :param known: labels that are known to be personal by their header
    """
    near = ~known & np.asarray(
        pc.match_substring_regex(labels.labels, WORTH_A_LOOK), dtype=bool)
    if not near.any():
        return {}
    at = np.flatnonzero(near)
    code = bool(set(words(column.name)) & {"kode", "kd", "code", "koordinat", "latitude",
                                           "longitude", "npsn", "dssd", "geom", "geometry", "url"})
    sixteen = int(np.asarray(pc.match_substring_regex(
        labels.labels, r"(?:^|\D)\d{16}(?:\D|$)"), dtype=bool).sum())
    plain = int(np.asarray(
        pc.match_substring_regex(labels.labels, _LONG_NUMBER), dtype=bool).sum())
    looked = _look(labels, at[:: max(1, len(at) // _MANY)])
    hits = {kind: seen.at for kind, seen in looked.items()}
    if len(at) > 2 * _MANY:
        hits = _all_like(labels, near, looked)
    made: dict[str, tuple[np.ndarray, bool, bool]] = {}
    for kind, found in hits.items():
        if code and kind == "telepon":
            continue
        # One in three hundred numbers of 16 digits looks like a NIK by chance: few such among
        # many others make a column of other numbers.
        if kind in ("nik", "kk") and len(found) < _FEW * sixteen:
            continue
        if kind == "telepon" and len(found) < _FEW * plain:
            continue
        chosen = np.zeros(len(labels.labels), dtype=bool)
        chosen[found] = True
        seen = looked[kind]
        made[kind] = chosen, seen.whole < 0.5 * len(seen.at), seen.offices == len(seen.at)
    return made


@dataclass
class _Seen:
    """Labels of one kind: how many are nothing else, and how many are of offices."""

    at: list[int]
    whole: int = 0
    offices: int = 0


def _look(labels: Encoded, at: np.ndarray) -> dict[str, _Seen]:
    """Look at some labels one by one."""
    seen: dict[str, _Seen] = {}
    for index, text in zip(at.tolist(), labels.labels.take(pa.array(at)).to_pylist(), strict=True):
        found = _scan(text[:4000])
        if found is not None:
            each = seen.setdefault(found[0], _Seen([]))
            each.at.append(index)
            each.whole += _is_all(text)
            each.offices += found[1]
    return seen


def _all_like(labels: Encoded, near: np.ndarray, seen: dict[str, _Seen]) -> dict[str, list[int]]:
    """Extend what a sample showed to all labels of the same form, and look at the others."""
    hits: dict[str, list[int]] = {}
    rest = near.copy()
    size = sum(len(each.at) for each in seen.values())
    for kind in sorted(seen, key=lambda kind: -len(seen[kind].at)):
        if len(seen[kind].at) >= _FEW * size:
            alike = rest & np.asarray(
                pc.match_substring_regex(labels.labels, _FORMS[kind]), dtype=bool)
            hits[kind] = np.flatnonzero(alike).tolist()
            rest &= ~alike
    for kind, each in _look(labels, np.flatnonzero(rest)[:_MANY]).items():
        hits.setdefault(kind, []).extend(each.at)
        if kind not in seen:
            seen[kind] = each
    return hits


def _numbers_too(table: TidyTable, column: TidyColumn) -> bool:
    """Tell whether a column can hold text or long whole numbers that are no measure."""
    kind = table.data.schema.field(column.name).type
    if pa.types.is_string(kind):
        return True
    return pa.types.is_int64(kind) and column.type == "integer" and (
        column.role is not Role.UKURAN or _kind_by_header(column) is not None)


@remembered
def find(table: TidyTable) -> list[Personal]:
    """Return all personal data of a table, by column and kind."""
    found: list[Personal] = []
    for column in table.columns:
        if column.role in (Role.WAKTU, Role.STATUS, Role.SATUAN) or not _numbers_too(
                table, column):
            continue
        labels = encoded(table, column.name)
        if not len(labels.labels):
            continue
        named = _kind_by_header(column)
        chosen = np.zeros(len(labels.labels), dtype=bool)
        if named is not None:
            chosen = np.asarray(pc.match_substring_regex(
                labels.labels, "^" + named[1].pattern + r"\s*$"), dtype=bool)
        rest = _scanned(column, labels, chosen)
        if named is not None:
            kind, _ = named
            chosen = chosen | rest.pop(kind, (np.zeros(len(chosen), dtype=bool), False, False))[0]
            if kind in ("nik", "kk"):
                for other in ("nik", "kk", "npwp", "telepon", "nip"):
                    rest.pop(other, None)
            if chosen.any():
                office = kind == "email" and all(
                    is_office_box(text) for text in labels.labels.filter(
                        pa.array(chosen)).to_pylist()[:1000])
                found.append(Personal(column.name, kind, labels.rows(chosen), office=office))
        for kind, (chosen, inside, office) in rest.items():
            found.append(Personal(column.name, kind, labels.rows(chosen), inside, office))
    return [*_judged(table, found), *_beside(table, found)]


def _is_of_institutions(table: TidyTable) -> bool:
    """Tell whether the rows are offices, schools, shops: a name of such, and none of a person."""
    heads = [set(words(column.name)) for column in table.columns]
    has_thing = any("nama" in head and head & INSTITUTION and not head & PERSON
                    for head in heads) or any(head and head <= INSTITUTION for head in heads)
    return has_thing and not any(_is_person_name(column) for column in table.columns)


def _judged(table: TidyTable, found: list[Personal]) -> list[Personal]:
    if not _is_of_institutions(table):
        return found
    return [Personal(each.column, each.kind, each.rows, each.inside, True)
            if each.kind in ("telepon", "email", "npwp", "rekening") else each for each in found]


def _is_person_name(column: TidyColumn, alone: bool = False) -> bool:
    said = set(words(column.name)) | set(words(column.title))
    if not said & {"nama", "name", "nm"} or said & COUNTS:
        return False
    if said & THING and not (said & PERSON - {"kepala", "keluarga", "anggota", "ketua"}):
        # "nama_kepala_desa" is a person, "nama_desa" is not.
        return bool(said & {"kepala", "ketua", "lurah", "kades"})
    return bool(said & PERSON) or (alone and said <= {"nama", "name", "nm", "no"})


def _beside(table: TidyTable, found: list[Personal]) -> list[Personal]:
    """Return names, addresses and days of birth where they make a person known."""
    identity = any(each.kind in ("nik", "kk", "nisn", "nuptk", "paspor", "bpjs")
                   or (each.kind in ("telepon", "rekening", "nip") and not each.office)
                   for each in found if not each.inside)
    names, places, births = list[TidyColumn](), list[TidyColumn](), list[TidyColumn]()
    of_institutions = _is_of_institutions(table)
    for column in table.columns:
        said = set(words(column.name)) | set(words(column.title))
        if said & COUNTS:
            continue
        if said & {"lahir", "ttl"} and said & {"tanggal", "tgl", "ttl", "tempat"}:
            births.append(column)
        elif "alamat" in said and not said & {"email", "web", "website", "url"}:
            places.append(column)
        elif _is_person_name(column, alone=True):
            names.append(column)
    known = [column for column in names if _is_person_name(column)]
    if not identity and not (births and names) and not (
            known and places and not of_institutions):
        return []
    kinds = [(names, "nama"), (births, "lahir")]
    if names:
        kinds.append((places, "alamat"))
    return [Personal(column.name, kind, rows)
            for columns, kind in kinds for column in columns
            if len(rows := _filled(table, column)) and column.name not in
            {each.column for each in found}]


def _filled(table: TidyTable, column: TidyColumn) -> np.ndarray:
    return np.flatnonzero(np.asarray(table.data.column(column.name).is_valid()))


def personal_columns(table: TidyTable) -> dict[str, str]:
    """Return column -> kind of every column to mask in a preview; those of offices left out.

    A column with personal data inside its texts is masked as a whole.
    """
    found: dict[str, str] = {}
    for each in find(table):
        if not each.office:
            found.setdefault(each.column, each.kind)
    return found
