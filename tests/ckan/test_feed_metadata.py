"""Kegiatan and indikator as a CKAN harvester reads them, and what it does when they leave."""
from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from publishing import come_from_elsewhere, move, publish

from ckanext.satudata.domain.federation.nasional import Shape, problems

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
Data = dict[str, Any]
BASE = "/nasional-metadata/api/3/action"


def made(kind: str, **fields: Any) -> Data:
    fields.setdefault("owner_org", factories.Organization(title="Dinas Kesehatan")["id"])
    return publish(factories.Dataset(type=kind, **fields))


def ask(app: Any, action: str, **asked: Any) -> Data:
    answer = app.get(f"{BASE}/{action}", query_string=asked).json
    assert answer["success"], answer
    return answer["result"]


def harvested(app: Any, size: int = 1, **asked: Any) -> dict[str, Data]:
    """Read page by page as ckanext-harvest does, until one is empty."""
    found: dict[str, Data] = {}
    start = 0
    while page := ask(app, "package_search", rows=size, start=start, sort="id asc",
                      **asked)["results"]:
        assert not found.keys() & {each["id"] for each in page}
        found |= {each["id"]: each for each in page}
        start += size
    return found


def extras(record: Data) -> dict[str, str]:
    return {each["key"]: each["value"] for each in record["extras"]}


def test_the_fields_of_the_forms_arrive_as_extras(app: Any) -> None:
    activity = made("kegiatan", title="Pendataan kunjungan", tahun_kegiatan="2025",
                    ms_var=[{"nama": "Kunjungan", "definisi": "Kedatangan; \"pasien\" 😀"}])
    measure = made("indikator", title="Cakupan", satuan="persen", rumus="a/b*100",
                   definisi="Bagian.", notes="Uraian")
    made("dataset", title="Bukan ini")
    factories.Dataset(type="kegiatan", title="Rancangan", owner_org=activity["owner_org"])
    found = harvested(app)
    assert set(found) == {activity["id"], measure["id"]}
    for record in found.values():
        assert [each for each in problems(record, Shape.CKAN) if each != "type: tipe"] == []
        assert record["author"] == "Dinas Kesehatan"
        assert record["url"].endswith(f"/{record['type']}/{record['name']}")
    one, other = found[activity["id"]], found[measure["id"]]
    assert (one["type"], other["type"]) == ("kegiatan", "indikator")
    assert extras(other)["rumus"] == "a/b*100" and extras(other)["definisi"] == "Bagian."
    assert json.loads(extras(one)["ms_var"])[0]["nama"] == "Kunjungan"
    assert "creator_user_id" not in json.dumps(found)
    assert ask(app, "package_show", id=measure["name"]) == other
    assert ask(app, "package_list") == sorted([activity["name"], measure["name"]])
    assert ask(app, "organization_show", id=other["owner_org"])["title"] == "Dinas Kesehatan"
    assert set(harvested(app, fq="type:indikator")) == {measure["id"]}
    assert harvested(app, fq="metadata_modified:[2999-01-01T00:00:00Z TO *]") == {}
    assert set(harvested(app, size=100, fq="metadata_modified:[2020-01-01T00:00:00Z TO *]")) == (
        set(found))


def test_what_is_withdrawn_is_listed_as_deleted(app: Any) -> None:
    measure = made("indikator", title="Rahasia sekali")
    before = harvested(app)[measure["id"]]
    move(measure["id"], "tarik", factories.Sysadmin(), reason="Salah.")
    gone = harvested(app)[measure["id"]]
    assert (gone["state"], gone["type"]) == ("deleted", "indikator")
    assert "ahasia" not in json.dumps(gone) and gone["resources"] == gone["extras"] == []
    assert gone["metadata_modified"] > before["metadata_modified"]
    assert harvested(app)[measure["id"]] == gone
    assert ask(app, "package_list") == []


def test_what_came_from_elsewhere_is_left_out_unless_wanted(app: Any) -> None:
    measure = made("indikator")
    come_from_elsewhere(measure["id"])
    assert harvested(app) == {}
    with helpers.changed_config("ckanext.satudata.nasional.panenan", True):
        assert set(harvested(app)) == {measure["id"]}


@pytest.mark.parametrize("asked", [
    {"rows": 101}, {"rows": "-1"}, {"start": "x"}, {"q": "air"}, {"fq": "type:dataset"},
    {"fq": "organization:dinkes"}, {"fq": "metadata_modified:[kemarin TO *]"}, {"fq": "\x00"},
])
def test_what_it_cannot_answer_is_refused(app: Any, asked: Data) -> None:
    answer = app.get(f"{BASE}/package_search", query_string=asked, status=409).json
    assert answer["success"] is False and answer["error"]["message"]


@pytest.mark.parametrize("base", [BASE, "/nasional/api/3/action"])
def test_the_help_that_is_named_is_there(app: Any, base: str) -> None:
    for name, asked, status in (("package_search", {}, 200), ("package_show", {"id": "x"}, 404)):
        said = app.get(f"{base}/{name}", query_string=asked, status=status).json["help"]
        assert app.get(said.removeprefix(tk.config["ckan.site_url"])).json["success"]
        assert said.endswith(f"?name={name}")


def test_it_says_what_it_is_not(app: Any) -> None:
    assert app.get(f"{BASE}/user_list", status=404).json["success"] is False
    assert app.get(f"{BASE}/package_show?id=tidak-ada", status=404).json["success"] is False
    with helpers.changed_config("ckanext.satudata.nasional.bentuk", "kontraktor"):
        assert "kontraktor" in app.get(f"{BASE}/package_search", status=409).body
