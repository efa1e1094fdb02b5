"""Ways to look at restricted data beside those of ``leak_ways.py``: versions, addresses, SQL."""
from __future__ import annotations

import json
from collections.abc import Callable

from leak_ways import VERSIONS, Way, _action, _page
from leak_ways import WAYS as LEAK_WAYS
from leak_world import Data, Record, World

#: In the bytes and the rows of a restricted file, and nowhere else.
SECRET = "zqrahasia"
#: In the address of a restricted file that lies elsewhere.
HOST = "zqalamat"
ELSEWHERE = f"https://{HOST}.example.org/penerima.csv"


def _link(record: Record) -> str:
    return record.package["resources"][-1]["id"]


def _of(path: str) -> Callable[[World, Record], str]:
    return lambda world, record: path.format(
        id=record.id, file=record.file["id"], link=_link(record), alias=f"{record.mark}_rahasia",
        view=record.view["id"])


def _ajax(world: World, record: Record, user: Data | None) -> str:
    answer = world.app.post(
        f"/datatables/ajax/{record.view['id']}", data={
            "draw": 1, "start": 0, "length": 10, "search[value]": ""},
        headers={"Authorization": user["token"]} if user else {})
    return f"{answer.status_code}\n{answer.get_data(as_text=True)}"


def _filtered(world: World, record: Record, user: Data | None) -> str:
    answer = world.app.post(
        f"/datatables/filtered-download/{record.view['id']}",
        data={"params": json.dumps({"visible": [True, True], "order": [], "columns": [],
                                    "search": {"value": ""}}), "format": "csv"},
        headers={"Authorization": user["token"]} if user else {})
    return f"{answer.status_code}\n{answer.get_data(as_text=True)}"


def _old_files(world: World, record: Record, user: Data | None) -> str:
    found = []
    for number in (1, 2):
        for each in record.package["resources"]:
            start = f"/dataset/{record.id}/versi/{number}/berkas/{each['id']}"
            for end in ("", "/penerima.csv", f"/{each['url'].rsplit('/', 1)[-1]}"):
                found.append(world.get(start + end, user))
    return "\n".join(found)




EXTRA = [
    _page(_of("/dataset/{id}/resource/{link}/berkas"), "berkas"),
    _page(_of("/dataset/{id}/resource/{link}/download"), "download of a link"),
    _page(_of("/dataset/{id}/resource/{link}/download/x.csv"), "download of a link by name"),
    _page(_of("/dataset/{id}/resource/{file}/download"), "download without name"),
    _page(_of("/kegiatan/{id}/resource/{file}/download/x.csv"), "download as a kegiatan"),
    _page(_of("/indikator/{id}/resource/{file}/download/x.csv"), "download as an indikator"),
    _page(_of("/harvest/{id}/resource/{file}/download/x.csv"), "download as a source"),
    _page(_of("/en/dataset/{id}/resource/{file}/download/x.csv"), "download in English"),
    _page(_of("/dataset/{id}/resource/{file}/proxy"), "proxy"),
    _page(_of("/dataset/{id}/resource/{link}/proxy"), "proxy of a link"),
    _page(_of("/dataset/{id}/resource/{file}"), "page of the file"),
    _page(_of("/dataset/{id}/resource/{link}"), "page of the link"),
    _page(_of("/dataset/{id}/resource/{file}/view/{view}"), "view"),
    _page(_of("/dataset/{id}/resource/{file}/view"), "views"),
    _page(_of("/datastore/dump/{alias}"), "dump by alias"),
    *(_page(_of("/datastore/dump/{file}?format=" + form), f"dump {form}")
      for form in ("csv", "tsv", "json", "xml")),
    _page(_of("/datastore/api_info/{file}"), "api_info"),
    _action("datastore_search", "rows by alias",
            resource_id=lambda world, record: f"{record.mark}_rahasia"),
    _action("datastore_search", "rows as csv", records_format="csv",
            resource_id=lambda world, record: record.file["id"]),
    _action("datastore_search", "distinct", fields=["nama"], distinct=True,
            resource_id=lambda world, record: record.file["id"]),
    _action("datastore_info", "info by alias", id=lambda world, record: f"{record.mark}_rahasia"),
    _action("datastore_search_sql", "sql", sql=_of('SELECT * FROM "{file}"')),
    _action("datastore_search_sql", "sql by alias", sql=_of('SELECT * FROM "{alias}"')),
    _action("datastore_search_sql", "sql below", sql=_of(
        'SELECT (SELECT string_agg(nama, \',\') FROM "{file}") AS x')),
    Way("datatables", _ajax), Way("datatables download", _filtered),
    *(_action("resource_search", f"resource_search url {text}", query=f"url:{text}")
      for text in (HOST, "example.org")),
    _action("resource_search", "resource_search access_url", query=f"access_url:{HOST}"),
    *(_action("package_search", f"search {query}", rows=100, **{"q": query})
      for query in (f"res_url:*{HOST}*", HOST, f"text:{HOST}")),
    _action("package_search", "facets of addresses", rows=0,
            **{"facet.field": ["res_url", "res_extras_access_url"], "facet.limit": -1}),
    _action("resource_show", "resource_show of the link", id=lambda world, record: _link(record)),
    *(_action(name, name, id=lambda world, record: record.id, **more) for name, more in (
        ("satudata_mqa_show", {}),
        ("satudata_version_list", {}), ("satudata_version_show", {"number": 1}),
        ("satudata_version_show", {"number": 2}),
        ("satudata_version_diff", {"from": 1, "to": 2}))),
    _page(_of("/dataset/{id}/versi"), "versi"), _page(_of("/dataset/{id}/versi/1"), "versi 1"),
    _page(_of("/dataset/{id}/versi/1/banding/2"), "banding"),
    _page(_of("/dataset/{id}/versi/1/banding/2/{file}.csv"), "banding csv"),
    Way("files of versions", _old_files),
    *(_page(_of(f"/dataset/{{id}}/{form}"), form) for form in (
        "datapackage.json", "datapackage.zip", "croissant.json", "sitasi.json")),
    _action("satudata_citation_show", way="satudata_citation_show",
            id=lambda world, record: record.id),
    _page("/akses", "akses"), _page("/akses/unduhan.csv", "log"),
    _action("satudata_download_list", way="satudata_download_list"),
    _action("satudata_access_grant_list", way="satudata_access_grant_list"),
]

#: Those of old versions are among ours, with addresses of the files.
WAYS = [*(each for each in LEAK_WAYS if each not in VERSIONS), *EXTRA]
