"""What people rely on in the kode wilayah: complete, unambiguous, found as they type it."""
from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.errors import UnknownCodeError

REFERENCE = Path(wilayah.__file__).resolve().parent.parent / "reference"


def codes_found(text: str, **options: object) -> list[str]:
    return [area.code for area in wilayah.search(text, **options)]  # type: ignore[arg-type]


def test_the_list_is_complete() -> None:
    """38 provinces, 514 kab/kota, 7,285 kecamatan, 83,762 desa and kelurahan."""
    found = list(wilayah.codes())
    assert len(found) == len(set(found)) == 91_599
    levels = Counter(code.count(".") + 1 for code in found)
    assert levels == {1: 38, 2: 514, 3: 7_285, 4: 83_762}
    assert wilayah.about().decree == "Kepmendagri 300.2.2-2138/2025"


def test_every_code_is_found_with_its_parent_and_a_clean_name() -> None:
    for code in wilayah.codes():
        area = wilayah.get(code)
        assert area.code == code and area.in_force
        assert area.parent == code.rpartition(".")[0]
        assert not area.parent or wilayah.exists(area.parent)
        assert area.name == area.name.strip() and area.name.isprintable()
        assert '"' not in area.name and "  " not in area.name


def test_children_are_all_and_only_those_directly_below() -> None:
    total = 0
    for code in ("", *wilayah.codes()):
        count = wilayah.count_children(code)
        total += count
        if code.count(".") < 2:
            below = wilayah.children(code)
            assert len(below) == count
            assert all(area.parent == code for area in below)
            assert [area.code for area in below] == sorted(area.code for area in below)
    assert total == 91_599
    assert len(wilayah.children("36.04")) == 29
    assert wilayah.children("36.04.05.2001") == ()
    assert [a.code for a in wilayah.children("36.04", offset=27, limit=10)] == [
        a.code for a in wilayah.children("36.04")
    ][27:]


def test_an_area_knows_what_it_is() -> None:
    kinds = {
        "36": "provinsi", "36.04": "kabupaten", "36.73": "kota", "36.04.05": "kecamatan",
        "91.03.01": "distrik", "36.04.05.2001": "desa", "36.73.01.1001": "kelurahan",
    }
    assert {code: wilayah.get(code).kind for code in kinds} == kinds
    assert wilayah.level("36.04.05") == "kecamatan"
    assert wilayah.display("36.04.05") == "Kecamatan Kramatwatu, Kabupaten Serang"
    assert wilayah.display("36") == "Provinsi Banten"
    assert [area.code for area in wilayah.parents("36.04.05.2001")] == ["36.04.05", "36.04", "36"]


@pytest.mark.parametrize(
    "code",
    ["", "3", "3604", "36.4", "36.04.", "36.04.05.201", "36.04.05.20010", " 36.04", "36.04\n",
     "٣٦", "36.99", "00", "36.04.00", "36.04.05.0000", "9" * 5000, "36;04", "../36"],
)
def test_what_is_no_code_is_refused(code: str) -> None:
    assert not wilayah.exists(code)
    with pytest.raises(UnknownCodeError):
        wilayah.get(code)


def test_pages_live_through_an_unknown_code() -> None:
    assert wilayah.display("99.99") == "99.99"


def test_a_retired_code_is_recognised_and_leads_to_its_successor() -> None:
    merauke = wilayah.get("91.01")
    assert merauke.name == "Kabupaten Merauke" and not merauke.in_force
    assert merauke.valid_to == date(2025, 4, 24)
    assert merauke.successor == "93.01" and wilayah.get("93.01").name == "Kabupaten Merauke"
    assert not wilayah.exists("91.01")
    assert codes_found("91.01") == ["91.01"]


def test_successors_are_in_force_same_level_and_claimed_once() -> None:
    heirs: Counter[str] = Counter()
    for code in wilayah.retired_codes():
        area = wilayah.get(code)
        assert not wilayah.exists(code) and area.valid_to is not None
        if area.successor:
            assert wilayah.get(area.successor).in_force
            assert wilayah.get(area.successor).level == area.level
            heirs[area.successor] += 1
    assert len(heirs) > 5_000 and set(heirs.values()) == {1}


def test_kode_bps_is_a_fact_never_the_code_without_dots() -> None:
    facts = {"11.09": "1101", "16.73": "1674", "16.74": "1672", "16.72": "1673",
             "91": "94", "92": "91", "31.72": "3175", "36.04": "3604"}
    assert {code: wilayah.get(code).kode_bps for code in facts} == facts
    # The bridging of October 2024 does not know the new provinces of Papua.
    assert wilayah.get("93").kode_bps == wilayah.get("93.01").kode_bps == ""
    area = wilayah.from_bps("1101")
    assert area is not None and area.name == "Kabupaten Simeulue"
    assert wilayah.from_bps("9999") is None


def test_the_table_of_bps_codes_is_sound() -> None:
    with (REFERENCE / "wilayah_bps.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = [row["kode"] for row in rows]
    bps = [row["kode_bps"] for row in rows if row["kode_bps"]]
    assert len(codes) == len(set(codes)) and len(bps) == len(set(bps))
    assert all(len(row["kode_bps"]) in (0, len(row["kode"].replace(".", ""))) for row in rows)
    assert all(wilayah.get(code) for code in codes)
    wanted = {code for code in wilayah.codes() if code.count(".") < 2}
    assert wanted <= set(codes)
    differing = [r for r in rows if len(r["kode"]) == 5 and r["kode_bps"]
                 and r["kode"].replace(".", "") != r["kode_bps"]]
    assert len(differing) == 199


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("serang", "36.04"), ("SERANG", "36.04"), ("Kab. Serang", "36.04"), ("kab serang", "36.04"),
        ("Kabupaten Serang", "36.04"), ("kota serang", "36.73"), ("Kec. Kramatwatu", "36.04.05"),
        ("kecamatan  kramatwatu ", "36.04.05"), ("Desa Kramatwatu", "36.04.05.2001"),
        ("kramat watu", "36.04.05"), ("Kramatwatu, Serang", "36.04.05"),
        ("kramatwatu serang", "36.04.05"), ("Kramàtwatu", "36.04.05"),
        ("Kel. Serang, Kec. Serang, Kota Serang", "36.73.01.1001"),
        ("DKI Jakarta", "31"), ("NTB", "52"), ("jateng", "33"), ("DI Yogyakarta", "34"),
        ("Kep. Riau", "21"), ("prov. banten", "36"), ("Ra'as", "35.29.22"), ("raas", "35.29.22"),
        ("Kota Agung", "16.04.07"), ("jakarta utara", "31.72"), ("lombok timur", "52.03"),
        ("36.04", "36.04"), ("3604", "36.04"), ("36 04 05", "36.04.05"), ("36.04.0", "36.04.05"),
        ("1101", "11.01"), ("Kabupaten Kota Baru", "63.02"),
    ],
)
def test_people_find_an_area_as_they_write_it(typed: str, first: str) -> None:
    assert codes_found(typed)[0] == first


def test_a_bps_code_is_found_behind_the_area_whose_own_code_it_looks_like() -> None:
    assert codes_found("1101")[:2] == ["11.01", "11.09"]


def test_the_same_name_comes_before_the_beginning_before_a_later_word() -> None:
    areas = wilayah.search("serang", limit=100)
    names = [a.name.lower().removeprefix("kabupaten ").removeprefix("kota ") for a in areas]
    kinds = [0 if name == "serang" else 1 if name.startswith("serang") else 2 for name in names]
    assert kinds == sorted(kinds) and len(set(kinds)) == 3
    same = [a.code.count(".") for a, kind in zip(areas, kinds, strict=True) if kind == 0]
    assert same == sorted(same)


def test_search_stays_in_its_level_and_area() -> None:
    found = wilayah.search("sukamaju", level="desa_kelurahan", within="32", limit=100)
    assert found and all(a.level == "desa_kelurahan" and a.code.startswith("32.") for a in found)
    assert codes_found("serang", level="provinsi") == []
    assert codes_found("", within="36.04", limit=3) == ["36.04.05", "36.04.06", "36.04.07"]
    assert len(codes_found("", limit=100)) == 38
    assert codes_found("", level="kecamatan", within="36", limit=2) == ["36.01.01", "36.01.02"]
    assert codes_found("36", level="kabupaten_kota", within="36.04") == ["36.04"]
    with pytest.raises(UnknownCodeError):
        wilayah.search("x", level="benua")
    with pytest.raises(UnknownCodeError):
        wilayah.search("x", within="nusantara")


@pytest.mark.parametrize(
    "text",
    ["\x00", "%", ",", ",,,", ".", "'", "a" * 100_000, "1" * 100_000, "a " * 5_000, ", " * 5_000,
     "\n", "𝔰𝔢𝔯𝔞𝔫𝔤", "(((", "[a-z]*", "\\", "serang" + "," * 50 + "banten", "1.2.3.4.5.6"],
)
def test_any_text_gets_an_answer(text: str) -> None:
    assert len(wilayah.search(text, limit=5)) <= 5
    wilayah.suggest(text)


def test_the_limit_is_kept() -> None:
    assert len(wilayah.search("a", limit=7)) == 7
    assert wilayah.search("a", limit=0) == wilayah.search("a", limit=-1) == ()


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("3604", "36.04"), ("36.04.21", "36.04.20"), ("91.01", "93.01"), ("32. 04. 05", "32.04.05"),
     ("Kab. Serang", "36.04"), ("36-04", "36.04"), ("36.04.99", None), ("99", None), ("xx", None),
     ("", None), ("99.99.99", None)],
)
def test_a_wrong_code_gets_the_nearest_one_or_none(wrong: str, meant: str | None) -> None:
    area = wilayah.suggest(wrong)
    assert (area and area.code) == meant
