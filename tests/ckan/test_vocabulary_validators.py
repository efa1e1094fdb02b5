"""Wrong codes are refused by name, with what was probably meant."""
from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from typing import Any

import pytest
from ckan.lib.navl.dictization_functions import convert
from ckan.plugins import toolkit as tk

from ckanext.satudata import helpers
from ckanext.satudata.domain.errors import UnknownCodeError

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")
TOP = ("kolom",)


def run(validator: Any, value: Any, key: tuple[Any, ...] = TOP) -> tuple[Any, list[str]]:
    """Call a validator as CKAN does; return what it stores and its messages."""
    data, errors = {key: value}, defaultdict(list)
    with suppress(tk.StopOnError):
        convert(validator, key, data, errors, {})
    return data.get(key), errors[key]


def code(name: str) -> Any:
    return tk.get_validator("satudata_vocabulary")(name)


def codes(name: str) -> Any:
    return tk.get_validator("satudata_vocabulary_list")(name)


def test_a_known_code_is_stored_as_it_is() -> None:
    assert run(code("frekuensi"), "bulanan") == ("bulanan", [])
    assert run(code("urusan"), " 1.02 ") == ("1.02", [])


def test_an_empty_value_is_for_others_to_judge() -> None:
    assert run(code("frekuensi"), None) == (None, [])
    assert run(code("frekuensi"), "") == ("", [])


def test_an_unknown_code_gets_a_suggestion() -> None:
    assert run(code("frekuensi"), "Bulanan")[1] == [
        "Kode “Bulanan” tidak ada di daftar Frekuensi pemutakhiran. "
        "Ganti dengan “bulanan” (Bulanan)."
    ]
    assert "hektare" in run(code("satuan"), "Ha")[1][0]
    assert "/kode-referensi/frekuensi" in run(code("frekuensi"), "qqqq")[1][0]


def test_what_is_no_plain_code_is_refused_in_one_short_message() -> None:
    hostile = ["a\x00b", "bulanan\n", "\u202ebulanan", "x" * 1000, 7, {"a": 1}, ["bulanan"], True]
    for value in hostile:
        messages = run(code("frekuensi"), value)[1]
        assert len(messages) == 1, value
        assert len(messages[0]) < 300 and messages[0].isprintable(), value


def test_a_list_is_stored_as_json_in_order_and_once() -> None:
    assert run(codes("urusan"), ["1.02", "1.01", "1.02"]) == ('["1.02", "1.01"]', [])
    assert run(codes("urusan"), '["1.02"]') == ('["1.02"]', [])
    assert run(codes("urusan"), "1.02") == ('["1.02"]', [])
    assert run(codes("urusan"), "1.02, 1.01") == ('["1.02", "1.01"]', [])
    assert run(codes("urusan"), ["1.02"], ("resources", 0, "x")) == ('["1.02"]', [])


def test_in_a_repeating_group_the_list_itself_is_stored() -> None:
    assert run(codes("urusan"), ["1.02"], ("grup", 0, "urusan")) == (["1.02"], [])


def test_an_empty_list_is_not_stored() -> None:
    for empty in (None, "", [], "[]", " , "):
        assert run(codes("urusan"), empty) == (None, [])


def test_every_wrong_item_is_named_up_to_a_bound() -> None:
    value, messages = run(codes("urusan"), ["1.02", *(f"9.{n:02}" for n in range(40))])
    assert value == ["1.02", *(f"9.{n:02}" for n in range(40))]
    assert len(messages) == 6 and "9.00" in messages[0] and "9.04" in messages[4]
    assert messages[-1] == "Kode sesudah itu belum diperiksa."


def test_hostile_lists_are_refused() -> None:
    hostile = [5, {"a": 1}, "[", '{"a": 1}', "[" * 60_000, ["1.02"] * 1001, "," * 100_000,
               [["1.02"]], [None], "x," * 70_000]
    for value in hostile:
        messages = run(codes("urusan"), value)[1]
        assert messages and all(len(message) < 300 for message in messages), value


def test_a_vocabulary_that_does_not_exist_fails_when_the_schema_is_read() -> None:
    for make in (code, codes):
        with pytest.raises(UnknownCodeError):
            make("tidak_ada")


def area(value: Any, key: tuple[Any, ...] = TOP) -> tuple[Any, list[str]]:
    return run(tk.get_validator("satudata_kode_wilayah"), value, key)


def test_one_area_or_several() -> None:
    assert area("36.04") == ("36.04", [])
    assert area(["36.04", "36.73"]) == ('["36.04", "36.73"]', [])
    assert area('["36.04"]') == ('["36.04"]', [])


def test_a_wrong_area_is_named_with_the_one_meant() -> None:
    told = [
        ("36.04.21", "Kode wilayah “36.04.21” tidak ada. "
                     "Ganti dengan 36.04.20 (Kecamatan Tunjung Teja, Kabupaten Serang)."),
        ("3604", "Kode wilayah “3604” tidak ada. Ganti dengan 36.04 (Kabupaten Serang)."),
        ("91.01", "Kode wilayah 91.01 (Kabupaten Merauke) tidak berlaku lagi. "
                  "Ganti dengan 93.01 (Kabupaten Merauke)."),
        ("Kab. Serang", "Kode wilayah “Kab. Serang” tidak ada. "
                        "Ganti dengan 36.04 (Kabupaten Serang)."),
    ]
    for wrong, message in told:
        assert area(wrong)[1] == [message]


def test_areas_beyond_guessing_are_refused() -> None:
    for value in ("99.99.99", "\x00", 36, {"a": 1}, "9" * 5000):
        messages = area(value)[1]
        assert len(messages) == 1 and len(messages[0]) < 300, value


def test_the_level_may_be_fixed() -> None:
    kecamatan = tk.get_validator("satudata_kode_wilayah_level")("kecamatan")
    assert run(kecamatan, "36.04.05") == ("36.04.05", [])
    assert run(kecamatan, "36.04")[1] == [
        "Kode wilayah 36.04 adalah Kabupaten Serang, bukan tingkat kecamatan."
    ]
    assert len(run(kecamatan, ["36.04.05", "36"])[1]) == 1
    with pytest.raises(UnknownCodeError):
        tk.get_validator("satudata_kode_wilayah_level")("benua")


def test_choices_feed_a_scheming_field() -> None:
    choices = helpers.satudata_vocabulary_choices({"vocabulary": "akses"})
    assert choices[0] == {"value": "terbuka", "label": "Terbuka"}
    assert [each["value"] for each in choices] == ["terbuka", "terbatas", "tertutup"]
    assert json.dumps(choices)


def test_labels_and_addresses_live_through_an_unknown_code() -> None:
    site = tk.config["ckan.site_url"].rstrip("/")
    assert tk.h.satudata_concept_label("akses", "terbuka") == "Terbuka"
    assert tk.h.satudata_concept_label("akses", "lama") == "lama"
    assert tk.h.satudata_concept_label("wilayah", "36.04") == "Kabupaten Serang"
    assert tk.h.satudata_concept_uri("akses", "terbuka") == f"{site}/kode-referensi/akses/terbuka"
    assert tk.h.satudata_concept_uri("akses", "lama") == ""
    assert tk.h.satudata_concept_uri("wilayah", "99") == ""
