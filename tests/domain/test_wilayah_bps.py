"""Codes of BPS and of Kemendagri lead to each other, and say where they are not the same."""
from __future__ import annotations

import csv
import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from ckanext.satudata.domain import wilayah, wilayah_bps, wilayah_bps_store
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.wilayah_bps import Doubt

SCRIPT = Path(__file__).parents[2] / "deploy" / "build_wilayah_bps.py"


def test_every_code_of_bps_has_its_parent_its_name_and_its_code_at_kemendagri() -> None:
    """All 90,617; both ways the same, at the same level."""
    seen: Counter[str] = Counter()
    known = set(wilayah_bps.codes())
    for code in known:
        area = wilayah_bps.get(code)
        ours = wilayah.get(area.kemendagri)
        assert wilayah_bps.kode_for(area.kemendagri) == code
        assert ours.level == area.level and area.name == area.name.strip() != ""
        assert not area.parent or (area.parent in known and code.startswith(area.parent))
        seen[area.level] += 1
    assert seen == {"provinsi": 34, "kabupaten_kota": 514, "kecamatan": 7_218,
                    "desa_kelurahan": 82_851}
    assert wilayah_bps.count() == len(known) == sum(seen.values())


def test_no_code_is_the_other_without_its_dots() -> None:
    """Who strips the dots is wrong for most desa; the relation is a table, not a rule."""
    differing = sum(wilayah_bps.get(code).kemendagri.replace(".", "") != code
                    for code in wilayah_bps.codes())
    assert differing > 80_000
    assert wilayah_bps.kode_for("36.04.05") == "3604220"
    assert wilayah_bps.kode_for("36.04.05.2001") == "3604220004"
    assert wilayah_bps.kode_for("99.99.99") == wilayah_bps.kode_for("x") == ""


def test_children_are_those_directly_below() -> None:
    below = [wilayah_bps.children(), *map(wilayah_bps.children, wilayah_bps.codes())]
    assert sum(map(len, below)) == wilayah_bps.count()
    assert wilayah_bps.children("3604220004") == wilayah_bps.children("0") == ()
    assert "3604220" in wilayah_bps.children("3604")


def test_pages_are_all_codes_in_order() -> None:
    codes = list(wilayah_bps.codes())
    for offset, limit in ((0, 40), (30, 600), (545, 8000), (90_600, 100), (99_999, 5)):
        assert wilayah_bps.window(offset, limit) == codes[offset : offset + limit]


def test_where_the_two_are_not_quite_the_same_it_is_said() -> None:
    assert wilayah_bps.get("94").doubt is Doubt.SPLIT  # Papua before it became four provinces
    assert wilayah_bps.get("91").doubt is Doubt.SPLIT
    assert wilayah_bps.get("1104021003").doubt is Doubt.NAME
    assert wilayah_bps.get("36").doubt is wilayah_bps.get("3604220").doubt is None
    cut = wilayah_bps.get("1101051")  # "ALAPAN" and "Alafan": one name, spelled otherwise
    assert (cut.name, cut.doubt) == ("ALAPAN", None)


@pytest.mark.parametrize("code", ["", "9", "3604x", "36042200", "٣٦٠٤", "99", "3" * 4000, "36.04"])
def test_an_unknown_code_is_named(code: str) -> None:
    with pytest.raises(UnknownCodeError, match="wilayah_bps"):
        wilayah_bps.get(code)
    assert wilayah.from_bps(code) is None


def test_areas_are_found_by_code_of_bps_and_by_name() -> None:
    assert wilayah_bps.search("3604220")[0].name == "Kramatwatu"
    assert {area.code for area in wilayah_bps.search("kramatwatu")} == {"3604220", "3604220004"}
    assert wilayah_bps.search("36", limit=3)[0].code == "36"
    assert wilayah_bps.search("") == wilayah_bps.search("zzzzzz") == []
    assert [area.code for area in wilayah.search("3604220004")] == ["36.04.05.2001"]
    moved = next(code for code in wilayah_bps.codes() if len(code) == 10
                 and wilayah.get(wilayah_bps.get(code).kemendagri).successor)
    found = wilayah.from_bps(moved)
    assert found is not None and found.in_force
    assert wilayah_bps.get(moved).kemendagri in wilayah.predecessors(found.code)


def test_pages_of_all_areas_end_with_the_retired_ones() -> None:
    whole = wilayah.count() + wilayah.count_retired()
    assert len(wilayah.window(0, 50)) == 50 and wilayah.window(38, 1)[0].code == "11.01"
    edge = wilayah.window(wilayah.count() - 1, 2)
    assert [area.in_force for area in edge] == [True, False]
    assert len(wilayah.window(whole - 3, 50)) == 3 and wilayah.window(whole, 50) == []


@pytest.fixture
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_wilayah_bps", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROWS = [
    ("kabupaten_kota", "3604", "36.04", "KAB. SERANG"),
    ("kecamatan", "3604220", "36.04.05", "KRAMATWATU"),
    ("kecamatan", "9426030", "-", "-"),
    ("desa_kelurahan", "3604220004", "36.04.05.2001", "KRAMAT WATU"),
    ("desa_kelurahan", "3604220005", "36.04.05.2003", "LAIN SEKALI"),
]


def pack(build: ModuleType, folder: Path, rows: list[tuple[str, ...]],
         monkeypatch: pytest.MonkeyPatch) -> Path:
    given, out = folder / "relasi.csv", folder / "wilayah_bps.bin"
    with given.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("tingkat", "kode_bps", "kode_kemendagri", "nama"))
        writer.writerows(rows)
    monkeypatch.setattr(sys, "argv", ["build", str(given), "--out", str(out)])
    build.main()
    return out


def test_what_is_packed_is_read_back(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = pack(build, tmp_path, [*reversed(ROWS)], monkeypatch)
    first = out.read_bytes()
    made = wilayah_bps_store.load(out)
    assert (made.edition, made.count(3), made.count(4)) == ("2024-10", 1, 2)
    assert made.of_bps("3604220") == "36.04.05" and made.of_bps("3604") is None
    assert made.of_kemendagri("36.04.05.2001") == "3604220004"
    assert {code: each.same for code, each in made.spellings.items()} == {"3604220005": False}
    assert pack(build, tmp_path, ROWS, monkeypatch).read_bytes() == first


@pytest.mark.parametrize(("row", "told"), [
    (("kecamatan", "360422", "36.04.06", "X"), "no code of BPS"),
    (("kecamatan", "3604221", "36.04.99", "X"), "in neither list"),
    (("kecamatan", "3604221", "36.04", "X"), "different levels"),
    (("kecamatan", "3604221", "36.04.05", "X"), "not one to one"),
])
def test_a_broken_relation_is_refused(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    row: tuple[str, ...], told: str,
) -> None:
    with pytest.raises(SystemExit, match=told):
        pack(build, tmp_path, [*ROWS, row], monkeypatch)


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "wilayah_bps.bin"
    other.write_bytes(b"PK\x03\x04")
    with pytest.raises(ValueError, match="format"):
        wilayah_bps_store.load(other)
