"""Counts are of what is public; caches keep nothing that is not; a full reindex opens nothing."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from ckan.lib import search
from ckan.plugins import toolkit as tk
from leak_ways import DATASETS, PAGES, WAYS
from leak_world import PUBLIC, Data, World
from test_leaks import EYES, HIDDEN, PUBLISHED, eye, settings, world

from ckanext.satudata.pages.figures import home

__all__ = ["settings", "world"]  # the same portal, made anew for this file

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
    for way in (*searched, *DATASETS[:5], *PAGES[:4]):
        for who in EYES:
            for mark in HIDDEN:
                record = world.records[mark]
                assert way.needle(record) not in way.look(world, record, eye(world, who)).lower()
    assert PUBLIC in world.get("/dataset/")
