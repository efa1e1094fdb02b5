"""Every way to look at a portal that could show what is not published.

A way looks as somebody and returns the raw answer: status, headers and body. On a public dataset
it must show the mark (or it would prove nothing), on an unpublished one it must not.
"""
from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ckan.model as model
from ckanext.activity.model import Activity
from leak_world import COMMON, Data, Record, World

Look = Callable[[World, Record, "Data | None"], str]

FACETS = ["tags", "res_format", "organization", "groups", "title", "name", "notes", "satuan",
          "res_name", "res_description", "owner_org", "author", "text"]


def mark(record: Record) -> str:
    return record.mark


@dataclass(frozen=True)
class Way:
    """One way to look.

    :param needle: what of a dataset the answer would hold
    :param members: members of the owning OPD see their own unpublished data this way
    :param signed_in: only a signed-in user can look this way
    :param opd_only: of the members, only those of the OPD
    :param open: shows public data at all; a way that never does is only tried
    :param of_record: asks for one dataset; otherwise one look shows what there is of all
    """

    name: str
    look: Look
    needle: Callable[[Record], str] = mark
    members: bool = False
    opd_only: bool = False
    signed_in: bool = False
    open: bool = True
    of_record: bool = True


def _action(name: str, /, way: str = "", **fixed: Any) -> Way:
    """An action of the API; a callable among the parameters is asked with world and record."""
    options = {key: fixed.pop(key) for key in ("needle", "members", "opd_only", "signed_in", "open")
               if key in fixed}

    def look(world: World, record: Record, user: Data | None) -> str:
        data = {key: value(world, record) if callable(value) else value
                for key, value in fixed.items()}
        return world.api(name, user, **data)

    return Way(way or name, look, of_record=any(map(callable, fixed.values())), **options)


def _page(path: str | Callable[[World, Record], str], name: str = "", **options: Any) -> Way:
    def look(world: World, record: Record, user: Data | None) -> str:
        return world.get(path if isinstance(path, str) else path(world, record), user)

    return Way(name or str(path), look, of_record=callable(path), **options)


def _activities(look: Callable[[World, str, Data | None], str]) -> Look:
    """Look at each activity a dataset ever had."""

    def every(world: World, record: Record, user: Data | None) -> str:
        ids = [each for (each,) in model.Session.query(Activity.id).filter(
            Activity.object_id == record.id).order_by(Activity.timestamp)]
        assert ids, f"{record.mark} has no activity to look at"
        return "\n".join(look(world, each, user) for each in ids)

    return every


def _pk(world: World, record: Record) -> str:
    return record.id


def _file(world: World, record: Record) -> str:
    return record.file["id"]


def _tag(world: World, record: Record) -> str:
    return next(tag["id"] for tag in record.package["tags"] if record.mark in tag["name"])


def _harvested(record: Record) -> str:
    return record.harvested


def _identifier(record: Record) -> str:
    return record.id


_SEARCHES: dict[str, Data] = {
    "q": {"q": COMMON, "rows": 100},
    "everything": {"q": "*:*", "rows": 100},
    "include": {"q": COMMON, "rows": 100, "include_private": True, "include_drafts": True,
                "include_deleted": True},
    "title": {"q": "title:zq*", "rows": 100, "include_private": True},
    "name": {"q": "name:zq*"},
    "fq private": {"fq": "capacity:public OR capacity:private", "rows": 100},
    "fq state": {"fq": "+state:(active OR draft OR deleted)", "include_private": True},
    "fq labels": {"fq": "permission_labels:*", "include_private": True},
    "fq_list": {"fq_list": ["capacity:*", "state:*"], "include_private": True, "rows": 100},
    "fq escape": {"fq": "capacity:private) OR (*:*", "include_private": True},
    "fl": {"q": COMMON, "rows": 100, "fl": ["id", "name", "title", "tags", "permission_labels"],
           "include_private": True},
    "facets": {"q": "*:*", "rows": 0, "facet.field": FACETS, "facet.limit": -1,
               "include_private": True, "include_drafts": True},
    "default schema": {"q": COMMON, "rows": 100, "use_default_schema": True,
                       "include_private": True},
}

DATASETS = [
    _action("package_show", id=_pk, members=True),
    _action("package_show", "package_show default schema", id=_pk, use_default_schema=True,
            members=True),
    _action("package_list", way="package_list"),
    _action("current_package_list_with_resources", limit=100),
    _action("package_autocomplete", q="zq", limit=100, members=True),
    _action("package_autocomplete", "package_autocomplete title", q="judul", limit=100,
            members=True),
    *(_action("package_search", f"package_search {name}", **query, open="escape" not in name,
              members="include" in name or name in {"title", "fl", "facets", "fq_list"})
      for name, query in _SEARCHES.items()),
    _action("resource_show", id=_file, members=True),
    *(_action("resource_search", f"resource_search {name}", query=f"{name}:zq")
      for name in ("name", "format", "description", "url")),
    _action("resource_view_list", id=_file, members=True),
    _action("resource_view_show", id=lambda world, record: record.view["id"], members=True),
    _action("package_relationships_list", id=lambda world, record: world.anchor.id),
    _action("package_show", "package_show of a related dataset", open=False,
            id=lambda world, record: world.anchor.id),
    _action("package_search", "package_search of a related dataset", open=False, q="jangkar"),
    _action("satudata_completeness_show", id=_pk, needle=lambda record: '"percent"',
            members=True),
    _action("satudata_mqa_show", id=_pk, needle=lambda record: '"best_file"',
            members=True),
    _action("satudata_dataset_copy", id=_pk, open=False),
    _action("dataset_follower_count", id=_pk, needle=lambda record: '"success": true',
            members=True),
    _action("member_list", id="opd-pemilik", object_type="package", needle=_identifier,
            members=True),
    _action("member_list", "member_list group", id="tema", needle=_identifier, members=True),
    _action("dcat_dataset_show", id=_pk, format="ttl", members=True),
    _action("dcat_catalog_show", format="ttl"),
    _action("dcat_catalog_search", q=COMMON),
    _action("status_show", way="status_show", open=False),
    _action("task_status_show", entity_id=_file, task_type="datapusher", key="datapusher",
            members=True),
    _action("file_owner_scan", owner_type="resource", owner_id=_file, open=False),
    _action("file_owner_scan", "file_owner_scan dataset", owner_type="package", owner_id=_pk,
            open=False),
]

WORDS = [
    _action("tag_list", way="tag_list", members=True),
    _action("tag_list", "tag_list query", query="zq", members=True),
    _action("tag_list", "tag_list all_fields", all_fields=True, members=True),
    _action("tag_search", query="zq", members=True),
    _action("tag_search", "tag_search fields", fields={"tags": "zq"}, members=True),
    _action("tag_autocomplete", query="zq", members=True),
    _action("tag_show", id=_tag, members=True),
    _action("tag_show", "tag_show datasets", id=_tag, include_datasets=True, members=True),
    _action("format_autocomplete", q="zq", limit=100, members=True),
    _action("vocabulary_list", way="vocabulary_list", open=False),
    _page("/api/2/util/dataset/autocomplete?incomplete=zq&limit=100", members=True),
    _page("/api/2/util/tag/autocomplete?incomplete=zq", members=True),
    _page("/api/2/util/resource/format_autocomplete?incomplete=zq"),
]

TABLES = [
    _action("datastore_search", resource_id=_file, members=True),
    _action("datastore_search", "datastore_search q", resource_id=_file, q="nilai", members=True),
    _action("datastore_search", "datastore_search _table_metadata", resource_id="_table_metadata",
            limit=1000, open=False),
    _action("datastore_search", "datastore_search the other tables", open=False,
            resource_id="pg_class"),
    _action("datastore_info", id=_file, members=True),
    _action("datastore_info", "datastore_info include_meta", resource_id=_file, members=True,
            include_meta=True),
    _page(lambda world, record: f"/datastore/dump/{record.file['id']}", "/datastore/dump/ID",
          members=True),
    _page("/datastore/dump/_table_metadata", open=False),
    _page(lambda world, record: f"/datastore/dump/{record.file['id']}?format=json",
          "/datastore/dump/ID json", members=True),
    _page(lambda world, record: f"/dataset/{record.id}/dictionary/{record.file['id']}",
          "/dataset/ID/dictionary/ID", open=False),
]


def _history(world: World, record: Record, activity: str) -> str:
    return f"/dataset/{record.id}/resources/{record.file['id']}/history/{activity}"


def _with_each(path: Callable[[World, Record, str], str]) -> Look:
    def look(world: World, record: Record, user: Data | None) -> str:
        return _activities(
            lambda world, each, user: world.get(path(world, record, each), user)
        )(world, record, user)

    return look


ACTIVITIES = [
    _action("package_activity_list", id=_pk, members=True),
    _action("user_activity_list", id="penulis", limit=100, members=True, open=False),
    _action("user_activity_list", "user_activity_list of who approved", id="wali", limit=100),
    _action("organization_activity_list", id="opd-pemilik", limit=100),
    _action("group_activity_list", id="tema", limit=100),
    _action("recently_changed_packages_activity_list", limit=100, members=True),
    _action("dashboard_activity_list", limit=100, signed_in=True),
    Way("activity_show", _activities(lambda world, each, user: world.api(
        "activity_show", user, id=each, include_data=False)), members=True),
    Way("activity_show data", _activities(lambda world, each, user: world.api(
        "activity_show", user, id=each, include_data=True)), members=True),
    Way("activity_data_show", _activities(lambda world, each, user: world.api(
        "activity_data_show", user, id=each)), members=True),
    Way("activity_diff", _activities(lambda world, each, user: world.api(
        "activity_diff", user, id=each, object_type="package")), members=True),
    _page(lambda world, record: f"/dataset/activity/{record.id}", "/dataset/activity/ID"),
    Way("/dataset/ID/history/ACTIVITY",
        _with_each(lambda world, record, each: f"/dataset/{record.id}/history/{each}")),
    Way("/dataset/ID/resources/ID/history/ACTIVITY", _with_each(_history)),
    Way("/dataset/changes/ACTIVITY",
        _with_each(lambda world, record, each: f"/dataset/changes/{each}")),
    _page("/user/activity/penulis", open=False),
    _page("/user/activity/wali"),
    _page("/organization/activity/opd-pemilik"),
    _page("/group/activity/tema"),
    _page("/dashboard/", signed_in=True),
    _action("followee_list", id="orang-lain", signed_in=True),
    _action("dataset_followee_list", id="orang-lain", signed_in=True),
]

PAGES = [
    _page("/"),
    _page("/dataset/"),
    _page(f"/dataset/?q={COMMON}"),
    _page(f"/dataset/?q={COMMON}&include_private=true&ext_include_private=true", open=False),
    _page(lambda world, record: f"/dataset/{record.package['name']}", "/dataset/NAME",
          needle=lambda record: f"{record.mark} judul"),
    _page(lambda world, record: f"/dataset/{record.package['name']}/resource/{record.file['id']}",
          "/dataset/NAME/resource/ID", needle=lambda record: f"{record.mark} berkas"),
    _page(lambda world, record:
          f"/dataset/{record.id}/resource/{record.file['id']}/view/{record.view['id']}",
          "/dataset/ID/resource/ID/view/ID", needle=lambda record: f"{record.mark} nilai",
          open=False),
    _page(lambda world, record: record.download, "the file", members=True),
    _page(lambda world, record:
          f"/file/public-download/resources/sha256/{record.file['sha256'][:2]}/"
          f"{record.file['sha256'][2:4]}/{record.file['sha256']}",
          "the file by its hash", open=False),
    _page(lambda world, record: f"/dataset/groups/{record.id}", "/dataset/groups/ID"),
    _page(lambda world, record: f"/dataset/followers/{record.id}", "/dataset/followers/ID",
          open=False),
    _page(lambda world, record: f"/dataset/salin/{record.id}", "/dataset/salin/ID", open=False),
    _page(lambda world, record: f"/dataset/edit/{record.id}", "/dataset/edit/ID", open=False),
    _page("/organization/", open=False),
    _page("/organization/opd-pemilik"),
    _page(f"/organization/opd-pemilik?q={COMMON}"),
    _page("/organization/about/opd-pemilik", open=False),
    _page("/group/tema"),
    _page("/group/", open=False),
    _page("/user/penulis", signed_in=True),
    _page("/dashboard/datasets", signed_in=True, open=False),
    _page("/kegiatan", open=False),
    _page("/sitemap.xml", open=False),
    _page("/robots.txt", open=False),
    *(_page(f"/feeds/{path}") for path in (
        "dataset.atom", "organization/opd-pemilik.atom", "group/tema.atom", f"tag/{COMMON}.atom",
        f"custom.atom?q={COMMON}")),
    *(_page(lambda world, record, form=form: f"/dataset/{record.id}.{form}", f"/dataset/ID.{form}",
            members=True)
      for form in ("ttl", "xml", "jsonld", "rdf", "n3")),
    _page(lambda world, record: f"/dataset/{record.id}.nt", "/dataset/ID.nt"),
]


def _unpacked(path: str) -> Way:
    def look(world: World, _record: Record, user: Data | None) -> str:
        answer = world.app.get(path, headers={"Authorization": user["token"]} if user else {})
        return f"{answer.status_code}\n{gzip.decompress(answer.get_data()).decode()}"

    return Way(path, look, of_record=False)


def _national(action: str) -> str:
    return f"/nasional/api/3/action/{action}"


#: What harvesters read, who have no account: whoever looks sees only what is public.
FEED = [
    *(_page(f"/catalog.{form}") for form in ("ttl", "xml", "jsonld", "n3", "nt", "rdf")),
    _page(f"/catalog.ttl?q={COMMON}"),
    _page("/catalog.ttl?q=title:zq*"),
    _page("/catalog.jsonld?fq=capacity:private", open=False),
    _page("/catalog.ttl?fq=capacity:public OR capacity:private OR state:draft"),
    _page("/catalog.ttl?fq=permission_labels:*", open=False),
    _page("/catalog.ttl?fq=capacity:private) OR (*:*", open=False),
    _page("/catalog.ttl?modified_since=2020-01-01"),
    _page("/catalog.ttl?after=0"),
    _page("/catalog.ttl?profiles=euro_dcat_ap_2"),
    _unpacked("/catalog.nt.gz"), _unpacked("/catalog.jsonl.gz"),
    *(_page(f"/catalog/changes?content={form}") for form in ("jsonld", "ttl", "nt")),
    _page("/catalog/changes", open=False), _page("/catalog/changes.jsonl", open=False),
    *(_page(f"/catalog/changes.{form}?page=1", open=False)
      for form in ("ttl", "xml", "jsonld", "nt")),
    *(_page(f"/catalog/latest.{form}?page=1") for form in ("trig", "jsonld")),
    _page("/data.json"),
    _page(_national("package_search?rows=100")),
    _page(_national(f"package_search?rows=100&q={COMMON}")),
    _page(_national("package_search?rows=100&q=title:zq*")),
    _page(_national("package_search?rows=100&fq=capacity:private"), open=False),
    _page(_national("package_search?rows=100&fq=metadata_modified:[2020-01-01T00:00:00Z TO *]")),
    _page(lambda world, record: _national(f"package_show?id={record.id}"), "nasional of an id"),
    _page(lambda world, record: _national(f"package_show?id={record.package['name']}"),
          "nasional of a name"),
    _page(_national("package_list"), needle=lambda record: record.package["name"]),
    _page(_national("organization_list?all_fields=true"), open=False),
    _page(_national("organization_show?id=opd-pemilik"), open=False),
    _page("/panduan/memanen", open=False),
]

GATHERINGS = [
    _action("organization_show", id="opd-pemilik", include_datasets=True, members=True,
            opd_only=True),
    _action("group_show", id="tema", include_datasets=True),
    _action("group_package_show", id="tema"),
    _action("organization_list", all_fields=True, include_datasets=True, open=False),
    _action("user_show", id="penulis", include_datasets=True, signed_in=True),
    _action("user_list", way="user_list", signed_in=True, open=False),
    _action("group_followee_list", id="orang-lain", signed_in=True),
    _action("organization_followee_list", id="orang-lain", signed_in=True),
    _action("harvest_object_show", id=lambda world, record: record.harvested, members=True),
    _action("harvest_object_show", "harvest_object_show dataset_id", dataset_id=_pk,
            members=True),
    _action("harvest_object_show", "harvest_object_show failed", open=False,
            id=lambda world, record: record.failed),
    _action("harvest_object_list", needle=_harvested, open=False),
    _action("harvest_object_list", "harvest_object_list source", needle=_harvested, open=False,
            source_id=lambda world, record: world.source["id"], only_current=True),
    _action("harvest_source_show", id="sumber", open=False),
    _action("harvest_source_show_status", open=False,
            id=lambda world, record: world.source["id"]),
    _action("harvest_source_list", return_last_job_status=True, open=False),
    _action("harvest_job_list", open=False, source_id=lambda world, record: world.source["id"]),
    _page(lambda world, record: f"/harvest/object/{record.harvested}", "/harvest/object/ID"),
    _page("/harvest/sumber", open=False),
    _page(lambda world, record: f"/dataset/harvest_object/{record.id}",
          "/harvest/object of a dataset", open=False),
]

def _way_of(record: Record) -> str:
    """Of a working copy the way of its public dataset is told, and nothing of the copy."""
    return record.id if record.mark == "zqrevisi" else '"transition"'


WORKFLOW = [
    _action("satudata_submission_show", id=_pk, needle=lambda record: f'"id": "{record.id}"',
            open=False),
    _action("satudata_submission_show", "satudata_submission_show title", id=_pk, open=False,
            members=True),
    _action("satudata_submission_list", limit=200, open=False, members=True),
    _action("satudata_submission_list", "satudata_submission_list q", q="judul", open=False,
            limit=200, members=True),
    _action("satudata_submission_timeline", id=_pk, needle=_way_of),
    _action("satudata_berita_acara_list", open=False),
    _action("satudata_notice_list", open=False),
    _page("/tugas", open=False),
    _page("/peran", open=False),
    _page("/pemberitahuan", open=False),
    _page("/berita-acara/baru", open=False),
    _page(lambda world, record: f"/pengajuan/{record.id}", "/pengajuan/ID", open=False,
          needle=lambda record: f"{record.mark} judul"),
]

def _version(end: str) -> Callable[[World, Record], str]:
    return lambda world, record: f"/dataset/{record.id}/versi{end.format(file=record.file['id'])}"


#: Old versions: those that were superseded stay open, those that were withdrawn do not.
VERSIONS = [
    _action("satudata_usage_show", id=_pk),
    _action("satudata_usage_list", id=_pk),
    _action("satudata_usage_list", "satudata_usage_list file", group="file"),
    _page("/pemakaian?opd=opd-pemilik&mulai="),
    _page("/pemakaian/berkas.csv?mulai="),
    _action("satudata_version_list", id=_pk),
    *(_action("satudata_version_show", f"satudata_version_show {number}", id=_pk, number=number)
      for number in (1, 2)),
    *(_action("satudata_version_diff", f"satudata_version_diff {old} {new}", id=_pk, open=False,
              **{"from": old, "to": new}) for old, new in ((1, 2), (1, "draf"), (2, "draf"))),
    _action("satudata_revision_start", id=_pk, open=False),
    _action("satudata_purge_show", id=_pk, open=False),
    _page(_version(""), "/dataset/ID/versi"),
    *(_page(_version(f"/{number}"), f"/dataset/ID/versi/{number}") for number in (1, 2)),
    *(_page(_version(f"/{number}/berkas/{{file}}/berkas.csv"),
            f"/dataset/ID/versi/{number}/berkas/ID/NAME") for number in (1, 2)),
    _page(_version("/1/kutip.bib"), "/dataset/ID/versi/1/kutip.bib"),
    _action("satudata_citation_show", id=_pk),
    *(_page(lambda world, record, form=form: f"/dataset/{record.id}/{form}",
            f"/dataset/ID/{form}") for form in (
        "datapackage.json", "datapackage.zip", "croissant.json", "sitasi.bib")),
    *(_page(_version(f"/1/banding/{new}"), f"/dataset/ID/versi/1/banding/{new}", open=False)
      for new in (2, "draf")),
    *(_page(_version(f"/1/banding/{new}/{{file}}.csv"),
            f"/dataset/ID/versi/1/banding/{new}/ID.csv", open=False) for new in (2, "draf")),
    _page(lambda world, record: f"/pengajuan/{record.id}/darurat", "/pengajuan/ID/darurat",
          open=False),
    _page(lambda world, record: f"/dataset/{record.id}/tarik-darurat",
          "/dataset/ID/tarik-darurat", open=False),
]


def _of(page: str) -> Way:
    """A page on which officers hand in, ask for and take data."""
    def path(_world: World, record: Record) -> str:
        return page.format(id=record.id, setoran=record.setoran, link=record.link,
                           recap=record.recap)

    return _page(path, page, open=False,
                 members=page.endswith(("/setoran", "{setoran}", "/tautan", "/rekap", "{recap}")))


#: What was handed in, of public data also, is for those who make that data.
HANDED_IN = [
    _action("satudata_intake_list", id=_pk, open=False, members=True),
    _action("satudata_intake_show", id=lambda world, record: record.setoran, open=False,
            members=True),
    _action("satudata_upload_link_list", id=_pk, open=False, members=True),
    _action("satudata_recap_list", id=_pk, open=False, members=True),
    _action("satudata_recap_show", id=lambda world, record: record.recap, open=False,
            members=True),
    _action("satudata_grid_show", id=_pk, open=False),
    _action("satudata_template_create", id=_pk, open=False),
    *map(_of, (
        "/dataset/{id}/setoran", "/dataset/{id}/setoran/{setoran}",
        "/dataset/{id}/setoran/{setoran}/berkas", "/dataset/{id}/tautan",
        "/dataset/{id}/tautan/{link}/qr.svg", "/dataset/{id}/rekap",
        "/dataset/{id}/rekap/baru", "/dataset/{id}/rekap/{recap}",
        "/dataset/{id}/rekap/{recap}/tautan.csv", "/dataset/{id}/rekap/{recap}/gabung",
        "/dataset/{id}/tempel", "/dataset/{id}/petak", "/dataset/{id}/templat.xlsx",
        "/kirim/{id}", "/kirim/{id}/ajukan", "/kirim/{id}/terkirim")),
]
HANDING_IN = [_page("/kirim", open=False), _page("/kirim?q=zq", open=False)]

WAYS = [*DATASETS, *WORDS, *TABLES, *ACTIVITIES, *PAGES, *FEED, *GATHERINGS, *WORKFLOW, *VERSIONS,
        *HANDED_IN, *HANDING_IN]
