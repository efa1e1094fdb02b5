"""One table of many units' tables: nothing invented, nothing lost in silence."""
from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recap_tables import DAY, FIELDS, KIND, part, rows_of, units

from ckanext.satudata.domain.inspection.notes import Severity
from ckanext.satudata.domain.intake.recap.merging import (
    Merged,
    UnmergeableError,
    fields_of,
    merge,
    unit_columns,
)
from ckanext.satudata.domain.intake.recap.parts import Part, Unit

A, B, C, D = units(4)
TYPES = {each["name"]: each for each in ({"name": name, "type": kind}
                                         for name, kind in FIELDS.items())}


def told(merged: Merged, code: str) -> list[str]:
    return [each.message.text() for each in merged.remarks if each.code == code]


def severity(merged: Merged, code: str) -> Severity:
    return next(each.severity for each in merged.remarks if each.code == code)


def test_rows_know_their_unit_and_stand_in_the_order_of_the_list(tmp_path: Path) -> None:
    merged = merge([part(tmp_path, B, [("Januari", 5, 1)]), part(tmp_path, A, [("Januari", 7, 2)])],
                   [A, B], KIND)
    assert rows_of(merged.data) == [
        {"kode_puskesmas": "P0001", "nama_puskesmas": "Puskesmas 1", "bulan": "Januari",
         "balita": "7", "stunting": "2"},
        {"kode_puskesmas": "P0002", "nama_puskesmas": "Puskesmas 2", "bulan": "Januari",
         "balita": "5", "stunting": "1"}]
    assert [each["type"] for each in merged.schema["fields"]] == [
        "string", "string", "string", "integer", "integer"]
    assert merged.received == (A, B) and not merged.missing and not merged.remarks


def test_units_that_sent_nothing_are_named_and_have_no_row(tmp_path: Path) -> None:
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)])], [A, B, C], KIND)
    assert [each["kode_puskesmas"] for each in rows_of(merged.data)] == ["P0001"]
    assert merged.missing == (B, C)
    assert told(merged, "unit-missing") == [
        "2 puskesmas belum mengirim: Puskesmas 2, Puskesmas 3. Barisnya tidak ada; tidak diisi "
        "nol."]


def test_who_sent_what_nobody_accepted_yet_is_not_called_missing(tmp_path: Path) -> None:
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)])], [A, B, C, D], KIND,
                   waiting=[B.code, A.code])
    assert (merged.received, merged.waiting, merged.missing) == ((A,), (B,), (C, D))
    assert told(merged, "unit-waiting") == [
        "1 puskesmas sudah mengirim, tetapi kirimannya belum diterima: Puskesmas 2."]


def test_of_many_missing_units_a_sentence_names_a_few(tmp_path: Path) -> None:
    everybody = units(100)
    merged = merge([part(tmp_path, everybody[0], [("Januari", 7, 2)])], everybody, KIND)
    [sentence] = told(merged, "unit-missing")
    assert sentence.startswith("99 puskesmas") and "(+87)" in sentence
    assert len(merged.remarks[0].units) == 99


def test_the_order_of_columns_and_the_way_headers_are_written_do_not_matter(
    tmp_path: Path
) -> None:
    turned = {"Stunting": "integer", "BALITA": "integer", "Bulan": "string"}
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]),
                    part(tmp_path, B, [(1, 5, "Januari")], turned)], [A, B], KIND)
    assert rows_of(merged.data)[1]["balita"] == "5"
    assert rows_of(merged.data)[1]["bulan"] == "Januari" and not merged.remarks


def test_a_column_one_unit_lacks_is_empty_and_told(tmp_path: Path) -> None:
    short = {"bulan": "string", "balita": "integer"}
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]), part(tmp_path, C, [("Januari", 8, 3)]),
                    part(tmp_path, B, [("Januari", 5)], short)], [A, B, C], KIND)
    assert rows_of(merged.data)[1]["stunting"] is None
    assert told(merged, "column-missing") == [
        "1 puskesmas tidak mengirim kolom stunting: Puskesmas 2. Selnya dibiarkan kosong, bukan "
        "nol."]


def test_a_column_of_one_unit_is_left_out_and_of_two_kept(tmp_path: Path) -> None:
    more = {**FIELDS, "catatan_kader": "string"}
    first = merge([part(tmp_path, A, [("Januari", 7, 2)]), part(tmp_path, B, [("Januari", 5, 1)]),
                   part(tmp_path, C, [("Januari", 5, 1, "hujan")], more)], [A, B, C], KIND)
    assert "catatan_kader" not in first.data.column_names
    assert told(first, "column-extra") == [
        "Kolom catatan_kader hanya dikirim Puskesmas 3, jadi tidak ikut digabung."]
    both = merge([part(tmp_path, A, [("Januari", 7, 2)]),
                  part(tmp_path, B, [("Januari", 5, 1, "rob")], more),
                  part(tmp_path, C, [("Januari", 5, 1, "hujan")], more)], [A, B, C], KIND)
    assert [each["catatan_kader"] for each in rows_of(both.data)] == [None, "rob", "hujan"]


def test_a_header_with_a_slip_is_told_with_what_was_meant(tmp_path: Path) -> None:
    slip = {"bulan": "string", "balita": "integer", "stuntng": "integer"}
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]), part(tmp_path, B, [("Januari", 5, 1)]),
                    part(tmp_path, C, [("Januari", 5, 9)], slip)], [A, B, C], KIND)
    [remark] = [each for each in merged.remarks if each.code == "column-extra"]
    assert remark.how is not None and "stunting" in remark.how.text()
    assert rows_of(merged.data)[2]["stunting"] is None, "never guessed"


def test_what_the_dataset_had_is_expected_even_where_nobody_sent_it(tmp_path: Path) -> None:
    expected = fields_of({"fields": [
        {"name": "kode_puskesmas", "type": "string"}, {"name": "nama_puskesmas", "type": "string"},
        *TYPES.values(), {"name": "imunisasi", "type": "integer", "satuan": "anak"}]}, KIND)
    merged = merge([part(tmp_path, A, [("Januari", 7, 2, 1)], {**FIELDS, "baru": "integer"})],
                   [A], KIND, expected)
    assert merged.data.column_names == [
        "kode_puskesmas", "nama_puskesmas", "bulan", "balita", "stunting", "imunisasi"]
    assert rows_of(merged.data)[0]["imunisasi"] is None
    assert told(merged, "column-missing")[0].startswith("Tidak satu pun puskesmas")
    assert told(merged, "column-extra"), "one unit alone does not change a published table"
    assert merged.schema["fields"][-1] == {"name": "imunisasi", "type": "integer", "satuan": "anak"}


def test_wholes_and_fractions_make_a_column_of_numbers_without_a_word(tmp_path: Path) -> None:
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]),
                    part(tmp_path, B, [("Januari", "5.25", 1)], {**FIELDS, "balita": "number"})],
                   [A, B], KIND)
    assert merged.schema["fields"][3]["type"] == "number" and not merged.remarks
    assert [each["balita"] for each in rows_of(merged.data)] == ["7", "5.25"]


def test_a_word_among_figures_is_told_with_unit_row_and_value_and_stays(tmp_path: Path) -> None:
    worded = {**FIELDS, "balita": "string"}
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]), part(tmp_path, C, [("Januari", 9, 2)]),
                    part(tmp_path, B, [("Januari", 5, 1), ("Februari", "lima orang", 1)], worded)],
                   [A, B, C], KIND)
    assert told(merged, "type-mixed") == [
        "Puskesmas 2: “lima orang” di kolom balita, baris 2, bukan bilangan bulat. 1 sel seperti "
        "itu. Isinya tidak kami ubah."]
    assert severity(merged, "type-mixed") is Severity.WAJIB
    assert [each["balita"] for each in rows_of(merged.data)] == ["7", "5", "lima orang", "9"]
    assert merged.schema["fields"][3]["type"] == "string"


def test_figures_a_unit_wrote_as_text_are_figures_unless_something_would_be_lost(
    tmp_path: Path
) -> None:
    worded = {**FIELDS, "balita": "string"}
    parts = [part(tmp_path, A, [("Januari", 7, 2)]), part(tmp_path, C, [("Januari", 9, 2)])]
    same = merge([*parts, part(tmp_path, B, [("Januari", "5", 1)], worded)], [A, B, C], KIND)
    assert same.schema["fields"][3]["type"] == "integer" and not same.remarks
    zero = merge([*parts, part(tmp_path, B, [("Januari", "05", 1)], worded)], [A, B, C], KIND)
    assert told(zero, "type-mixed") and rows_of(zero.data)[1]["balita"] == "05"


def test_codes_that_lost_their_zero_are_told(tmp_path: Path) -> None:
    text, numbers = {"npsn": "string", "siswa": "integer"}, {"npsn": "integer", "siswa": "integer"}
    merged = merge([part(tmp_path, A, [("0101", 7)], text), part(tmp_path, C, [("0301", 9)], text),
                    part(tmp_path, B, [("201", 5)], numbers)], [A, B, C], KIND)
    assert merged.schema["fields"][2]["type"] == "string"
    assert "“201”" in told(merged, "code-short")[0]
    assert [each["npsn"] for each in rows_of(merged.data)] == ["0101", "201", "0301"]


def test_other_units_of_measure_are_told_and_figures_stay(tmp_path: Path) -> None:
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)], balita={"satuan": "orang"}),
                    part(tmp_path, C, [("Januari", 7, 2)], balita={"satuan": "Orang"}),
                    part(tmp_path, B, [("Januari", 5, 1)], balita={"satuan": "ribu orang"})],
                   [A, B, C], KIND)
    assert told(merged, "unit-mixed") == [
        "Satuan kolom balita dari Puskesmas 2 “ribu orang”, dari yang lain “orang”. Angkanya tidak "
        "kami ubah."]
    assert rows_of(merged.data)[1]["balita"] == "5"
    assert merged.schema["fields"][3]["satuan"] == "orang"


def test_a_sheet_that_names_its_own_unit_is_checked_against_the_link(tmp_path: Path) -> None:
    own = {"Puskesmas": "string", **FIELDS}
    merged = merge([part(tmp_path, A, [("PUSKESMAS 1", "Januari", 7, 2)], own),
                    part(tmp_path, B, [("3", "Januari", 5, 1), ("2", "Februari", 5, 1)], own),
                    part(tmp_path, C, [(None, "Januari", 5, 1)], own)], [A, B, C], KIND)
    assert merged.data.column_names[:3] == ["kode_puskesmas", "nama_puskesmas", "bulan"]
    assert told(merged, "other-unit") == [
        "Berkas Puskesmas 2 menulis “3” di kolom puskesmas, baris 1. Seharusnya “Puskesmas 2”. 1 "
        "baris seperti itu; semuanya dicatat sebagai milik Puskesmas 2."]
    assert severity(merged, "other-unit") is Severity.WAJIB


def test_a_correction_replaces_what_it_corrects(tmp_path: Path) -> None:
    later = DAY + dt.timedelta(days=1)
    merged = merge([
        part(tmp_path, A, [("Januari", 9, 2)], at=later, filename="perbaikan.xlsx"),
        part(tmp_path, A, [("Januari", 7, 2), ("Februari", 8, 2)], filename="awal.xlsx")],
        [A], KIND)
    assert [each["balita"] for each in rows_of(merged.data)] == ["9"]
    assert told(merged, "older-file") == [
        "Puskesmas 1 mengirim dua berkas; yang terbaru dipakai: “perbaikan.xlsx”. 1 baris hanya "
        "ada di “awal.xlsx” dan tidak ikut."]


def test_two_files_with_other_rows_are_both_taken(tmp_path: Path) -> None:
    merged = merge([
        part(tmp_path, A, [("Februari", 9, 2)], at=DAY + dt.timedelta(days=1), filename="feb.xlsx"),
        part(tmp_path, A, [("Januari", 7, 2)], filename="jan.xlsx")], [A], KIND)
    assert sorted(each["bulan"] or "" for each in rows_of(merged.data)) == ["Februari", "Januari"]
    assert "jan.xlsx" in told(merged, "two-files")[0] and len(merged.used) == 2


def test_tables_of_figures_alone_replace_each_other(tmp_path: Path) -> None:
    figures = {"balita": "integer", "stunting": "integer"}
    merged = merge([
        part(tmp_path, A, [(9, 2)], figures, at=DAY + dt.timedelta(days=1)),
        part(tmp_path, A, [(7, 2)], figures)], [A], KIND)
    assert [each["balita"] for each in rows_of(merged.data)] == ["9"]


def test_a_village_two_units_sent_is_told_and_months_everybody_has_are_not(tmp_path: Path) -> None:
    fields = {"desa": "string", "bulan": "string", "balita": "integer"}
    several = [part(tmp_path, unit, [(f"Desa {unit.code}{number}", "Januari", number)
                                     for number in range(1, 9)], fields) for unit in (A, B, C)]
    twice = part(tmp_path, D, [("Desa P00011", "Januari", 4), ("Desa lain", "Januari", 5)], fields)
    merged = merge([*several, twice], [A, B, C, D], KIND)
    assert told(merged, "key-shared") == [
        "Baris “Desa P00011, Januari” dikirim lebih dari satu unit: Puskesmas 1, Puskesmas 4. "
        "Jumlahnya akan terhitung dua kali."]
    assert len(rows_of(merged.data)) == 26, "told, not taken away"
    months = merge([part(tmp_path, unit, [("Januari", 3, 1), ("Februari", number, 1)])
                    for number, unit in enumerate((A, B, C))], [A, B, C], KIND)
    assert not told(months, "key-shared")


def test_a_copied_file_is_told(tmp_path: Path) -> None:
    rows = [("Januari", 31, 7), ("Februari", 29, 6)]
    merged = merge([part(tmp_path, A, rows), part(tmp_path, B, rows),
                    part(tmp_path, C, [("Januari", 30, 7), ("Februari", 28, 6)])], [A, B, C], KIND)
    assert told(merged, "same-figures") == [
        "Angka dari Puskesmas 1, Puskesmas 2 persis sama di setiap sel."]
    zeros = [("Januari", 0, 0), ("Februari", 0, 0)]
    assert not told(merge([part(tmp_path, A, zeros), part(tmp_path, B, zeros)], [A, B], KIND),
                    "same-figures")


@pytest.mark.parametrize("rows", [[], [("Januari", None, None), ("Februari", None, None)]])
def test_a_table_without_a_figure_is_sent_but_empty(tmp_path: Path, rows: list[Any]) -> None:
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]), part(tmp_path, B, rows)], [A, B], KIND)
    assert merged.empty == (B,) and merged.received == (A,) and not merged.missing
    assert told(merged, "unit-empty") == [
        "1 puskesmas mengirim tabel tanpa satu angka pun: Puskesmas 2. Angkanya tetap kosong."]
    assert all(each["balita"] is None for each in rows_of(merged.data)
               if each["kode_puskesmas"] == B.code)


def test_a_reason_why_there_is_no_figure_is_something_sent(tmp_path: Path) -> None:
    fields = {"bulan": "string", "balita": "integer", "status_angka": "string"}
    status: dict[str, Any] = {"status_angka": {"kode_referensi": "status_angka"}}
    merged = merge([part(tmp_path, A, [("Januari", None, "belum_tersedia")], fields, **status)],
                   [A], KIND)
    assert merged.received == (A,)


def test_columns_of_status_meet_by_their_figure(tmp_path: Path) -> None:
    one = {"bulan": "string", "balita": "integer", "status_angka": "string", "stunting": "integer"}
    two = {"bulan": "string", "balita": "integer", "status_balita": "string",
           "stunting": "integer", "status_stunting": "string"}
    coded = {"kode_referensi": "status_angka"}
    merged = merge([
        part(tmp_path, A, [("Januari", None, "x", 2)], one, status_angka=coded),
        part(tmp_path, B, [("Januari", None, "n", None, "n")], two, status_balita=coded,
             status_stunting=coded),
        part(tmp_path, C, [("Januari", 5, 1)])], [A, B, C], KIND)
    assert merged.data.column_names[2:] == [
        "bulan", "balita", "status_balita", "stunting", "status_stunting"]
    assert [each["status_balita"] for each in rows_of(merged.data)] == ["x", "n", None]
    assert not merged.remarks, "a sign one unit used is not lost, and nobody is told to add one"
    alone = merge([part(tmp_path, A, [("Januari", None, "x", 2)], one, status_angka=coded),
                   part(tmp_path, C, [("Januari", 5, 1)])], [A, C], KIND)
    assert "status_angka" in alone.data.column_names


def test_a_file_that_cannot_be_read_is_neither_there_nor_missing(tmp_path: Path) -> None:
    broken = tmp_path / "x.csv"
    broken.write_bytes(b"a,a\n\xff,2\n")
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]),
                    Part(B, broken, {}, DAY, "rusak.xlsx")], [A, B, C], KIND)
    assert merged.unread == (B,) and merged.missing == (C,)
    assert "rusak.xlsx" in told(merged, "unreadable")[0]


@pytest.mark.parametrize("content", [b"", b"a,b\n1\n", b"a,a\n1,2\n", b"\x00\x01", b"a\n\"x\n"])
def test_no_bytes_break_the_merge(tmp_path: Path, content: bytes) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_bytes(content)
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]), part(tmp_path, C, [("Januari", 8, 2)]),
                    Part(B, odd, {}, DAY)], [A, B, C], KIND)
    assert merged.received == (A, C) and len(merged.data) == 2


def test_a_table_that_shares_nothing_is_told_and_adds_no_empty_rows(tmp_path: Path) -> None:
    merged = merge([part(tmp_path, A, [("Januari", 7, 2)]), part(tmp_path, C, [("Januari", 8, 2)]),
                    part(tmp_path, B, [("x", 1)], {"obat": "string", "stok": "integer"},
                         filename="obat.xlsx")], [A, B, C], KIND)
    assert len(merged.data) == 2 and merged.unread == (B,)
    assert told(merged, "nothing-shared") == [
        "Tidak satu pun kolom berkas “obat.xlsx” dari Puskesmas 2 dikenal, jadi tidak ikut "
        "digabung."]


def test_remarks_are_few_enough_to_read_and_what_must_be_mended_is_first(tmp_path: Path) -> None:
    everybody = units(400)
    worded = {**FIELDS, "balita": "string"}
    merged = merge([
        *(part(tmp_path, each, [("Januari", 5, 1, "x")],
                {**FIELDS, f"k{each.code}": "string"})
          for each in everybody[:-1]),
        part(tmp_path, everybody[-1], [("Januari", "lima", 1)], worded)], everybody, KIND)
    assert len(merged.remarks) == 300 and merged.remarks[0].code == "type-mixed"
    assert merged.remarks[-1].message.text().startswith("Dan ")


def test_nothing_in_common_and_nothing_at_all_are_said(tmp_path: Path) -> None:
    with pytest.raises(UnmergeableError, match="Belum ada kiriman"):
        merge([], [A, B], KIND)
    with pytest.raises(UnmergeableError, match="satu pun kolom yang sama"):
        merge([part(tmp_path, A, [(1,)], {"a": "integer"}),
               part(tmp_path, B, [(1,)], {"b": "integer"})], [A, B], KIND)


def test_the_written_table_has_commas_quotes_and_zeros_as_they_came(tmp_path: Path) -> None:
    fields = {"kode": "string", "ket": "string", "balita": "number"}
    merged = merge([part(tmp_path, A, [("0012", 'a, "b"\nc', "1e-7"), ("007", None, None)],
                         fields)], [A], KIND)
    out = tmp_path / "out.csv"
    merged.write(out)
    again = merge([Part(A, out, merged.schema, DAY)], [A], KIND)
    assert rows_of(again.data) == rows_of(merged.data)


def test_names_of_unit_columns_follow_the_kind() -> None:
    assert unit_columns("Puskesmas") == ("kode_puskesmas", "nama_puskesmas")
    assert unit_columns("Sekolah dasar") == ("kode_sekolah_dasar", "nama_sekolah_dasar")
    assert unit_columns("…") == ("kode_unit", "nama_unit")


cells = st.one_of(st.none(), st.integers(-10**6, 10**6))
tables = st.lists(st.tuples(st.sampled_from(["Januari", "Februari", "Maret"]), cells, cells),
                  max_size=4, unique_by=lambda row: row[0])


@settings(max_examples=60, deadline=None)
@given(sent=st.lists(st.one_of(st.none(), tables), min_size=1, max_size=6), data=st.data())
def test_every_figure_sent_is_there_once_and_nothing_else(
    sent: list[list[tuple[str, int | None, int | None]] | None], data: st.DataObject
) -> None:
    everybody = units(len(sent))
    with tempfile.TemporaryDirectory() as folder:
        parts: list[Part] = []
        for unit, rows in zip(everybody, sent, strict=True):
            if rows is None:
                continue
            order = data.draw(st.permutations(list(FIELDS)))
            at = [list(FIELDS).index(name) for name in order]
            parts.append(part(Path(folder), unit, [[row[each] for each in at] for row in rows],
                              {name: FIELDS[name] for name in order}))
        if not parts:
            return
        merged = merge(data.draw(st.permutations(parts)), everybody, KIND)
    wanted = [(unit.code, row[0], *("" if cell is None else str(cell) for cell in row[1:]))
              for unit, rows in zip(everybody, sent, strict=True) for row in rows or []]
    got = [(row["kode_puskesmas"], row["bulan"], row["balita"] or "", row["stunting"] or "")
           for row in rows_of(merged.data)]
    assert got == wanted
    codes = [{each.code for each in group} for group in (
        merged.received, merged.empty, merged.missing, merged.unread, merged.waiting)]
    assert sum(map(len, codes)) == len(everybody), "each unit stands in one place"
    assert codes[2] == {unit.code for unit, rows in zip(everybody, sent, strict=True)
                        if rows is None}


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_no_text_is_changed(values: list[str]) -> None:
    values = [each.replace("\r", "").replace("\x00", "") for each in values]
    with tempfile.TemporaryDirectory() as folder:
        merged = merge([part(Path(folder), A, [(each, 1) for each in values],
                             {"isi": "string", "jumlah": "integer"})], [A], KIND)
    assert [each["isi"] or "" for each in rows_of(merged.data)] == values


def test_a_part_of_somebody_not_asked_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        merge([part(tmp_path, Unit("X", "X"), [("Januari", 1, 1)])], [A], KIND)
