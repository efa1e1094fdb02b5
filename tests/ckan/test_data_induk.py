"""Data Induk: addresses of lists and rows, in every form, before and after they change."""
from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from publishing import COMPLETE
from rdflib import Graph, Literal, URIRef
from version_scene import act, journal, sql, upload

from ckanext.satudata.domain.errors import TakenNameError
from ckanext.satudata.domain.federation.terms import DCT, SKOS
from ckanext.satudata.inspection import job
from ckanext.satudata.shared import doors, outbox
from ckanext.satudata.versions.model import Version
from ckanext.satudata.workflow import store

pytestmark = pytest.mark.usefixtures("with_plugins")

Data = dict[str, Any]
FIELDS: list[Data] = [
    {"name": "kode", "type": "string", "title": "Kode puskesmas"},
    {"name": "nama", "type": "string", "title": "Nama puskesmas"},
    {"name": "kode_kecamatan", "type": "string", "title": "Kecamatan", "kode_referensi": "wilayah"},
    {"name": "tempat_tidur", "type": "integer", "title": "Tempat tidur", "satuan": "unit"},
]
ROWS = [("P01", "Anyar", "36.04.11", 10), ("P02", "Baros", "36.04.28", 0),
        ("P03", "Cikande <b>", "36.04.17", 8)]
TURTLE = {"Accept": "text/turtle"}


def table(rows: list[tuple[Any, ...]]) -> list[Data]:
    return [dict(zip((each["name"] for each in FIELDS), row, strict=True)) for row in rows]


def text(rows: list[tuple[Any, ...]]) -> bytes:
    lines = [",".join(each["name"] for each in FIELDS),
             *(",".join(map(str, row)) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


class Scene:
    """A Data Induk ``puskesmas`` that is public."""

    def __init__(self) -> None:
        self.boss, self.second = factories.Sysadmin(), factories.Sysadmin()
        self.org = factories.Organization()["id"]
        self.id, self.resource = self.make("puskesmas", "Daftar puskesmas")
        doors.existing_published(self.id, self.boss["name"])

    def make(self, name: str, title: str, **more: Any) -> tuple[str, str]:
        """Make a draft with its table."""
        made = act("package_create", self.boss, title=title, owner_org=self.org,
                   data_induk=name, kunci_induk="kode", nama_induk="nama", **{**COMPLETE, **more})
        file = act("resource_create", self.boss, package_id=made["id"], name="Daftar",
                   upload=upload(text(ROWS)), format="CSV", skema=json.dumps({"fields": FIELDS}))
        self.fill(file["id"], ROWS)
        return made["id"], file["id"]

    def fill(self, resource: str, rows: list[tuple[Any, ...]]) -> None:
        act("datastore_create", self.boss, resource_id=resource, force=True, records=table(rows),
            fields=[{"id": each["name"], "type": "int" if each["type"] == "integer" else "text"}
                    for each in FIELDS])

    def step(self, user: Data, identifier: str, transition: str, **more: Any) -> Data:
        seen = act("satudata_submission_show", user, id=identifier)
        return act("satudata_submission_transition", user, id=seen["id"], transition=transition,
                   expected_version=seen["version"], **more)

    def revise(self, rows: list[tuple[Any, ...]], **more: Any) -> str:
        """Begin the next version with other rows and bring it to where it may be published."""
        started = self.step(self.boss, self.id, "revisi")
        [file] = act("package_show", self.boss, id=started["content_id"])["resources"]
        act("resource_patch", self.boss, id=file["id"], upload=upload(text(rows)))
        self.fill(file["id"], rows)
        if more:
            act("package_patch", self.boss, id=started["content_id"], **more)
        self.approve(started["content_id"])
        return started["id"]

    @staticmethod
    def approve(content: str) -> None:
        """Bring a version to where it may be published; the way there is another test's."""
        submission = store.content(content)
        assert submission is not None
        submission.state = "disetujui"
        model.Session.commit()


@pytest.fixture(scope="module")
def made() -> list[Scene]:
    return []


@pytest.fixture
def scene(made: list[Scene], request: pytest.FixtureRequest) -> Scene:
    if not made:
        for name in ("clean_db", "clean_index", "clean_datastore"):
            request.getfixturevalue(name)
        made.append(Scene())
    return made[0]


def read(app: Any, path: str, **headers: str) -> Any:
    return app.get(path, headers={key.replace("_", "-"): each for key, each in headers.items()},
                   expect_errors=True, follow_redirects=False)


def graph(app: Any, path: str, form: str, **headers: str) -> Graph:
    answer = read(app, path, **headers)
    assert answer.status_code == 200, answer.body
    return Graph().parse(data=answer.data, format=form)


def test_the_index_names_every_list_and_how_to_refer_to_it(app: Any, scene: Scene) -> None:
    [found] = read(app, "/data-induk.json").json["results"]
    assert (found["name"], found["rows"], found["key"]) == ("puskesmas", 3, "kode")
    assert found["dataset_id"] == scene.id and found["uri"].endswith("/id/puskesmas")
    page = read(app, "/data-induk").body
    assert "Daftar puskesmas" in page and "/id/puskesmas" in page and "data_induk" in page
    assert 'href="/data-induk"' in read(app, "/kode-referensi").body


def test_a_list_is_a_page_and_the_same_in_every_form(app: Any, scene: Scene) -> None:
    page = read(app, "/id/puskesmas")
    assert "Cikande &lt;b&gt;" in page.body and "<b>" not in page.body.partition("<table")[2]
    told = read(app, "/id/puskesmas", Accept="application/json").json
    assert [each["code"] for each in told["results"]] == ["P01", "P02", "P03"]
    assert told["results"][1]["values"]["tempat_tidur"] == 0
    csv = read(app, "/id/puskesmas.csv")
    assert csv.status_code == 302
    assert app.get(csv.headers["Location"]).data == text(ROWS)
    node = URIRef(told["uri"])
    for suffix, form in (("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld"), ("nt", "nt")):
        found = graph(app, f"/id/puskesmas.{suffix}", form)
        assert set(found.subjects(SKOS.inScheme, node)) == {
            URIRef(each["uri"]) for each in told["results"]}
    head = read(app, "/id/puskesmas.ttl")
    assert 'rel="last"' in head.headers["Link"]
    assert read(app, "/id/puskesmas.ttl", If_None_Match=head.headers["ETag"]).status_code == 304
    assert "Accept" in head.headers["Vary"]


@pytest.mark.parametrize(("query", "codes"), [
    ("P02", ["P02"]), ("baro", ["P02"]), ("BAROS", ["P02"]), ("tiada", []), ("' | !(", []),
    ("36.04.11", ["P01"]), (":*", []),
])
def test_rows_are_found_by_code_and_by_beginnings_of_words(
    app: Any, scene: Scene, query: str, codes: list[str]
) -> None:
    told = app.get("/id/puskesmas.json", query_string={"q": query}).json
    assert [each["code"] for each in told["results"]] == codes and told["count"] == len(codes)
    assert app.get("/id/puskesmas", query_string={"q": query}).status_code == 200


def test_a_row_has_one_address_for_people_and_programs(app: Any, scene: Scene) -> None:
    page = read(app, "/id/puskesmas/P01").body
    assert "<h1>Anyar</h1>" in page and "/kode-referensi/wilayah/36.04.11" in page
    assert "Anyar, " in page or "Kabupaten Serang" in page  # the area by its name
    told = read(app, "/id/puskesmas/P01.json").json
    node = URIRef(told["uri"])
    found = graph(app, "/id/puskesmas/P01", "turtle", **TURTLE)
    assert found.value(node, SKOS.prefLabel) == Literal("Anyar", lang="id")
    assert str(found.value(node, DCT.spatial)).endswith("/kode-referensi/wilayah/36.04.11")
    assert str(found.value(node, DCT.isPartOf)).endswith(f"/dataset/{scene.id}")
    assert read(app, "/id/puskesmas/P01.csv").body == (
        "kode,nama,kode_kecamatan,tempat_tidur\nP01,Anyar,36.04.11,10\n")
    assert act("satudata_data_induk_show", None, name="puskesmas", code="P01")["results"][0][
        "name"] == "Anyar"


def test_the_address_of_a_row_has_no_language_and_its_page_has_each(
    app: Any, scene: Scene
) -> None:
    assert 'href="/en/data-induk/puskesmas/P01"' in read(app, "/id/puskesmas/P01").body
    assert "<h1>Anyar</h1>" in read(app, "/en/data-induk/puskesmas/P01").body
    assert "<h1>Anyar</h1>" in read(app, "/data-induk/puskesmas/P01").body
    # What begins a page of the portal is that page in Indonesian, as ever.
    assert "<title>" in read(app, "/id/kode-referensi").body
    assert read(app, "/id/dataset").status_code in (200, 301, 308)
    with pytest.raises(tk.ValidationError) as refused:
        scene.make("dataset", "Daftar dataset")
    assert "halaman portal" in refused.value.error_dict["data_induk"][0]


@pytest.mark.parametrize(("path", "status"), [
    ("/id/puskesmas/P0", 404), ("/id/puskesmas/P%2001", 404), ("/id/puskesmas/%00", 404),
    ("/id/puskesmas/" + "x" * 3000, 404), ("/id/tiada", 404), ("/id/Puskesmas", 404),
    ("/id/..%2e", 404), ("/id/puskesmas?page=99", 404), ("/id/tiada/P01", 404),
    ("/id/puskesmas?page=" + "9" * 30, 404), ("/id/puskesmas?page=0", 404),
])
def test_what_is_not_there_is_said_in_every_form(
    app: Any, scene: Scene, path: str, status: int
) -> None:
    for accept in ("text/html", "application/json", "text/turtle", "text/csv"):
        if accept != "text/csv" or "?" not in path:  # the file itself has no pages
            assert read(app, path, Accept=accept).status_code == status


def test_who_mistypes_a_code_is_led_on(app: Any, scene: Scene) -> None:
    told = read(app, "/id/puskesmas/P04.json")
    assert told.status_code == 404 and told.json["suggestion"].rpartition("/")[2] in {
        "P01", "P02", "P03"}


def test_the_dataset_says_that_it_is_a_data_induk(app: Any, scene: Scene) -> None:
    found = graph(app, f"/dataset/{scene.id}.ttl", "turtle")
    assert any(str(each).endswith("/kode-referensi/golongan_data/data_induk")
               for each in found.objects(predicate=DCT.type))
    [part] = found.objects(predicate=DCT.hasPart)
    assert str(part).endswith("/id/puskesmas")
    assert read(app, "/kode-referensi/golongan_data/data_induk").status_code == 200


def test_codes_are_indexed_once_and_the_index_moves_with_the_table(scene: Scene) -> None:
    def indexes() -> list[str]:
        return [each for each in sql(
            "SELECT indexdef FROM pg_indexes WHERE tablename = :t", t=scene.resource)
            if each.endswith("(kode)") and "UNIQUE" not in each]

    outbox.drain()
    assert len(indexes()) == 1


def test_a_name_is_for_ever_one_datasets(scene: Scene) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        scene.make("puskesmas", "Puskesmas lain")
    assert "alamat data lain" in refused.value.error_dict["data_induk"][0]
    started = scene.step(scene.boss, scene.id, "revisi")
    with pytest.raises(tk.ValidationError) as refused:
        act("package_patch", scene.boss, id=started["content_id"], data_induk="faskes")
    assert "“puskesmas”" in refused.value.error_dict["data_induk"][0]
    scene.step(scene.boss, started["id"], "batalkan")


def test_of_two_who_want_one_name_the_second_is_refused_when_it_is_published(
    scene: Scene
) -> None:
    first, second = (scene.make("sekolah", f"Daftar sekolah {each}")[0] for each in "ab")
    doors.existing_published(first, scene.boss["name"])
    with pytest.raises(TakenNameError):
        doors.existing_published(second, scene.boss["name"])
    model.Session.rollback()
    assert act("package_show", scene.boss, id=second)["private"]


def test_a_list_without_a_table_says_so(app: Any, scene: Scene) -> None:
    made, resource = scene.make("pasar", "Daftar pasar")
    act("datastore_delete", scene.boss, resource_id=resource, force=True)
    doors.existing_published(made, scene.boss["name"])
    for path in ("/id/pasar", "/id/pasar/P01", "/id/pasar.ttl", "/id/pasar/P01.json"):
        answer = read(app, path)
        assert answer.status_code == 404 and "belum dapat dibaca" in answer.body
    assert "belum dapat dibaca" in read(app, "/data-induk").body


def test_what_is_no_name_is_refused_with_one_that_would_do(scene: Scene) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        scene.make("Daftar Desa", "Daftar desa")
    assert "daftar-desa" in refused.value.error_dict["data_induk"][0]


def test_drafts_and_restricted_rows_are_shown_to_nobody(app: Any, scene: Scene) -> None:
    scene.make("posyandu", "Daftar posyandu")
    assert read(app, "/id/posyandu/P01").status_code == 404
    closed, _ = scene.make(
        "rumah-aman", "Daftar rumah aman", access_rights="terbatas",
        dasar_hukum="UU 14/2008 pasal 17",
        uji_konsekuensi=[{"nomor": "1", "tanggal": "2025-01-02"}],
        keputusan_pembatasan=[{"nomor": "2", "tanggal": "2025-01-03"}])
    doors.existing_published(closed, scene.boss["name"])
    token = act("api_token_create", scene.boss, user=scene.boss["name"], name="t")["token"]
    for path in ("/id/rumah-aman", "/id/rumah-aman/P01", "/id/rumah-aman.ttl",
                 "/id/rumah-aman/P01.json", "/id/rumah-aman.csv"):
        for headers in ({}, {"Authorization": token}):
            answer = read(app, path, **headers)
            assert answer.status_code == 403
            assert "Baros" not in answer.body and "Anyar" not in answer.body
    with pytest.raises(tk.NotAuthorized):
        act("satudata_data_induk_show", scene.boss, name="rumah-aman")
    assert "rumah-aman" not in read(app, "/data-induk.json").body
    assert "hasPart" not in read(app, f"/dataset/{closed}.ttl").body


def test_codes_of_other_data_are_held_against_the_published_list(scene: Scene) -> None:
    made = act("package_create", scene.boss, title="Kunjungan", owner_org=scene.org, **COMPLETE)
    file = act("resource_create", scene.boss, package_id=made["id"], name="Kunjungan",
               upload=upload(b"puskesmas,kunjungan\nP01,12\nP09,9\n"), format="CSV",
               skema=json.dumps({"fields": [
                   {"name": "puskesmas", "type": "string", "data_induk": "puskesmas"},
                   {"name": "kunjungan", "type": "integer"}]}))
    outbox.drain()
    act("satudata_inspection_run", scene.boss, id=made["id"])
    job.finish_now(made["id"])
    told = act("satudata_inspection_show", scene.boss, resource_id=file["id"])
    [finding] = [each for each in told["report"]["findings"]
                 if each["code"] == "master-code-unknown"]
    assert finding["value"] == "P09" and finding["proposed"] in {"P01", "P02", "P03"}


def test_the_inspection_looks_at_the_codes_of_a_list(scene: Scene) -> None:
    made, _ = scene.make("klinik", "Daftar klinik")
    twice = [ROWS[0], ("P01", "Baros", "36.04.28", 0)]
    [file] = act("package_show", scene.boss, id=made)["resources"]
    act("resource_patch", scene.boss, id=file["id"], upload=upload(text(twice)))
    outbox.drain()
    job.finish_now(made)
    told = act("satudata_inspection_show", scene.boss, resource_id=file["id"])
    assert "master-code" in {each["code"] for each in told["report"]["findings"]}


def test_while_a_new_version_is_put_in_place_rows_are_to_come_again(
    app: Any, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = scene.revise([ROWS[0], ("P02", "Baros Baru", "36.04.28", 4),
                               ("P04", "Pabuaran", "36.04.29", 2)])
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "drain", lambda *_args, **_more: 0)
        scene.step(scene.second, submission, "terbitkan")
    assert journal()
    for path, kind in (("/id/puskesmas", "text/html"), ("/id/puskesmas/P01", "text/html"),
                       ("/id/puskesmas/P01.ttl", "text/plain"),
                       ("/id/puskesmas/P01.json", "application/json")):
        answer = read(app, path)
        assert answer.status_code == 503 and answer.headers["Retry-After"]
        assert answer.mimetype == kind and ("<" in answer.text) == (kind == "text/html")
    assert read(app, "/id/puskesmas", Accept="application/json").json["error"]["message"]
    outbox.drain()
    assert not journal()
    assert "Baros Baru" in read(app, "/id/puskesmas/P02").body
    test_codes_are_indexed_once_and_the_index_moves_with_the_table(scene)


def test_a_code_that_is_gone_says_what_it_was(app: Any, scene: Scene) -> None:
    page = read(app, "/id/puskesmas/P03")
    assert page.status_code == 410 and "Cikande &lt;b&gt;" in page.body and "versi 1" in page.body
    told = read(app, "/id/puskesmas/P03", Accept="application/json")
    assert told.status_code == 410
    assert told.json["retired"]["name"] == "Cikande <b>"
    assert told.json["retired"]["last_version"] == 1
    assert read(app, "/id/puskesmas/P03.ttl").status_code == 410
    assert act("satudata_data_induk_show", None, name="puskesmas", code="P03")["retired"][
        "values"]["tempat_tidur"] == "8"
    assert read(app, "/id/puskesmas/P04").status_code == 200


def test_what_a_restricted_version_held_stays_closed(app: Any, scene: Scene) -> None:
    which = sa.and_(Version.package_id == scene.id, Version.number == 1)
    content = model.Session.scalars(sa.select(Version.content).where(which)).one()
    for level, status in (("terbatas", 404), ("terbuka", 410)):
        model.Session.execute(sa.update(Version).where(which).values(
            content={**content, "access_rights": level}))
        model.Session.commit()
        answer = read(app, "/id/puskesmas/P03")
        assert answer.status_code == status
        assert ("Cikande" in answer.body) == (status == 410)


def test_a_list_that_is_none_any_more_ends_and_one_withdrawn_is_unknown(
    app: Any, scene: Scene
) -> None:
    submission = scene.revise(ROWS, data_induk="", kunci_induk="", nama_induk="")
    scene.step(scene.second, submission, "terbitkan")
    assert read(app, "/id/puskesmas/P01").status_code == 410
    school = act("package_search", scene.boss, q='title:"Daftar sekolah a"')["results"]
    assert read(app, "/id/sekolah").status_code == 200
    scene.step(scene.second, school[0]["id"], "tarik", note="Salah unggah.")
    assert read(app, "/id/sekolah/P01").status_code == 404
