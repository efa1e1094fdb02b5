"""Which columns of a table are names of areas, and which are their codes."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.areas.index import find, level_of, number_of
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.wilayah_search import as_code
from ckanext.satudata.domain.wilayah_store import LEVELS

__all__ = ["CodeColumn", "Distinct", "NameColumn", "Named", "agreement", "code_columns",
           "header_levels", "name_columns"]


_WORDS = {
    "provinsi": 1, "propinsi": 1, "prov": 1, "province": 1, "provinces": 1,
    "kabupaten": 2, "kab": 2, "kota": 2, "kabkota": 2, "kabko": 2, "kotamadya": 2, "regency": 2,
    "regencies": 2, "municipality": 2, "kabupatenkota": 2,
    "kecamatan": 3, "kec": 3, "distrik": 3, "district": 3, "subdistrict": 3, "kapanewon": 3,
    "kemantren": 3, "districts": 3,
    "desa": 4, "kelurahan": 4, "kel": 4, "nagari": 4, "gampong": 4, "kampung": 4, "pekon": 4,
    "kalurahan": 4, "lembang": 4, "tiyuh": 4, "negeri": 4, "village": 4, "villages": 4,
    "deskel": 4, "desakel": 4, "desakelurahan": 4, "ohoi": 4,
    # As BIG names them in its maps (Rupa Bumi Indonesia).
    "wadmpr": 1, "wadmkk": 2, "wadmkc": 3, "wadmkd": 4,
}
_GENERIC = frozenset({"wilayah", "daerah", "lokasi", "area", "region", "tempat"})
#: Words that may stand beside without making it another thing.
_BESIDE = frozenset({
    "nama", "name", "nm", "bps", "kemendagri", "dagri", "menurut", "dan", "atau",
    "asal", "tujuan", "lokasi", "administrasi", "administratif", "adm", "sub", "of", "or", "and",
    "tingkat", "uraian", "se", "di", "by", "per",
})
_KNOWN = frozenset(_WORDS) | _GENERIC
_GLUED = re.compile(r"nama|nm|kode|kd|id|bps")
#: Headers that leave it to the values: "Nama", "Uraian".
_OPEN = frozenset({"nama", "nm", "name", "uraian"})
_CODES = frozenset({"kode", "kd", "id", "code", "kodepos", "no"})
#: Shares of the distinct values that must be found for a column to be one of areas: where its
#: header says so, where it says "wilayah" or the like, and where it says nothing.
_SAID, _HINTED, _UNSAID = 0.5, 0.7, 0.9
#: Without a word of the header, fewer names prove nothing.
_MIN_UNSAID = 5
#: Distinct values looked at to decide what a column is.
_SAMPLE = 2000
_CODE_SHAPE = r"^[0-9]{2}([ .]*[0-9]{2}){0,2}([ .]*[0-9]{3,4})?(\.0)?$"


@dataclass
class Named:
    """A column of text of a table: ``cell_of`` gives the cell of the sheet a row came from."""

    name: str
    header: str
    values: pa.Array
    cell_of: Callable[[int], str]


class Distinct:
    """The distinct values of a column: ``texts``, and ``at`` per row (-1 where missing)."""

    def __init__(self, values: pa.Array | pa.ChunkedArray) -> None:
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        tidy = pc.utf8_trim_whitespace(values.cast(pa.string()))
        encoded = tidy.dictionary_encode()
        self.texts: list[str] = [text or "" for text in encoded.dictionary.to_pylist()]
        at = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        self.at: np.ndarray = at.astype(np.int64)
        blank = [place for place, text in enumerate(self.texts) if not text]
        if blank:
            self.at[self.at == blank[0]] = -1

    @property
    def filled(self) -> list[str]:
        return [text for text in self.texts if text]


@dataclass
class NameColumn:
    """A column of names: its level, and why it is taken for one."""

    named: Named
    level: str
    distinct: Distinct
    said: bool


@dataclass
class CodeColumn:
    """A column of codes: ``codes`` per distinct value, ``""`` where it is none.

    A code of BPS of a kecamatan or desa says only the kabupaten: those two levels are not in the
    bridging table, and one code is never derived from the other.
    """

    named: Named
    number: int
    distinct: Distinct
    codes: list[str] = field(default_factory=list[str])

    @cached_property
    def per_row(self) -> np.ndarray:
        """Places in ``codes`` by row, -1 where there is none."""
        known = np.array([bool(code) for code in self.codes] + [False])
        return np.where(known[self.distinct.at], self.distinct.at, -1)


def _tokens(header: str) -> list[str]:
    tokens: list[str] = []
    for token in re.findall(r"[a-z]+", fold(header.replace("_", " "))):
        front = _GLUED.match(token)  # "namakec", "kdkab"
        rest = token[front.end():] if front else ""
        tokens += [front[0], rest] if front and rest in _KNOWN else [token]
    return tokens


def header_levels(header: str) -> tuple[list[int], bool] | None:
    """Return (levels a header names, whether it only says "wilayah"); nothing for another thing.

    ``Ibukota kecamatan``, ``Kepolisian Daerah`` and ``Jumlah desa`` are no areas: every word has
    to be one of areas or a filler.
    """
    tokens = _tokens(header)
    levels = sorted({_WORDS[token] for token in tokens if token in _WORDS}, reverse=True)
    generic = any(token in _GENERIC for token in tokens)
    if any(token not in _WORDS and token not in _GENERIC and token not in _BESIDE
           for token in tokens) or not (levels or generic):
        return None
    return levels, not levels


def code_columns(columns: Sequence[Named]) -> list[CodeColumn]:
    """Return the columns that hold kode wilayah in any form, read as dotted codes."""
    found: list[CodeColumn] = []
    for named in columns:
        tokens = _tokens(named.header) + _tokens(named.name)
        said = any(token in _CODES or token.startswith(("kode", "kd")) for token in tokens)
        if not said or not _shaped(named.values):
            continue
        distinct = Distinct(named.values)
        if not distinct.filled:
            continue
        column = _read_codes(named, distinct, tokens)
        known = sum(bool(code) for code in column.codes)
        if known >= 0.6 * len(distinct.filled):
            found.append(column)
    return found


def _shaped(values: pa.Array) -> bool:
    """Say whether most of the first values look like a code."""
    head = pc.drop_null(values.slice(0, 500))
    head = head.filter(pc.not_equal(pc.utf8_trim_whitespace(head), ""))
    if not len(head):
        return False
    fits = pc.match_substring_regex(pc.utf8_trim_whitespace(head), _CODE_SHAPE)
    return pc.sum(fits).as_py() >= 0.8 * len(head)


def _read_codes(named: Named, distinct: Distinct, tokens: Sequence[str]) -> CodeColumn:
    bare = [text.removesuffix(".0") for text in distinct.texts]
    sample = bare[:: max(len(bare) // _SAMPLE, 1)]
    known, known_bps = (sum(bool(read(text)) for text in sample) for read in (_ours, _bps))
    read = _bps if "bps" in tokens or known_bps > known else _ours
    codes = [read(text) for text in bare]
    number = max((level_of(code) for code in codes), default=0)
    return CodeColumn(named, number, distinct, codes)


def _ours(text: str) -> str:
    code = as_code(text) if len(text) <= 16 else None
    if code is None:
        return ""
    if wilayah.exists(code):
        return code
    try:
        wilayah.get(code)
    except wilayah.UnknownCodeError:
        return ""
    return code


def _bps(text: str) -> str:
    digits = re.sub(r"[ .]", "", text)
    if len(digits) not in (2, 4, 7, 10) or not digits.isdigit():
        return ""
    area = wilayah.from_bps(digits[:4])
    return area.code if area else ""


def name_columns(
    columns: Sequence[Named], codes: Sequence[CodeColumn], scopes: Mapping[int, str]
) -> list[NameColumn]:
    """Return the columns of names, the highest level first.

    :param scopes: by level, an area its names may lie in (used where the header says nothing)
    """
    taken = {id(column.named) for column in codes}
    found: list[NameColumn] = []
    others: list[Named] = []
    for named in columns:
        if id(named) in taken:
            continue
        said = header_levels(named.header or named.name)
        if said is None and named.header != named.name:
            said = header_levels(named.name)
        if said is None:
            others.append(named)
            continue
        column = _judge(named, *said, scopes)
        if column:
            found.append(column)
    found += [column for named in others if (column := _beside(named, codes))][:1]
    if not found:
        found = [column for named in others if (column := _unsaid(named, scopes))][:1]
    return sorted(found, key=lambda column: number_of(column.level))


def _judge(
    named: Named, levels: list[int], generic: bool, scopes: Mapping[int, str]
) -> NameColumn | None:
    distinct = Distinct(named.values)
    shares = _shares(distinct, levels or [1, 2, 3, 4], scopes)
    needed = _HINTED if generic else _SAID
    # A header "Kabupaten/Kota" over the kecamatan of one kabupaten names the place, not the rows.
    best = max(shares, key=lambda number: (shares[number], -number), default=0)
    if best and shares[best] >= needed and (not generic or best < 4 or scopes.get(4)):
        return NameColumn(named, LEVELS[best - 1], distinct, said=True)
    return None


def _beside(named: Named, codes: Sequence[CodeColumn]) -> NameColumn | None:
    """Take a column headed "Nama" for one of areas where the codes beside it have its names."""
    if not set(_tokens(named.header or named.name)) <= _OPEN:
        return None
    distinct = Distinct(named.values)
    for column in codes:
        level = LEVELS[column.number - 1] if column.number else ""
        if level and agreement(distinct, column, level) >= _HINTED:
            return NameColumn(named, level, distinct, said=False)
    return None


def agreement(distinct: Distinct, codes: CodeColumn, level: str) -> float:
    """Return the share of names that are those of the codes beside them."""
    both = (distinct.at >= 0) & (codes.per_row >= 0)
    width = len(codes.codes)
    pairs = np.unique(distinct.at[both] * width + codes.per_row[both])
    pairs = pairs[:: max(len(pairs) // _SAMPLE, 1)]
    alike = 0
    for pair in pairs.tolist():
        wanted = codes.codes[pair % width]
        found = find(distinct.texts[pair // width], level, wanted.rpartition(".")[0])
        alike += wanted in found.codes
    return alike / len(pairs) if len(pairs) else 0.0


def _unsaid(named: Named, scopes: Mapping[int, str]) -> NameColumn | None:
    distinct = Distinct(named.values)
    if len(distinct.filled) < _MIN_UNSAID or _vetoed(named):
        return None
    # Village names are also names of people and of ordinary things.
    numbers = [1, 2] + ([3] if scopes.get(3) else [])
    shares = _shares(distinct, numbers, scopes)
    best = max(shares, key=lambda number: shares[number], default=0)
    if best and shares[best] >= _UNSAID:
        return NameColumn(named, LEVELS[best - 1], distinct, said=False)
    return None


#: Agencies and stations are named after areas without being one.
_OTHERS = re.compile(
    r"polda|polres|polisi|kepolisian|bandara|pelabuhan|kantor|dinas|opd|skpd|instansi|satker"
    r"|klpd|unit|puskesmas|sekolah|pasar|universitas|pengadilan|kejaksaan|lapas|cabang|rumah"
    r"|kepala|camat|ibu ?kota|stasiun|bank|korem|kodim|partai|klub|tim\b|peserta|pelanggan")


def _vetoed(named: Named) -> bool:
    words = fold(f"{named.header} {named.name}".replace("_", " "))
    return bool(_OTHERS.search(words))


def _shares(
    distinct: Distinct, numbers: Sequence[int], scopes: Mapping[int, str]
) -> dict[int, float]:
    sample = distinct.filled
    if len(sample) > _SAMPLE:
        sample = sample[:: len(sample) // _SAMPLE]
    if not sample:
        return {}
    return {
        number: sum(bool(find(text, LEVELS[number - 1], scopes.get(number, "")).codes)
                    for text in sample) / len(sample)
        for number in numbers
    }
