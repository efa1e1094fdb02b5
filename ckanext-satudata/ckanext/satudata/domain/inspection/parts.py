"""Which figures are parts of which whole: by the words of headers and labels, proved by figures.

``balita diukur`` is a part of ``balita``; ``rumah sakit`` is none of ``rumah``. Words alone do
not tell the two apart, so a relation by words counts only as far as the figures obey it.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ckanext.satudata.domain.inspection.figures import measures, numbers, remembered
from ckanext.satudata.domain.inspection.table import TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.units import unit_of
from ckanext.satudata.domain.inspection.wording import (
    TOTAL_WORDS,
    about,
    is_additive,
    multiple,
    unit_code,
    words,
)

__all__ = ["Sum", "extends", "serves", "sums", "tolerance"]

#: What is said of some of the whole: participles and the like ("yang diukur", "belum terlayani").
_SOME = re.compile(r"(?:yang|yg|dgn|dengan|tanpa|belum|sudah|telah|tidak|tdk|aktif|lulus|"
                   r"di(?!nas$|sabilitas)[a-z]{4,}|ter(?!nak|api|bit$)[a-z]{4,}|"
                   r"ber(?!as$|kas)[a-z]{3,}|me[mnl][a-z]{4,})$")
#: Added words that make another measure of it, or another time, and no part.
_OTHER = frozenset({
    "per", "rata", "rerata", "rasio", "persen", "persentase", "%", "laju", "kepadatan", "indeks",
    "target", "sasaran", "rencana", "lalu", "sebelumnya", "kumulatif", "akhir", "awal", "proyeksi",
    "kebutuhan", "kapasitas", "tahun", "bulan", "harga", "nilai", "biaya", "luas", "panjang",
    "kunjungan", "kejadian", "kali", "ideal", "jumlah", "total", "anggota", "hari", "sakit",
    "tangga", "dan", "atau", "asal", "kode", "maksimum", "standar", "seharusnya", "produksi",
})
#: (words of the part, words of the whole): what a service reaches, of those it is meant for.
_OF_THOSE: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"sambungan", "sr", "pelanggan", "terlayani"}),
     frozenset({"kk", "keluarga", "tangga", "rumah", "rt"})),
    (frozenset({"diukur", "ditimbang"}), frozenset({"balita"})),
    (frozenset({"stunting", "stunted", "wasting", "wasted", "underweight", "pendek",
                "gizi", "obesitas"}), frozenset({"balita", "diukur", "ditimbang"})),
    (frozenset({"terlayani", "penerima", "miskin", "pekerja", "pengangguran", "disabilitas",
                "lansia", "balita", "kb"}),
     frozenset({"penduduk", "jiwa"})),
    (frozenset({"meninggal", "sembuh", "kematian"}), frozenset({"kasus", "penderita", "pasien"})),
    (frozenset({"lulus", "lulusan", "hadir"}), frozenset({"peserta", "undangan"})),
    (frozenset({"terisi", "terpakai", "digunakan"}), frozenset({"tersedia", "kapasitas"})),
    (frozenset({"pengangguran", "bekerja"}), frozenset({"angkatan"})),
    (frozenset({"diimunisasi", "imunisasi"}), frozenset({"bayi", "sasaran"})),
    (frozenset({"k4", "k6", "kn3"}), frozenset({"k1", "kn1"})),
)
_REACHED = frozenset[str]().union(*(some for some, _ in _OF_THOSE))
_SEX = re.compile(r"(?:l|lk|laki|pria|p|pr|perempuan|wanita)")
_MEMBERS = (("laki", "perempuan"), ("lk", "pr"), ("l", "p"), ("pria", "wanita"))


def _core(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in said if word not in TOTAL_WORDS)


def extends(part: Sequence[str], whole: Sequence[str]) -> int:
    """Tell whether one phrase extends another: 0 no, 1 by some words, 2 by "which are ...".

    ``jumlah balita diukur`` extends ``jumlah balita``: what is counted is the same, with a
    condition added behind (or, for the sum of all, anything at all).
    """
    part, whole = _core(part), _core(whole)
    if not whole or len(part) <= len(whole) or part[:len(whole)] != whole:
        return 0
    added = part[len(whole):]
    if not _OTHER.isdisjoint(added) or added[0].isdigit():
        return 0
    return 2 if _SOME.fullmatch(added[0]) else 1


def serves(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Tell whether a measure counts those reached of those meant: connections of households."""
    if _REACHED.isdisjoint(part):
        return False
    said, of = set(part), set(whole)
    if said & _OTHER - {"jumlah", "total"} or of & _OTHER - {"jumlah", "total", "sasaran", "tangga",
                                                             "kapasitas"}:
        return False
    return any((said & some) - of and of & all_of and not of & (some - all_of)
               for some, all_of in _OF_THOSE)


@dataclass(frozen=True)
class Sum:
    """A column that is the sum of others: ``known`` rows of it, of which ``holds`` add up."""

    total: str
    parts: tuple[str, ...]
    holds: np.ndarray
    known: np.ndarray
    difference: np.ndarray
    named: bool


def tolerance(places: int, terms: int, rounded: bool) -> float:
    """Return how far a sum may be off by rounding: half a last digit per term, and the sum's.

    Whole counts are exact; whole figures in thousands (``rounded``) are not.
    """
    if places == 0 and not rounded:
        return 1e-6
    return 0.5 * 10.0**-places * (terms + 1) + 1e-6


def _summable(table: TidyTable) -> list[TidyColumn]:
    return [column for column in measures(table)
            if is_additive(about(table, column), unit_of(table, column))]


@remembered
def sums(table: TidyTable) -> list[Sum]:
    """Return the columns that are sums of their neighbours.

    Either the words say so (``laki_laki`` + ``perempuan`` = ``jumlah``) and half of the rows
    agree, or a column whose name says "jumlah" or "total" is the sum of those right before or
    after it in four rows of five.
    """
    columns = _summable(table)
    if len(columns) < 3 or not table.data.num_rows:
        return []
    grid = np.column_stack([numbers(table, column.name) for column in columns])
    found: list[Sum] = []
    for at, column in enumerate(columns):
        said = words(column.name)
        if TOTAL_WORDS.isdisjoint(said) and not {"l+p", "lp"} & set(said):
            continue
        chosen = _by_sex(columns, at)
        named = bool(chosen)
        chosen = chosen or _by_figures(grid, at, [unit_code(each.unit) or each.unit
                                                 for each in columns])
        if chosen:
            made = _sum(columns, grid, at, chosen, named)
            share = made.holds[made.known].mean() if made.known.any() else 0.0
            if share >= (0.5 if named else 0.8):
                found.append(made)
    return found


def _by_sex(columns: Sequence[TidyColumn], at: int) -> list[int]:
    """Return the columns for men and for women that belong to a total, by their words."""
    rest = frozenset(_core(words(columns[at].name))) - {"l+p", "lp"}
    for man, woman in _MEMBERS:
        pair: list[int] = []
        for sex in (man, woman):
            same = [each for each, column in enumerate(columns) if each != at
                    and sex in words(column.name) and rest == frozenset(
                        word for word in _core(words(column.name))
                        if not _SEX.fullmatch(word))]
            if len(same) == 1:
                pair += same
        if len(pair) == 2:
            return pair
    return []


_SAMPLE = 2000
_WIDEST = 40


def _by_figures(grid: np.ndarray, at: int, units: Sequence[str | None]) -> list[int]:
    """Return the run of columns right beside a total that adds up to it in most rows."""
    some = grid[:: max(1, len(grid) // _SAMPLE)]
    total = some[:, at]
    best: tuple[float, list[int]] = (0.0, [])
    for step in (-1, 1):
        running = np.zeros(len(some))
        run: list[int] = []
        place = at + step
        while 0 <= place < grid.shape[1] and len(run) < _WIDEST and (
                units[place] == units[at] or None in (units[place], units[at])):
            running = running + np.nan_to_num(some[:, place])
            run.append(place)
            place += step
            filled = np.isfinite(total) & (total != 0)
            if len(run) < 2 or filled.sum() < 3:
                continue
            # Zeros added to one column prove nothing: several parts must have figures.
            if (np.nan_to_num(some[np.ix_(filled, run)]).any(axis=0)).sum() < 2:
                continue
            near = np.abs(running - total)[filled] <= 1e-6 * np.abs(total[filled]) + 0.01
            share = float(near.mean())
            if share > best[0] + 1e-9:
                best = share, list(run)
    return best[1] if best[0] >= 0.8 else []


def _sum(columns: Sequence[TidyColumn], grid: np.ndarray, at: int, chosen: list[int],
         named: bool) -> Sum:
    from ckanext.satudata.domain.inspection.figures import decimals

    parts = grid[:, chosen]
    known = np.isfinite(grid[:, at]) & np.isfinite(parts).any(axis=1)
    if named:
        known &= np.isfinite(parts).all(axis=1)
    difference = grid[:, at] - np.nan_to_num(parts).sum(axis=1)
    places = max(decimals(grid[:, each]) for each in (at, *chosen))
    rounded = multiple(columns[at].unit)[0] > 1
    holds = np.abs(difference) <= tolerance(places, len(chosen), rounded)
    return Sum(columns[at].name, tuple(columns[each].name for each in sorted(chosen)),
               known & holds, known, difference, named)
