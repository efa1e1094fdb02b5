"""What people rely on in the vocabularies: nothing missing, nothing twice, nothing dead."""
from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.errors import UnknownCodeError

REFERENCE = Path(vocabulary.__file__).resolve().parent.parent / "reference"
COLUMNS = [
    "kode", "label_id", "label_en", "keterangan", "iri", "induk",
    "berlaku_sejak", "berlaku_sampai", "notasi", "alias",
]
#: Tables in reference/ that are no vocabulary.
OTHER_TABLES = {"mqa_daftar", "vocabularies", "wilayah_bps", "wilayah_letak"}
each_vocabulary = pytest.mark.parametrize("name", vocabulary.names())


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


def test_every_file_is_registered_and_every_name_has_its_file() -> None:
    files = {path.stem for path in REFERENCE.glob("*.csv")} - OTHER_TABLES
    assert files == set(vocabulary.names())
    assert list(vocabulary.names()) == sorted(vocabulary.names())


def test_every_vocabulary_names_its_source() -> None:
    said = (REFERENCE / "SOURCE.md").read_text(encoding="utf-8")
    assert [name for name in vocabulary.names() if f"`{name}`" not in said] == []


@each_vocabulary
def test_no_code_stands_twice(name: str) -> None:
    codes = [row["kode"] for row in rows(name)]
    assert len(codes) == len(set(codes)) == len(vocabulary.get(name)) > 0


@each_vocabulary
def test_codes_can_stand_in_an_address(name: str) -> None:
    for concept in vocabulary.get(name):
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", concept.code), concept.code


@each_vocabulary
def test_both_languages_have_a_label_of_their_own(name: str) -> None:
    concepts = list(vocabulary.get(name))
    for concept in concepts:
        for label in (concept.label_id, concept.label_en):
            assert label and label == label.strip() and label.isprintable(), concept
    for lang in ("id", "en"):
        labels = [concept.label(lang) for concept in concepts]
        assert len(labels) == len(set(labels))
    assert vocabulary.get(name).title("id") and vocabulary.get(name).title("en")


@each_vocabulary
def test_parents_exist(name: str) -> None:
    found = vocabulary.get(name)
    for concept in found:
        assert not concept.parent or concept.parent in found


@each_vocabulary
def test_mapped_iris_are_absolute(name: str) -> None:
    for concept in vocabulary.get(name):
        if concept.iri:
            parts = urlsplit(concept.iri)
            assert parts.scheme in {"http", "https"} and parts.netloc
            assert not re.search(r'[\s<>"{}|\\^`]', concept.iri)


@each_vocabulary
def test_no_spelling_means_two_codes(name: str) -> None:
    meanings: dict[str, set[str]] = {}
    for concept in vocabulary.get(name):
        for text in (concept.label_id, concept.notation, *concept.aliases):
            if text:
                meanings.setdefault(text, set()).add(concept.code)
    assert {text: codes for text, codes in meanings.items() if len(codes) > 1} == {}


@each_vocabulary
def test_every_label_alias_and_code_leads_back(name: str) -> None:
    found = vocabulary.get(name)
    for concept in found:
        for text in (concept.code, concept.label_id.upper(), *concept.aliases):
            assert found.match(text) == concept, text


def test_what_a_harvester_needs_is_mapped_completely() -> None:
    for name in ("frekuensi", "akses", "urusan", "sektor_kegiatan", "publisher_type", "bahasa"):
        assert all(concept.iri for concept in vocabulary.get(name)), name
    assert vocabulary.get("frekuensi")["bulanan"].iri == (
        "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
    )
    assert vocabulary.get("urusan")["1.02"].iri.endswith("/data-theme/HEAL")
    assert len(list(vocabulary.get("sektor_kegiatan"))) == 22


def test_unknown_codes_and_names_are_named_in_the_error() -> None:
    with pytest.raises(UnknownCodeError, match=r"'setiap_abad'.*'frekuensi'"):
        vocabulary.get("frekuensi")["setiap_abad"]
    with pytest.raises(UnknownCodeError, match="tidak_ada"):
        vocabulary.get("tidak_ada")
    with pytest.raises(UnknownCodeError):
        vocabulary.get("../vocabularies")
    assert None not in vocabulary.get("frekuensi")
    assert "bulanan" in vocabulary.get("frekuensi")


def test_units_are_understood_as_officers_write_them() -> None:
    satuan = vocabulary.get("satuan")
    written = {
        "Hektar": "hektare", "HA": "hektare", "km²": "kilometer_persegi",
        "Km2": "kilometer_persegi", "%": "persen", "Rp.": "rupiah", "Rp 000": "ribu_rupiah",
        "  KG ": "kilogram", "kwintal": "kuintal", "m3": "meter_kubik", "Jiwa": "jiwa",
    }
    found = {text: satuan.match(text) for text in written}
    assert {text: concept and concept.code for text, concept in found.items()} == written
    assert satuan.match("depa") is None


def test_where_only_the_case_tells_two_units_apart_it_decides_and_nothing_is_guessed() -> None:
    satuan = vocabulary.get("satuan")
    found = {text: satuan.match(text) for text in ("kw", "kW", "KW", "MB", "mb", "Mb")}
    assert {text: concept and concept.code for text, concept in found.items()} == {
        "kw": "kuintal", "kW": "kilowatt", "KW": None,
        "MB": "megabita", "mb": "milibar", "Mb": None,
    }


def test_a_very_long_text_is_no_unit() -> None:
    satuan = vocabulary.get("satuan")
    assert satuan.match("x" * 100_000) is None


def test_search_puts_the_same_before_the_beginning_before_the_middle() -> None:
    codes = [concept.code for concept in vocabulary.get("satuan").find("ton")]
    assert codes[0] == "ton"
    assert codes.index("ton_hektare") < codes.index("ribu_ton")
    assert len(vocabulary.get("satuan").find("")) == len(vocabulary.get("satuan"))
    assert vocabulary.get("satuan").find("tidakadasatuanini") == []


def test_a_slip_of_the_finger_gets_a_suggestion() -> None:
    near = vocabulary.get("frekuensi").nearest("bulanann")
    assert near is not None and near.code == "bulanan"
    assert vocabulary.get("frekuensi").nearest("zzzzqq") is None


def test_concepts_cannot_be_changed() -> None:
    concept = vocabulary.get("akses")["terbuka"]
    with pytest.raises(AttributeError):
        concept.label_id = "Bebas"  # type: ignore[misc]


def test_validity_includes_its_first_and_last_day() -> None:
    concept = vocabulary.Concept(
        "x", "X", "X", valid_from=date(2020, 1, 1), valid_to=date(2024, 12, 31)
    )
    assert concept.is_valid(date(2020, 1, 1)) and concept.is_valid(date(2024, 12, 31))
    assert not concept.is_valid(date(2019, 12, 31)) and not concept.is_valid(date(2025, 1, 1))


def test_labels_follow_the_language_asked_for() -> None:
    concept = vocabulary.get("frekuensi")["bulanan"]
    assert (concept.label("id"), concept.label("en"), concept.label("en_GB")) == (
        "Bulanan", "Monthly", "Monthly",
    )
    assert concept.label("fr") == "Bulanan"
