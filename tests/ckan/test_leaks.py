"""Nothing of what is not published shows, to anybody it is not meant for, in any way.

No way shows it, no name that is taken answers as one, no count tells of it, no cache keeps it and
no reindex opens it. All look at one portal (``leak_portal``), which is made once.
"""
from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import ckan.model as model
import pytest
from ckan import plugins as p
from ckan.lib import search
from ckan.plugins import toolkit as tk
from leak_portal import BESIDE, EYES, HIDDEN, PUBLISHED, SETTINGS, eye, portal
from leak_ways import DATASETS, HANDED_IN, PAGES, WAYS, Way
from leak_world import PUBLIC, Data, World

from ckanext.satudata.pages.figures import home


@pytest.fixture(scope="module")
def world(
    reset_db_with_plugins: Any, reset_index: Any, reset_datastore: Any
) -> Iterator[World]:
    """The portal, made once for this file."""
    names = tk.config["ckan.plugins"]
    tk.config["ckan.plugins"] = [*(names.split() if isinstance(names, str) else names), "text_view"]
    tk.config.update(SETTINGS)
    p.load_all()
    reset_db_with_plugins()
    reset_index()
    reset_datastore()
    yield portal()
    model.Session.remove()
    p.unload_all()


@pytest.fixture(autouse=True)
def settings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set again what CKAN puts back before each test."""
    for key, value in SETTINGS.items():
        monkeypatch.setitem(tk.config, key, value)


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_unpublished_data_shows_nothing(world: World, way: Way, who: str) -> None:
    if way.signed_in and who == "anonymous":
        who = "stranger"
    shown = {}
    answer = ""
    for mark, state in HIDDEN.items():
        record = world.records[mark]
        if mark in BESIDE and record.mark not in way.needle(record):
            continue  # what is public beside it may be told
        if way.of_record or not answer:
            answer = way.look(world, record, eye(world, who))
        assert not answer.startswith("500"), answer
        if way.needle(record).lower() in answer.lower():
            place = answer.lower().index(way.needle(record).lower())
            shown[state] = answer[max(0, place - 300):place + 100]
    assert shown == {}
    if way.open:
        record = world.records[PUBLIC]
        assert way.needle(record).lower() in way.look(world, record, eye(world, who)).lower()


@pytest.mark.parametrize("way", [way for way in WAYS if way.members], ids=lambda way: way.name)
@pytest.mark.parametrize("who", ["author", "walidata"])
def test_its_opd_and_the_walidata_see_it(world: World, way: Way, who: str) -> None:
    if way.opd_only and who == "walidata":
        who = "author"
    record = world.records["zqperiksa"]
    assert way.needle(record).lower() in way.look(world, record, eye(world, who)).lower()


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("way", HANDED_IN, ids=lambda way: way.name)
def test_what_was_handed_in_for_public_data_is_for_nobody_outside(
    world: World, way: Way, who: str
) -> None:
    answer = way.look(world, world.records[PUBLIC], eye(world, who))
    assert answer[:3] in ("302", "403", "404")
    for word in ("kiriman", "tautan", "rekap", "desa"):
        assert f"{PUBLIC} {word}" not in answer


# ----- names: what is taken by hidden data answers as what nobody has

NOBODY = "zqtiada"
#: Action -> parameter that names a dataset.
NAMED: dict[str, str] = {
    "package_show": "id",
    "package_activity_list": "id",
    "package_relationships_list": "id",
    "dataset_follower_count": "id",
    "am_following_dataset": "id",
    "satudata_completeness_show": "id",
    "satudata_dataset_copy": "id",
    "satudata_submission_show": "id",
    "satudata_submission_timeline": "id",
    "satudata_intake_list": "id",
    "satudata_intake_create": "id",
    "satudata_upload_link_list": "id",
    "satudata_recap_list": "id",
    "satudata_grid_show": "id",
    "satudata_template_create": "id",
    "harvest_source_show": "id",
    "harvest_object_show": "dataset_id",
}
NAMED_PAGES = ("/dataset/{}", "/dataset/activity/{}", "/dataset/groups/{}", "/dataset/{}.ttl",
         "/dataset/{}.jsonld", "/dataset/salin/{}", "/dataset/harvest_object/{}", "/pengajuan/{}",
         "/dataset/followers/{}", "/datastore/dump/{}", "/dataset/{}/setoran", "/dataset/{}/tautan",
         "/dataset/{}/rekap", "/dataset/{}/rekap/baru", "/dataset/{}/tempel", "/dataset/{}/petak",
         "/dataset/{}/templat.xlsx", "/kirim/{}", "/kirim/{}/ajukan")


def answer(raw: str, name: str) -> str:
    """Return a raw answer without what differs from one request to the next, and the name."""
    status, _headers, body = raw.split("\n", 2)[0], None, raw.split("\r\n\r\n", 1)[-1]
    body = re.sub(r'(csrf_token"? (content|value)=)"[^"]+"', r"\1", body)
    return f"{status}\n{body.replace(name, NOBODY)}"


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("action", sorted(NAMED))
def test_an_action_does_not_tell_that_a_name_is_taken(
    world: World, action: str, who: str
) -> None:
    user = eye(world, who)
    none = answer(world.api(action, user, **{NAMED[action]: f"{NOBODY}-nama"}), NOBODY)
    for mark in HIDDEN:
        if mark.startswith("zqrevisi"):  # its name is a UUID
            continue
        told = answer(world.api(action, user, **{NAMED[action]: f"{mark}-nama"}), mark)
        assert told == none, mark


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("action", ["datastore_search", "datastore_info"])
def test_an_action_does_not_tell_that_an_alias_is_taken(
    world: World, action: str, who: str
) -> None:
    user = eye(world, who)
    none = answer(world.api(action, user, resource_id=f"{NOBODY}_alias"), NOBODY)
    for mark, record in world.records.items():
        told = answer(world.api(action, user, resource_id=record.alias), record.mark)
        assert (told == none) == (mark != PUBLIC), mark


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("path", NAMED_PAGES)
def test_a_page_does_not_tell_that_a_name_is_taken(world: World, path: str, who: str) -> None:
    user = eye(world, who)
    none = answer(world.get(path.format(f"{NOBODY}-nama"), user), NOBODY)
    for mark in HIDDEN:
        if not mark.startswith("zqrevisi"):
            assert answer(world.get(path.format(f"{mark}-nama"), user), mark) == none, mark


def test_a_taken_name_is_refused_without_telling_whose_it_is(world: World) -> None:
    """That it is taken, an editor is told: two datasets cannot share an address. No more."""
    said: set[str] = set()
    for mark in (PUBLIC, *HIDDEN):
        if mark in BESIDE | {"zqrevisi", "zqhapus"}:  # a UUID; free again
            continue
        raw = world.api("package_create", world.stranger, name=f"{mark}-nama", title="Apa saja",
                        owner_org=world.other["id"])
        errors = _errors(raw)
        assert set(errors) == {"name"}
        said.add(str(errors["name"]))
    assert len(said) == 1
    assert "zq" not in said.pop()


def test_a_stranger_can_follow_nothing_hidden(world: World) -> None:
    none = answer(world.api("follow_dataset", world.stranger, id=f"{NOBODY}-nama"), NOBODY)
    for mark, record in world.records.items():
        if mark != PUBLIC and mark not in BESIDE:
            assert world.api("follow_dataset", world.stranger, id=record.id)[:3] in ("403", "404")
        if mark in HIDDEN and not mark.startswith("zqrevisi"):
            assert none == answer(
                world.api("follow_dataset", world.stranger, id=f"{mark}-nama"), mark)


def _errors(raw: str) -> Data:
    found: dict[str, Any] = json.loads(raw.split("\r\n\r\n", 1)[-1])
    return {key: value for key, value in found["error"].items() if not key.startswith("__")}


# ----- counts, caches and the index

Count = Callable[[World, "Data | None"], Any]


def _of(action: str, pick: Callable[[Any], Any], /, **data: Any) -> Count:
    return lambda world, user: pick(world.result(action, user, **data))


def _named(found: Any, name: str = "opd-pemilik") -> Any:
    return next(each for each in found if each["name"] == name)["package_count"]


#: What counts datasets of the OPD with two public ones and a dozen hidden.
COUNTS: dict[str, Count] = {
    "package_search": _of("package_search", lambda r: r["count"], include_private=True,
                          include_drafts=True, fq="owner_org:*"),
    "package_search facet": _of(
        "package_search", lambda r: r["search_facets"]["organization"]["items"][0]["count"],
        **{"facet.field": ["organization"]}, include_private=True),
    "package_list": _of("package_list", lambda r: len(set(r) - {"sumber"})),
    "resource_search": _of("resource_search", lambda r: r["count"], query="name:berkas"),
    "organization_show": _of("organization_show", lambda r: r["package_count"], id="opd-pemilik"),
    "organization_show datasets": _of(
        "organization_show", lambda r: len(r["packages"]), id="opd-pemilik",
        include_datasets=True),
    "group_show": _of("group_show", lambda r: r["package_count"], id="tema"),
    "organization_list": _of("organization_list", _named, all_fields=True),
    "organization_list sorted": _of("organization_list", _named, all_fields=True,
                                    sort="package_count"),
    "group_list": _of("group_list", lambda r: _named(r, "tema"), all_fields=True),
    "group_list sorted": _of("group_list", lambda r: _named(r, "tema"), all_fields=True,
                             sort="package_count desc"),
    "organization_list_for_user": _of(
        "organization_list_for_user", _named, id="penulis", permission="read",
        include_dataset_count=True),
    "member_list": _of("member_list", len, id="opd-pemilik", object_type="package"),
    "user_show": _of("user_show", lambda r: r["number_created_packages"], id="penulis"),
    "user_list": _of("user_list", lambda r: next(
        each for each in r if each["name"] == "penulis")["number_created_packages"]),
    "/dataset": lambda world, user: int(re.findall(
        r"(\d+) dataset", world.get("/dataset/", user))[0]),
    "/catalog.ttl": lambda world, user: world.get("/catalog.ttl", user).count(" a dcat:Dataset"),
}


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_count_tells_only_what_is_public(world: World, name: str, who: str) -> None:
    assert COUNTS[name](world, eye(world, who)) == len(PUBLISHED)


def test_home_counts_what_is_public(world: World) -> None:
    with world.app.flask_app.test_request_context():
        assert home(dt.date(2026, 1, 1))["datasets"] == len(PUBLISHED)


def test_an_organization_with_nothing_public_does_not_show_by_its_count(world: World) -> None:
    assert "opd-diam" in world.result("organization_list")
    for order in ("package_count", "package_count asc", "packages"):
        for who in EYES:
            assert set(world.result("organization_list", eye(world, who), sort=order)) == {
                "opd-pemilik", "kominfo"}  # kominfo has the source
    assert "opd-diam" in world.result("organization_list", world.author, sort="package_count")


@pytest.mark.parametrize("who", ["author", "walidata"])
def test_a_cache_keeps_nothing_somebody_signed_in_was_shown(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckan.cache_expires", 3600)
    user, record = getattr(world, who), world.records["zqperiksa"]
    for raw in (
        world.api("package_show", user, id=record.id),
        world.get(f"/api/action/package_show?id={record.id}", user),
        world.get(record.download, user),
        world.get(f"/datastore/dump/{record.file['id']}", user),
        world.get(f"/dataset/{record.id}.ttl", user),
        world.get(f"/dataset/{record.package['name']}", user),
    ):
        assert raw.startswith("200")
        kept = re.findall(r"(?im)^cache-control: *(.*?)\r?$", raw)
        assert kept and all("public" not in each for each in kept), raw[:300]
        assert any("private" in each or "no-store" in each for each in kept), raw[:300]


def test_a_full_reindex_opens_nothing(world: World) -> None:
    search.rebuild(force=True, clear=True, quiet=True)
    search.commit()
    searched = [way for way in WAYS if way.name.startswith(("package_search", "package_auto"))]
    for way, who in product((*searched, *DATASETS[:5], *PAGES[:4]), EYES):
        answer = ""
        for mark in HIDDEN:
            record = world.records[mark]
            if way.of_record or not answer:
                answer = way.look(world, record, eye(world, who)).lower()
            assert way.needle(record) not in answer
    assert PUBLIC in world.get("/dataset/")
