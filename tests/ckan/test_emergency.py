"""The red button: one tap, gone at once; then why, and the end of what was personal data."""
from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.activity.model import Activity
from ckanext.datastore.backend import postgres
from werkzeug.datastructures import FileStorage
from workflow_cast import COMPLETE, Cast, Data, call, people

from ckanext.satudata.domain.purging import State
from ckanext.satudata.purging import removal
from ckanext.satudata.purging.model import Purge
from ckanext.satudata.shared import blobs, doors, outbox, scans
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.blob_ledger import Blob
from ckanext.satudata.versions.diff_model import Diff
from ckanext.satudata.versions.model import Version, VersionFile

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
WHY = "Kolom NIK ikut terbit."


made, cast = people()


def upload(content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename="data.csv")


def leak() -> bytes:
    """Return a file with personal data like no other."""
    return f"nik,nama\n{uuid.uuid4().int % 10**16:016},Ani\n".encode()


def make(cast: Cast, content: bytes | None = None, **more: Any) -> Data:
    """Return a public dataset with a stored file that has a table."""
    made = call("package_create", cast.produsen, **{
        **COMPLETE, "owner_org": cast.opd, "resources": [], **more})
    file = call("resource_create", cast.produsen, package_id=made["id"], name="Penduduk",
                upload=upload(content or leak()), format="CSV")
    call("datastore_create", cast.produsen, resource_id=file["id"], force=True,
         fields=[{"id": "nama", "type": "text"}], records=[{"nama": "Ani"}],
         aliases=[f"alias_{made['id'][:8]}"])
    doors.existing_published(made["id"], cast.boss["name"])
    return call("package_show", cast.boss, id=made["id"])


def stop(cast: Cast, dataset: Data, who: str = "walidata") -> None:
    call("satudata_submission_transition", cast.people[who], id=dataset["id"],
         transition="tarik_darurat")


def found(who: Data, dataset: Data, **query: Any) -> int:
    return call("package_search", who, **{"fq": f"id:{dataset['id']}", **query})["count"]


def explain(cast: Cast, dataset: Data, *keys: str, who: str = "ppid") -> Data:
    return call("satudata_withdrawal_explain", cast.people[who], id=dataset["id"], note=WHY,
                personal_data=list(keys))


def shown(cast: Cast, dataset: Data) -> Data:
    return call("satudata_purge_show", cast.ppid, id=dataset["id"])


def file_key(dataset: Data, number: int = 0) -> str:
    return f"berkas:{dataset['resources'][number]['sha256']}"


def in_days(days: float) -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=days)


def row(dataset: Data) -> Purge:
    model.Session.rollback()
    found = model.Session.scalars(sa.select(Purge).where(
        Purge.package_id == dataset["id"]).order_by(Purge.withdrawn_at.desc())).first()
    assert found is not None
    return found


def settle() -> None:
    """Let no upload be under way any more, as the ledger of stored bytes sees it."""
    model.Session.rollback()
    model.Session.execute(sa.update(Blob).values(touched_at=in_days(-1)))
    model.Session.commit()


def purge(days: float = 8) -> list[str]:
    settle()
    return removal.run_due(in_days(days))


def has_table(identifier: str) -> bool:
    with postgres.get_write_engine().connect() as connection:
        return connection.execute(sa.text(
            "SELECT 1 FROM pg_tables WHERE tablename = :name"), {"name": identifier}).first(
        ) is not None


def events(dataset: Data) -> list[str]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Event.transition).where(Event.package_id == dataset["id"],
                                          Event.kind == "pemusnahan").order_by(Event.id)))


@pytest.fixture
def press(cast: Cast, app: Any) -> Callable[..., Any]:
    """Press the button in the browser as somebody."""
    def pressed(dataset: Data, who: str) -> Any:
        token = call("api_token_create", cast.people[who], user=cast.people[who]["name"],
                     name="uji")["token"]
        return app.post(f"/dataset/{dataset['id']}/tarik-darurat",
                        headers={"Authorization": token}, follow_redirects=False)
    return pressed


# ------------------------------------------------------------------------------ the button


@pytest.mark.parametrize("who", ["walidata", "ppid"])
def test_one_tap_without_a_word_takes_everything_away(
    cast: Cast, press: Callable[..., Any], who: str
) -> None:
    dataset = make(cast)
    copy = cast.step(cast.produsen, dataset["id"], "revisi")
    call("package_patch", cast.produsen, id=copy["content_id"], title="Sedang diubah")
    answer = press(dataset, who)
    assert answer.status_code == 302
    assert answer.location.endswith(f"/pengajuan/{dataset['id']}/darurat")
    for action, data in (
            ("package_show", {"id": dataset["id"]}),
            ("datastore_search", {"resource_id": dataset["resources"][0]["id"]}),
            ("resource_show", {"id": dataset["resources"][0]["id"]})):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            call(action, cast.warga, **data)
    assert found(cast.warga, dataset) == 0
    model.Session.expire_all()
    assert all(model.Session.scalars(sa.select(Version.withdrawn_at).where(
        Version.package_id == dataset["id"])))
    assert cast.show(copy["id"])["state"] == "ditarik"
    assert press(dataset, who).location == answer.location, "a second tap leads to the same page"


def test_nobody_else_has_the_button(
    cast: Cast, app: Any, press: Callable[..., Any]
) -> None:
    dataset = make(cast)
    for who in ("produsen", "kepala", "pendukung", "pimpinan", "warga"):
        token = call("api_token_create", cast.people[who], user=cast.people[who]["name"],
                     name="lihat")["token"]
        page = app.get(f"/dataset/{dataset['name']}", headers={"Authorization": token})
        assert "tarik-darurat" not in page.body, who
        assert press(dataset, who).status_code == 404, who
    assert not call("package_show", cast.boss, id=dataset["id"])["private"]


def test_the_index_that_is_behind_shows_nothing_of_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make(cast)

    def away(_payload: Data) -> None:
        raise ConnectionError("Solr is down")

    with monkeypatch.context() as patch:
        patch.setitem(outbox.HANDLERS, "indeks", away)
        stop(cast, dataset)
    for query in ({}, {"q": "kunjungan"}, {"fq_list": ["capacity:public"], "rows": 0}):
        assert found(cast.warga, dataset, **query) == 0, "the index still says it is public"
    named = call("package_autocomplete", cast.warga, q=dataset["name"])
    assert dataset["name"] not in [each["name"] for each in named]
    assert found(cast.walidata, dataset, include_private=True) == 1
    model.Session.execute(sa.update(outbox.Message).values(not_before=in_days(-1)))
    model.Session.commit()
    outbox.drain(kinds={"indeks"})
    assert found(cast.boss, dataset) == 0, "the index says it too"


def test_no_cache_gives_an_answer_without_asking_again(
    cast: Cast, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckan.cache_enabled", True)
    monkeypatch.setitem(tk.config, "ckan.cache_expires", 3600)
    dataset = make(cast)
    paths = (f"/dataset/{dataset['name']}", f"/dataset/{dataset['id']}.ttl", "/dataset/",
             f"/dataset/{dataset['id']}/resource/{dataset['resources'][0]['id']}",
             f"/api/action/package_show?id={dataset['id']}", "/catalog.ttl",
             f"/organization/{dataset['organization']['name']}", "/feeds/dataset.atom",
             f"/datastore/dump/{dataset['resources'][0]['id']}")
    kept = {}
    for path in paths:
        answer = app.get(path)
        said = answer.headers.get("Cache-Control", "")
        if answer.status_code != 200 or "no-cache" not in said or "public" in said:
            kept[path] = f"{answer.status_code} {said}"
    assert kept == {}


# --------------------------------------------------------------------------- what is asked


def test_why_is_asked_until_somebody_says(cast: Cast, app: Any) -> None:
    content = leak()
    dataset, twin = make(cast, content), make(cast, content)
    stop(cast, dataset)
    asked = call("satudata_purge_list", cast.walidata, state="menunggu", limit=200)["results"]
    assert dataset["id"] in [each["package_id"] for each in asked]
    page = shown(cast, dataset)
    ticked = [each["key"] for each in page["pieces"] if each["chosen"]]
    assert ticked == [file_key(dataset)], "what everybody could open is ticked"
    assert [each["id"] for each in page["others"]["results"]] == [twin["id"]]
    assert page["withdrawn_by"]["name"] == cast.walidata["name"]
    explain(cast, dataset, *ticked)
    asked = call("satudata_purge_list", cast.walidata, state="menunggu", limit=200)["results"]
    assert dataset["id"] not in [each["package_id"] for each in asked]
    planned = shown(cast, dataset)
    assert (planned["state"], planned["note"]) == ("terjadwal", WHY)
    assert planned["due_at"][:10] == in_days(7).date().isoformat()


NO_ANSWERS: list[tuple[Data, str]] = [
    ({"note": "", "personal_data": []}, "note"),
    ({"note": WHY}, "personal_data"),
    ({"note": WHY, "personal_data": "semua"}, "personal_data"),
    ({"note": WHY, "personal_data": ["berkas:tiada"]}, "personal_data"),
    ({"note": WHY, "personal_data": [["a"]]}, "personal_data"),
    ({"note": {"a": 1}, "personal_data": []}, "note"),
]


def test_what_is_no_answer_and_who_may_not_answer_is_refused(cast: Cast) -> None:
    dataset = make(cast)
    stop(cast, dataset)
    for data, field in NO_ANSWERS:
        with pytest.raises(tk.ValidationError) as refused:
            call("satudata_withdrawal_explain", cast.walidata, id=dataset["id"], **data)
        assert field in refused.value.error_dict
    for who in ("produsen", "kepala", "pendukung", "warga"):
        for action, data in (
                ("satudata_purge_show", {}), ("satudata_purge_cancel", {}),
                ("satudata_withdrawal_explain", {"note": WHY, "personal_data": []})):
            with pytest.raises(tk.NotAuthorized):
                call(action, cast.people[who], id=dataset["id"], **data)
        with pytest.raises(tk.NotAuthorized):
            call("satudata_purge_list", cast.people[who])
    assert row(dataset).status is State.MENUNGGU


# ----------------------------------------------------------------------------- the deletion


def test_what_leaked_is_deleted_and_what_was_decided_stays(cast: Cast) -> None:
    dataset = make(cast)
    file, sha256 = dataset["resources"][0], dataset["resources"][0]["sha256"]
    compared = blobs.store(io.BytesIO(f"{sha256} Ani".encode()))
    model.Session.add(Diff(
        id=str(uuid.uuid4()), old_sha256=sha256, new_sha256="b" * 64, asked={}, state="siap",
        list_sha256=compared, result={"sample": ["Ani"]}, created_at=in_days(0)))
    model.Session.commit()
    stop(cast, dataset)
    explain(cast, dataset, file_key(dataset))
    assert row(dataset).id not in removal.run_due(in_days(6))
    assert blobs.exists(sha256)
    assert row(dataset).id in purge(7.1)
    assert not blobs.exists(sha256)
    assert not blobs.exists(compared)
    assert not model.Session.scalars(sa.select(Diff).where(Diff.old_sha256 == sha256)).all()
    assert not has_table(file["id"])
    version = model.Session.scalars(sa.select(Version).where(
        Version.package_id == dataset["id"])).one()
    kept = model.Session.scalars(sa.select(VersionFile).where(
        VersionFile.submission_id == version.submission_id)).all()
    assert [(each.sha256, each.filename, each.name) for each in kept] == [(None, "", "Penduduk")]
    assert version.purged_at is not None
    assert sha256 not in str(version.content)
    assert sha256 not in str(call("package_show", cast.boss, id=dataset["id"]))
    assert sha256 not in str(list(model.Session.scalars(sa.select(Activity.data))))
    done = row(dataset)
    assert done.status is State.SELESAI
    assert done.report["deleted"] == 2, "the file, and the list of what had changed in it"
    told = model.Session.scalars(sa.select(Event).where(
        Event.package_id == dataset["id"], Event.transition == "dimusnahkan")).one()
    assert told.data["chosen"][0]["sha256"] == sha256, "the event says what it was"
    assert told.data["by"] == cast.ppid["id"]


def test_bytes_another_dataset_holds_stay_and_it_is_named(cast: Cast) -> None:
    content = leak()
    dataset, twin = make(cast, content), make(cast, content)
    stop(cast, dataset)
    explain(cast, dataset, file_key(dataset))
    purge()
    assert blobs.exists(twin["resources"][0]["sha256"])
    assert has_table(twin["resources"][0]["id"])
    assert row(dataset).report["kept"] == [
        {"sha256": dataset["resources"][0]["sha256"], "by": [twin["id"]]}]
    stop(cast, twin)
    explain(cast, twin, file_key(twin))
    purge()
    assert not blobs.exists(twin["resources"][0]["sha256"]), "the last one takes them along"


def test_text_that_names_people_goes_with_its_old_activities(cast: Cast) -> None:
    place = "https://zqbudi.example.org/x.csv"
    dataset = make(cast, title="Pasien Zqbudi", notes="Zqbudi", konsep="Zqbudi", resources=[
        {"name": "Tautan", "url": place, "access_url": place, "cache_url": place}])
    stop(cast, dataset)
    explain(cast, dataset, "1")
    purge()
    outbox.drain()
    model.Session.expire_all()
    with model.meta.engine.connect() as connection:
        for table in ("package", "resource", "tag", "activity", "satudata_version",
                      "satudata_version_file", "satudata_submission", "harvest_object"):
            held = connection.execute(sa.text(
                f"SELECT count(*) FROM {table} t WHERE t::text ILIKE '%zqbudi%'")).scalar()
            assert held == 0, table
    assert call("package_search", cast.boss, q="zqbudi", include_private=True)["count"] == 0


def test_scans_of_letters_are_named_and_deleted_and_their_numbers_stay(
    cast: Cast, page: Callable[..., str]
) -> None:
    def hand_in(dataset: Data, number: str, content: bytes) -> None:
        cast.step(cast.produsen, dataset["id"], "ajukan", letter={
            "nomor": number, "tanggal": "20-11-2026"}, letter_upload=FileStorage(
                io.BytesIO(content), filename="KTP Zqani.pdf"))

    first, second = (b"%PDF-1.7 " + leak() for _ in range(2))
    dataset, twin = cast.make(), cast.make(title="Sesurat")
    hand_in(dataset, "400/1", first)
    cast.step(cast.walidata, dataset["id"], "periksa")
    cast.step(cast.walidata, dataset["id"], "kembalikan", note="Kurang satu kolom.")
    hand_in(dataset, "400/2", second)
    hand_in(twin, "400/2", second)
    cast.through(dataset["id"], ("walidata", "periksa"), ("walidata", "setujui"),
                 ("walidata", "terbitkan"))
    stop(cast, dataset)
    offered = {each["name"]: each for each in shown(cast, dataset)["pieces"]
               if each["kind"] == "surat"}
    assert offered.keys() == {"400/1", "400/2"}, "that of the first hand-in is still stored"
    assert not any(each["chosen"] for each in offered.values()), "the public saw neither"
    assert offered["400/2"]["others"] == [twin["id"]]
    assert "400/1" in page(f"/pengajuan/{dataset['id']}/darurat")
    explain(cast, dataset, *(each["key"] for each in offered.values()))
    purge()
    assert row(dataset).status is State.SELESAI
    assert not scans.exists(offered["400/1"]["sha256"])
    assert scans.exists(offered["400/2"]["sha256"]), "another dataset was handed in with it"
    assert [each["by"] for each in row(dataset).report["kept"]] == [[twin["id"]]]
    assert cast.show(dataset["id"])["letter"] == {"nomor": "400/2", "tanggal": "2026-11-20"}
    told = model.Session.scalars(sa.select(Event.data).where(
        Event.package_id == dataset["id"], Event.transition == "ajukan").order_by(Event.id)).all()
    assert [each["letter"]["nomor"] for each in told] == ["400/1", "400/2"]
    assert "Zqani" not in str(told), "how the file was called may name a person"
    version = model.Session.scalars(sa.select(Version).where(
        Version.package_id == dataset["id"])).one()
    assert version.purged_at is None, "its files are all there"
    stop(cast, twin)
    explain(cast, twin, f"surat:{offered['400/2']['sha256']}")
    purge()
    assert not scans.exists(offered["400/2"]["sha256"])


def test_a_plan_is_taken_back_and_the_way_back_is_the_ordinary_one(cast: Cast) -> None:
    dataset = make(cast)
    stop(cast, dataset)
    explain(cast, dataset, file_key(dataset))
    call("satudata_purge_cancel", cast.walidata, id=dataset["id"], note="Keliru.")
    assert row(dataset).id not in purge(30)
    assert row(dataset).status is State.BATAL
    with pytest.raises(tk.ValidationError):
        call("satudata_purge_cancel", cast.walidata, id=dataset["id"])
    cast.step(cast.produsen, dataset["id"], "revisi")
    cast.set_aside(dataset["id"])
    again = cast.through(dataset["id"], ("produsen", "ajukan"), ("walidata", "periksa"),
                         ("walidata", "setujui"), ("walidata", "terbitkan"))
    assert again["state"] == "terbit"
    assert call("package_show", cast.warga, id=dataset["id"])["resources"][0]["sha256"] == (
        dataset["resources"][0]["sha256"])
    assert events(dataset) == ["darurat_dijelaskan", "pemusnahan_dibatalkan"]


def test_what_was_approved_again_is_not_deleted_by_an_old_plan(cast: Cast) -> None:
    dataset = make(cast)
    stop(cast, dataset)
    explain(cast, dataset, file_key(dataset))
    cast.step(cast.produsen, dataset["id"], "revisi")
    cast.set_aside(dataset["id"])
    cast.through(dataset["id"], ("produsen", "ajukan"), ("walidata", "periksa"),
                 ("walidata", "setujui"), ("walidata", "terbitkan"))
    purge()
    assert blobs.exists(dataset["resources"][0]["sha256"])
    assert has_table(dataset["resources"][0]["id"])
    assert row(dataset).report["left"] == [dataset["id"]]


@pytest.mark.parametrize("where", ["begin", "_drop_table", "_remove", "tell"])
def test_a_crash_between_any_two_steps_is_made_good(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    dataset = make(cast)
    stop(cast, dataset)
    explain(cast, dataset, file_key(dataset))

    def dies(*_given: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(removal, where, dies)
        with pytest.raises(KeyboardInterrupt):
            purge()
    model.Session.rollback()
    purge()
    assert row(dataset).status is State.SELESAI
    assert not blobs.exists(dataset["resources"][0]["sha256"])
    assert not has_table(dataset["resources"][0]["id"])
    assert events(dataset).count("dimusnahkan") == 1


def test_what_cannot_be_deleted_is_told_and_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make(cast)
    stop(cast, dataset)
    explain(cast, dataset, file_key(dataset))

    def away(_sha256: str) -> None:
        raise OSError("the storage is away")

    with monkeypatch.context() as patch:
        patch.setattr(removal, "_remove", away)
        purge()
        purge(8.1)
    assert row(dataset).status is State.BERJALAN
    assert row(dataset).report["failed"][0]["error"] == "OSError: the storage is away"
    assert events(dataset).count("pemusnahan_tertahan") == 1
    with pytest.raises(tk.ValidationError):
        explain(cast, dataset)
    purge(9)
    assert row(dataset).status is State.SELESAI
    assert not blobs.exists(dataset["resources"][0]["sha256"])


def test_a_day_before_and_after_those_concerned_hear_of_it(cast: Cast) -> None:
    dataset = make(cast)
    stop(cast, dataset)
    explain(cast, dataset, file_key(dataset))
    assert row(dataset).id not in removal.warn(in_days(5))
    assert row(dataset).id in removal.warn(in_days(6.1))
    assert row(dataset).id not in removal.warn(in_days(6.2))
    purge(7.1)
    outbox.drain(kinds={"transisi"})
    for who in ("walidata", "ppid", "produsen", "kepala"):
        heard = [each["headline"].partition(":")[0] for each in call(
            "satudata_notice_list", cast.people[who])["results"]]
        assert {"Dimusnahkan besok", "Sudah dimusnahkan"} <= set(heard), who


@pytest.fixture
def page(cast: Cast, app: Any) -> Iterator[Callable[..., Any]]:
    """Open or send a page as somebody."""
    tokens = {who: call("api_token_create", cast.people[who], user=cast.people[who]["name"],
                        name="halaman")["token"] for who in ("walidata", "ppid", "produsen")}

    def opened(path: str, who: str = "ppid", status: int = 200, **data: Any) -> str:
        send = app.post if data else app.get
        more = {"data": data} if data else {}
        answer = send(path, headers={"Authorization": tokens[who]}, follow_redirects=True, **more)
        assert answer.status_code == status, answer.status_code
        return answer.get_data(as_text=True)

    yield opened


def test_the_pages_lead_from_the_button_to_the_plan_and_back(
    cast: Cast, page: Callable[..., str]
) -> None:
    content = leak()
    dataset = make(cast, content)
    make(cast, content, title="Kembaran")
    assert "Tarik sekarang" in page(f"/dataset/{dataset['name']}")
    assert "Tarik sekarang" in page(f"/dataset/{dataset['id']}/tarik-darurat")
    stop(cast, dataset, "ppid")
    address = f"/pengajuan/{dataset['id']}/darurat"
    assert "menunggu penjelasan" in page("/tugas", "walidata")
    asked = page(address)
    assert "Kembaran" in asked
    assert f'value="{file_key(dataset)}" checked' in asked
    page(address, "produsen", 404)
    nothing = page(address, status=400, note=" ")
    assert "Pilih salah satu" in nothing and "Tulis apa yang terjadi" in nothing, "said at once"
    assert "selama diperiksa" not in page(f"/dataset/edit/{dataset['name']}", "produsen")
    refused = page(address, status=400, note=WHY, personal="ya")
    assert "Centang paling sedikit" in refused
    assert WHY in refused
    planned = page(address, note=WHY, personal="ya", bagian=file_key(dataset))
    assert "Batalkan pemusnahan" in planned
    assert "Pemusnahan dibatalkan" in page(f"{address}/batalkan", ok="1")
    submission = row(dataset).submission_id
    assert "Penarikan darurat" in page(f"/pengajuan/{submission}"), "as the PPID's notice leads"
    explain(cast, dataset, file_key(dataset))
    purge()
    assert "tidak dihapus" in page(address)
