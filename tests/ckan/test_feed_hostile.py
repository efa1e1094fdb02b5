"""Whatever is asked of the feed is answered in words or data: never a fault, never a secret."""
from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from ckan.lib.search.common import SolrConnectionError
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from publishing import COMPLETE, published

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

NATIONAL = "/nasional/api/3/action"
#: Addresses that take words, and the words they take.
SEARCHES = [("/catalog.ttl", name) for name in ("q", "fq", "modified_since", "profiles")] + [
    (f"{NATIONAL}/package_search", name) for name in ("q", "fq")]
WORDS = [
    "\0", "a\0b", '"', "[", ")(", "a\r\nX-Jahat: 1", "{!func}x", "{!parent which=x}a",
    "{!join from=id to=id}x", "_query_:\"{!xmlparser v='<x/>'}\"", "+capacity:*", "*:*", "\u0663",
    "capacity:private", "capacity:private) OR (*:*", "permission_labels:*", "state:(draft deleted)",
    "metadata_modified:[x TO y]", "metadata_modified:[0001-01-01T00:00:00+14:00 TO *]",
    "metadata_modified:[9999-12-31T23:59:59-14:00 TO *]", "metadata_modified:[NOW TO *]",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "99999999999999999999", "1e9999",
    ",,,", "tidak_ada", "schemaorg", "a" * 3999, "a" * 5000, "a OR " * 700, "id:" + "9" * 3000,
]
NUMBERS = [
    "0", "-1", "x", "1e3", "1_0", "1.5", "\u0663", "\0", "999999999", "1000000000", "2147483648",
    "4611686018427387903", "4611686018427387904", "9" * 19, "9" * 40, "0" * 22 + "5", " 1", "[]",
]
COUNTED = [
    *(("/catalog.ttl", name) for name in ("page", "after")), ("/data.json", "page"),
    *(("/catalog/changes", name) for name in ("since", "limit", "content")),
    *((path, name) for path in ("/catalog/changes.ttl", "/catalog/latest.trig")
      for name in ("page", "shelf")),
    *((f"{NATIONAL}/package_search", name) for name in ("rows", "start")),
    *((f"{NATIONAL}/package_list", name) for name in ("limit", "offset")),
    (f"{NATIONAL}/organization_list", "all_fields"),
]
NAMES = ["\0", "..", "../../etc/passwd", "..%2f..%2f", "x" * 5000, "\u202e", "%", "{!x}", "'", '"',
         "null", "."]
NAMED = [
    "/dataset/{}.ttl", "/dataset/x.{}", "/catalog.{}", "/catalog.{}.gz", "/catalog/changes.{}",
    "/catalog/changes/{}", "/catalog/latest.{}", "/nasional/dataset/{}", NATIONAL + "/{}",
    *(f"{NATIONAL}/{name}?id={{}}" for name in (
        "package_show", "organization_show", "group_show", "status_show")),
]


@pytest.fixture
def secret(app: Any) -> str:
    """A word of a draft beside something public, and the feed of a portal that is in use."""
    published(title="Ada")
    factories.Dataset(owner_org=factories.Organization()["id"], **{
        **COMPLETE, "title": "zqdraf judul", "name": "zqdraf-judul"})
    app.get("/catalog.ttl")
    return "zqdraf"


def told(app: Any, path: str, **more: Any) -> Any:
    """Return what a stranger is answered, which is no fault."""
    answer = app.flask_app.test_client().get(path, **more)
    assert answer.status_code < 500 or answer.headers.get("Retry-After"), path
    assert "Jahat" not in str(answer.headers.keys())
    return answer


@pytest.mark.parametrize(("path", "name"), SEARCHES)
def test_no_words_find_what_is_not_public(
    app: Any, secret: str, path: str, name: str
) -> None:
    for each in WORDS:
        answer = told(app, f"{path}?{name}={quote(each)}")
        assert answer.status_code in (200, 409), each
        assert f"{secret} judul" not in answer.get_data(as_text=True), each


@pytest.mark.parametrize(("path", "name"), COUNTED)
def test_no_number_is_a_fault(app: Any, secret: str, path: str, name: str) -> None:
    for each in NUMBERS:
        answer = told(app, f"{path}?{name}={quote(each)}")
        assert secret not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", NAMED)
def test_no_name_is_a_fault(app: Any, secret: str, path: str) -> None:
    for each in [*NAMES, "zqdraf-judul"]:
        answer = told(app, path.format(quote(each, safe="")))
        assert f"{secret} judul" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("action", ["dcat_catalog_show", "dcat_catalog_search"])
def test_no_json_is_a_fault(app: Any, secret: str, action: str) -> None:
    odd: list[Any] = [[], ["a"], {}, {"a": 1}, 5, 1.5, True, "\0", "\ud800", "\u0663", "tidak_ada",
                      [{}], [None], "0001-01-01T00:00:00+14:00", "{!func}x", "capacity:*"]
    for name in ("q", "fq", "page", "after", "modified_since", "profiles", "format"):
        for each in odd:
            answer = app.flask_app.test_client().post(
                f"/api/3/action/{action}", data=json.dumps({name: each}),
                content_type="application/json")
            assert answer.status_code in (200, 409), (name, each)
            assert f"{secret} judul" not in answer.get_data(as_text=True), (name, each)


PAGES = ["/catalog.ttl", "/catalog", "/data.json", "/catalog/changes", "/catalog/changes.ttl",
         "/catalog/latest.trig?page=1", "/catalog.nt.gz", f"{NATIONAL}/package_search",
         f"{NATIONAL}/package_list", f"{NATIONAL}/package_show?id=x", "/panduan/memanen",
         "/dataset/x.ttl"]
HEADERS = [
    {"Accept": "text/turtle;q=x"}, {"Accept": "," * 5000}, {"Accept": ";;;q=="},
    {"Accept": "*/*;q=0"}, {"Accept": "text/turtle, " * 900}, {"Range": "bytes=0-1"},
    {"Range": "bytes=9-1"}, {"If-Range": "x"}, {"If-None-Match": ",,,\""},
    {"If-None-Match": 'W/"x", ' * 500}, {"If-Modified-Since": "kemarin"},
    {"If-Modified-Since": "Sat, 01 Jan 99999 00:00:00 GMT"}, {"Accept-Encoding": "gzip;q=x, *"},
    {"Accept-Encoding": "gzip;q=0"}, {"Origin": "\\"}, {"X-Forwarded-Host": "jahat.example"},
    {"Host": "jahat.example"},
]


@pytest.mark.parametrize("path", PAGES)
def test_no_header_is_a_fault_and_nobody_writes(app: Any, secret: str, path: str) -> None:
    for headers in HEADERS:
        answer = told(app, path, headers=headers)
        assert answer.status_code in (200, 302, 303, 304, 404, 410), headers
        assert b"jahat" not in answer.get_data()
    client = app.flask_app.test_client()
    if NATIONAL in path:  # CKAN's API is read by POST as well
        assert client.post(path).status_code == client.get(path).status_code
    for method in ("put", "patch", "delete", *(["post"] if NATIONAL not in path else [])):
        assert getattr(client, method)(path).status_code in (400, 403, 404, 405), method
    assert client.options(path).status_code < 500
    assert client.head(path).status_code == client.get(path).status_code


def test_what_a_reader_has_is_known_among_others(app: Any, secret: str) -> None:
    for path in ("/catalog.ttl", "/data.json", "/catalog/changes", f"{NATIONAL}/package_search"):
        etag = told(app, path).headers["ETag"]
        for said in (etag, f"W/{etag}", f'"lain", {etag}', f'W/"x", W/{etag}', "*"):
            assert told(app, path, headers={"If-None-Match": said}).status_code == 304, said
        for said in ('"lain"', etag.strip('"') + "x", etag[:-2] + '"'):
            assert told(app, path, headers={"If-None-Match": said}).status_code == 200, said


def test_links_to_other_pages_hold_what_was_asked_and_no_more(
    app: Any, secret: str, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 1)
    for number in range(2):
        published(title=f"Ada {number}")
    asked = 'Ada OR "x>; rel=next, <https://jahat.example>\r\nX-Jahat 1"'
    answer = told(app, f"/catalog.ttl?q={quote(asked)}&page=1&lain=jahat")
    link = answer.headers["Link"]
    assert link.count(">") == link.count("<") == link.count("rel=")
    assert "jahat.example>" not in link and "\n" not in link and "lain=" not in link
    following = link.split('>; rel="next"')[0].rpartition("<")[2]
    assert told(app, following).status_code == 200


def test_an_index_that_is_down_ends_a_walk_as_trouble(
    app: Any, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_more: Any) -> Any:
        raise SolrConnectionError("no answer")

    real = tk.get_action
    monkeypatch.setattr(tk, "get_action", lambda name: (
        (lambda *_more: down()) if name == "package_search" else real(name)))
    for path in ("/catalog.ttl?q=x", f"{NATIONAL}/package_search?q=x"):
        answer = told(app, path)
        assert answer.status_code == 503 and "{" not in answer.get_data(as_text=True)
    assert told(app, "/catalog.ttl").status_code == 200
