"""The words Indonesian tables are made of: totals, notes, months, sexes, units of time.

One place for what a header or a label says by itself, whatever the table. Everything here is
matched on :func:`plain` text: lower case, single blanks, no accents lost.
"""
from __future__ import annotations

import itertools
import re
import unicodedata

from ckanext.satudata.domain.months import MONTHS

__all__ = [
    "AGE", "FORM", "NOTE", "SIGNATURE", "TABLE_MARK", "TOTAL_OF", "count_of", "indonesian",
    "is_average", "is_numbering", "is_total", "is_week", "month_of", "plain", "quarter_of",
    "school_year_of", "sex_of", "snake", "tidied", "year_of",
]

#: Labels on sheets of metadata, and the proposal each is for.
FORM = {
    "judul": "judul", "judul data": "judul", "nama data": "judul", "nama dataset": "judul",
    "produsen data": "produsen", "instansi": "produsen", "opd": "produsen", "skpd": "produsen",
    "perangkat daerah": "produsen", "sumber": "sumber", "sumber data": "sumber",
    "frekuensi data": "frekuensi", "frekuensi": "frekuensi", "periode": "frekuensi",
    "konsep": "konsep", "definisi": "definisi", "klasifikasi": "klasifikasi", "ukuran": "ukuran",
    "satuan": "satuan", "keterangan": "catatan", "catatan": "catatan", "tahun": "tahun",
    "kode": "kode", "sifat data": "sifat", "kecamatan": "wilayah", "kabupaten": "wilayah",
    "kabupaten/kota": "wilayah", "kota": "wilayah", "provinsi": "wilayah", "desa": "wilayah",
    "kegiatan statistik penghasil data": "kegiatan",
}

_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+|_x000D_")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_YEAR = re.compile(r"(?:tahun |th\.? ?|ta\.? )?((?:19|20)\d\d)(?:\.0)?\s*"
                   r"(?:\*{1,3}\)?|[xre]\)?|\d\))?")
_SCHOOL_YEAR = re.compile(r"(?:(?:tahun|t\.?|th\.?)\s*(?:ajaran|pelajaran|akademik|a\.?|p\.?)?\s*)?"
                          r"((?:19|20)\d\d)\s*/\s*(\d{4}|\d{2})\s*(?:\*{1,3}\)?|\d\))?")

SEXES: dict[str, str] = {
    **dict.fromkeys(("l", "lk", "lk2", "laki", "laki-laki", "laki laki", "laki - laki", "pria",
                     "male", "laki-laki (l)"), "laki-laki"),
    **dict.fromkeys(("p", "pr", "perempuan", "wanita", "female", "perempuan (p)"), "perempuan"),
}

#: A label that is nothing but "the sum", perhaps of a named whole.
TOTAL = re.compile(
    r"(?:sub\s*|grand\s*)?(?:jumlah|total|jml|jlh|jumlah total|total jumlah)(?:\s*(?:/|\()?\s*"
    r"(?:total|jumlah|seluruhnya|seluruh|keseluruhan|semua|rata-rata|all|grand total)\)?)?[\s:.]*"
    r"(?:\d{4})?"
    r"|(?:jumlah|total|jml)\s+se-?\s*(?:kecamatan|kabupaten|kab\.?|kota|provinsi|desa)\b.*"
    r"|(?:jumlah|total|jml)\s+(?:kecamatan|kabupaten|kota|provinsi|nasional|indonesia)"
    r"|(?:rata-rata|rata2|rerata|average|mean)(?:\s+(?:kabupaten|kota|provinsi|kecamatan|total).*)?"
    r"|grand total|total result|total hasil|sub total|sub-total|subtotal|sub jumlah|"
    r"maksimum|minimum|maks\.?|min\.?|max|tertinggi|terendah|"
    r"l\s*\+\s*p|laki-laki\s*(?:\+|dan|&)\s*perempuan|lk\s*\+\s*pr|total semua|tahunan|setahun"
)

#: One that names its whole; also the label of an indicator ("jumlah desa siaga aktif").
TOTAL_OF = re.compile(
    r"(?:jumlah|total|jml)\s+(?:kecamatan|kabupaten|kab\.?|kota|provinsi|prov\.?|wilayah)\s.{2,40}")

#: The word before the number of a table, in a cell of its own.
TABLE_MARK = re.compile(r"(?:tabel|table|lampiran|appendix)(?:\s*/\s*table)?"
                        r"(?:\s*[\d.]{1,9}[a-z]?)?\s*[.:]?")

#: How a line under (or beside) a table begins when it is no data.
NOTE = re.compile(
    r"\W*(?:<\w+>)?\W*(?:(?:catatan|sumber(?:\s+data)?|keterangan|ket|notes?|source|penjelasan|ctt|"
    r"(?:tanggal|tgl|waktu)\.?\s+(?:unduh|cetak|download|ekspor|export|tarik)|"
    r"data diolah|diolah|dicetak|diunduh|update|diperbarui|last update)\b\s*[:.;/]?"
    r"|\*+\)?|\d{1,2}\)|r\s*[=:)]|x\s*[=:)]|e\s*[=:)]|na\s*[=:]|-\s*[=:]|…\s*[=:])", re.IGNORECASE)

#: Lines of a letter's end.
SIGNATURE = re.compile(
    r"(?:nip\b|mengetahui|kepala (?:dinas|badan|bidang|seksi|bagian|kantor|desa|puskesmas|upt)|"
    r"plt\.?\s|sekretaris|camat\b|lurah\b|pembina\b|penata\b|ttd\b|yang melaporkan|"
    r"petugas pengelola|operator)", re.IGNORECASE)

AGE = re.compile(r"(?:(?:usia|umur)\s*)?(?:[<>≥≤]=?\s*\d{1,3}"
                 r"|\d{1,3}\s*(?:-|–|s/d|sd|sampai)\s*\d{1,3}"
                 r"|\d{1,3}\s*\+|\d{1,3} (?:tahun )?ke atas)"
                 r"(?:\s*(?:tahun|th|thn|bulan|bln|bl|hari|hr))?")

_QUARTER = re.compile(r"(triwulan|tw|trw|semester|smt|sem|caturwulan|kuartal|quarter|q)[\s.-]*"
                      r"(iv|iii|ii|i|[1-4])(?:\s*\([a-z -]{1,30}\))?")
_WEEK = re.compile(r"(?:minggu|pekan)(?:\s*ke)?[\s.-]*(?:iv|iii|ii|i|v|[1-5])")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NUMBERING = re.compile(r"[(\[]?\s*(\d{1,2}|[a-z]|[ivx]{1,5})\s*[)\]]?(?:\s*=.*)?", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_AVERAGE = re.compile(r"(?:rata|rerata|average|mean|maks|max|min|tertinggi|terendah)")
#: What BPS prints below or beside the Indonesian header, word by word.
_ENGLISH = frozenset(re.findall("[a-z]+", """
    a age agricultural agriculture and annual april area areas at august average birth by catch
    category cattle census change children city class classification commodity condition
    coverage crop
    current day days december density description district districts education employment
    expenditure facility fatality february female fishery food forest for from gdp gender grand
    group groups growth harvested health hospital household households income indicator
    infrastructure in january july june kind land length level livestock location male march
    may medical month municipality name national november number of october or other others over
    own part per percent percentage period persons people plant population poor poverty price
    primary private production productivity province provinces public quarter rainfall rainy rate
    ratio region regency regencies road roads school schools second semester senior september
    service sex size source state status student students subdistrict subdistricts surface
    teacher teachers temperature the to total trade transport type types unemployment unit
    university urban rural value variable vehicle village villages volume water width with
    worker workers year years
"""))


def tidied(text: str) -> str:
    """Return a text with single blanks and none at its ends."""
    return _BLANKS.sub(" ", text).strip()


def plain(text: str) -> str:
    """Return a text for comparing: tidied, lower case, dashes and widths of one kind."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("–", "-").replace("—", "-")
    return tidied(text).lower()


def snake(text: str) -> str:
    """Return a header as a column name: ``Laju Pertumbuhan`` becomes ``laju_pertumbuhan``."""
    text = text.replace("²", "2").replace("³", "3").replace("%", " persen ").replace("&", " dan ")
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_WORD.sub("_", text).strip("_")


def is_total(label: str) -> bool:
    """Tell whether a label means a sum of other rows or columns by its words alone."""
    # "Rata-rata/Average" says one thing in two languages.
    texts = dict.fromkeys(plain(each).strip(" *:.") for each in (label, indonesian(label)))
    return any(TOTAL.fullmatch(text) is not None
               or TOTAL.fullmatch(_BRACKETS.sub("", text)) is not None for text in texts)


def is_average(label: str) -> bool:
    """Tell whether a total is a mean or an extreme, and no sum."""
    return _AVERAGE.match(plain(label)) is not None


def indonesian(text: str) -> str:
    """Return the Indonesian part of a header in two languages (``Luas/Area``)."""
    for mark in ("\n", " / ", "/"):
        first, _, rest = text.partition(mark)
        english = re.findall(r"[a-z]+", _BRACKETS.sub("", rest.lower()))
        whole = first.strip() and first.count("(") == first.count(")")
        if whole and english and all(word in _ENGLISH for word in english) and not all(
                word in _ENGLISH for word in re.findall(r"[a-z]+", first.lower())):
            # What stands in brackets behind both is a unit.
            unit = None if _BRACKETS.search(first) else _BRACKETS.search(rest)
            return first + (unit.group(0) if unit else "")
        own, other = _BRACKETS.search(first), _BRACKETS.search(rest)
        if mark == "\n" and whole and own and other and own.group(0) == other.group(0):
            return first  # the unit once more, behind the same words in English
    return text


def count_of(text: str) -> int | None:
    """Return a short whole number of plain digits, or ``None``.

    ``²`` and ``１２`` are digits to Python as well, and a cell may hold a million of them.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def year_of(text: str) -> int | None:
    """Return the year a header says (``2021``, ``Tahun 2021``, ``2021*``), or ``None``."""
    found = _YEAR.fullmatch(plain(text))
    if found is None:
        return None
    year = int(found.group(1))
    return year if 1945 <= year <= 2100 else None


def school_year_of(text: str) -> str | None:
    """Return ``2023/2024`` of a school year (``TA 2023/2024``, ``2023/24``), or ``None``."""
    found = _SCHOOL_YEAR.fullmatch(plain(text))
    if found is None:
        return None
    first, second = int(found.group(1)), found.group(2)
    if int(second) != (first + 1 if len(second) == 4 else (first + 1) % 100):
        return None
    return f"{first}/{first + 1}"


def month_of(text: str) -> int | None:
    """Return the number of a month's name, or ``None``."""
    return MONTHS.get(plain(text).rstrip("."))


def quarter_of(text: str) -> str | None:
    """Return ``triwulan I`` or ``semester II`` in one spelling, or ``None``."""
    found = _QUARTER.fullmatch(plain(text))
    if found is None:
        return None
    kind = {"t": "triwulan", "k": "triwulan", "q": "triwulan", "s": "semester",
            "c": "caturwulan"}[found.group(1)[0]]
    number = _ROMAN.get(found.group(2)) or int(found.group(2))
    return f"{kind} {('I', 'II', 'III', 'IV')[number - 1]}"


def is_week(text: str) -> bool:
    """Tell whether a header is a week of a month: ``Minggu II``, ``Minggu ke-2``."""
    return _WEEK.fullmatch(plain(text)) is not None


def sex_of(text: str) -> str | None:
    """Return ``laki-laki`` or ``perempuan``, or ``None``."""
    return SEXES.get(plain(text).rstrip("."))


def is_numbering(texts: list[str]) -> bool:
    """Tell whether the filled cells of a row only number the columns: ``(1) (2) (3)``."""
    cells = [plain(text) for text in texts if text.strip()]
    if len(cells) < 2:
        return False
    found = [_NUMBERING.fullmatch(cell.removesuffix(".0")) for cell in cells]
    if not all(found):
        return False
    marks = [match.group(1) for match in found if match]
    numbers = [number for mark in marks if (number := count_of(mark)) is not None]
    if len(numbers) == len(marks):
        steps = {after - before for before, after in itertools.pairwise(numbers)}
        bracketed = all(cell.startswith(("(", "[")) for cell in cells)
        return numbers[0] <= 2 and steps == {1} and (len(cells) >= 3 or bracketed)
    letters = [mark for mark in marks if len(mark) == 1 and mark.isalpha()]
    return len(letters) == len(marks) >= 3 and [ord(a) for a in letters] == list(
        range(ord(letters[0]), ord(letters[0]) + len(letters)))
