"""A dataset in the forms other programs take: who gets them, what is in them, what is not."""
from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import files, signals
from ckan.tests import factories
from ckan.tests.helpers import _get_test_app
from publishing import inspect_and_publish
from restricted_world import COMPLETE, DECIDED, call
from werkzeug.datastructures import FileStorage

from ckanext.satudata.domain.federation.data_package import FileFacts
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.federation.formats import reading, zipping
from ckanext.satudata.shared import blobs

Data = dict[str, Any]
TABLE = "kode;jumlah\n36.04.01;12\n36.04.02;7\n".encode("utf-8-sig")
ELSEWHERE = "https://lain.example.org/zqlain.csv"
SITE = Site(url="https://data.contoh.go.id", government="Pemerintah Kabupaten Contoh")
FORMS = ("datapackage.json", "datapackage.zip", "croissant.json", "sitasi.bib")


class Portal:
    """A public dataset with two files here and one elsewhere, a restricted one and a draft."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.author = factories.UserWithToken()
        owner = factories.Organization(
            title="Dinas Kesehatan", users=[{"name": self.author["name"], "capacity": "editor"}])
        self.open = self.make(owner, "terbuka-x", "Penduduk & “rumah tangga”")
        self.closed = self.make(owner, "terbatas-x", "Penerima bantuan", **DECIDED)
        self.draft = self.make(owner, "draf-x", "Masih draf", publish=False)

    def make(self, owner: Data, name: str, title: str, publish: bool = True, **fields: Any) -> Data:
        made = call("package_create", self.author, **{
            **COMPLETE, "owner_org": owner["id"], "name": name, "title": title, **fields})
        for filename in ("Tabel 1.csv", "tabel 1.CSV"):
            content = TABLE if filename[0] == "T" else b"a,b\n1,2\n"
            call("resource_create", self.author, package_id=made["id"], name="Tabel", format="CSV",
                 upload=FileStorage(io.BytesIO(content), filename=filename), skema=json.dumps(
                     {"fields": [{"name": "kode", "type": "string", "kode_referensi": "wilayah"},
                                 {"name": "jumlah", "type": "integer"}]}
                     if filename[0] == "T" else {"fields": [{"name": "a"}, {"name": "b"}]}))
        call("resource_create", self.author, package_id=made["id"], name="Tautan", format="CSV",
             url=ELSEWHERE)
        if publish:
            inspect_and_publish(made["id"])
        return call("package_show", self.author, id=made["id"])

    def get(self, path: str, who: Data | None = None, **headers: str) -> Any:
        given = {name.replace("_", "-"): each for name, each in headers.items()}
        if who:
            given["Authorization"] = who["token"]
        return self.app.get(path, headers=given, follow_redirects=False)

    def archive(self, path: str) -> zipfile.ZipFile:
        answer = self.get(path)
        assert answer.status_code == 200 and answer.content_type == "application/zip"
        found = zipfile.ZipFile(io.BytesIO(answer.data))
        assert found.testzip() is None
        return found


@pytest.fixture(scope="module")
def portal(reset_db_with_plugins: Any, reset_index: Any) -> Iterator[Portal]:
    p.load_all()
    reset_db_with_plugins()
    reset_index()
    yield Portal(_get_test_app())
    model.Session.remove()
    p.unload_all()


@pytest.fixture(autouse=True)
def fresh() -> None:
    model.Session.rollback()


@pytest.mark.parametrize("form", FORMS)
def test_who_reads_the_page_reads_the_forms_and_nobody_else(portal: Portal, form: str) -> None:
    assert portal.get(f"/dataset/terbuka-x/{form}").status_code == 200
    assert portal.get(f"/dataset/{portal.open['id']}/{form}").status_code == 200
    assert portal.get(f"/dataset/draf-x/{form}").status_code == 404
    assert portal.get(f"/dataset/tak-ada/{form}").status_code == 404
    own = portal.get(f"/dataset/draf-x/{form}", portal.author)
    assert own.status_code == 200
    assert own.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in own.headers and "ETag" not in own.headers


@pytest.mark.parametrize("form", FORMS)
def test_a_program_is_refused_in_words_and_a_person_on_a_page(portal: Portal, form: str) -> None:
    hidden, missing = (portal.get(f"/dataset/{name}/{form}") for name in ("draf-x", "tak-ada"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text == missing.text and "<" not in hidden.text
    assert hidden.content_type == "text/plain; charset=utf-8"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert "<h1" in portal.get(f"/dataset/tak-ada/{form}", Accept=browser).text


@pytest.mark.parametrize("form", FORMS)
def test_what_is_public_is_asked_for_anew_and_read_from_other_sites(
    portal: Portal, form: str
) -> None:
    answer = portal.get(f"/dataset/terbuka-x/{form}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-cache"
    again = portal.get(f"/dataset/terbuka-x/{form}", If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    other = portal.get(f"/dataset/terbatas-x/{form}", If_None_Match=answer.headers["ETag"])
    assert other.status_code == 200


@pytest.mark.parametrize("form", ["datapackage.json", "croissant.json"])
def test_the_same_is_said_in_whatever_language_somebody_asks(portal: Portal, form: str) -> None:
    said = portal.get(f"/dataset/terbuka-x/{form}").get_json()
    assert portal.get(f"/en/dataset/terbuka-x/{form}").get_json() == said


def test_a_kegiatan_is_no_package(portal: Portal) -> None:
    made = factories.Dataset(type="kegiatan", owner_org=portal.open["owner_org"])
    for form in FORMS[:3]:
        assert portal.get(
            f"/dataset/{made['id']}/{form}", factories.SysadminWithToken()).status_code == 404


def test_an_archive_holds_the_files_that_lie_here_and_says_what_else_there_is(
    portal: Portal
) -> None:
    found = portal.archive("/dataset/terbuka-x/datapackage.zip")
    assert found.namelist() == ["data/tabel-1.csv", "data/tabel-1-2.csv", "metadata.ttl",
                                "datapackage.json", "BACA.txt"]
    assert found.read("data/tabel-1.csv") == TABLE
    package = json.loads(found.read("datapackage.json"))
    first, second = package["resources"]
    assert first["hash"] == f"sha256:{blobs.digest(io.BytesIO(TABLE))}"
    assert (first["bytes"], first["dialect"]) == (len(TABLE), {"delimiter": ";"})
    assert "dialect" not in second
    assert b"dcat:Dataset" in found.read("metadata.ttl")
    text = found.read("BACA.txt").decode()
    assert ELSEWHERE in text and "Dinas Kesehatan" in text and "versi 1" in text


def test_of_restricted_data_an_archive_holds_no_file(portal: Portal) -> None:
    found = portal.archive("/dataset/terbatas-x/datapackage.zip")
    assert found.namelist() == ["metadata.ttl", "datapackage.json", "BACA.txt"]
    everything = b"".join(map(found.read, found.namelist()))
    assert b"zqlain" not in everything and b"pasal 17 huruf h" in everything
    assert blobs.digest(io.BytesIO(TABLE)).encode() not in everything


def test_a_file_the_storage_lost_is_named_and_the_archive_is_whole(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = blobs.location(blobs.digest(io.BytesIO(TABLE)))
    kept = b"".join(blobs.open(blobs.digest(io.BytesIO(TABLE))))
    blobs.storage().remove(files.FileData(lost))
    try:
        found = portal.archive("/dataset/terbuka-x/datapackage.zip")
        assert found.namelist()[0] == "data/tabel-1.csv"
        assert found.read("data/tabel-1.csv") == b"a,b\n1,2\n"
        assert "tidak ditemukan" in found.read("BACA.txt").decode()
    finally:
        blobs.storage().upload(lost, files.make_upload(kept))


def test_a_file_that_goes_while_the_archive_is_sent_is_named_too(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = reading.StoredFile.pieces

    def gone(file: Any) -> Any:
        if file.size == len(TABLE) and file.resource["name"] == "Tabel" and sent:
            raise files.exc.MissingFileError(file.storage, file.place)
        return pieces(file)

    sent = False
    portal.get("/dataset/terbuka-x/datapackage.json")
    sent = True
    monkeypatch.setattr(reading.StoredFile, "pieces", gone)
    found = portal.archive("/dataset/terbuka-x/datapackage.zip")
    assert len([each for each in found.namelist() if each.startswith("data/")]) == 1
    assert "tidak ditemukan" in found.read("BACA.txt").decode()


def test_an_archive_beyond_the_limit_is_refused_with_another_way(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudata.arsip.batas", 1)
    assert portal.get("/dataset/terbuka-x/datapackage.zip").status_code == 200
    monkeypatch.setattr("ckanext.satudata.config.arsip_batas", lambda: 10)
    refused = portal.get("/dataset/terbuka-x/datapackage.zip")
    assert refused.status_code == 403
    assert "/dataset/terbuka-x/datapackage.json" in refused.text


def test_each_file_of_an_archive_counts_as_a_download(portal: Portal) -> None:
    told: list[str] = []
    with signals.resource_download.connected_to(told.append):
        portal.get("/dataset/terbuka-x/datapackage.zip")
        portal.app.flask_app.test_client(None).head("/dataset/terbuka-x/datapackage.zip")
    assert told == [each["id"] for each in portal.open["resources"][:2]]


def test_nothing_is_asked_of_the_database_while_an_archive_is_read(portal: Portal) -> None:
    engine, asked = model.meta.engine, []
    assert engine is not None

    def note(*said: Any) -> None:
        asked.append(said[2])

    model.Session.remove()
    answer = portal.app.flask_app.test_client(None).get(
        "/dataset/terbuka-x/datapackage.zip", buffered=False)
    assert engine.pool.checkedout() == 0
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        taken = b"".join(answer.iter_encoded())
        assert zipfile.ZipFile(io.BytesIO(taken)).testzip() is None
        assert (asked, engine.pool.checkedout()) == ([], 0)
        portal.get("/dataset/terbuka-x/datapackage.json")
        assert asked, "questions are seen where there are any"
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


class Endless(reading.StoredFile):
    """A file of many pieces."""

    def pieces(self) -> Iterator[bytes]:
        piece = bytes(range(256)) * 4096
        return (piece for _ in range(self.size // len(piece)))


def test_of_a_large_file_no_more_than_pieces_are_in_memory() -> None:
    resource = {"id": "f", "name": "Besar", "url": "besar.pdf", "format": "PDF"}
    large = Endless(resource, None, None, "", 64 * 1024 * 1024)
    made = zipping.Archive(
        {"id": "d", "name": "d", "title": "D", "resources": [resource]}, SITE, [large],
        {"f": FileFacts()}, frozenset(), b"", "", "")
    tracemalloc.start()
    try:
        sent = sum(map(len, made.parts()))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sent > large.size and most < 8 * 1024 * 1024


def test_a_citation_names_version_and_day_in_every_form(portal: Portal) -> None:
    said = call("satudata_citation_show", None, id="terbuka-x")
    assert said["number"] == 1 and said["url"].endswith("/dataset/terbuka-x/versi/1")
    assert said["csl"]["title"] == "Penduduk & “rumah tangga”"
    assert f"version = {{{said['number']}}}" in said["bibtex"]
    assert r"Penduduk \& “rumah tangga”" in portal.get("/dataset/terbuka-x/sitasi.bib").text
    item, = json.loads(portal.get("/dataset/terbuka-x/sitasi.json").text)
    assert item == said["csl"]
    assert "ET  - 1\r\n" in portal.get("/dataset/terbuka-x/sitasi.ris").text
    assert portal.get("/dataset/terbuka-x/sitasi.docx").status_code == 404
    with pytest.raises(tk.ObjectNotFound):
        call("satudata_citation_show", None, id="terbuka-x", number=2)
    with pytest.raises(tk.NotAuthorized):
        call("satudata_citation_show", None, id="draf-x")


def test_what_has_no_versions_is_cited_by_the_day_it_changed(portal: Portal) -> None:
    said = call("satudata_citation_show", portal.author, id="draf-x")
    assert said["number"] is None and said["url"].endswith("/dataset/draf-x")
    assert "version" not in said["csl"] and "\nET  - " not in said["ris"]
    assert f"({said['released'][:4]})" in said["text"]
