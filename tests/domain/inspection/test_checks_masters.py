"""Data Induk: codes that tell rows apart, codes that end, and codes that other data refer to."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tidy_tables import found_by, release, tidy

from ckanext.satudata.domain.data_induk import rows_of
from ckanext.satudata.domain.inspection import sandbox
from ckanext.satudata.domain.inspection.checks.base import Facts, MasterList
from ckanext.satudata.domain.inspection.checks.master_code import MasterCode
from ckanext.satudata.domain.inspection.checks.master_gone import MasterGone
from ckanext.satudata.domain.inspection.checks.master_renamed import MasterRenamed
from ckanext.satudata.domain.inspection.checks.master_unknown import MasterUnknown
from ckanext.satudata.domain.inspection.notes import Severity

FACTS = Facts(key="kode", label="nama")
CODES = ["P01", "P02", "P03", "P04"]
NAMES = ["Puskesmas Anyar", "Puskesmas Baros", "Puskesmas Cikande", "Puskesmas Pabuaran"]


def table(codes: list[Any], names: list[str] | None = None) -> Any:
    return tidy({"kode": codes, "nama": (names or NAMES)[:len(codes)]})


def test_a_sound_list_has_no_finding() -> None:
    for check in (MasterCode, MasterGone, MasterRenamed, MasterUnknown):
        assert found_by(check, table(CODES), FACTS, release(table(CODES))) == []


def test_every_row_has_a_code_of_its_own() -> None:
    found = found_by(MasterCode, table(["P01", None, "P01", "P01"]), FACTS)
    assert [each.row for each in found] == [2, 3, 4]
    assert {each.severity for each in found} == {Severity.WAJIB}
    assert "kosong" in found[0].message.template
    # As the sheet counts rows: the first stands in its fourth.
    assert [each.message.values["other"] for each in found[1:]] == ["4", "4"]


@pytest.mark.parametrize("code", ["P 01", "P/01", "P01.", "é01", "x" * 101])
def test_a_code_must_stand_in_an_address(code: str) -> None:
    [found] = found_by(MasterCode, table(["P02", code]), FACTS)
    assert found.row == 2 and "alamat" in found.message.template


def test_whole_numbers_are_codes() -> None:
    assert found_by(MasterCode, table([20604128, 20604129]), FACTS) == []
    assert len(found_by(MasterCode, table([20604128, 20604128]), FACTS)) == 1


def test_other_tables_are_left_alone() -> None:
    twice = table(["P01", "P01"])
    assert found_by(MasterCode, twice) == []
    assert found_by(MasterCode, twice, Facts(key="npsn", label="nama")) == []


def test_codes_that_end_are_named() -> None:
    [found] = found_by(MasterGone, table(CODES[:2]), FACTS, release(table(CODES)))
    assert found.severity is Severity.SEBAIKNYA
    assert found.message.values["count"] == 2 and found.message.values["codes"] == "P03, P04"
    assert found_by(MasterGone, table(CODES[:2]), FACTS) == []


def test_a_code_of_something_else_is_told_from_another_spelling() -> None:
    before = release(table(CODES))
    renamed = ["UPTD Puskesmas Anyar", "Puskesmas  BAROS", "SMP Negeri 3", "Puskesmas Pabuaran"]
    [found] = found_by(MasterRenamed, table(CODES, renamed), FACTS, before)
    assert found.row == 3 and found.message.values["before"] == "Puskesmas Cikande"


def test_an_unknown_code_comes_with_the_one_that_was_meant() -> None:
    known = MasterList("puskesmas", {"P3604001": "Anyar", "P3604002": "Baros"})
    made = tidy({"kode_puskesmas": ["P3604001", "P36O4002", None, "zzz"], "jumlah": [1, 2, 3, 4]})
    found = found_by(MasterUnknown, made, Facts(masters={"kode_puskesmas": known}))
    assert [each.row for each in found] == [2, 4]
    assert [each.proposed for each in found] == ["P3604002", None]
    assert "Baros" in str(found[0].message.values["nearest"])
    assert found_by(MasterUnknown, made, Facts(masters={"lain": known})) == []
    # A list that could not be read judges nothing.
    assert found_by(MasterUnknown, made, Facts(masters={
        "kode_puskesmas": MasterList("puskesmas", {})})) == []


@pytest.mark.parametrize(("content", "codes"), [
    (b"kode,nama\nP01,Anyar\n,kosong\n", ["P01"]),
    (b"\xef\xbb\xbfkode;nama\r\nP01;Anyar\r\n", ["P01"]),
    (b"nama\nAnyar\n", []), (b"", []), (b"\xff\xfe\x00", []),
    (b'kode,nama\nP01,"Anyar, dan\nlain"\nP02\n', ["P01", "P02"]),
    (b"kode,nama\n" + b"x" * 200_000 + b",a\n", []),
])
def test_a_published_table_is_read_as_far_as_it_is_one(content: bytes, codes: list[str]) -> None:
    assert [code for code, _row in rows_of(content, "kode")] == codes


def test_the_whole_road_holds_a_file_against_the_published_list(tmp_path: Path) -> None:
    (tmp_path / "induk.csv").write_text(
        "kode,nama\nP3604001,Puskesmas Anyar\nP3604002,Puskesmas Baros\n")
    file, out = tmp_path / "kunjungan.csv", tmp_path / "hasil"
    file.write_text("kode_puskesmas,kunjungan\nP3604001,12\nP3604009,9\n")
    out.mkdir()
    report = sandbox.inspect(file, file.name, out, {"facts": {"masters": {
        "kode_puskesmas": {"name": "puskesmas", "key": "kode", "label": "nama",
                           "path": str(tmp_path / "induk.csv")}}}})
    assert report["counts"]["by_code"]["master-code-unknown"] == 1
