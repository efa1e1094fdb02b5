"""What is pasted comes as the programs people use put it into the clipboard."""
from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.domain.inspection import reader
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.intake import pasted
from ckanext.satudata.domain.metadata_values import InvalidValueError

EXCEL = """<html xmlns:v="urn:schemas-microsoft-com:vml" 
xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><style><!--
.xl65 {mso-number-format:"\\@";} --></style></head><body link="#0563C1"><!--StartFragment-->
<table border=0 cellpadding=0 width=192 style='border-collapse:collapse'><col width=64 span=3>
<tr height=20><td rowspan=2 class=xl65>Kecamatan</td><td colspan=2 align=center>Kunjungan</td></tr>
<tr><td>L</td><td>P</td></tr>
<tr><td class=xl65>Anyar</td><td align=right x:num="24308">24.308</td>
<td align=right>26.052,5</td></tr>
<tr><td>Lebak
  Wangi</td><td>-</td><td style='mso-ignore:colspan'></td></tr>
<!--EndFragment--></table></body></html>"""
SHEETS = """<meta charset='utf-8'><google-sheets-html-origin><style type="text/css"><!--td {border:
1px}--></style><table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" dir="ltr"
data-sheets-root="1"><colgroup><col width="100"/><col width="100"/></colgroup><tbody><tr>
<td data-sheets-value='{"1":2,"2":"Kode"}'>Kode</td><td>Jumlah</td></tr><tr>
<td data-sheets-value='{"1":2,"2":"0012"}'>0012</td>
<td data-sheets-numberformat='{"1":2}' data-sheets-value='{"1":3,"3":1234.5}'>1.234,5</td></tr>
</tbody></table>"""
CALC = """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html;
charset=utf-8"/><title></title><style type="text/css">body{font-family:"Arial"}</style></head><body>
<table cellspacing="0" border="0"><colgroup width="85"></colgroup><tr><td height="17"
align="left"><b>Desa</b></td><td align="left">Jiwa</td></tr><tr><td height="17">Sukamaju</td>
<td align="right" sdval="1234" sdnum="1057;0;#.##0"><font color="#000000">1.234</font></td></tr>
</table></body></html>"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=IN>
<p class=MsoNormal>Tabel
1. Penduduk<o:p></o:p></p><table class=MsoTableGrid border=1><tr><td width=150
valign=top><p class=MsoNormal><b>Desa<o:p></o:p></b></p></td><td><p class=MsoNormal>Jiwa</p>
</td></tr><tr><td><p class=MsoNormal>Sukamaju<o:p></o:p></p></td><td><p>1.234</p></td></tr></table>
</body></html>"""


def cells(found: pasted.Pasted, tmp_path: Path) -> list[list[str]]:
    """Read a paste as the engine reads the file."""
    path = tmp_path / found.filename
    path.write_bytes(found.content)
    sheet = reader.read(path, found.filename, Limits()).sheets[0]
    return [[cell.text for cell in row] for row in sheet.rows(0, sheet.n_rows)]


def test_a_table_of_excel_keeps_its_merged_header_and_figures_as_shown(tmp_path: Path) -> None:
    found = pasted.read(EXCEL, "teks yang sama")
    assert (found.filename, found.rows, found.columns) == ("tempelan.html", 4, 3)
    assert b"rowspan=\"2\">Kecamatan" in found.content
    assert b"26.052,5" in found.content and b"Lebak Wangi" in found.content
    assert b"style" not in found.content and b"24308" not in found.content


@pytest.mark.parametrize(("page", "row"), [
    (SHEETS, ["0012", "1.234,5"]), (CALC, ["Sukamaju", "1.234"]), (WORD, ["Sukamaju", "1.234"])])
def test_tables_of_other_programs_are_read_cell_by_cell(
    page: str, row: list[str], tmp_path: Path
) -> None:
    assert row in cells(pasted.read(page, ""), tmp_path)


def test_what_stands_above_a_table_of_word_is_kept_for_its_title() -> None:
    assert "Tabel 1. Penduduk" in pasted.read(WORD, "").content.decode()


def test_nothing_but_cells_of_a_page_is_kept() -> None:
    page = ("<table onclick=alert(1)><tr><td><script>alert(1)</script><img src=x onerror=alert(1)>"
            "a&lt;b<a href='javascript:1'>c</a></td><td><iframe>x</iframe>2</td></tr></table>")
    kept = pasted.read(page, "").content.decode()
    assert "a&lt;bc" in kept
    assert not any(each in kept for each in ("alert", "onerror", "script", "href", "iframe", "img"))


def test_plain_text_with_tabs_is_a_table(tmp_path: Path) -> None:
    found = pasted.read("", "Kode\tJumlah\r\n0012\t1.234,5\r\n\r\n")
    assert (found.filename, found.rows, found.columns) == ("tempelan.tsv", 2, 2)
    assert ["0012", "1.234,5"] in cells(found, tmp_path)


def test_a_page_without_table_is_read_as_its_text() -> None:
    assert pasted.read("<p>a\tb</p>", "a\tb\n1\t2").filename == "tempelan.tsv"


def test_lines_of_a_chat_lose_who_sent_them_and_when() -> None:
    text = ("[08.14, 22/11/2026] Bu Ani: desa;jiwa\n[08.15, 22/11/2026] Bu Ani: Sukamaju;1.234\n")
    assert pasted.read("", text).content == b"desa;jiwa\nSukamaju;1.234\n"


@pytest.mark.parametrize(("page", "text", "says"), [
    ("", "  \n ", "Belum ada yang ditempel"), ("<table></table>", "", "Belum ada yang ditempel"),
    ("", "hanya satu baris\tdua", "belum berupa tabel"),
    ("", "tanpa kolom\nsama sekali", "belum berupa tabel"),
    ("<table><tr><td>a</td></tr><tr><td>#####</td></tr></table>", "", "terlalu sempit"),
    ("", "a\tb\n" + "x" * 2_000_000, "lebih dari 2 MB")])
def test_what_is_no_table_is_said_with_what_to_do(page: str, text: str, says: str) -> None:
    with pytest.raises(InvalidValueError, match=says):
        pasted.read(page, text)


def test_hostile_nesting_and_spans_end_soon() -> None:
    deep = "<table><tr><td>" * 5_000 + "x"
    wide = f"<table><tr><td colspan={'9' * 30} rowspan=-3>a</td><td colspan=٣>b</td></tr></table>"
    assert pasted.read(wide, "").columns == 2
    assert pasted.read(deep, "").rows <= 5_000
