"""What data.go.id reads: its CKAN path, and data.json, each as its own converters take it."""
from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from ckanext.dcat.converters import dcat_to_ckan
from publishing import move, published, whole
from restricted_world import DECIDED

from ckanext.satudata import config
from ckanext.satudata.domain.federation.nasional import Shape, problems
from ckanext.satudata.federation.feed import pod_views, timed
from ckanext.satudata.federation.feed.model import Entry
from ckanext.satudata.shared import outbox

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
Data = dict[str, Any]
BASE = "/nasional/api/3/action"


def search(app: Any, **asked: Any) -> Data:
    answer = app.get(f"{BASE}/package_search", query_string=asked)
    assert answer.json["success"]
    return answer.json["result"]


def harvested(app: Any, size: int = 100, **asked: Any) -> dict[str, Data]:
    """Read page by page as ckanext-harvest does, until one is empty."""
    found: dict[str, Data] = {}
    start = 0
    while True:
        page = search(app, rows=size, start=start, sort="id asc", **asked)["results"]
        if not page:
            return found
        assert not found.keys() & {each["id"] for each in page}
        found |= {each["id"]: each for each in page}
        start += size


def extras(record: Data) -> dict[str, str]:
    return {each["key"]: each["value"] for each in record["extras"]}


def test_the_fields_of_satu_data_arrive_as_extras(app: Any) -> None:
    made = whole(title="Penduduk", prioritas_tahun=["2024"], jenis_data="keuangan_negara",
                 kriteria_prioritas="sdgs", tags=[{"name": "penduduk"}])
    record = harvested(app)[made["id"]]
    assert problems(record, Shape.CKAN) == []
    said = extras(record)
    assert said["satuan"] == "jiwa" and said["Hasil_Pemeriksaan_SKDN"] == "1"
    assert said["accessRights"] == "terbuka" and said["prioritas_tahun"] == "2024"
    assert record["author"] == made["organization"]["title"]
    assert record["resources"][0]["url"] == "https://contoh.go.id/tabel.csv"
    assert record["name"] == made["name"] and record["state"] == "active"
    shown = app.get(f"{BASE}/package_show?id={made['id']}").json["result"]
    assert shown == record == app.get(f"{BASE}/package_show?id={made['name']}").json["result"]
    assert app.get(f"{BASE}/package_list").json["result"] == [made["name"]]
    organization = app.get(f"{BASE}/organization_show?id={record['owner_org']}").json["result"]
    assert organization["title"] == made["organization"]["title"]


def test_what_stood_online_before_does_not_say_it_was_inspected(app: Any) -> None:
    made = published(title="Lama")
    assert "Hasil_Pemeriksaan_SKDN" not in extras(harvested(app)[made["id"]])


def test_a_withdrawn_dataset_is_listed_as_deleted_for_ever(app: Any) -> None:
    made, kept = whole(title="Rahasia sekali"), whole(title="Tetap")
    assert harvested(app)[made["id"]]["title"] == "Rahasia sekali"
    move(made["id"], "tarik", factories.Sysadmin(), reason="Salah.")
    found = harvested(app, size=1)
    assert set(found) == {made["id"], kept["id"]}
    gone = found[made["id"]]
    assert gone["state"] == "deleted" and problems(gone, Shape.CKAN) == []
    assert "rahasia" not in json.dumps(gone).lower()
    assert gone["metadata_modified"] > made["metadata_modified"]
    stamp = gone["metadata_modified"]
    helpers.call_action("organization_patch", {"user": factories.Sysadmin()["name"]},
                        id=made["owner_org"], title="Nama baru")
    outbox.drain()
    assert harvested(app)[made["id"]]["metadata_modified"] == stamp
    assert app.get(f"{BASE}/package_show?id={made['id']}").json["result"] == gone


def test_only_what_changed_is_given_when_asked_so(app: Any) -> None:
    old = published(title="Lama")
    app.get("/catalog.ttl")
    model.Session.execute(sa.update(Entry).values(changed_at=Entry.changed_at - dt.timedelta(
        hours=5)))
    model.Session.commit()
    new = published(title="Baru")
    since = (dt.datetime.now(dt.timezone.utc) - dt.timedelta(hours=1)).replace(tzinfo=None)
    asked = {"fq": f"metadata_modified:[{since.isoformat()}Z TO *]"}
    assert set(harvested(app, **asked)) == {new["id"]}
    helpers.call_action("organization_patch", {"user": factories.Sysadmin()["name"]},
                        id=old["owner_org"], title="Nama baru")
    outbox.drain()
    changed = harvested(app, **asked)
    assert set(changed) == {new["id"], old["id"]}
    assert changed[old["id"]]["author"] == "Nama baru"


def test_a_source_may_leave_out_organizations(app: Any) -> None:
    one, other = published(title="Satu"), published(title="Dua")
    outbox.drain()
    names = {each["id"]: each["organization"]["name"] for each in (one, other)}
    assert set(harvested(app, fq=f"organization:{names[one['id']]}")) == {one["id"]}
    assert set(harvested(app, fq=f"-organization:{names[one['id']]}")) == {other["id"]}
    since = "metadata_modified:[2020-01-01T00:00:00Z TO *]"
    both = " OR ".join(f"organization:{name}" for name in sorted(names.values()))
    assert set(harvested(app, fq=f"{both} {since}")) == {one["id"], other["id"]}


def test_what_came_from_others_is_left_out_unless_configured(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = published(title="Milik kita"), published(title="Milik tetangga")
    app.get("/catalog.ttl")
    model.Session.execute(
        sa.update(Entry).where(Entry.package_id == theirs["id"]).values(harvested=True))
    model.Session.commit()
    assert set(harvested(app)) == {ours["id"]}
    assert [each["title"] for each in app.get("/data.json").json["dataset"]] == ["Milik kita"]
    app.get(f"{BASE}/package_show?id={theirs['id']}", status=404)
    monkeypatch.setitem(tk.config, "ckanext.satudata.nasional.panenan", True)
    assert set(harvested(app)) == {ours["id"], theirs["id"]}
    assert len(app.get("/data.json").json["dataset"]) == 2


def test_the_newer_schema_is_a_switch(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = whole(title="Penduduk")
    before = harvested(app)[made["id"]]
    monkeypatch.setitem(tk.config, "ckanext.satudata.nasional.bentuk", "kontraktor")
    timed.tend(dt.datetime.now(dt.timezone.utc))
    record = harvested(app)[made["id"]]
    assert problems(record, Shape.KONTRAKTOR) == [] and record != before
    assert record["accessRights"] == "terbuka" and "accessRights" not in extras(record)
    monkeypatch.setitem(tk.config, "ckanext.satudata.nasional.bentuk", "lain")
    with pytest.raises(Exception, match="ckan or kontraktor"):
        config.bentuk_nasional()


def test_restricted_data_are_described_and_no_more(app: Any) -> None:
    made = whole(title="Penerima", **DECIDED, resources=[
        {"name": "Tabel", "url": "https://contoh.go.id/rahasia.csv", "format": "CSV"}])
    for text in (json.dumps(harvested(app)[made["id"]]), app.get("/data.json").body):
        assert "Penerima" in text and "rahasia.csv" not in text
    assert extras(harvested(app)[made["id"]])["accessRights"] == "terbatas"


def test_in_trouble_the_answer_is_no_json(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.satudata.federation.feed import settling

    published()
    monkeypatch.setattr(settling, "is_current", lambda: False)
    for path in (f"{BASE}/package_search", "/data.json"):
        answer = app.get(path, status=503)
        with pytest.raises(ValueError, match="Expecting value"):
            json.loads(answer.body)


def test_it_answers_by_post_as_the_api_of_ckan_does(app: Any) -> None:
    made = published(title="Kunjungan")
    answer = app.post(f"{BASE}/package_search", json={"rows": 5, "start": 0})
    assert [each["id"] for each in answer.json["result"]["results"]] == [made["id"]]
    assert app.post(f"{BASE}/package_list", json={}).json["result"] == [made["name"]]
    shown = app.post(f"{BASE}/package_show", data={"id": made["id"]})
    assert shown.json["result"]["title"] == "Kunjungan"
    for broken in (b"[1]", b"{", b"\xff"):
        app.post(f"{BASE}/package_list", data=broken, content_type="application/json", status=409)


def test_what_it_does_not_know_is_said(app: Any) -> None:
    app.get(f"{BASE}/package_create", status=404)
    app.post(f"{BASE}/package_create", json={"name": "baru"}, status=404)
    gone = app.get(f"{BASE}/package_show?id=tidak-ada", status=404)
    assert gone.headers["Access-Control-Allow-Origin"] == "*"
    app.get(f"{BASE}/package_search?rows=banyak", status=409)
    assert app.get("/nasional//api/3/action/site_read").json["result"] is True


# ---------------------------------------------------------------- data.json
def test_data_json_is_what_a_stock_converter_takes(app: Any) -> None:
    made = whole(title="Penduduk", tags=[{"name": "penduduk"}])
    answer = app.get("/data.json")
    assert answer.get_data()[:1] == b"{" and answer.content_type == "application/json"
    catalog = answer.json
    assert catalog["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    [said] = catalog["dataset"]
    taken = dcat_to_ckan(said)
    assert taken["title"] == made["title"]
    assert {each["name"] for each in taken["tags"]} == {"penduduk"}
    assert taken["resources"][0]["url"] == "https://contoh.go.id/tabel.csv"
    assert said["identifier"] == f"urn:uuid:{made['id']}"
    packed = app.get("/data.json", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(packed.get_data())) == catalog
    again = app.get("/data.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert app.flask_app.test_client().head("/data.json").status_code == 200


def test_data_json_is_never_empty_and_ends_in_404(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pod_views, "SIZE", 2)
    app.get("/data.json", status=503)
    made = [published(title=f"Data {number}") for number in range(5)]
    pages = [app.get(f"/data.json?page={number}") for number in (1, 2, 3)]
    titles = [[each["title"] for each in page.json["dataset"]] for page in pages]
    assert titles == [["Data 0", "Data 1"], ["Data 2", "Data 3"], ["Data 4"]]
    assert 'page=2>; rel="next"' in pages[0].headers["Link"] and "Link" not in pages[2].headers
    app.get("/data.json?page=4", status=404)
    for number in (2, 3):
        move(made[number]["id"], "tarik", factories.Sysadmin(), reason="Salah.")
    # A walk under way would miss the last page, which is the second one from now on.
    app.get("/data.json?page=3", status=503)
    model.Session.execute(sa.update(Entry).where(Entry.deleted_at.is_not(None)).values(
        deleted_at=Entry.deleted_at - dt.timedelta(hours=2)))
    model.Session.commit()
    assert [each["title"] for each in app.get("/data.json?page=2").json["dataset"]] == ["Data 4"]
    app.get("/data.json?page=3", status=404)
    for wrong in ("0", "-1", "x", "1e3", "٢", "9" * 30):
        app.get(f"/data.json?page={wrong}", status=409)


def test_the_names_of_what_is_public_are_listed(app: Any) -> None:
    first, second = published(name="a-satu"), published(name="b-dua")
    assert app.get(f"{BASE}/package_list").json["result"] == ["a-satu", "b-dua"]
    assert app.get(f"{BASE}/package_list?offset=1&limit=1").json["result"] == ["b-dua"]
    move(first["id"], "tarik", factories.Sysadmin(), reason="Salah.")
    assert app.get(f"{BASE}/package_list").json["result"] == [second["name"]]
