"""Kode wilayah as they stand in a table: which columns hold them, and what each code means.

A code may be written dotted (Kemendagri, the standard), without dots, or be one of BPS. The two
lists give 199 kab/kota other digits, so the column decides which it is: by its header where that
says ``bps`` or ``kemendagri``, else by the names that stand beside it.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.figures import Encoded, encoded, remembered, texts
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.wording import words

__all__ = ["AreaColumn", "Code", "area_columns", "bare_name", "by_name", "finest", "fits",
           "is_area_name", "name_column", "sibling"]

_LEVEL_WORDS = {
    "provinsi": 1, "prov": 1, "propinsi": 1, "prop": 1,
    "kabupaten": 2, "kab": 2, "kota": 2, "kabkota": 2, "kabkot": 2,
    "kecamatan": 3, "kec": 3, "distrik": 3, "kapanewon": 3, "kemantren": 3,
    "desa": 4, "kelurahan": 4, "kel": 4, "gampong": 4, "nagari": 4, "kampung": 4, "pekon": 4,
    "kalurahan": 4, "desakel": 4, "desakelurahan": 4,
}
_CODE_WORDS = frozenset({"kode", "kd", "id", "code", "kodewilayah"})
_AREA_WORDS = frozenset({"wilayah", "kemendagri", "daerah", "bps", "adm", "administrasi"})
_DOTTED = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?")
_BARE = re.compile(r"\d{2}|\d{4}|\d{6,7}|\d{10}")
_LENGTHS = {2: 1, 4: 2, 6: 3, 7: 3, 10: 4}
#: Below this share of recognised codes a column holds codes of another list.
_OURS = 0.5


@dataclass(frozen=True)
class Code:
    """What one distinct code means.

    :ivar form: ``dotted``, ``bare`` (Kemendagri without dots), ``bps``, or empty: no code at all
    :ivar code: in the standard form; empty where it is of no list
    :ivar area: in force or retired; ``None`` where neither list has it
    """

    text: str
    form: str
    code: str = ""
    area: wilayah.Wilayah | None = None


@dataclass
class AreaColumn:
    """A column of kode wilayah: ``codes`` per distinct label of ``column``."""

    name: str
    level: int
    column: Encoded
    codes: list[Code]

    def chosen(self, rule: Callable[[Code], bool]) -> np.ndarray:
        """Return a truth value per label."""
        return np.fromiter((rule(code) for code in self.codes), bool, len(self.codes))

    def of_labels(self, say: Callable[[Code], str | None], rows: np.ndarray) -> pa.Array:
        """Return per row what ``say`` says of its code."""
        made = pa.array([say(code) for code in self.codes], pa.string())
        return made.take(pa.array(self.column.codes[rows]))


@lru_cache(maxsize=200_000)
def _get(code: str) -> wilayah.Wilayah | None:
    try:
        return wilayah.get(code)
    except UnknownCodeError:
        return None


def _dots(digits: str) -> str:
    parts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
    return ".".join(part for part in parts if part)


def _as_kemendagri(text: str) -> Code:
    code = _dots(text)
    return Code(text, "bare", code, _get(code))


def _as_bps(text: str) -> Code:
    area = wilayah.from_bps(text)
    return Code(text, "bps", area.code if area else "", area)


def _code(text: str, bare: Callable[[str], Code]) -> Code:
    text = text.strip()
    if _DOTTED.fullmatch(text) and ("." in text or len(text) == 2):
        return Code(text, "dotted", text, _get(text))
    if _BARE.fullmatch(text):
        return bare(text)
    return Code(text, "")


@remembered
def area_columns(table: TidyTable) -> list[AreaColumn]:
    """Return the columns of kode wilayah, those of other code lists left out."""
    found: list[AreaColumn] = []
    for column in texts(table, Role.WILAYAH, Role.KODE, Role.DIMENSI, Role.KETERANGAN):
        said = words(column.name)
        named = column.reference == "wilayah" or _is_named_code(said)
        column_labels = encoded(table, column.name)
        if not len(column_labels.labels):
            continue
        if not named and not _looks_dotted(column_labels):
            continue
        made = _read(table, column, column_labels)
        if made is None:
            continue
        known = sum(code.area is not None for code in made.codes)
        if column.reference == "wilayah" or known >= _OURS * len(made.codes):
            found.append(made)
    return found


def _is_named_code(said: tuple[str, ...]) -> bool:
    return not _CODE_WORDS.isdisjoint(said) and (
        not _AREA_WORDS.isdisjoint(said) or any(word in _LEVEL_WORDS for word in said))


def _looks_dotted(column: Encoded) -> bool:
    """Tell whether values look like dotted codes whatever the header says (from a sample)."""
    some = column.labels.slice(0, 200).to_pylist()
    hits = sum(1 for text in some if "." in text and _DOTTED.fullmatch(text) and _get(text))
    return hits >= max(2, 0.8 * len(some))


def _read(table: TidyTable, column: TidyColumn, labels: Encoded) -> AreaColumn | None:
    said = words(column.name)
    level = max((_LEVEL_WORDS[word] for word in said if word in _LEVEL_WORDS), default=0)
    if column.reference != "wilayah" and len(labels.labels) > 200_000:
        return None  # more than there are areas
    ours = [_code(text, _as_kemendagri) for text in labels.names]
    bare = [code for code in ours if code.form == "bare"]
    if not bare:
        made = AreaColumn(column.name, level, labels, ours)
        two = column.reference != "wilayah" and not any("." in code.text for code in ours)
        beside = name_column(table, made) if two else None  # of two digits are many lists
        return None if beside and _fitting(table, made, beside) < _OURS else made
    theirs = [_code(text, _as_bps) for text in labels.names]
    made = AreaColumn(column.name, level, labels, ours)
    other = AreaColumn(column.name, level, labels, theirs)
    if "kemendagri" in said:
        return made
    if "bps" in said or any(len(code.text) == 7 for code in bare):
        return other
    beside = name_column(table, made)
    if beside is None:
        known = [sum(code.area is not None for code in each) for each in (ours, theirs)]
        return other if known[1] > known[0] else made
    fitting = _fitting(table, made, beside), _fitting(table, other, beside)
    if max(fitting) < _OURS and column.reference != "wilayah":
        return None  # the names beside say that these are codes of another list
    return other if fitting[1] > fitting[0] else made


def _fitting(table: TidyTable, column: AreaColumn, beside: str) -> float:
    """Return which share of the codes (of a sample) is that of the name beside it."""
    names = encoded(table, beside)
    rows = _first_rows(column.column)[:2000]
    return sum(
        1 for row in rows
        if (area := column.codes[column.column.codes[row]].area) is not None
        and names.codes[row] >= 0 and fits(names.names[names.codes[row]], area)
    ) / max(1, len(rows))


def _first_rows(column: Encoded) -> np.ndarray:
    """Return one row of each label."""
    _, first = np.unique(column.codes, return_index=True)
    return first[column.codes[first] >= 0]


def is_area_name(name: str) -> bool:
    """Tell whether a column name is that of areas' names (``nama_desa``, ``kab_kota``)."""
    said = set(words(name)) - {"nama", "nm", "bps", "kemendagri"}
    return bool(said) and said <= set(_LEVEL_WORDS) | {"wilayah"}


def name_column(table: TidyTable, codes: AreaColumn) -> str | None:
    """Return the column that names the areas of a code column, if one does."""
    said = set(words(codes.name))
    level = codes.level or max(
        (code.code.count(".") + 1 for code in codes.codes if code.area), default=0)
    best: tuple[int, str] | None = None
    for column in texts(table):
        of = words(column.name)
        if column.name == codes.name or not _CODE_WORDS.isdisjoint(of):
            continue
        levels = [_LEVEL_WORDS[word] for word in of if word in _LEVEL_WORDS]
        named = {"nama", "nm", "name"} & set(of)
        if max(levels, default=0) != level and not (not levels and named
                                                    and not _AREA_WORDS.isdisjoint(of)):
            continue
        extra = set(of) - set(_LEVEL_WORDS) - _AREA_WORDS - {"nama", "nm", "name"}
        if extra - said:  # "jumlah_desa", "kepala_desa": not the desa's own name
            continue
        rank = len(said & set(of)) * 2 + bool(named)
        if best is None or rank > best[0]:
            best = rank, column.name
    return None if best is None else best[1]


def finest(table: TidyTable) -> AreaColumn | None:
    """Return the code column of the finest level: the row's own area."""
    best: tuple[float, AreaColumn] | None = None
    for column in area_columns(table):
        levels = [code.code.count(".") + 1 for code in column.codes if code.area]
        rank = float(np.mean(levels)) if levels else 0.0
        # Where two lists stand side by side the standard one speaks.
        rank += 0.1 * (column.name == "kode_wilayah") - 0.01 * any(
            code.form == "bps" for code in column.codes)
        if best is None or rank > best[0]:
            best = rank, column
    return None if best is None else best[1]


_KIND = re.compile(
    r"^(?:provinsi|propinsi|prov|kabupaten administrasi|kota administrasi|kabupaten|kab|kota adm|"
    r"kotamadya|kota|kecamatan|kec|distrik|kapanewon|kemantren|desa|ds|kelurahan|kel|gampong|"
    r"nagari|kampung|pekon|kalurahan|daerah istimewa|daerah khusus ibukota|daerah khusus|dki|di|"
    r"d i|nanggroe)\b\.?\s*")
_NOT_LETTER = re.compile(r"[^a-z0-9]+")
_SHORT = {"kep": "kepulauan", "tj": "tanjung", "tg": "tanjung", "sei": "sungai", "gn": "gunung",
          "gng": "gunung", "kp": "kampung", "ibukota": "", "uttara": "utara"}
_ALIKE = 0.8


@lru_cache(maxsize=200_000)
def bare_name(text: str) -> str:
    """Return a name of an area without its kind, blanks and signs."""
    text = _NOT_LETTER.sub(" ", fold(text)).strip()
    text = re.sub(r"\s(?:kab|kota|prov|kec)$", "", text)
    while True:
        shorter = _KIND.sub("", text)
        if shorter in ("", text):
            break
        text = shorter
    return "".join(_SHORT.get(word, word) for word in text.split())


def fits(name: str, area: wilayah.Wilayah) -> bool:
    """Tell whether a written name can mean an area: spellings and short forms forgiven.

    "Kota Serang" does not mean Kabupaten Serang; a bare "Serang" may mean either.
    """
    said, meant = bare_name(name), bare_name(area.name)
    if not said:
        return True
    if area.level == "kabupaten_kota":
        front = fold(name).split()[0].rstrip(".")
        if front in ("kota", "kotamadya") and area.kind == "kabupaten" and not fold(
                area.name).startswith("kabupaten kota"):
            return False
        if front in ("kab", "kabupaten") and area.kind == "kota":
            return False
    if said == meant or said in meant or (meant in said and len(meant) > 3):
        return True
    if SequenceMatcher(None, said, meant, autojunk=False).ratio() >= _ALIKE:
        return True
    return _is_short_for(name, area.name)


def _is_short_for(short: str, name: str) -> bool:
    """``Lb. Wangi`` is Lebak Wangi, ``Tlk Naga`` Teluknaga, ``STM Hilir`` Sinembah Tanjung Muda
    Hilir: letters or words cut short, none put in.
    """
    parts = [part for part in _NOT_LETTER.split(_KIND.sub("", fold(short))) if part]
    names = [part for part in _NOT_LETTER.split(_KIND.sub("", fold(name))) if part]
    whole, said = "".join(names), "".join(parts)
    if len(said) < 3 or not whole or said[0] != whole[0]:
        return False
    return _cut_short(parts, names) or (
        len(said) >= 0.5 * len(whole) and len(parts) > 1 and _left_out(said, whole))


def _cut_short(parts: list[str], names: list[str]) -> bool:
    """Tell whether each part is a name cut short, or the initials of several, in order."""
    if not parts or not names:
        return not parts and not names
    first = parts[0]
    if first[0] == names[0][0] and _left_out(first, names[0]) and _cut_short(
            parts[1:], names[1:]):
        return True
    initials = "".join(each[0] for each in names[:len(first)])
    return len(first) > 1 and initials == first and _cut_short(parts[1:], names[len(first):])


def _left_out(short: str, whole: str) -> bool:
    at = 0
    for letter in short:
        at = whole.find(letter, at) + 1
        if not at:
            return False
    return True


def by_name(
    table: TidyTable, column: AreaColumn, rows: Iterable[int]
) -> list[wilayah.Wilayah | None]:
    """Return per row the area its name beside it means, if that is beyond doubt.

    Sought among the areas of the same parent; each pair of code and name is looked up once.
    """
    beside = name_column(table, column)
    names = encoded(table, beside) if beside else None
    known: dict[tuple[int, int], wilayah.Wilayah | None] = {}
    found: list[wilayah.Wilayah | None] = []
    for row in rows:
        if names is None or names.codes[row] < 0:
            found.append(None)
            continue
        pair = int(column.column.codes[row]), int(names.codes[row])
        if pair not in known:
            known[pair] = sibling(column.codes[pair[0]].code, names.names[pair[1]])
        found.append(known[pair])
    return found


def sibling(code: str, name: str) -> wilayah.Wilayah | None:
    """Return the area of that very name under the same parent as a code, if there is one."""
    parent = code.rpartition(".")[0]
    if not parent or not wilayah.exists(parent):
        return None
    wanted = bare_name(name)
    same = [area for area in wilayah.children(parent) if bare_name(area.name) == wanted]
    return same[0] if len(same) == 1 else None
