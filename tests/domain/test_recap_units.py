"""Who is asked, and the board of who has sent."""
from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.intake.recap.board import (
    Sent,
    Stand,
    counts,
    headline,
    is_ready,
    sort_key,
    stand_of,
)
from ckanext.satudata.domain.intake.recap.parts import Unit
from ckanext.satudata.domain.intake.recap.units import MAX_TEXT, areas, phone_of, read_list
from ckanext.satudata.domain.intake.states import State

DAY = dt.datetime(2026, 11, 1, tzinfo=dt.timezone.utc)


def said(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.message.text()) for each in read_list(text).problems]


def test_a_list_pasted_from_a_spreadsheet_is_read_with_its_heads() -> None:
    found = read_list("No HP\tNama Puskesmas\tKode\n0812-3456-7890\tKramatwatu\t0010\n"
                      "\tPadarincang\t0020\n")
    assert found.units == (Unit("0010", "Kramatwatu", "6281234567890"),
                           Unit("0020", "Padarincang"))
    assert not found.problems and not found.numbered


@pytest.mark.parametrize("mark", [",", ";", "|", "\t"])
def test_without_heads_the_order_is_code_name_phone_email(mark: str) -> None:
    text = mark.join(["0010", "Puskesmas Ciruas", "+62 812 3456 7890", "ciruas@serang.go.id"])
    assert read_list(text).units == (
        Unit("0010", "Puskesmas Ciruas", "6281234567890", "ciruas@serang.go.id"),)


def test_a_comma_in_a_quoted_name_parts_nothing() -> None:
    assert read_list('kode,nama\n1,"SDN 1, Ciruas"\n').units == (Unit("1", "SDN 1, Ciruas"),)


def test_names_alone_get_numbers() -> None:
    found = read_list("Kramatwatu\nCiruas\n\nPadarincang")
    assert [each.code for each in found.units] == ["01", "02", "03"] and found.numbered


def test_what_is_wrong_is_told_with_its_line_and_the_rest_is_read() -> None:
    found = read_list("kode;nama;telepon;surel\n01;A;0812345678\n01;B\n\n02;\n03;C;telpon kantor\n"
                      "04;D;;bukan surel\n1,01E+12;E\n05;F;812345678\n")
    assert [each.code for each in found.units] == ["01", "05"]
    assert found.units[1].phone == "62812345678", "a spreadsheet took the zero"
    assert [(each.line, each.message.text().partition(".")[0]) for each in found.problems] == [
        (3, "Kode 01 sudah ada di baris 2"), (5, "Nama unit 02 kosong"),
        (6, "Nomor telepon “telpon kantor” tidak dikenal"),
        (7, "Alamat surel “bukan surel” tidak dikenal"),
        (8, "Kode 1,01E+12 rusak oleh lembar sebar")]


@pytest.mark.parametrize(("text", "right"), [
    ("", ""), ("081234567890", "6281234567890"), ("0812-3456-7890", "6281234567890"),
    ("(0254) 200123", "62254200123"), ("+6281234567890", "6281234567890"),
    ("6281234567890", "6281234567890"), ("81234567890", "6281234567890"),
    ("+60 12 345 6789", "60123456789"), ("12345", None), ("0812", None), ("tanya Ibu", None),
    ("0812345678901234567", None), ("+0812345678", "62812345678"), ("javascript:1", None)])
def test_telephone_numbers(text: str, right: str | None) -> None:
    assert phone_of(text) == right


def test_what_is_too_much_or_nothing_is_said_at_once() -> None:
    assert said("") == said("\n\n ; ; \n") == [
        (0, "Daftarnya kosong. Tulis satu unit per baris.")]
    assert "2001 unit, batasnya 2000" in said("\n".join(f"Unit {n}" for n in range(2001)))[0][1]
    assert "terlalu panjang" in said("x" * (MAX_TEXT + 1))[0][1]
    assert len(read_list("\n".join(f"{n};Unit {n}" for n in range(2000))).units) == 2000


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_the_list(text: str) -> None:
    found = read_list(text)
    assert len({each.code.casefold() for each in found.units}) == len(found.units)
    for unit in found.units:
        assert unit.code and unit.name
        assert not unit.phone or unit.phone.isdigit()
        assert "\n" not in unit.name and "\u202e" not in unit.name


def test_the_kecamatan_and_desa_of_a_government_come_from_its_code() -> None:
    found = areas("36.04", "kecamatan")
    assert len(found) == wilayah.count_children("36.04") and found[0].code.startswith("36.04.")
    villages = areas("36.04", "desa_kelurahan")
    assert len(villages) > 300 and len(villages) == len({each.code for each in villages})
    assert areas(found[0].code, "desa_kelurahan")[0] == villages[0]


# ---------------------------------------------------------------------------------- the board
def sent(state: State, day: int = 0, **more: object) -> Sent:
    return Sent(state, DAY + dt.timedelta(days=day), **{
        "reading": "selesai", "tables": 1, **more})  # type: ignore[arg-type]


W, T, X = State.MENUNGGU, State.DITERIMA, State.DIBUANG


@pytest.mark.parametrize(("several", "stand"), [
    ([], Stand.BELUM), ([sent(X)], Stand.BELUM), ([sent(W)], Stand.MENUNGGU),
    ([sent(W, reading="antre")], Stand.DIBACA), ([sent(W, mend=1)], Stand.PERBAIKI),
    ([sent(W, questions=2)], Stand.PERBAIKI), ([sent(W, reading="ditolak")], Stand.PERBAIKI),
    ([sent(W, reading="gagal")], Stand.PERBAIKI), ([sent(W, tables=0)], Stand.PERBAIKI),
    ([sent(T)], Stand.DITERIMA), ([sent(T, mend=3)], Stand.DITERIMA),
    ([sent(T), sent(W, 1)], Stand.MENUNGGU), ([sent(T), sent(X, 1)], Stand.DITERIMA),
    ([sent(W, 1), sent(T, 2)], Stand.DITERIMA)])
def test_a_unit_stands_where_its_newest_setoran_stands(several: list[Sent], stand: Stand) -> None:
    assert stand_of(several) is stand
    assert stand_of(reversed(several)) is stand


def test_only_what_was_read_and_has_nothing_in_its_way_is_accepted_at_once() -> None:
    assert is_ready(sent(W))
    assert not any(is_ready(each) for each in (
        sent(T), sent(X), sent(W, mend=1), sent(W, questions=1), sent(W, reading="antre"),
        sent(W, reading=""), sent(W, tables=0), sent(W, tables=None)))


def test_who_has_not_sent_and_heard_longest_ago_is_first() -> None:
    keys = {
        "diterima": sort_key(Stand.DITERIMA, None, None, "1"),
        "menunggu": sort_key(Stand.MENUNGGU, None, None, "1"),
        "dibuka": sort_key(Stand.BELUM, None, DAY, "1"),
        "baru diingatkan": sort_key(Stand.BELUM, DAY, None, "1"),
        "lama": sort_key(Stand.BELUM, DAY - dt.timedelta(days=3), None, "2"),
        "belum pernah": sort_key(Stand.BELUM, None, None, "9"),
        "perbaiki": sort_key(Stand.PERBAIKI, None, None, "1")}
    assert sorted(keys, key=lambda each: keys[each]) == [
        "belum pernah", "lama", "baru diingatkan", "dibuka", "perbaiki", "menunggu", "diterima"]


def test_the_board_says_first_who_has_not_sent() -> None:
    stands = [Stand.DITERIMA] * 20 + [Stand.MENUNGGU] * 5 + [Stand.BELUM] * 6
    assert headline(stands, "puskesmas").text() == "6 dari 31 puskesmas belum kirim."
    assert counts(stands) == {
        "belum": 6, "perbaiki": 0, "menunggu": 5, "dibaca": 0, "diterima": 20}
    assert "2 perlu diperbaiki" in headline([Stand.PERBAIKI] * 2, "desa").text()
    assert "3 menunggu Anda terima" in headline([Stand.MENUNGGU] * 3, "desa").text()
    assert headline([Stand.DITERIMA], "desa").text() == "Semua 1 desa sudah kirim dan diterima."
