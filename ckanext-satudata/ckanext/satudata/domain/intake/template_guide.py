"""What the sheet "Petunjuk" of a template says, in the words of who fills it."""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from ckanext.satudata.domain.intake.template_mark import INPUT, LAST
from ckanext.satudata.domain.intake.template_plan import Column, Plan

__all__ = ["COLUMNS", "codes", "lines", "meaning", "prompt"]

#: Heads of the table of columns.
COLUMNS = ("Kolom", "Arti", "Satuan", "Cara mengisi", "Contoh")
#: Codes of a column that are explained; the drop-down has all.
_EXPLAINED = 200
#: So many are explained while a cell is filled.
_PROMPTED = 8
_WAYS = {
    "integer": "Angka bulat.", "number": "Angka, boleh berkoma.", "year": "Tahun, empat angka.",
    "yearmonth": "Tahun dan bulan: 2026-03.", "date": "Tanggal: 2026-03-31.",
    "datetime": "Tanggal dan jam: 2026-03-31 08:00.", "boolean": "TRUE (ya) atau FALSE (tidak).",
    "string": "Teks.",
}


def lines(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what is said above the table of columns: a style (``judul``, ``kepala`` or none) and
    a line."""
    said: Mapping[str, str] = plan.said
    yield "judul", f"Cara mengisi: {plan.mark.title}"
    yield "kepala", "Mengisi"
    yield "", f"1. Buka lembar “{INPUT}”. Isi sel yang putih; yang abu-abu sudah terisi, terkunci."
    if plan.asked and plan.rows:
        yield "", f"2. Data yang diminta: tahun {plan.asked}."
    else:
        yield "", "2. Satu baris untuk satu data. Jangan lewati baris."
    yield "", "3. Ketik angka saja, tanpa satuan dan tanpa titik ribuan. Satuannya ada di bawah."
    yield "", "4. Baris yang belum ada datanya: biarkan kosong, jangan dihapus."
    yield "", "5. Data yang barisnya belum ada: tulis di bawah baris terakhir."
    yield "", "6. Jangan tambah kolom, judul, atau baris jumlah. Jumlah dihitung portal."
    if plan.last:
        yield "", f"7. Angka terakhir yang terbit ada di lembar “{LAST}”, hanya untuk dilihat."
    if any(column.field.role == "ukuran" for column in plan.columns):
        yield "kepala", "Bila angkanya tidak ada"
        yield "", "Sel kosong: belum diisi atau belum diketahui. Tidak pernah dibaca nol."
        yield "", "0: sudah dihitung dan hasilnya nol."
        yield "", "-  (strip): tidak ada kejadiannya. Dibaca nol (tanda BPS)."
        yield "", "...  (tiga titik): datanya belum tersedia. Dibaca kosong (tanda BPS)."
        yield "", "NA: angkanya tidak mungkin ada. Dibaca kosong (tanda BPS)."
    yield "kepala", "Mengirim"
    yield "", "Simpan sebagai Excel (.xlsx), lalu kirim lewat portal, tautan setor, atau WhatsApp."
    if said.get("due"):
        yield "", f"Batas waktu: {said['due']}."
    if said.get("agency"):
        yield "", f"Bertanya kepada: {said['agency']}."
    if said.get("contact"):
        yield "", f"Kontak: {said['contact']}."
    if said.get("address"):
        yield "", f"Halaman dataset: {said['address']}"


def meaning(column: Column) -> tuple[str, str, str, str, str]:
    """Return the row of a column below :data:`COLUMNS`."""
    field = column.field
    way = _WAYS[field.type]
    if field.type == "integer" and not column.whole:
        way = _WAYS["number"]
    if column.locked:
        way = "Sudah terisi, terkunci."
    elif column.choices:
        way = "Pilih dari daftar." if column.closed else "Pilih dari daftar, atau tulis yang baru."
    elif column.lowest is not None and column.lowest >= 0 and field.type in ("integer", "number"):
        way += f" Paling kecil {column.lowest:g}." if column.lowest else " Tidak boleh negatif."
    title = field.title or field.name.replace("_", " ")
    if column.help and column.help.casefold() != title.casefold():
        title = f"{title}. {column.help}"
    return field.name, title, field.unit, way, column.example.replace(
        ".", ",") if field.type in ("integer", "number") else column.example


def codes(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Yield column, code and label of what the drop-downs offer, where a code has a label."""
    for column in plan.columns:
        if column.locked and column.field.reference == "wilayah":
            continue  # its names stand beside them
        for code, label in column.choices[:_EXPLAINED]:
            if label and label != code:
                yield column.field.name, code, label


def prompt(column: Column) -> tuple[str, str]:
    """Return title and text shown while a cell of the column is filled."""
    _, title, unit, way, _ = meaning(column)
    text = [title[:110]]
    if unit:
        text.append(f"Satuan: {unit[:40]}")
    if not column.locked:
        text.append(way)
    if column.field.role == "ukuran":
        text.append("Kosongkan bila belum ada; 0 bila nol.")
    named = [f"{code}: {label}" for code, label in column.choices if label and label != code]
    if named and not column.locked and len(named) <= _PROMPTED:
        text.append("; ".join(named))
    return column.field.name[:32], "\n".join(text)[:255]
