"""Dates, months and times as Indonesians and their programs write them.

Whether ``03/04/2026`` is a day of March or April is decided for the whole column; where nothing in
it says which, it is asked, with the Indonesian order offered first.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.berita_acara.words import long_date
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_, Change, Choice, Message, Question
from ckanext.satudata.domain.inspection.sheet import Kind
from ckanext.satudata.domain.inspection.table import Role
from ckanext.satudata.domain.inspection.values.model import Cells, Reading, Settings, bare_format
from ckanext.satudata.domain.inspection.values.serials import are_serials
from ckanext.satudata.domain.inspection.values.texts import tidied
from ckanext.satudata.domain.inspection.words import month_of
from ckanext.satudata.domain.months import MONTHS

__all__ = ["DAY_FIRST", "MONTH_FIRST", "Moment", "date_reading", "months_only", "order_said",
           "parse_moment", "shows_dates"]

DAY_FIRST, MONTH_FIRST = "hari_bulan", "bulan_hari"
#: Different words read one by one; a column of more is no column of dates unless it is ISO.
_MANY = 150_000
_SAMPLE = 300
_FIRST_YEAR, _LAST_YEAR = 1800, 2200

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = ("senin|selasa|rabu|kamis|jum['’`]?at|sabtu|minggu|ahad|monday|tuesday|wednesday|thursday|"
        "friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun|sen|sel|rab|kam|jum|sab|min")
_TIME = (r"(?:[T ,]+(?:pukul |jam |pkl\.? ?)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
         r"(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
         r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>WIB|WITA|WIT|Z|"
         r"(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2})?)?")
_WEEKDAY = re.compile(rf"^(?:hari )?(?:{_DAY})\.?\s*[,/]?\s+(?=\d|[a-z]{{3}})", re.IGNORECASE)
_FORMS = tuple(re.compile(f"^{form}$", re.IGNORECASE) for form in (
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _TIME,
    r"(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4}|['’]?\d{2})" + _TIME,
    rf"(?:tgl\.? |tanggal )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+(?P<mon>{_MONTH})\.?[-/., ]+"
    r"(?P<y>\d{4}|['’]?\d{2})" + _TIME,
    rf"(?P<mon>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})" + _TIME,
    rf"(?:bulan )?(?P<mon>{_MONTH})\.?(?:[-/., ]*['’]?|\s+tahun\s+)(?P<y>\d{{4}}|\d{{2}})",
    rf"(?P<y>\d{{4}})[-/., ]+(?P<mon>{_MONTH})\.?",
    r"(?P<m>0?[1-9]|1[0-2])[-/](?P<y>(?:19|20)\d{2})",
    r"(?P<y>(?:19|20)\d{2})[-/](?P<m>0[1-9]|1[0-2])",
))
_DAY_SEEN = N_("Hari ditulis di depan: ada yang lebih dari 12.")
_MONTH_SEEN = N_("Bulan ditulis di depan: angka kedua ada yang lebih dari 12.")
_LOOK = r"^\D{0,20}\d{1,4}\D{1,12}\d{1,4}|[A-Za-z]{3}[-/., ']*\d{2}"


@dataclass(frozen=True)
class Moment:
    """A date, month or time as written; ``first`` and ``second`` while their order is open."""

    kind: str
    year: int
    month: int = 0
    day: int = 0
    first: int = 0
    second: int = 0
    time: tuple[int, int, int, int] = (0, 0, 0, 0)
    short_year: bool = False

    def under(self, order: str) -> datetime | None:
        """Return the moment under an order of day and month, ``None`` if there is no such day."""
        day, month = self.day, self.month
        if self.first:
            day, month = ((self.first, self.second) if order == DAY_FIRST
                          else (self.second, self.first))
        try:
            hour, minute, second, micro = self.time
            return datetime(self.year, month, day or 1, hour, minute, second, micro)
        except ValueError:
            return None


def parse_moment(text: str) -> Moment | None:
    """Read one word as a moment, ``None`` if it is none."""
    text = " ".join(text.split())
    if not 4 <= len(text) <= 60 or not any(char.isdigit() for char in text):
        return None
    text = _WEEKDAY.sub("", text)
    for form in _FORMS:
        found = form.match(text)
        if found:
            return _moment(found.groupdict())
    return None


def _moment(part: dict[str, str | None]) -> Moment | None:
    bare = (part["y"] or "").lstrip("'’")
    year = int(bare)
    if len(bare) == 2:
        year += 2000 if year < 50 else 1900
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    month = MONTHS[(part.get("mon") or "").casefold()] if part.get("mon") else int(
        part.get("m") or 0)
    day = int(part.get("d") or 0)
    time = _time(part)
    if time is None:
        return None
    short = len(bare) == 2
    first, second = int(part.get("a") or 0), int(part.get("b") or 0)
    if part.get("a") is not None:
        kind = "datetime" if part.get("hour") else "date"
        found = Moment(kind, year, 0, 0, first, second, time, short)
        possible = found.under(DAY_FIRST) or found.under(MONTH_FIRST)
        return found if possible and first and second else None
    if not day:
        return Moment("yearmonth", year, month, short_year=short) if 1 <= month <= 12 else None
    found = Moment("datetime" if part.get("hour") else "date", year, month, day, time=time,
                   short_year=short)
    return found if found.under(DAY_FIRST) else None


def _time(part: dict[str, str | None]) -> tuple[int, int, int, int] | None:
    if not part.get("hour"):
        return (0, 0, 0, 0)
    hour, minute = int(part["hour"] or 0), int(part.get("minute") or 0)
    second = int(part.get("second") or 0)
    half = (part.get("half") or "").casefold()[:1]
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour, minute, second, int((part.get("fraction") or "0").ljust(6, "0")[:6])


def months_only(cells: Cells) -> bool:
    """Tell whether every filled cell is the name of a month."""
    if len(cells.distinct) > 60 or cells.is_number().any():
        return False
    names = [word for word in cells.distinct.to_pylist() if word.strip()]
    return bool(names) and all(month_of(name) for name in names)


def date_reading(cells: Cells, settings: Settings, order_elsewhere: str | None) -> Reading | None:
    """Read a column as dates, months or times, ``None`` if it is none of them.

    :param order_elsewhere: order of day and month in the other columns, where one is certain
    """
    plain = _iso(cells) or _year_words(cells)
    if plain is not None:
        return plain
    serial = are_serials(cells)
    moments = _moments(cells, serial)
    if moments is None:
        return None
    known = [each for each in moments if each is not None]
    order, certain, why = _order(cells, moments, settings, order_elsewhere)
    if serial:
        certain, why = False, Message(N_("Excel menyimpan tanggal sebagai hitungan hari; "
                                         "format tanggalnya hilang."))
    kinds = {each.kind for each in known}
    kind = "datetime" if kinds == {"date", "datetime"} else kinds.pop() if len(kinds) == 1 else ""
    if not kind:
        return None
    question = None
    if order is None:
        question = _question(cells, moments, settings)
        order = question.answer
        if order is None:
            words = tidied(cells.text)[0]
            empty = pc.equal(words, "")
            return Reading("string", pc.if_else(empty, None, words), role_hint=Role.WAKTU,
                           questions=[question])
        why = Message(N_("Jawaban Anda."))
    return _made(cells, moments, kind, order, certain, why, question)


def _made(cells: Cells, moments: list[Moment | None], kind: str, order: str, certain: bool,
          why: Message, question: Question | None) -> Reading | None:
    at = [None if each is None else each.under(order) for each in moments]
    if any(one is not None and other is None for one, other in zip(moments, at, strict=True)):
        return None
    make: Callable[[datetime], object] = {
        "date": lambda when: when.date(), "datetime": lambda when: when,
        "yearmonth": lambda when: f"{when.year:04d}-{when.month:02d}"}[kind]
    arrow = {"date": pa.date32(), "datetime": pa.timestamp("ms"), "yearmonth": pa.string()}[kind]
    made = [None if when is None else make(when) for when in at]
    values = cells.spread_arrow(pa.array(made, arrow))
    changed = np.array([when is not None and word != _standard(value)
                        for when, word, value in zip(at, cells.distinct.to_pylist(), made,
                                                     strict=True)])
    rows = cells.spread(changed)
    changes: list[Change] = []
    if rows.any():
        row = int(np.flatnonzero(rows)[0])
        if any(each is not None and each.short_year and each.year % 100 >= 30
               for each in moments):
            certain = False
        changes.append(Change("tanggal", cells.where(rows), Message(
            N_("Tanggal ditulis baku: {dari} menjadi {ke}."),
            {"dari": cells.text[row].as_py().strip(), "ke": _standard(values[row].as_py())}),
            why, certain, int(rows.sum())))
    return Reading(kind, values, role_hint=Role.WAKTU, changes=changes,
                   questions=[question] if question else [])


def _standard(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


_ISO_DATE = r"^\d{4}-\d{2}-\d{2}$"
_ISO_TIME = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z?$"


def _iso(cells: Cells) -> Reading | None:
    """Read a column that is in ISO 8601 throughout, at the speed of Arrow."""
    if cells.is_number().any() or len(cells) == 0:
        return None
    words = cells.distinct
    head = words.slice(0, _SAMPLE)
    for pattern, kind, arrow in ((_ISO_DATE, "date", pa.date32()),
                                 (_ISO_TIME, "datetime", pa.timestamp("ms"))):
        some = pc.or_(pc.match_substring_regex(head, pattern), pc.equal(head, ""))
        if not pc.all(some).as_py():
            continue
        blank = pc.equal(words, "")
        fits = pc.or_(pc.match_substring_regex(words, pattern), blank)
        if not pc.all(fits).as_py() or pc.all(blank).as_py():
            return None
        text = pc.if_else(blank, None, words)
        try:
            if kind == "datetime":
                text = pc.replace_substring(pc.utf8_rtrim(text, "Z"), "T", " ")
                values = pc.cast(text, pa.timestamp("us")).cast(arrow, safe=False)
            else:
                values = pc.cast(text, arrow)
        except pa.ArrowInvalid:
            return None
        spread = cells.spread_arrow(values)
        if kind == "datetime" and cells.kinds is not None and (cells.kinds == Kind.DATE).all() \
                and pc.all(pc.ends_with(words, "00:00:00")).as_py():
            kind, spread = "date", spread.cast(pa.date32(), safe=False)
        return _formatted(cells, Reading(kind, spread, role_hint=Role.WAKTU))
    return None


_YEAR_WORD = re.compile(r"^(?:tahun|thn\.?|th\.?|t\.?a\.?)\s*(?:anggaran\s*)?((?:19|20)\d{2})$",
                        re.IGNORECASE)


def _year_words(cells: Cells) -> Reading | None:
    """Read a column of ``Tahun 2023`` as years."""
    if len(cells.distinct) > _LAST_YEAR or cells.is_number().any():
        return None
    words = [word.strip() for word in cells.distinct.to_pylist()]
    found = [_YEAR_WORD.match(word) for word in words]
    if not any(found) or any(word and not each for word, each in zip(words, found, strict=True)):
        return None
    years = pa.array([int(each[1]) if each else None for each in found], pa.int64())
    rows = cells.spread(np.array([each is not None for each in found]))
    return Reading("year", cells.spread_arrow(years), role_hint=Role.WAKTU, changes=[Change(
        "tanggal", cells.where(rows), Message(N_("Tahun ditulis dengan angka saja: {dari} menjadi "
                                                 "{ke}."),
                                              {"dari": next(word for word in words if word),
                                               "ke": next(each[1] for each in found if each)}),
        Message(N_("Kata di depan tahun sama di seluruh kolom.")), count=int(rows.sum()))])


def _formatted(cells: Cells, found: Reading) -> Reading:
    """Show a workbook's dates as it shows them: a format without a day is a month."""
    formats = {bare_format(each) for each in cells.formats.values()}
    months = [each for each in formats if "y" in each and "m" in each and "d" not in each
              and "h" not in each]
    if formats and formats <= {"yyyy", "yy"} and found.type == "date":
        return Reading("year", pc.year(found.values), role_hint=Role.WAKTU, changes=[Change(
            "tanggal", cells.where(~pc.is_null(found.values).to_numpy(zero_copy_only=False)),
            Message(N_("Tanggal yang tampil sebagai tahun dibaca sebagai tahun.")),
            Message(N_("Format selnya hanya menampilkan tahun.")),
            count=len(found.values) - found.values.null_count)])
    if not months or len(months) < len(formats) or found.type != "date":
        return found
    values = pc.strftime(found.values, format="%Y-%m")
    filled = np.flatnonzero(~pc.is_null(values).to_numpy(zero_copy_only=False))
    return Reading("yearmonth", values, role_hint=Role.WAKTU, changes=[Change(
        "tanggal", cells.where(np.isin(np.arange(len(cells)), filled)), Message(
            N_("Tanggal yang tampil sebagai bulan dibaca sebagai bulan.")),
        Message(N_("Format selnya tidak menampilkan hari.")), count=len(filled))])


def _moments(cells: Cells, serial: bool) -> list[Moment | None] | None:
    """Return what each distinct word says, ``None`` unless all filled ones are moments."""
    words = cells.distinct
    if serial or cells.is_number().any():
        return _serials(cells, serial)
    if len(words) == 0:
        return None
    head = words.slice(0, _SAMPLE).to_pylist()
    if any(word.strip() and parse_moment(word) is None for word in head[:40]):
        return None
    if not pc.any(pc.match_substring_regex(words.slice(0, _SAMPLE), _LOOK)).as_py():
        return None
    if cells.index is None and len(words) > _MANY:
        _encode(cells, words)
        words = cells.distinct
    if len(words) > _MANY:
        return None
    found: list[Moment | None] = []
    for word in words.to_pylist():
        each = parse_moment(word) if word.strip() else None
        if each is None and word.strip():
            return None
        found.append(each)
    return found if any(each is not None for each in found) else None


def shows_dates(formats: list[str]) -> bool:
    """Tell whether all of some number formats show a date."""
    shown = [bare_format(each) for each in formats]
    return all(re.search(r"d.*m.*y|y.*m.*d|m.*d.*y|m+[^a-z]*y", each) for each in shown)


def _encode(cells: Cells, words: pa.Array) -> None:
    encoded = words.dictionary_encode()
    cells.distinct = encoded.dictionary
    cells.index = encoded.indices.to_numpy(zero_copy_only=False)


def _serials(cells: Cells, bare: bool) -> list[Moment | None] | None:
    """Read numbers whose format shows them as dates, where the reader left them numbers.

    :param bare: their head alone says that they are dates
    """
    formats = list(cells.formats.values())
    if not bare and (not formats or not shows_dates(formats)):
        return None
    if cells.is_number().any() and any(word.strip() for word in cells.distinct.to_pylist()):
        return None
    shown = [] if bare else [bare_format(each) for each in formats]
    _encode(cells, cells.text)
    found: list[Moment | None] = []
    for word in cells.distinct.to_pylist():
        if not word.strip():
            found.append(None)
            continue
        if not 1 <= float(word) < 110_000:
            return None
        when = datetime(1899, 12, 30) + timedelta(days=float(word))
        kind = "yearmonth" if shown and not any("d" in each for each in shown) else "date"
        found.append(Moment(kind, when.year, when.month, when.day))
    return found


def _order(cells: Cells, moments: list[Moment | None], settings: Settings,
           elsewhere: str | None) -> tuple[str | None, bool, Message]:
    """Return the order of day and month, whether it is certain, and why."""
    plain = Message(N_("Ditulis menurut kebiasaan Indonesia."))
    both = [each for each in moments if each is not None and each.first]
    if not both:
        return DAY_FIRST, True, plain
    if settings.answers.get(f"tanggal:{cells.column.name}") in (DAY_FIRST, MONTH_FIRST):
        return None, True, plain
    day = sum(each.under(MONTH_FIRST) is None for each in both)
    month = sum(each.under(DAY_FIRST) is None for each in both)
    if day and not month:
        return DAY_FIRST, True, Message(_DAY_SEEN)
    if month and not day:
        return MONTH_FIRST, True, Message(_MONTH_SEEN)
    if day or all(each.first == each.second for each in both):
        return DAY_FIRST, not day, plain
    if elsewhere:
        return elsewhere, True, Message(N_("Kolom tanggal lain di tabel ini memakai urutan itu."))
    return None, True, plain


def order_said(change: Change) -> list[str]:
    """Return the order of day and month a change was sure of, if any."""
    orders = {_DAY_SEEN: DAY_FIRST, _MONTH_SEEN: MONTH_FIRST}
    return [orders[change.why.template]] if change.why.template in orders else []


def _question(cells: Cells, moments: list[Moment | None], settings: Settings) -> Question:
    at, each = next((at, each) for at, each in enumerate(moments)
                    if each is not None and each.first and each.first != each.second)
    shown = cells.distinct[at].as_py().strip()
    choices = [Choice(order, Message("{tanggal}", {"tanggal": _spelled(each, order)}),
                      Message(note)) for order, note in (
        (DAY_FIRST, N_("Hari di depan, menurut kebiasaan Indonesia.")),
        (MONTH_FIRST, N_("Bulan di depan, seperti komputer berbahasa Inggris.")))]
    filled = cells.spread(np.array([one is not None for one in moments]))
    column = cells.column
    answer = settings.answers.get(f"tanggal:{column.name}")
    return Question(
        key=f"tanggal:{column.name}", step="tanggal", column=column.name, cell=cells.where(filled),
        count=int(filled.sum()),
        text=Message(N_("“{contoh}” di kolom {kolom}, tanggal berapa?"),
                     {"contoh": shown, "kolom": column.header or column.name}),
        choices=choices, evidence=Message(N_("Tidak ada angka di atas 12 di kolom ini, jadi urutan "
                                             "hari dan bulan tidak terlihat.")),
        answer=answer if answer in (DAY_FIRST, MONTH_FIRST) else None)


def _spelled(each: Moment, order: str) -> str:
    when = each.under(order)
    return "" if when is None else long_date(when)
