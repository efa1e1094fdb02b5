"""Files made to hurt whoever reads them, each generated, with the refusal they get."""
from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

__all__ = ["HOSTILE", "biff", "docx", "ods", "ole", "record", "spreadsheetml", "xlsx"]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACK = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

ROWS = ('<row r="1"><c r="A1" t="inlineStr"><is><t>kode</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>nilai</t></is></c></row>'
        '<row r="2"><c r="A2"><v>3604</v></c><c r="B2"><v>1.5</v></c></row>')


def parts(cells: str, head: str = "", sheet: str = "") -> dict[str, str | bytes]:
    """Return the parts of the least workbook with these rows."""
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACK}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/s.xml" ContentType="{TYPES}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACK}/relationships"><Relationship Id="a" '
        f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACK}/relationships">'
        f'<Relationship Id="a" Type="{REL}/worksheet" Target="worksheets/s.xml"/></Relationships>',
        "xl/worksheets/s.xml":
            f'{sheet}<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }


def packed(content: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return out.getvalue()


def xlsx(cells: str = ROWS, head: str = "", sheet: str = "") -> bytes:
    """Return the least workbook with these rows, as hostile or careless programs write them."""
    return packed(parts(cells, head, sheet))


LAUGHS = ('<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>")


def zeros(size: int) -> bytes:
    """Return so many zeros deflated, without ever holding them."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    # a block that ends with a full flush knows nothing of the one before it
    block = engine.compress(bytes(1 << 20)) + engine.flush(zlib.Z_FULL_FLUSH)
    return block * (size >> 20) + b"\x03\x00"


def raw_zip(name: str, deflated: bytes, size: int, others: dict[str, str | bytes]) -> bytes:
    """Return a zip whose last part is given deflated, and says it is of this size."""
    base = packed(others)
    directory_at = struct.unpack_from("<I", base, base.rfind(b"PK\x05\x06") + 16)[0]
    end = base[base.rfind(b"PK\x05\x06"):]
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(deflated), size,
                        len(name), 0) + name.encode() + deflated
    central = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, 0, len(deflated),
                          size, len(name), 0, 0, 0, 0, 0, directory_at) + name.encode()
    directory = base[directory_at:base.rfind(b"PK\x05\x06")] + central
    count = struct.unpack_from("<H", end, 10)[0] + 1
    return (base[:directory_at] + local + directory
            + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory),
                          directory_at + len(local), 0))


def ole(streams: dict[str, bytes]) -> bytes:
    """Return an OLE file; each stream is padded to the size from which it has sectors."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, data in streams.items():
        data = data.ljust(4096, b"\0")
        start, count = len(sectors), -(-len(data) // 512)
        for number in range(count):
            sectors.append(data[number * 512:number * 512 + 512].ljust(512, b"\0"))
            chain.append(start + number + 1 if number + 1 < count else 0xFFFFFFFE)
        entries.append((name, 2, start, len(data)))
    directory = b""
    for name, kind, start, size in entries:
        text = (name + "\0").encode("utf-16-le")
        directory += (text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, *[
            0xFFFFFFFF] * 3) + bytes(36) + struct.pack("<IQ", start, size))
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    first = len(sectors)
    for number in range(len(directory) // 512):
        sectors.append(directory[number * 512:number * 512 + 512])
        chain.append(first + number + 1 if (number + 1) * 512 < len(directory) else 0xFFFFFFFE)
    table_at = len(sectors)
    tables = -(-(len(chain) + 1) // 127)
    chain += [0xFFFFFFFD] * tables
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * 512, b"\xff")
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6) + struct.pack(
        "<9I", 0, tables, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", *[table_at + n if n < tables else 0xFFFFFFFF for n in range(109)]))
    return header + b"".join(sectors) + table


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


BOF = record(0x0809, struct.pack("<6H", 0x0600, 0x0005, 0, 0, 0, 0) + bytes(4))
EOF = record(0x000A, b"")


def biff(cells: bytes, before: bytes = b"") -> bytes:
    """Return the least XLS with these cell records on one sheet."""
    def globals_(at: int) -> bytes:
        return BOF + before + record(0x0085, struct.pack("<IH", at, 0) + b"\x01\x00S") + EOF
    at = len(globals_(0))
    return ole({"Workbook": globals_(at) + BOF + cells + EOF})


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def ods(body: str, extra: str = "", manifest: str = "") -> bytes:
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                      for name in ("office", "table", "text"))
    return packed({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        "content.xml": f"{extra}<office:document-content {spaces}><office:body>"
        f'<office:spreadsheet><table:table table:name="S">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"})


def spreadsheetml(rows: str, head: str = "") -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (f'<?xml version="1.0"?>{head}<Workbook xmlns="{space}" xmlns:ss="{space}">'
            f'<Worksheet ss:Name="S"><Table>{rows}</Table></Worksheet></Workbook>').encode()


def docx(body: str, head: str = "") -> bytes:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return packed({"word/document.xml":
                   f'{head}<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'})


def pdf(streams: list[bytes], described: str = "/Filter /FlateDecode") -> bytes:
    """Return a PDF of one page that draws these streams, which are given deflated."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ["
               + b" ".join(b"%d 0 R" % (4 + n) for n in range(len(streams))) + b"] >>"]
    objects += [b"<< /Length %d %s >>\nstream\n%s\nendstream" % (
        len(stream), described.encode(), stream) for stream in streams]
    out, places = b"%PDF-1.4\n", list[int]()
    for at, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, start)


def wrapped(deflated: bytes, size: int) -> bytes:
    """Return zeros deflated in the wrapping PDF wants; the sum is wrong, which nobody waits for."""
    return b"\x78\x9c" + deflated + struct.pack(">I", 1)


def _filler(count: int, cell: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as out:
            for _ in range(count >> 20):
                out.write(cell * ((1 << 20) // len(cell)))
    return write


def _content(make: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(make()) and None


LOGIN = (b"<!DOCTYPE html><html><head><title>Masuk - e-Walidata</title><script>var x='<table>'"
         b".length;</script></head><body><form><input name=user></form></body></html>")
#: name as handed in: (writer of the file, code of the refusal)
HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    # -- text
    "tanpa-baris.csv": (_filler(100 << 20, b"a"), "line_too_long"),
    "tanpa-baris-koma.csv": (_filler(100 << 20, b"1,"), "line_too_long"),
    "baris-baris.csv": (_filler(64 << 20, b"\n"), "too_many_rows"),
    "nol.csv": (_content(lambda: b"a,b\n1,\0\n" * 10), "nul_bytes"),
    "nol-saja.csv": (_filler(20 << 20, b"\0"), "nul_bytes"),
    "acak.csv": (_content(lambda: bytes(range(1, 256)) * 400), "not_text"),
    "kolom.csv": (_content(lambda: b"a," * 16_000 + b"a\n" + b"1," * 16_000 + b"1\n"),
                  "too_many_columns"),
    "kutip.csv": (_content(lambda: b'a,b\n"x,1\n' + b"y,2\n" * 400_000), "open_quote"),
    "kosong.csv": (_content(lambda: b""), "empty"),
    "masuk.csv": (_content(lambda: LOGIN), "web_page"),
    "galat.xls": (_content(lambda: b"<html><body>Error 500</body></html>"), "web_page"),
    "program.csv": (_content(lambda: b"\x7fELF\x02\x01\x01" + bytes(64)), "not_a_table"),
    # -- gzip
    "bom.csv.gz": (_content(lambda: b"\x1f\x8b\x08\0\0\0\0\0\x02\x03" + zeros(1 << 30)
                            + bytes(8)), "unpacks_too_large"),
    "terpotong.csv.gz": (_content(lambda: gzip.compress(b"a,b\n" * 9_000)[:-12]), "damaged"),
    # -- xlsx
    "jauh.xlsx": (_content(lambda: xlsx(
        ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "far_cell"),
    "jauh-kutip.xlsx": (_content(lambda: xlsx(
        ROWS + "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")), "far_cell"),
    "jauh-kanan.xlsx": (_content(lambda: xlsx(
        ROWS + '<row r="3"><c r="XFD3"><v>1</v></c></row>')), "far_cell"),
    "jauh-bawah.xlsx": (_content(lambda: xlsx(
        ROWS + '<row r="3"><c r="B1048570"><v>1</v></c></row>')), "far_cell"),
    "di-luar.xlsx": (_content(lambda: xlsx(
        ROWS + '<row r="9"><c r="ZZZ9"><v>1</v></c></row>')), "far_cell"),
    "kolom.xlsx": (_content(lambda: xlsx('<row r="1">' + "".join(
        f'<c r="{letters}1"><v>1</v></c>' for letters in (
            a + b + c for a in " ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ") if " " not in letters) + "</row>")),
        "too_many_columns"),
    "kolom-tanpa-nama.xlsx": (_content(lambda: xlsx(
        "<row>" + "<c><v>1</v></c>" * 16_000 + "</row>")), "too_many_columns"),
    "bom.xlsx": (_content(lambda: raw_zip(
        "xl/worksheets/s.xml", zeros(1 << 30), 1 << 30,
        {name: text for name, text in parts(ROWS).items() if "sheets/s" not in name})),
        "unpacks_too_large"),
    "bom-bohong.xlsx": (_content(lambda: raw_zip(
        "xl/sharedStrings.xml", zeros(1 << 30), 1_000, parts(ROWS))), "damaged"),
    "banyak-bagian.xlsx": (_content(lambda: packed(
        parts(ROWS) | {f"xl/x{n}": b"" for n in range(20_000)})), "too_many_parts"),
    "teks-berulang.xlsx": (_content(lambda: packed(parts("".join(
        f'<row r="{row}">' + f'<c r="A{row}" t="s"><v>0</v></c>' * 1 + "</row>"
        for row in range(1, 100_001))) | {
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'})),
        "too_many_cells"),
    "tawa.xlsx": (_content(lambda: xlsx(head='<?xml version="1.0"?>' + LAUGHS)), "dtd"),
    "tawa-lembar.xlsx": (_content(lambda: xlsx(sheet='<?xml version="1.0"?>' + LAUGHS)), "dtd"),
    "dalam.xlsx": (_content(lambda: packed(parts(ROWS) | {
        "xl/workbook.xml": "<a>" * 100_000})), "too_deep"),
    "terpotong.xlsx": (_content(lambda: xlsx()[:900]), "damaged"),
    "awal.xlsx": (_content(lambda: b"PK\x03\x04"), "damaged"),
    "arsip.xlsx": (_content(lambda: packed({"data.csv": "a,b\n1,2\n"})), "not_a_table"),
    "terkunci.xlsx": (_content(lambda: ole({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})),
                      "encrypted"),
    # -- xls
    "jauh.xls": (_content(lambda: biff(number(0, 0, 1) + number(1, 1, 2) + number(
        65535, 255, 3))), "far_cell"),
    "terkunci.xls": (_content(lambda: biff(number(0, 0, 1), record(0x002F, bytes(54)))),
                     "encrypted"),
    "terpotong.xls": (_content(lambda: biff(number(0, 0, 1))[:1_024]), "damaged"),
    "awal.xls": (_content(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "damaged"),
    "lingkaran.xls": (_content(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 22
                               + struct.pack("<HH", 9, 6) + bytes(10) + struct.pack(
                                   "<8I", 1, 0, 0, 4096, 0, 0, 0, 0) + bytes(2_000)), "damaged"),
    # -- ods
    "bom.ods": (_content(lambda: ods(
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
        "</table:table-row>")), "too_many_cells"),
    "jauh.ods": (_content(lambda: ods(
        '<table:table-row><table:table-cell office:value-type="float" office:value="1"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048570"/><table:table-row>'
        '<table:table-cell table:number-columns-repeated="16000"/><table:table-cell '
        'office:value-type="float" office:value="2"/></table:table-row>')), "far_cell"),
    "tawa.ods": (_content(lambda: ods("", extra='<?xml version="1.0"?>' + LAUGHS)), "dtd"),
    "terkunci.ods": (_content(lambda: ods("", manifest="<encryption-data/>")), "encrypted"),
    # -- XML
    "tawa.xls": (_content(lambda: spreadsheetml("", head=LAUGHS)), "dtd"),
    "tawa-lain.xml": (_content(lambda: ('<?xml version="1.0"?>' + LAUGHS + "<x>&j;</x>").encode()),
                      "dtd"),
    "jauh.xml": (_content(lambda: spreadsheetml(
        '<Row><Cell><Data ss:Type="Number">1</Data></Cell></Row><Row ss:Index="1048576">'
        '<Cell ss:Index="16384"><Data ss:Type="Number">2</Data></Cell></Row>')), "far_cell"),
    "dalam.xml": (_content(lambda: spreadsheetml("<a>" * 100_000)), "too_deep"),
    # -- pages
    "dalam.html": (_content(lambda: b"<html>" + b"<div>" * 1_000_000), "web_page"),
    "dalam-tabel.html": (_content(lambda: b"<table><tr><td>" * 200_000), "too_deep"),
    "kolom.html": (_content(lambda: b"<table><tr>" + b"<td>1</td>" * 16_000 + b"</table>"),
                   "too_many_columns"),
    "lebar.html": (_content(lambda: b"<table>" + b"<tr><td colspan=99999 rowspan=99999>a</td>"
                            b"<td>b</td></tr>" * 2_000 + b"</table>"), "too_many_columns"),
    # -- docx
    "bom.docx": (_content(lambda: raw_zip("word/document.xml", zeros(1 << 30), 1 << 30, {})),
                 "unpacks_too_large"),
    "tawa.docx": (_content(lambda: docx("", head='<?xml version="1.0"?>' + LAUGHS)), "dtd"),
    "tanpa-tabel.docx": (_content(lambda: docx("<w:p><w:r><w:t>Halo</w:t></w:r></w:p>")),
                         "no_table"),
    # -- json
    "dalam.json": (_content(lambda: b"[" * 5_000_000), "too_deep"),
    "dalam-objek.json": (_content(lambda: b'{"a":' * 1_000_000), "too_deep"),
    "terpotong.json": (_content(lambda: b'[{"a": 1}, {"a": '), "damaged"),
    "angka.json": (_content(lambda: b'[{"a": ' + b"9" * 1_000_000 + b"}]"), "damaged"),
    "bukan-teks.json": (_content(lambda: b'[{"a": "\\ud800"}]'), "not_text"),
    # -- pdf
    "bom.pdf": (_content(lambda: pdf([wrapped(zeros(1 << 30), 0)])), "unpacks_too_large"),
    "bom-ganda.pdf": (_content(lambda: pdf([zlib.compress(zlib.compress(bytes(1 << 24)))],
                                           "/Filter [/FlateDecode /FlateDecode]")),
                      "unpacks_too_large"),
    "rusak.pdf": (_content(lambda: b"%PDF-1.4\nrusak"), "damaged"),
}
