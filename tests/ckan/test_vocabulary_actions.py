"""The vocabularies over the API, as a stranger's script uses them."""
from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("with_plugins")


def get(app: Any, action: str, **params: Any) -> dict[str, Any]:
    return json.loads(app.get(f"/api/3/action/{action}", query_string=params).body)


def test_anyone_may_list_all_vocabularies(app: Any) -> None:
    answer = get(app, "satudata_vocabulary_show")
    assert answer["success"]
    names = {each["name"] for each in answer["result"]["results"]}
    assert {"frekuensi", "urusan", "satuan", "wilayah", "status_angka"} <= names
    assert answer["result"]["count"] == len(names)


def test_anyone_may_read_one_vocabulary(app: Any) -> None:
    result = get(app, "satudata_vocabulary_show", name="frekuensi", lang="en")["result"]
    assert result["title"] == "Update frequency" and result["count"] == len(result["results"])
    monthly = next(each for each in result["results"] if each["code"] == "bulanan")
    assert monthly["label"] == "Monthly" and monthly["label_id"] == "Bulanan"
    assert monthly["iri"].endswith("/frequency/MONTHLY")
    site = tk.config["ckan.site_url"].rstrip("/")
    assert monthly["uri"] == f"{site}/kode-referensi/frekuensi/bulanan"


def test_a_search_and_a_page_of_it(app: Any) -> None:
    found = get(app, "satudata_vocabulary_show", name="satuan", q="rupiah", limit=3)["result"]
    assert len(found["results"]) == 3 < found["count"]
    assert found["results"][0]["code"] == "rupiah"
    rest = get(app, "satudata_vocabulary_show", name="satuan", q="rupiah", offset=3)["result"]
    assert len(rest["results"]) == found["count"] - 3


def test_one_code(app: Any) -> None:
    result = get(app, "satudata_vocabulary_show", name="urusan", code="1.02")["result"]
    assert [each["label_id"] for each in result["results"]] == ["Kesehatan"]
    result = get(app, "satudata_vocabulary_show", name="wilayah", code="36.04")["result"]
    assert [each["name"] for each in result["results"]] == ["Kabupaten Serang"]
    assert get(app, "satudata_vocabulary_show", name="wilayah")["result"]["count"] == 38


def test_what_does_not_exist_is_not_found() -> None:
    for params in ({"name": "tidak_ada"}, {"name": "../vocabularies"},
                   {"name": "frekuensi", "code": "x"}, {"name": "wilayah", "code": "99.99"}):
        with pytest.raises(tk.ObjectNotFound):
            call_action("satudata_vocabulary_show", **params)


def test_parameters_out_of_bounds_are_named() -> None:
    refused(
        "satudata_vocabulary_show", {"name": "satuan"},
        [("limit", 1001), ("limit", -1), ("limit", "banyak"), ("limit", 1.5), ("limit", True),
         ("offset", -1), ("offset", "9" * 5000), ("q", "a" * 201), ("q", "a\x00b"), ("q", ["a"]),
         ("name", {"a": 1}), ("lang", "x" * 17)],
    )


def refused(action: str, usual: dict[str, Any], bad: list[tuple[str, Any]]) -> None:
    """Each bad value of a parameter is refused, and only that parameter is named."""
    for field, value in bad:
        with pytest.raises(tk.ValidationError) as told:
            call_action(action, **{**usual, field: value})
        assert list(told.value.error_dict) == [field], value


def test_autocomplete_of_areas_for_anyone(app: Any) -> None:
    result = get(app, "satudata_wilayah_search", q="Kec. Kramatwatu, Serang")["result"]
    assert result["results"][0]["code"] == "36.04.05"
    assert result["results"][0]["label"] == "Kecamatan Kramatwatu, Kabupaten Serang"
    assert result["results"][0]["uri"].endswith("/kode-referensi/wilayah/36.04.05")
    below = get(app, "satudata_wilayah_search", within="36.04", limit=100)["result"]
    assert below["count"] == 29
    below = get(app, "satudata_wilayah_search", q="36.04", level="kecamatan")["result"]
    assert below["count"] == 20


def test_a_retired_code_says_so(app: Any) -> None:
    area = get(app, "satudata_wilayah_search", q="91.01")["result"]["results"][0]
    assert area["valid_to"] and area["successor"] == "93.01"


def test_a_bad_search_is_refused_by_field() -> None:
    refused(
        "satudata_wilayah_search", {"q": "serang"},
        [("limit", 101), ("level", "benua"), ("within", "99.99"), ("within", "91.01"),
         ("q", "a" * 201), ("q", "\x07"), ("q", {"a": "b"})],
    )


def test_a_script_without_any_parameter_is_answered(app: Any) -> None:
    response = app.post("/api/3/action/satudata_wilayah_search", json={})
    assert json.loads(response.body)["result"]["count"] == 20
