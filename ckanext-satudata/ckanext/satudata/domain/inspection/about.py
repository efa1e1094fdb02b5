"""What titles, notes and sheets of metadata say about a table: proposals for its metadata."""
from __future__ import annotations

import re
from collections.abc import Sequence

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.grid import Grid
from ckanext.satudata.domain.inspection.header import split_unit, unit_code
from ckanext.satudata.domain.inspection.layout import Region

__all__ = ["area_in", "dimensions_in", "form", "measure_in", "month_in", "of_region", "years_in"]

_SOURCE = re.compile(
    r"\W*(?:sumber(?:\s+data)?|source)\s*(?:/\s*source)?\s*[:;.]?\s*(.+)", re.IGNORECASE)
_UNIT_LINE = re.compile(r"\(?\s*(?:satuan|unit|dalam)\s*[:=]?\s*([^()]+?)\s*\)?", re.IGNORECASE)
_WITHIN = re.compile(r"^(?:dalam|satuan|unit|in)\s*:?\s+", re.IGNORECASE)
_TABLE_NUMBER = re.compile(
    r"^(?:tabel|table|lampiran|gambar)\s*[\d.ivxa-z]{0,10}\s*[.:–-]?\s+|^\d{1,2}\s*[.)]\s+|"
    r"^[A-Z]\s*[.)]\s+", re.IGNORECASE)
#: Lines of a letterhead: who hands in, and where they are.
_OFFICE = re.compile(
    r"(?:dinas|badan|kantor|sekretariat|satuan|bagian|upt|uptd|puskesmas|rsud|bpbd|kecamatan|"
    r"perumda|pdam)\b(?!.*\b(?:jumlah|data|menurut|tahun)\b)", re.IGNORECASE)
_LETTERHEAD = re.compile(
    r"(?:pemerintah\s|jl\.?\s|jalan\s|telp|telepon|fax|alamat|www\.|https?:|e-?mail|website|"
    r"kode pos|republik indonesia)", re.IGNORECASE)
#: How the signature below a table begins: a place and a day, or an office. Names follow.
_SIGNED = re.compile(
    r"(?i:a\.?n\.?\s+)?(?i:bupati|wali\s?kota|gubernur|direktur|ketua|kepala)\b[^:]{0,60},?$"
    r"|[A-Z][A-Za-z. ]{2,30},\s*(?:\d{1,2}\s+)?(?i:MONTHS)\s+(?:19|20)\d\d$"
    r"|(?i:ttd|mengetahui|menyetujui)\b".replace("MONTHS", "|".join(words.MONTHS)))
#: Lines above an annex that say of which decree it is one, and are no title of the table.
_DECREE = re.compile(
    r"(?:lampiran\s*(?:[ivx]{1,5}|\d{1,2})?\s*[.:]?\s*)?(?:surat\s+)?"
    r"(?:keputusan|peraturan|instruksi|edaran)\s+"
    r"(?:bupati|wali\s?kota|gubernur|kepala|menteri|presiden|direktur|sekretaris|daerah)\b"
    r"|lampiran\s*(?:[ivx]{1,5}|\d{1,2})?\s*[.:]?\s*$"
    r"|(?:nomor|no\.|tanggal|tgl\.?)\s*:\s*\S.{0,60}$", re.IGNORECASE)
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_MONTH_YEAR = re.compile(r"\b([A-Za-z]{3,9})\.?\s+(?:tahun\s+)?((?:19|20)\d\d)\b", re.IGNORECASE)
_AREA = re.compile(
    r"(?<!\bper )\b((?:kabupaten|kab\.?|kota|provinsi|prov\.?|propinsi|kecamatan|kec\.?|desa|"
    r"kelurahan|distrik)[^\S\n]+(?!(?:di|dan|kecamatan|kec|kabupaten|kab|provinsi|desa|kelurahan|"
    r"yang|pada|dalam|menurut|se|tahap|per|tahun)\b)"
    r"(?:administrasi\s+)?[A-Za-z][A-Za-z'’. -]{2,40})", re.IGNORECASE)
_AREA_ENDS = re.compile(
    r"\s+(?:tahun|bulan|per|menurut|dan|periode|semester|triwulan|dalam|berdasarkan|pada|"
    r"provinsi|kabupaten|kab|kota|kecamatan|data|jumlah|tw|t\.?a)\b.*|[,;:(\-–].*", re.IGNORECASE)
#: Words after which a title says how, where or when, and no longer what.
_MEASURE_ENDS = re.compile(
    r"\s+(?:menurut|per|berdasarkan|di|dari|dalam|tahun|pada|kabupaten|kab\.?|kota|provinsi|prov\.?|se-|tiap|"
    r"setiap|dirinci|bulan|periode|semester|triwulan|kecamatan|dan jenis)\b.*|"
    r"\s+\w+\s*:.*|\s*[,;:(].*|\s+(?:19|20)\d\d.*",
    re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:(?:tabel|daftar|rekapitulasi|rekap|data|laporan|perkembangan|matriks)\s+)+(?=\S)",
    re.IGNORECASE)
_BY = re.compile(r"\b(?:menurut|berdasarkan)\s+(.+)", re.IGNORECASE)
_BY_ENDS = re.compile(
    r"[\s,;]+(?:di|tahun|pada|dalam|bulan|periode|semester|triwulan|per|keadaan|s\.?d\.?|"
    r"kabupaten|kota|provinsi|kecamatan)\s.*|\s*[,;(]?\s*(?:19|20)\d\d.*|\s*\(.*",
    re.IGNORECASE)
_BRACKETED = re.compile(r"\(([^()]{1,30})\)")
_LISTED = re.compile(
    r"\s*(?:,|\bdan\b|&|\bserta\b|\bdirinci\b|\bmenurut\b|\bper\b)\s*", re.IGNORECASE)
_NO_DIMENSION = re.compile(
    r"(?:kecamatan|kabupaten|kota|provinsi|desa|kelurahan|wilayah|tahun|bulan|triwulan|semester|"
    r"puskesmas|distrik|nagari|gampong|kampung|opd|perangkat_daerah|instansi|jenis_kelamin$|jk$|sex$|"
    r"kelompok_umur|umur)")


def of_region(grid: Grid, region: Region) -> dict[str, str]:
    """Return what the lines above and below a table say."""
    about: dict[str, str] = {}
    titles: list[str] = []
    notes: list[str] = []
    decree: list[str] = []
    for row in region.titles:
        cells = [words.tidied(grid.text(row, at)) for at in grid.at(row)
                 if region.left <= at <= region.right or len(grid.at(row)) == 1]
        cells = [cell for cell in cells if cell]
        if not cells:
            continue
        if len(cells) == 1 and re.fullmatch(r"[^:]{3,30}:\s*[^:]+", cells[0]):
            # "Kecamatan: Pemulutan" in one cell.
            cells = cells[0].split(":", 1)
            if not _pair(cells):
                cells = [":".join(cells)]
        if len(cells) > 1 and (pair := _pair(cells)):
            about.setdefault(*pair)
        elif _LETTERHEAD.match(cells[0]) or words.plain(cells[0]) == "table":
            # The title once more in English.
            continue
        elif _OFFICE.match(cells[0]) and len(region.titles) > 1:
            about.setdefault("produsen", cells[0])
        elif _DECREE.match(cells[0]):
            decree.append(" ".join(cells))
        elif not _aside(cells[0], about, notes):
            titles.append(" ".join(cells))
    signed = False
    for row in region.notes:
        text = words.tidied(" ".join(grid.text(row, at) for at in grid.at(row)))
        text = re.sub(r"</?\w+>", "", text).strip()
        signed = signed or bool(_SIGNED.match(text) or words.SIGNATURE.match(text))
        if text and not _aside(text, about, notes) and not signed:
            notes.append(text)
    if decree and titles:
        notes.insert(0, " ".join(decree))
    title = _TABLE_NUMBER.sub("", " ".join(titles or decree)).strip()
    if title:
        for inner in _BRACKETED.findall(title):
            unit = _WITHIN.sub("", inner)
            if unit_code(unit) and "satuan" not in about:
                about["satuan"] = unit
                title = re.sub(r"\s+(?=[,.;])", "", words.tidied(title.replace(f"({inner})", " ")))
        about.setdefault("judul", split_unit(title)[0][:300])
    if notes:
        about["catatan"] = "\n".join(notes)[:2000]
    # Every line by itself: the name of an area ends with its line.
    whole = "\n".join(re.sub(r"\s*:\s*", " ", words.tidied(" ".join(
        grid.text(row, at) for at in grid.at(row)))) for row in region.titles)
    if years := years_in(whole):
        about.setdefault("tahun", "-".join(sorted({years[0], years[-1]})))
    if area := area_in(whole):
        about.setdefault("wilayah", area)
    return about


def _aside(text: str, about: dict[str, str], notes: list[str]) -> bool:
    """Take a source, a unit or a note out of the lines of titles."""
    if match := _SOURCE.fullmatch(text):
        about["sumber"] = "; ".join(filter(None, [about.get("sumber"), match.group(1).strip()]))
        return True
    if (match := _UNIT_LINE.fullmatch(text)) and unit_code(match.group(1)):
        about.setdefault("satuan", match.group(1))
        return True
    if text.startswith("(") and text.endswith(")") and unit_code(text[1:-1]):
        about.setdefault("satuan", text[1:-1])
        return True
    if words.NOTE.match(text):
        notes.append(text)
        return True
    return False


def _pair(cells: list[str]) -> tuple[str, str] | None:
    """Return ``(proposal, value)`` of a line ``Kecamatan : | Cikande``."""
    label = words.plain(cells[0]).strip(" :")
    value = " ".join(cells[1:]).lstrip(": ").strip()
    if label in words.FORM and value and value != "-":
        if words.FORM[label] == "wilayah":
            value = f"{cells[0].strip(' :')} {value}"
        return words.FORM[label], value
    return None


def form(grid: Grid) -> dict[str, str]:
    """Return what a sheet of metadata says: ``Label | : value`` beside, or the value below."""
    about: dict[str, str] = {}
    for row in range(min(grid.n_rows, 80)):
        cells = grid.at(row)
        for number, at in enumerate(cells):
            label = words.plain(grid.text(row, at)).strip(" :")
            key = words.FORM.get(label)
            if key is None:
                continue
            after = cells[number + 1] if number + 1 < len(cells) else None
            value = words.tidied(grid.text(row, after)) if after is not None else ""
            if not value.startswith(":") and row + 1 < grid.n_rows and grid.filled[row + 1, at]:
                value = words.tidied(grid.text(row + 1, at))
            value = value.lstrip(": ").strip()
            if value and value != "-" and words.FORM.get(words.plain(value).strip(" :")) is None:
                about.setdefault(key, value[:2000])
    return about


def years_in(text: str) -> list[str]:
    """Return the years a text names, in order."""
    return [match for match in _YEAR.findall(text) if 1945 <= int(match) <= 2100]


def month_in(text: str) -> tuple[int, int] | None:
    """Return the year and the month a title is about, ``None`` where it names none or several."""
    found = {(int(year), month) for name, year in _MONTH_YEAR.findall(text)
             if (month := words.month_of(name)) is not None}
    several = [name for name in re.findall(r"[A-Za-z]+", text) if words.month_of(name)]
    return found.pop() if len(found) == 1 and len(several) == 1 else None


def area_in(text: str) -> str | None:
    """Return the area a title names (``KABUPATEN SERANG``), the smallest first."""
    found = [_AREA_ENDS.sub("", match).strip(" .") for match in _AREA.findall(text)]
    found = [each for each in found if len(each.split()) > 1]
    return ", ".join(dict.fromkeys(found))[:200] or None


def dimensions_in(title: str, known: Sequence[str]) -> list[str]:
    """Return what a title tells its figures apart by, beside areas, time and the columns known.

    ``Jumlah Guru Menurut Kecamatan, Jenjang dan Status Kepegawaian`` gives ``jenjang`` and
    ``status_kepegawaian``.
    """
    match = _BY.search(words.tidied(title))
    if match is None:
        return []
    listed = _BY_ENDS.sub("", match.group(1))
    found: list[str] = []
    columns = {words.snake(each) for each in known}
    for part in _LISTED.split(listed):
        name = words.snake(part)
        if not name or len(name) > 40 or any(
                name == column or column.endswith(f"_{name}") or column.startswith(f"{name}_")
                for column in columns if column):
            continue
        if not _NO_DIMENSION.match(name):
            found.append(name)
    return found


def measure_in(title: str) -> str:
    """Return what a title counts: ``Panjang Jalan di Kota X menurut Y`` gives ``Panjang Jalan``."""
    text = _OPENING.sub("", words.tidied(_TABLE_NUMBER.sub("", title)))
    return _MEASURE_ENDS.sub("", text).strip(" .-")
