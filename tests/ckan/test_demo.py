"""``ckan satudata demo``: it makes the region, again changes nothing, and takes all of it back."""
from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.cli.cli import ckan
from ckan.lib import search
from ckan.tests import factories, helpers
from ckan.tests.helpers import CKANCliRunner
from publishing import published

from ckanext.satudata.domain import metadata
from ckanext.satudata.federation.feed.model import PIECES, Entry
from ckanext.satudata.files import checking
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.blob_ledger import Blob
from ckanext.satudata.uploads import store as uploads
from ckanext.satudata.usage.model import Usage
from ckanext.satudata.versions.model import Version

WALIDATA = pytest.mark.ckan_config("ckanext.satudata.walidata", "contoh-diskominfo")
pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_datastore", "clean_index", "with_plugins"),
    WALIDATA,
]

Data = dict[str, Any]
Everything = Callable[[], Data]


def run(cli: CKANCliRunner, *arguments: str) -> str:
    result = cli.invoke(ckan, ["satudata", "demo", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def ask(action: str, person: str, **data: Any) -> Any:
    """Call an action with a person's own rights."""
    return helpers.call_action(action, {"user": person, "ignore_auth": False}, **data)


def found(person: str = "", **query: Any) -> Data:
    return ask("package_search", person, rows=100, **query)


def events() -> list[Event]:
    return list(model.Session.scalars(sa.select(Event).order_by(Event.id)))


def ledger() -> set[str]:
    return set(model.Session.scalars(sa.select(Blob.sha256)))


def try_it_out(stranger: str, app: Any) -> None:
    """Leave a trace of others in every table of ours, as people do who try the demo."""
    ask("satudata_access_request_create", stranger, id="contoh-biodata-penduduk", days=30,
        institution="Perorangan", purpose="Ingin tahu apa isi data ini.", terms=True)
    publish_with_link()
    record_desk_session()
    hand_in(app)
    assert "contoh-pelayanan-ibu-hamil" in app.get("/catalog.ttl").body
    name = "contoh-pelayanan-ibu-hamil"
    assert ask("satudata_version_diff", stranger, id=name, **{"from": 1, "to": 3})["resources"]
    public = ask("satudata_version_list", "contoh-walidata", id=name)["results"][0]["submission"]
    step("walidata", public, "tarik_darurat")
    ask("satudata_withdrawal_explain", "contoh-walidata", id=name, note="Hanya mencoba.",
        personal_data="none")


def look_and_list(others: str) -> None:
    """Use data of the demo and of others, and let the demo's walidata try the code lists."""
    organization = model.Group.get("contoh-bpbd")
    assert organization is not None
    shown = model.Package.get("contoh-stunting")
    assert shown is not None
    model.Session.add_all(Usage(
        package_id=package, owner_org=owner, day=dt.date(2026, 1, 2), resource_id="", version=1,
        measure="dilihat", channel="peramban", count=3)
        for package, owner in ((others, ""), (shown.id, ""), ("", organization.id)))
    model.Session.commit()
    walidata = "contoh-walidata"
    ask("satudata_vocabulary_create", walidata, name="contoh_pasar", title_id="Jenis pasar")
    ask("satudata_vocabulary_update", walidata, name="contoh_pasar",
        rows=[{"code": "induk", "label_id": "Pasar induk"}])
    ask("satudata_vocabulary_import", walidata, name="contoh_pasar",
        content="kode,label_id\neceran,Pasar eceran\n")


def publish_with_link() -> None:
    """Publish a version of restricted data with a file that lies elsewhere."""
    producer = "contoh-produsen-bpbd"
    copy = ask("satudata_revision_start", producer, id="contoh-cadangan-logistik")
    ask("resource_create", producer, package_id=copy["id"], name="Peta", format="GeoJSON",
        url="https://bpbd.example/peta.geojson", jenis_berkas="data",
        description="Data contoh: peta gudang.")
    ask("satudata_recipe_update", producer, id=copy["id"], recipe={"tables": []})
    for person, transition in (("produsen-bpbd", "ajukan"), ("walidata", "periksa"),
                               ("walidata", "setujui"), ("walidata", "terbitkan")):
        step(person, copy["submission"]["id"], transition)


def record_desk_session() -> None:
    at = ask("satudata_submission_show", "contoh-walidata", id="contoh-bumdes")
    made = ask("satudata_berita_acara_create", "contoh-walidata", owner_org="contoh-dpmd",
               submissions=[at["id"]], place="Ruang rapat", date=at["created"][:10],
               attendees=[{"name": "A", "office": "Statistisi", "agency": "Diskominfo"}])
    ask("satudata_berita_acara_issue", "contoh-walidata", id=made["id"],
        expected_hash=made["preview_hash"])


def hand_in(app: Any) -> None:
    """Ask a puskesmas, take what it sent and what was handed in beside it, and leave a grid."""
    walidata, producer = "contoh-walidata", "contoh-produsen-bpbd"
    copy = ask("satudata_revision_start", producer, id="contoh-cadangan-logistik")
    data = {"id": copy["id"]}
    with app.flask_app.test_request_context():
        ask("satudata_recap_create", walidata, **data, title="Cadangan", unit_kind="kecamatan",
            units=[{"code": "1", "name": "Anyar"}])
    link = ask("satudata_upload_link_create", walidata, **data)
    for person, accept in ((producer, True), (producer, False)):
        ask("satudata_intake_create", person, **data, filename="cadangan.csv", accept=accept,
            content=f"kecamatan;beras\nAnyar;{int(accept)}\n")
    ask("satudata_grid_update", producer, **data, mode="kosong", version=0,
        columns=[{"title": "Kecamatan", "type": "string"}], rows=[["Anyar"]])
    for owner in (f"user:{model.User.get(producer).id}", f"tautan:{link['id']}"):
        begun = uploads.begin(owner, "besar.csv", 20, 1_000)
        uploads.append(begun.id, 0, b"setengah")


def step(person: str, submission: str, transition: str) -> None:
    person = f"contoh-{person}"
    at = ask("satudata_submission_show", person, id=submission)
    ask("satudata_submission_transition", person, id=submission, transition=transition,
        expected_version=at["version"])


def test_the_region_is_made_kept_and_taken_back(
    cli: CKANCliRunner, clean_files: None, everything: Everything, app: Any
) -> None:
    # what others made must stay
    mine = published(name="contoh-milik-orang")
    stranger = factories.User(name="orang-lain")["name"]
    helpers.call_action("get_site_user")
    before, kept, stored = everything(), [event.id for event in events()], ledger()

    start = time.process_time()  # whatever else the machine does
    output = run(cli)
    assert time.process_time() - start < 60
    password = output.rsplit("contoh: ", 1)[1].split()[0]
    assert len(password) >= 12
    opened = app.get(re.findall(r"https?://[^/\s]+(/setor/\S+)", output)[0])
    assert "contoh" in opened.text, "who was told the link hands in by it, without an account"

    assert 25 <= found(fq="dataset_type:dataset")["count"] <= 30
    assert found(fq="dataset_type:kegiatan")["count"] >= 5
    assert found(fq="dataset_type:indikator")["count"] >= 10
    stunting = helpers.call_action("package_show", id="contoh-stunting")
    assert [r["format"] for r in stunting["resources"]] == ["CSV", "XLSX"]
    for resource in stunting["resources"]:
        rows = helpers.call_action("datastore_search", resource_id=resource["id"], limit=1)
        assert rows["total"] == 29 * 5
        assert rows["records"][0]["kode_kecamatan"].startswith("36.04.")
    activity = helpers.call_action("package_show", id=stunting["id_kegiatan"])
    assert [variable["nama"] for variable in activity["ms_var"]]
    walidata = model.User.get("contoh-walidata")
    assert walidata is not None
    assert "Peran SDI: Walidata" in walidata.about
    assert walidata.validate_password(password)
    desa = next(
        name for name in helpers.call_action("organization_list") if name.startswith("contoh-desa"))
    assert helpers.call_action("organization_show", id=desa)["jenis_instansi"] == "desa"

    for dataset in found(fq="tags:\"data contoh\"")["results"]:
        gaps = metadata.gaps(helpers.call_action("package_show", id=dataset["id"]))
        missing = [(gap.field, gap.explain()) for gap in gaps if gap.severity != "saran"]
        assert not missing, (dataset["name"], missing)

    # Everything public is the version it is, with its files; drafts are none.
    public = {each["id"] for each in found(fq="dataset_type:(dataset OR kegiatan OR indikator)")[
        "results"]}
    assert public == set(model.Session.scalars(
        sa.select(Version.package_id).where(Version.ended_at.is_(None))))
    assert list(checking.check(lambda _size: None)) == []

    made = everything()
    output = run(cli)
    assert "0 dibuat, 0 diperbarui" in output
    assert password not in output and "/setor/" not in output
    assert everything() == made

    result = cli.invoke(ckan, ["satudata", "demo", "--region", "52.03"])
    assert result.exit_code == 1
    assert everything() == made

    try_it_out(stranger, app)
    look_and_list(mine["id"])
    untried = [name for name, found in everything().items()
               if name.startswith("ckan.satudata_") and not found[0]]
    assert sorted(untried) == ["ckan.satudata_access_token", "ckan.satudata_usage_batch"]
    output = run(cli, "--purge")
    search.commit()
    assert ledger() == stored
    # Of the trail only what the demo's people did is gone, and that is on record itself; so is
    # the code list they made, which stays: others may say its codes by now.
    *earlier, _made, listed, last = events()
    assert [event.id for event in earlier] == kept
    assert (listed.kind, listed.data["vocabulary"]) == ("kosakata", "contoh_pasar")
    assert "contoh_pasar" in output and "/kode-referensi/contoh_pasar/versi" in output
    assert listed.actor_id and model.User.get(listed.actor_id) is None
    history = helpers.call_action("satudata_vocabulary_version_list", name="contoh_pasar")
    assert [(each["number"], each["actor"]) for each in history["results"]] == [
        (2, "akun yang sudah dihapus"), (1, "akun yang sudah dihapus")]
    assert (last.kind, last.note) == ("contoh_dihapus", "demo --purge")
    # Harvesters are told that the datasets left, for ever, and nothing of what they said.
    catalog = app.get("/catalog.nt").body
    assert "/dataset/contoh-" not in catalog.replace("/dataset/contoh-milik-orang", "")
    for pieces in PIECES.values():
        assert set(model.Session.scalars(sa.select(Entry.deleted_at.is_(None)).join(
            pieces, pieces.c.slot == Entry.slot))) <= {True}
    model.Session.rollback()
    # How often others' data was used stays, to the last number.
    assert set(model.Session.execute(sa.select(
        Usage.package_id, Usage.owner_org, Usage.count)).tuples()) == {(mine["id"], "", 3)}
    model.Session.execute(sa.delete(Usage))
    model.Session.commit()
    after = everything()
    for name in ("event", "vocabulary_row", "vocabulary_version"):
        after[f"ckan.satudata_{name}"] = before[f"ckan.satudata_{name}"]
    told = {name for name in after if name.startswith("ckan.satudata_feed_")}
    assert {name: after[name] for name in after if name not in told} == {
        name: before[name] for name in before if name not in told}
    assert not after["ckan.satudata_feed_mark"][0]
    assert helpers.call_action("package_show", id=mine["id"])["name"] == "contoh-milik-orang"


def test_a_code_of_no_region_is_refused(cli: CKANCliRunner) -> None:
    result = cli.invoke(ckan, ["satudata", "demo", "--region", "36.04.05"])
    assert result.exit_code == 1
    assert "bukan kode kabupaten/kota" in result.output


def test_a_portal_with_another_walidata_is_told_what_to_set(
    cli: CKANCliRunner, everything: Everything, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.satudata.walidata", "")
    helpers.call_action("get_site_user")
    before = everything()
    result = cli.invoke(ckan, ["satudata", "demo"])
    assert result.exit_code == 1
    assert "ckanext.satudata.walidata = contoh-diskominfo" in result.output
    assert everything() == before
