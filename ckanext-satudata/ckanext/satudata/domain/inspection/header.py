"""From header rows to one name per column, its unit taken out."""
from __future__ import annotations

import re

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.grid import ARTEFACT, Grid
from ckanext.satudata.domain.inspection.layout import Region
from ckanext.satudata.domain.inspection.table import RawColumn

__all__ = ["columns", "name_of", "paths", "split_unit", "unique", "unit_code"]

_GOOD = re.compile(r"[a-z][a-z0-9_]*")
_IN_BRACKETS = re.compile(r"\s*[(\[]\s*([^()\[\]]{1,40})\s*[)\]]\s*$")
_AFTER_MARK = re.compile(r"\s*[,;:]\s*(?:dalam|satuan|in)?\s*([^,;:/]{1,30})$|\s+(%)$")
#: The mark of a footnote behind a header: ``RTLH 1)``, ``Ditangani *)``.
_FOOTNOTE = re.compile(r"(?<=\w)\s*(?:\*{1,3}\)?|(?<![\d(])\s\d\)|\s[¹²³⁴]\)?)\s*$")
#: A word broken at the edge of its cell: ``KECA-`` above ``MATAN``. It is looked at from its first
#: letter only: a cell may hold a million.
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]+)-[^\S\n]*\n\s*([^\W\d_]+)")
_WITHIN = re.compile(r"^(?:dalam|in|(?:satuan|unit)\s*:)\s*", re.IGNORECASE)
_MULTIPLES = ("ribu", "ribuan", "rb", "juta", "jutaan", "jt", "miliar", "milyar", "triliun", "000",
              "ratus", "puluh", "million", "thousand", "billion")
_RATIO = re.compile(r"\s*(?:/|\bper\b)\s*", re.IGNORECASE)
_NAME_LENGTH = 63
#: What heads a column below a group and says in what its figures are.
_MARKS = frozenset({"km", "m", "ha", "kg", "ton", "kw", "rp", "rupiah", "m2", "m3", "km2", "liter",
                    "mm"})
#: A name that is a good one is kept as it is, but a cell may hold a million letters.
_LONGEST = 120
#: Short for more than one unit: kept as written (rukun tetangga, rumah tangga).
_DOUBTFUL = frozenset({"rt"})
#: Words of units in English, as BPS prints them behind the Indonesian ones.
_ENGLISH_UNITS = frozenset(re.findall("[a-z]+", """
    sq square km kilometer kilometers meter meters cubic hectare hectares ha ton tons quintal
    quintals kg kilogram kilograms liter liters litre litres percent people person persons
    population household households head heads unit units room rooms bed beds village villages
    thousand million billion trillion rupiah rupiahs year years month months day days hour hours
    degree degrees celsius per mm vehicle vehicles tree trees kwh mwh customer customers
"""))
#: What units of ratios are made of, beside the vocabulary.
_OTHER = frozenset({
    "kapita", "tahun", "bulan", "hari", "minggu", "jam", "penduduk", "kelahiran hidup",
    "1000 kelahiran hidup", "1.000 kelahiran hidup", "1000 penduduk", "1.000 penduduk",
    "10000 penduduk", "10.000 penduduk", "100000 penduduk", "100.000 penduduk"})


def paths(grid: Grid, region: Region) -> dict[int, tuple[str, ...]]:
    """Return the header of each column, one text per header row from the outermost.

    A merged cell heads all columns it covers. Where nothing is merged, a text heads the columns
    right of it up to the next one, as far as the text above it reaches.
    """
    rows = region.header
    if not rows:
        return dict.fromkeys(range(region.left, region.right + 1), ("",))
    covered: dict[tuple[int, int], str] = {}
    merges = False
    for span in grid.sheet.merged:
        inside = [row for row in rows if span.top <= row <= span.bottom]
        if not inside or span.left > region.right or span.right < region.left:
            continue
        text = _said(grid.sheet.cell(span.top, span.left).text)
        merges = merges or span.right > span.left
        for row in inside[:1]:
            for at in range(span.left, span.right + 1):
                covered[row, at] = text
    found: dict[int, list[str]] = {at: [] for at in range(region.left, region.right + 1)}
    for number, row in enumerate(rows):
        if number and _translates(grid, rows[number - 1], row):
            for path in found.values():
                path.append("")
            continue
        running, start = "", region.left
        for at in found:
            text = _said(grid.text(row, at)) or covered.get((row, at), "")
            if ARTEFACT.fullmatch(text):
                text = ""
            if text:
                running, start = text, at
            elif merges or number == len(rows) - 1 or not _reaches(
                    grid, rows, number, at, found, start):
                running = ""
            found[at].append(text or running)
    return {at: tuple(path) for at, path in found.items()}


def _said(text: str) -> str:
    """Return what a header cell says: in Indonesian, words whole, no mark of a footnote."""
    whole = _BROKEN.sub(_joined, text.replace("\r\n", "\n").strip())
    return words.tidied(_FOOTNOTE.sub("", words.indonesian(whole)))


def _joined(match: re.Match[str]) -> str:
    one, other = match.groups()
    # "Laki-laki" and "Non-ASN" have their hyphen wherever the line ends.
    hyphen = other.lower().startswith(one.lower()) or (other[0].isupper() and not one.isupper())
    return f"{one}-{other}" if hyphen else f"{one}{other}"


def _translates(grid: Grid, above: int, row: int) -> bool:
    """Tell whether a header row says the one above it in English, cell by cell, as BPS prints."""
    cells = grid.at(row)
    if len(cells) < 2 or list(cells) != list(grid.at(above)):
        return False
    pairs = [(grid.text(above, at), grid.text(row, at)) for at in cells]
    english = sum(words.indonesian(f"{one}\n{other}") != f"{one}\n{other}" for one, other in pairs)
    return english * 2 >= len(cells) and not any(
        grid.is_number(row, at) or grid.is_period(row, at) for at in cells)


def _reaches(
    grid: Grid, rows: list[int], number: int, at: int, found: dict[int, list[str]], start: int
) -> bool:
    """Tell whether the text left of a blank header cell stands over its column as well."""
    if not any(grid.filled[row, at] for row in rows[number + 1:]):
        return False
    # A text with nothing below it names its own column (the stub of the table).
    if not any(grid.filled[row, start] for row in rows[number + 1:]):
        return False
    before = found.get(at - 1)
    if before is None:
        return False
    # The same text above both; and no text above this one alone.
    return number == 0 or before[:number] == found[at][:number]


def columns(grid: Grid, region: Region) -> list[RawColumn]:
    """Return the columns of a table with names that are unique."""
    by_column = paths(grid, region)
    hidden = grid.hidden
    made: list[RawColumn] = []
    of_units = _row_of_units(grid, region, by_column)
    for at, path in by_column.items():
        if at in hidden:
            continue
        unit: str | None = None
        parts: list[str] = []
        for number, part in enumerate(path):
            text, found = ("", part) if number == of_units and part else split_unit(part)
            unit = found or unit
            text = _FOOTNOTE.sub("", text)
            if text and (not parts or words.plain(parts[-1]) != words.plain(text)):
                parts.append(text)
        unit = unit or _unit_alone(path)
        made.append(RawColumn(at, path, name_of(parts, len(made) + 1), unit))
    _unit_of_figures(grid, region, made)
    names = unique([column.name for column in made])
    for column, name in zip(made, names, strict=True):
        column.name = name
    return made


def _row_of_units(grid: Grid, region: Region, paths: dict[int, tuple[str, ...]]) -> int | None:
    """Return the place of a last header row of nothing but units: ``Ha``, ``Ton``, ``Ku/Ha``.

    One of them must be a measure, since ``Desa`` and ``Rumah`` are things as well; and where the
    columns are told apart by these words alone, they are names.
    """
    last = len(region.header) - 1
    if last < 1:
        return None
    row = region.header[last]
    own = [at for at in paths if grid.filled[row, at]]
    said = [words.plain(paths[at][last]) for at in own]
    if len(own) < 2 or not all(map(unit_code, said)) or not any(
            text in _MARKS or "/" in text for text in said):
        return None
    names = [" ".join(paths[at][:last]).strip() for at in own]
    if not all(names) or len(set(names)) < len(names):
        return None
    wide = any((span := grid.merged(row, at)) is not None and span.right > span.left for at in own)
    body = region.body[:20]
    figures = all(any(grid.is_number(each, at) for each in body) for at in own)
    return last if figures and not wide else None


def _unit_alone(path: tuple[str, ...]) -> str | None:
    """Return the unit a column is headed by and nothing else: ``%``, or ``Km`` below a group."""
    own = list(dict.fromkeys(words.plain(part) for part in path if part))
    if own and own[-1] in ("%", "persen"):
        return own[-1]
    return own[-1] if len(own) > 1 and own[-1] in _MARKS else None


def _unit_of_figures(grid: Grid, region: Region, made: list[RawColumn]) -> None:
    """Give the unit over the names of rows (``Komoditas (Rp)``) to the figures beside them."""
    if len(made) < 2 or not made[0].unit or any(column.unit for column in made[1:]):
        return
    rows = region.body[:20]
    if any(grid.is_number(row, made[0].at) for row in rows):
        return
    for column in made[1:]:
        if any(grid.is_number(row, column.at) for row in rows):
            column.unit = made[0].unit
    made[0].unit = None


def name_of(parts: list[str], number: int) -> str:
    """Return the column name for the parts of a header; ``kolom_3`` where there is none."""
    if len(parts) == 1 and len(parts[0]) <= _LONGEST and _GOOD.fullmatch(parts[0]):
        return parts[0]
    # "JUMLAH JUMLAH RT" says it twice; "rata-rata" is one word.
    name = words.snake(re.sub(r"\b(\w+)(?: \1)+\b", r"\1", " ".join(parts)))
    if len(name) > _NAME_LENGTH:
        name = name[:_NAME_LENGTH + 1].rpartition("_")[0] or name[:_NAME_LENGTH]
    return name or f"kolom_{number}"


def unique(names: list[str]) -> list[str]:
    """Return the names with ``_2``, ``_3`` behind those that stood before."""
    taken: set[str] = set()
    result: list[str] = []
    for name in names:
        candidate, number = name, 1
        while candidate in taken:
            number += 1
            candidate = f"{name}_{number}"
        taken.add(candidate)
        result.append(candidate)
    return result


def split_unit(text: str) -> tuple[str, str | None]:
    """Take a unit out of a header: ``Jumlah (ribu orang)`` gives ``Jumlah`` and ``ribu orang``.

    Only what is a unit goes: ``Sambungan Rumah (SR)`` stays as it is.
    """
    text = words.tidied(text)
    if text[:1] in "([" and text[-1:] in ")]" and unit_code(_WITHIN.sub("", text[1:-1])):
        return "", _WITHIN.sub("", text[1:-1])
    unit: str | None = None
    while (match := _IN_BRACKETS.search(text)) and match.start() > 0:
        inner = _in_indonesian(_WITHIN.sub("", match.group(1).strip()))
        if not unit_code(inner) and not _abbreviates(match.group(1), text[:match.start()]):
            break
        if unit_code(inner) and (unit is None or len(inner) > len(unit)):
            unit = inner
        text = text[:match.start()].rstrip(" -,:;")
    if unit is None:
        match = _AFTER_MARK.search(text)
        inner = (match.group(1) or match.group(2) or "").strip() if match else ""
        if match and match.start() > 0 and inner and unit_code(inner):
            return text[:match.start()].rstrip(" -,:;"), inner
    return text, unit


def _in_indonesian(unit: str) -> str:
    """Return the Indonesian one of a unit in two languages: ``km2/sq.km``, ``orang/people``."""
    first, mark, rest = unit.partition("/")
    english = re.findall(r"[a-z]+", rest.lower())
    twice = mark and english and not unit_code(unit) and all(
        word in _ENGLISH_UNITS for word in english)
    return first.strip() if twice else unit


def _abbreviates(short: str, long: str) -> bool:
    """Tell whether brackets only cut short the words before them: ``Sambungan Rumah (SR)``."""
    short = short.strip()
    if not short.isupper() or not short.isalpha():
        return False
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", long)).upper()
    return initials.endswith(short)


@vocabulary.remembered(4096)
def unit_code(text: str) -> str | None:
    """Return the unit in one spelling, or ``None`` where the text is none.

    A unit is one of the vocabulary ``satuan``, a multiple of one (``ribu jiwa``), a multiple alone
    (``ribu``), or a ratio of units (``orang/km2``, ``rupiah/kapita/bulan``).
    """
    given = words.plain(text).strip(" .")
    if not given or len(given) > 40:
        return None
    if given in _MULTIPLES:
        return given
    if (known := _known(given)) is not None:
        return known
    first, _, rest = given.partition(" ")
    if first in _MULTIPLES and rest:
        inner = unit_code(rest)
        return f"{first} {inner}" if inner else None
    parts = _RATIO.split(given)
    if len(parts) > 1:
        known = [_known(part) for part in parts]
        return "/".join(part or "" for part in known) if all(known) else None
    return _known(given)


def _known(text: str) -> str | None:
    if text in _OTHER or text in _DOUBTFUL:
        return text
    concept = vocabulary.get("satuan").match(text)
    # A single letter (L, P, m) heads columns of other things too.
    if concept is None or (len(text) < 2 and text not in "%m"):
        return None
    return concept.label_id
