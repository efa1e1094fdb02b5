"""Bounds before reading: sizes, lines, and what a zip or gzip would unpack to.

Threat: whoever hands in a file chooses every byte of it, what it says about its own size too.
Nothing here keeps more than a piece of a file, and nothing believes a size that it has not counted.
"""
from __future__ import annotations

import mmap
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ckanext.satudata.domain.inspection.limits import MB, Limits
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile

__all__ = [
    "PIECE", "SPARSE", "SPARSE_FROM", "Archive", "Extent", "check_lines", "check_size", "damaged",
    "encrypted", "megabytes", "not_text", "too_many_cells", "too_many_columns", "too_many_rows",
    "too_many_tables", "unpacked", "unpacks_too_large",
]

PIECE = 1 * MB
_MAX_PARTS = 5_000
_MAX_DIRECTORY = 2 * MB
#: So much content in so few bytes is made to unpack large: a sheet of numbers packs 5 to 30 times,
#: one of styled blanks up to about 60, while nothing packs more than 1,032 times.
_RATIO = 200
#: Tables of text in gzip are a tenth of their size, seldom a fiftieth.
_TEXT_RATIO = 100
_RATIO_FROM = 32 * MB
#: An area with so many blanks around so few cells is no table, but a cell left far away by mistake.
SPARSE_FROM = 1_000_000
SPARSE = 20


def megabytes(size: int) -> str:
    """Return a size as people say it: ``12``, or ``0,3`` below one."""
    value = size / 1_000_000
    return f"{value:.0f}" if value >= 1 else f"{value:.1f}".replace(".", ",")


def damaged(reason: object = "") -> RefusedFile:
    """The file is cut off or broken."""
    detail = f" ({str(reason)[:120]})" if str(reason) else ""
    return RefusedFile("damaged", N_(
        "Berkas ini rusak atau terpotong{detail}. Buka di aplikasi asalnya, simpan ulang, lalu "
        "unggah lagi."), detail=detail)


def encrypted() -> RefusedFile:
    """The file asks for a password."""
    return RefusedFile("encrypted", N_(
        "Berkas ini dikunci dengan kata sandi. Simpan ulang tanpa kata sandi, lalu unggah lagi."))


def too_large(size: int, limit: int) -> RefusedFile:
    """More bytes than are read of this kind of file."""
    return RefusedFile("too_large", N_(
        "Berkas ini berukuran {size} MB, batasnya {limit} MB. Bagi tabelnya menjadi beberapa "
        "berkas."), size=megabytes(size), limit=megabytes(limit))


def not_text() -> RefusedFile:
    """Bytes that no text has, in a file that is nothing else we know."""
    return RefusedFile("not_text", N_(
        "Isi berkas ini bukan teks dan bukan format tabel yang dikenal. Periksa apakah akhiran "
        "nama berkasnya benar, lalu simpan ulang sebagai XLSX atau CSV."))


def unpacks_too_large(limit: int) -> RefusedFile:
    """A small file that would become a large one."""
    return RefusedFile("unpacks_too_large", N_(
        "Isi berkas ini melebihi {limit} MB setelah dibuka, jauh lebih besar dari berkasnya. "
        "Simpan ulang tabelnya sebagai CSV, lalu unggah lagi."), limit=megabytes(limit))


def check_size(path: Path, limit: int) -> int:
    """Return the size of a file; refuse an empty or a larger one."""
    size = path.stat().st_size
    if not size:
        raise RefusedFile("empty", N_(
            "Berkas ini kosong. Periksa berkas di komputer Anda, lalu unggah lagi."))
    if size > limit:
        raise too_large(size, limit)
    return size


def check_lines(content: mmap.mmap | bytes, limits: Limits) -> int:
    """Return the number of line ends of a text; refuse a line beyond any table's.

    In UTF-16 a byte of a line end may be half of a letter; then a line seems shorter, and is
    refused a little later.
    """
    ends, open_bytes = 0, 0
    for start in range(0, len(content), PIECE):
        piece = content[start:start + PIECE]
        feeds = piece.count(b"\n")
        ends += feeds or piece.count(b"\r")
        last = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        if last < 0:
            open_bytes += len(piece)
        else:
            first = min(at for at in (piece.find(b"\n"), piece.find(b"\r")) if at >= 0)
            if open_bytes + first > limits.line_bytes:
                open_bytes += first
                break
            open_bytes = len(piece) - last - 1
        if open_bytes > limits.line_bytes:
            break
    if open_bytes > limits.line_bytes:
        raise RefusedFile("line_too_long", N_(
            "Ada baris yang lebih panjang dari {limit} MB di berkas ini, jadi isinya bukan tabel "
            "teks dengan satu baris per catatan. Ekspor ulang tabelnya sebagai CSV atau XLSX."),
            limit=megabytes(limits.line_bytes))
    if ends > limits.rows:
        raise too_many_rows(ends, limits)
    return ends


def too_many_rows(count: int, limits: Limits) -> RefusedFile:
    """More rows than are read."""
    return RefusedFile("too_many_rows", N_(
        "Tabel ini berisi {count} baris, batasnya {limit}. Bagi menjadi beberapa berkas, misalnya "
        "per tahun."), count=_grouped(count), limit=_grouped(limits.rows))


def too_many_columns(count: int, limits: Limits, sheet: str = "") -> RefusedFile:
    """More columns with content than are read."""
    template = N_(
        "Lembar “{sheet}” berisi {count} kolom, batasnya {limit}. Jadikan tahun, bulan, atau "
        "kelompok di kepala kolom sebagai baris, atau bagi tabelnya.") if sheet else N_(
        "Tabel ini berisi {count} kolom, batasnya {limit}. Jadikan tahun, bulan, atau kelompok di "
        "kepala kolom sebagai baris, atau bagi tabelnya.")
    return RefusedFile("too_many_columns", template, sheet=sheet[:60], count=_grouped(count),
                       limit=_grouped(limits.columns))


def too_many_tables(count: int, limits: Limits) -> RefusedFile:
    """More tables than anybody would look through."""
    return RefusedFile("too_many_tables", N_(
        "Berkas ini berisi {count} tabel, batasnya {limit}. Gabungkan tabel yang bentuknya sama, "
        "atau bagi menjadi beberapa berkas."), count=_grouped(count), limit=limits.tables)


def too_many_cells(count: int, limit: int, sheet: str = "") -> RefusedFile:
    """Rows times columns beyond what is read."""
    template = N_(
        "Lembar “{sheet}” seluas {count} sel, batasnya {limit}. Bagi menjadi beberapa berkas, atau "
        "simpan sebagai CSV.") if sheet else N_(
        "Tabel ini berisi {count} sel, batasnya {limit}. Bagi menjadi beberapa berkas.")
    return RefusedFile("too_many_cells", template, sheet=sheet[:60], count=_grouped(count),
                       limit=_grouped(limit))


def far_cell(cell: str, sheet: str) -> RefusedFile:
    """A single cell far away from an otherwise small table."""
    return RefusedFile("far_cell", N_(
        "Sel {cell} di lembar “{sheet}” berisi sesuatu jauh di luar tabel, sehingga lembarnya "
        "terlalu luas untuk dibaca. Hapus isi sel itu, simpan ulang, lalu unggah lagi."),
        cell=cell, sheet=sheet[:60])


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", ".")


class Extent:
    """How far the cells of a sheet reach, kept while they are met one by one; counts from 0."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self._sheet, self._limits = sheet, limits
        self._area = limits.workbook_cells
        self.cells = 0
        self.rows = set[int]()
        self.columns = set[int]()
        self._low = (0, 0)
        self._right = (0, 0)

    def add(self, row: int, column: int, times: int = 1) -> None:
        """Take a cell with content into account; ``times`` such to its right."""
        self.cells += times
        self.rows.add(row)
        if times == 1:
            self.columns.add(column)
        else:
            self.columns.update(range(column, min(column + times, column + 20_000)))
        if row >= self._low[0]:
            self._low = (row, column)
        if column + times - 1 >= self._right[1]:
            self._right = (row, column + times - 1)
        if self.cells > self._area:
            raise too_many_cells(self.cells, self._area, self._sheet)

    def check(self) -> None:
        """Refuse a sheet that reaches too far, with the cell to blame.

        :raises RefusedFile: ``far_cell``, ``too_many_columns``, ``too_many_rows`` or
            ``too_many_cells``
        """
        from ckanext.satudata.domain.inspection.names import cell_name

        height, width = self._low[0] + 1, self._right[1] + 1
        area = height * width
        sparse = area > SPARSE_FROM and self.cells * SPARSE < area
        if sparse or (width > self._limits.columns >= len(self.columns)):
            # The emptier of the two directions holds the stray cell.
            across = len(self.columns) / width <= len(self.rows) / height
            raise far_cell(cell_name(*(self._right if across else self._low)), self._sheet)
        if len(self.columns) > self._limits.columns:
            raise too_many_columns(len(self.columns), self._limits, self._sheet)
        if height > self._limits.rows:
            raise too_many_rows(height, self._limits)
        if area > self._area:
            raise too_many_cells(area, self._area, self._sheet)


class Archive:
    """The parts of a zip, unpacked piece by piece under one budget.

    ``zipfile`` only reads the directory: a part is inflated here, to its real end, for the
    programs that read it later do not stop at the size it says it has.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self.left = limits.workbook_bytes
        size = path.stat().st_size
        _check_directory(path, size)
        try:
            with zipfile.ZipFile(path) as archive:
                found = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError,
                struct.error) as error:
            raise damaged(error) from error
        if sum(part.compress_size for part in found) > size:
            raise damaged()
        self.path = path
        self.parts = {part.filename.replace("\\", "/").lstrip("/"): part for part in found}
        self._folded = {name.lower(): name for name in self.parts}

    def find(self, name: str) -> str | None:
        """Return the name of a part as it is written, whatever its case."""
        return self._folded.get(name.lower().lstrip("/"))

    def again(self) -> None:
        """Begin the budget anew, to walk through parts a second time."""
        self.left = self._limits.workbook_bytes

    def read(self, name: str, limit: int = 16 * MB) -> bytes:
        """Return a whole part; nothing if there is none."""
        found = self.find(name)
        if found is None:
            return b""
        content = bytearray()
        for piece in self.pieces(found):
            content += piece
            if len(content) > limit:
                raise unpacks_too_large(limit)
        return bytes(content)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part in pieces.

        :raises RefusedFile: encrypted, damaged, or larger than the budget of the archive
        """
        part = self.parts[name]
        if part.flag_bits & 0x1:
            raise encrypted()
        if part.file_size > self.left or (
                part.file_size > _RATIO_FROM and part.file_size > part.compress_size * _RATIO):
            raise unpacks_too_large(min(self.left, self._limits.workbook_bytes))
        try:
            with self.path.open("rb") as stream:
                total = 0
                for piece in _inflated(stream, part):
                    total += len(piece)
                    self.left -= len(piece)
                    if self.left < 0:
                        raise unpacks_too_large(self._limits.workbook_bytes)
                    if total > part.file_size:
                        raise damaged()
                    yield piece
                if total != part.file_size:
                    raise damaged()
        except (OSError, ValueError, zlib.error, struct.error, EOFError) as error:
            raise damaged(error) from error


def _check_directory(path: Path, size: int) -> None:
    """Refuse a directory of so many parts that listing them would be the attack."""
    with path.open("rb") as stream:
        stream.seek(max(size - 66_000, 0))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise damaged()
    count, length = struct.unpack_from("<HI", tail, at + 10)
    if count > _MAX_PARTS or length > _MAX_DIRECTORY:
        raise RefusedFile("too_many_parts", N_(
            "Berkas ini terdiri atas terlalu banyak bagian untuk sebuah dokumen. Simpan ulang "
            "tabelnya sebagai CSV, lalu unggah lagi."))


def _inflated(stream: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    stream.seek(part.header_offset)
    header = stream.read(30)
    if header[:4] != b"PK\x03\x04":
        raise damaged()
    name, extra = struct.unpack_from("<HH", header, 26)
    stream.seek(name + extra, 1)
    left = part.compress_size
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged()
    engine = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        packed = stream.read(min(64 * 1024, left))
        if not packed:
            raise damaged()
        left -= len(packed)
        if engine is None:
            yield packed
            continue
        while packed:
            piece = engine.decompress(packed, PIECE)
            if piece:
                yield piece
            if engine.eof:
                return
            packed = engine.unconsumed_tail
    if engine is not None:
        rest = engine.flush()
        if rest:
            yield rest
        if not engine.eof:
            raise damaged()


@contextmanager
def unpacked(path: Path, limits: Limits) -> Generator[Path, None, None]:
    """Give the file itself, or what is in it if it is a gzip, for as long as it is needed.

    :raises RefusedFile: damaged, or beyond the limits
    """
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if not packed:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "isi"
        _gunzip(path, target, limits)
        yield target


def _gunzip(path: Path, target: Path, limits: Limits) -> None:
    """Unpack a gzip, of one or several members, into a file.

    :raises RefusedFile: damaged, or beyond the limits
    """
    packed_size, total = path.stat().st_size, 0
    engine = zlib.decompressobj(31)
    try:
        with path.open("rb") as stream, target.open("wb") as out:
            packed = b""
            while True:
                packed = packed or stream.read(64 * 1024)
                if not packed:
                    break
                piece = engine.decompress(packed, PIECE)
                total += len(piece)
                if total > limits.unpacked_bytes or (
                        total > 2 * _RATIO_FROM and total > packed_size * _TEXT_RATIO):
                    raise unpacks_too_large(min(limits.unpacked_bytes, total))
                out.write(piece)
                packed = engine.unconsumed_tail
                if engine.eof:
                    packed = engine.unused_data
                    if packed and not packed.strip(b"\0"):
                        break
                    if packed or stream.peek(1):
                        engine = zlib.decompressobj(31)
            if not engine.eof:
                raise _gzip_damaged()
    except (OSError, zlib.error) as error:
        raise _gzip_damaged() from error


def _gzip_damaged() -> RefusedFile:
    return RefusedFile("damaged", N_(
        "Berkas gzip rusak atau terpotong. Buat ulang dari berkas asalnya, lalu unggah lagi."))
