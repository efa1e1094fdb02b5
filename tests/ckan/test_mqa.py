"""The points of a dataset: of a draft for whoever makes it, of what is public for everybody."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.lib import search
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from test_revision import OLD, upload
from test_versions import release
from workflow_cast import Cast, Data, assemble, call

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.usefixtures("clean_db", "clean_index"),
]


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def browse(app: Any, cast: Cast) -> Callable[..., Any]:
    """Return the page of points as a person of the cast sees it, or somebody without an account."""
    def asked(name: str, page: str = "nilai-metadata", who: str = "") -> Any:
        browser = app.test_client()
        if who:
            with browser.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
                session["_user_id"], session["_fresh"] = cast.people[who]["id"], True
        return browser.get(page if page.startswith("/") else f"/dataset/{name}/{page}")

    return asked


def lost(score: Data) -> dict[str, float]:
    return {each["code"]: each["possible"] - each["had"] for each in score["metrics"]
            if each["had"] < each["possible"]}


def test_a_draft_leads_to_the_fields_that_give_more(cast: Cast, browse: Callable[..., Any]) -> None:
    draft = call("package_create", cast.produsen, owner_org=cast.opd, title="Kunjungan",
                 resources=[{"url": "https://a.id/x.csv", "format": "CSV", "name": "Tabel"}])
    score = call("satudata_mqa_show", cast.produsen, id=draft["id"])
    assert not score["public"]
    missing = {each["field"]: each["points"] for each in score["advice"]
               if each["kind"] == "tambah"}
    assert {"tag_string": 30, "temporal_coverage": 20, "size": 5}.items() <= missing.items()
    assert score["unknown"] == 80  # nobody asks whether https://a.id answers
    assert score["total"] == 405 - sum(missing.values()) - 80
    # Each leads to a field that is there.
    page = BeautifulSoup(browse(draft["name"], "nilai-metadata", "produsen").text, "html.parser")
    links = [each["href"] for each in page.select(".nm-item a")]
    assert len(links) == len(missing)
    for link in links:
        where, _, anchor = link.partition("#")
        form = browse(draft["name"], where, "produsen")
        assert form.status_code == 200
        if anchor:  # the file itself has none
            assert BeautifulSoup(form.text, "html.parser").select(f"#{anchor}"), link
    # A draft is told to nobody else.
    with pytest.raises(tk.NotAuthorized):
        call("satudata_mqa_show", None, id=draft["id"])
    assert browse(draft["name"]).status_code == 404


def test_what_is_public_has_its_points_for_everybody(
    cast: Cast, browse: Callable[..., Any]
) -> None:
    draft = cast.make(title="Kunjungan 2025", urusan=["1.02"], tag_string="puskesmas",
                      kode_wilayah=["36.04"], license_id="cc-by-4.0", access_rights="terbuka",
                      resources=[])
    call("resource_create", cast.produsen, package_id=draft["id"], name="Tabel", format="CSV",
         upload=upload(OLD, "kunjungan.csv"))
    before = call("satudata_mqa_show", cast.produsen, id=draft["id"])
    assert (before["total"], before["unknown"]) == (325, 80)
    release(cast, draft["id"])
    score = call("satudata_mqa_show", None, id=draft["name"])
    assert lost(score) == {}
    assert (score["total"], score["rating"], score["advice"]) == (405, "excellent", [])
    answer = browse(draft["name"])
    assert answer.status_code == 200
    assert "405" in BeautifulSoup(answer.text, "html.parser").select_one(".nm-figure b").text
    assert call("satudata_mqa_show", cast.produsen, id=draft["id"])["total"] == 405
    # In whatever language somebody looks: harvesters read one. Without the index CKAN makes the
    # addresses of files for who asks.
    search.clear(draft["id"])
    english = browse(draft["name"], f"/en/dataset/{draft['name']}/nilai-metadata")
    assert "405" in BeautifulSoup(english.text, "html.parser").select_one(".nm-figure b").text


def test_only_datasets_are_judged(cast: Cast) -> None:
    activity = call("package_create", cast.produsen, type="kegiatan", title="Kompilasi",
                    name="kompilasi", owner_org=cast.opd)
    with pytest.raises(tk.ValidationError):
        call("satudata_mqa_show", cast.produsen, id=activity["id"])
    for wrong in ([], {}, "x" * 300):
        with pytest.raises(tk.ValidationError):
            call("satudata_mqa_show", cast.produsen, id=wrong)
    with pytest.raises(tk.ObjectNotFound):
        call("satudata_mqa_show", cast.produsen, id="tidak-ada")


def test_who_watches_over_all_sees_what_is_lowest(cast: Cast, browse: Callable[..., Any]) -> None:
    draft = cast.make(title="Kunjungan 2025")  # its file lies elsewhere: of no known size
    release(cast, draft["id"])
    own = call("satudata_mqa_show", None, id=draft["id"])
    assert (own["total"], own["unknown"]) == (320, 80)
    redis = connect_to_redis()
    for key in redis.scan_iter(f"ckan:{tk.config['ckan.site_id']}:satudata:mqa:*"):
        redis.delete(key)
    for _ in ("judged", "remembered"):
        found = call("satudata_mqa_list", cast.walidata)
        assert (found["judged"], found["waiting"]) == (1, 0)
        assert (found["average"], found["unknown"]) == (320, 80)
        assert [each["had"] for each in found["dimensions"]] == [
            each["had"] for each in own["dimensions"]]
        assert [(each["id"], each["datasets"]) for each in found["organizations"]] == [
            (cast.opd, 1)]
        assert [(each["id"], each["lacking"]) for each in found["lowest"]] == [
            (draft["id"], 5)]
    page = browse("", "/nilai-metadata", "walidata")
    assert page.status_code == 200
    assert "Kunjungan 2025" in page.text
    for who in (cast.produsen, None):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_mqa_list", who)
    assert browse("", "/nilai-metadata", "produsen").status_code == 403
    assert browse("", "/nilai-metadata").status_code in (302, 403)
