"""Every route and action of ours: forged forms, reads that write, markup, and far too much text.

Walks the live routing table and action registry, so that a route or action that comes later
is held to the same.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.logic import get_action
from ckan.tests import factories
from flask import Flask
from workflow_world import OPD, WALIDATA, World, make

from ckanext.satudata.logic import action as ours
from ckanext.satudata.shared.actor import RoleGrant

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
]
Data = dict[str, Any]
#: What looking at a page while logged in may change: when somebody was last seen.
SEEN = {"ckan.user", "ckan.api_token"}
MEGABYTE = "a" * 1_000_000


@pytest.fixture
def world() -> World:
    return make()


@pytest.fixture
def places(world: World, flask_app: Flask) -> Data:
    """A thing for every parameter that a route of ours has."""
    row = world.walk("diperiksa_walidata")
    document = world.act("walidata", "satudata_berita_acara_create", owner_org=OPD,
                         submissions=[row.id], place="Ruang rapat",
                         attendees=[{"name": "Siti", "office": "Statistisi", "agency": "Kominfo"}])
    grant = model.Session.query(RoleGrant).filter_by(role="ppid").one()
    dataset = world.package["id"]
    setoran = world.act("walidata", "satudata_intake_create", id=dataset, filename="a.csv",
                        content="kecamatan;kunjungan\nAnyar;12\n")
    link = world.act("walidata", "satudata_upload_link_create", id=dataset)
    with flask_app.test_request_context():
        recap = world.act(
            "walidata", "satudata_recap_create", id=dataset, title="Kunjungan 2025",
            unit_kind="puskesmas", units=[{"code": "P1", "name": "Puskesmas Anyar"}])
    return {"submission": row.id, "document": document["id"], "grant": grant.id,
            "setoran": setoran["id"], "link": link["id"], "recap": recap["id"],
            "dataset": world.package["name"], "resource": world.package["resources"][0]["id"]}


@pytest.fixture
def flask_app(app: Any) -> Flask:
    return app.flask_app


@pytest.fixture
def browse(app: Any) -> Callable[[str], Any]:
    """Return the browser of somebody logged in by cookie."""
    def log_in(name: str) -> Any:
        browser = app.test_client()
        with browser.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
            session["_user_id"], session["_fresh"] = model.User.get(name).id, True
        return browser

    return log_in


def rules(flask_app: Flask, method: str) -> Iterator[Any]:
    """Return the routes of ours that take a method."""
    for rule in flask_app.url_map.iter_rules():
        view = inspect.unwrap(flask_app.view_functions[rule.endpoint])
        if (view.__module__ or "").startswith("ckanext.satudata") and method in rule.methods:
            yield rule


def paths(rule: Any, places: Data) -> list[str]:
    """Return addresses of a route: every way its parameters can be filled with what is there."""
    text = rule.rule
    known = {
        "id": places["document"] if "berita-acara" in text else
        places["grant"] if "/peran" in text else
        places["dataset"] if text.startswith(("/dataset", "/kirim")) else places["submission"],
        "resource_id": places["resource"], "activity_id": "x", "note": "x", "role": "ppid",
        "sha256": "0" * 64, "organization": "x", "suffix": "ttl",
        "code": "jumlah-penduduk" if text.startswith("/seri") else "statistik",
        "package_type": "dataset",
        "filename": "data.csv", "number": 1, "old": 1, "new": "draf", "ending": "bib",
        "extension": "ttl", "_format": "ttl", "_id": places["dataset"], "sequence": 1,
        "token": "x" * 43, "signed": "x" * 43, "receipt": "x" * 43,
        **{name: places[name] for name in ("setoran", "link", "recap")},
        "name": "jenis_data" if "kode-referensi" in text else
        "package_search" if "/api/" in text else "setujui",
    }
    names = [{**known, "name": step} for step in STEPS] if "/pengajuan" in text and (
        "name" in rule.arguments) else [{**known, "step": step} for step in (
            HANDED_IN if "setoran" in rule.arguments else OF_LINKS)]
    missing = set(rule.arguments) - set(names[0])
    assert not missing, f"{text}: say in this test what {missing} may be"
    return list(dict.fromkeys(
        rule.build({key: each[key] for key in rule.arguments})[1] for each in names))


STEPS = ("setujui", "kembalikan", "alihkan", "tarik_darurat", "terbitkan", "ajukan", "batalkan",
         "revisi", "tarik")
HANDED_IN = ("terima", "buang", "urungkan")
OF_LINKS = ("cabut", "perpanjang")


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
def test_no_form_of_ours_is_taken_without_its_token(
    flask_app: Flask, places: Data, browse: Any, app: Any, everything: Any
) -> None:
    addresses = [path for rule in rules(flask_app, "POST") for path in paths(rule, places)]
    assert len(addresses) > 20
    # CKAN takes the protection off a view once it was called with an API token.
    token = factories.APIToken(user="tamu")["token"]
    for address in addresses:
        app.post(address, headers={"Authorization": token}, data={})
    before, taken = everything(), []
    for who in ("sysadmin", "walidata"):
        browser = browse(who)
        for address in addresses:
            answer = browser.post(address, data=FORGED, follow_redirects=False)
            if answer.status_code != 400 or "CSRF" not in answer.get_data(as_text=True):
                taken.append(f"{address}: {answer.status_code}")
    after = everything()
    assert taken == []
    assert {key for key in after if before[key] != after[key]} <= SEEN


#: Fields that forms of ours have, as somebody else's page would send them.
FORGED = {"expected_version": "4", "note": "x", "user": "tamu", "role": "ppid", "office": "x",
          "reason": "x", "tindakan": "setujui", "principle": "metadata", "message": "x",
          "severity": "wajib", "inspector": "walidata-pengisi", "label": "x", "days": "30",
          "langkah": "buat", "title": "x", "due_at": "2099-01-01", "unit": "P1", "text": "a\tb"}


def test_no_get_has_an_effect(
    flask_app: Flask, places: Data, browse: Any, app: Any, everything: Any
) -> None:
    addresses = [path for rule in rules(flask_app, "GET") for path in paths(rule, places)]
    # A link with a form's fields in it, also to what takes forms only.
    addresses += [f"{path}?{_query()}" for method in ("GET", "POST")
                  for rule in rules(flask_app, method) for path in paths(rule, places)]
    browsers = [browse(name) for name in ("sysadmin", "walidata", "pengirim")]
    for browser in browsers:
        browser.get("/tugas")
        browser.get("/catalog.ttl")  # begins the feed of a portal that has none
        # A template is kept for whoever asks next, so that it is made once.
        assert browser.get(f"/dataset/{places['dataset']}/templat.xlsx").status_code == 200
    before, broken = everything(), []
    for browser in (*browsers, app):
        for address in dict.fromkeys(addresses):
            answer = browser.get(address, follow_redirects=False)
            if answer.status_code >= 500 and "Retry-After" not in answer.headers:
                broken.append(f"{address}: {answer.status_code}")
    after = everything()
    assert broken == []
    assert {key for key in after if before[key] != after[key]} <= SEEN


def _query() -> str:
    return "&".join(f"{key}={value}" for key, value in FORGED.items())


def test_no_action_that_writes_is_called_by_a_link(
    app: Any, places: Data, everything: Any
) -> None:
    token = factories.APIToken(user="sysadmin")["token"]
    headers = {"Authorization": token}
    app.get("/api/action/status_show", headers=headers)
    before, written = everything(), []
    for name in ours.__all__:
        if getattr(get_action(name), "side_effect_free", False):
            continue
        answer = app.get(f"/api/action/{name}?id={places['submission']}&{_query()}",
                         headers=headers)
        if answer.status_code != 400:
            written.append(f"{name}: {answer.status_code}")
    assert written == []
    after = everything()
    assert {key for key in after if before[key] != after[key]} <= SEEN


HOSTILE = (
    "Bukti **tebal** <script>zqjahat()</script> <img src=x onerror=zqjahat()> "
    "[tautan](javascript:zqjahat()) <a href='javascript:zqjahat()'>a</a> "
    "<iframe src='//zqjahat'></iframe> <svg onload=zqjahat()>\x07"
)


def test_what_people_write_runs_nowhere(world: World, browse: Any) -> None:
    world.walk("diperiksa_walidata")
    note = world.act("walidata", "satudata_finding_create", id=world.submission().id,
                     principle="metadata", severity="sebaiknya", message=HOSTILE.strip("\x07"),
                     how=HOSTILE.strip("\x07"), place={"field": "definisi"},
                     proposed={"field": "definisi", "value": HOSTILE.strip("\x07")})
    world.step("walidata", "kembalikan", note=HOSTILE.strip("\x07"))
    world.act("produsen", "satudata_finding_answer", id=note["id"], answer=HOSTILE.strip("\x07"))
    world.write("produsen", title="<script>zqjahat()</script>")
    row = world.submission()
    shown = 0
    for who in ("produsen", "walidata", "sysadmin"):
        for path in ("/tugas", "/tugas?kotak=menunggu_lain", f"/pengajuan/{row.id}",
                     f"/pengajuan/{row.id}?bagian=riwayat", f"/pengajuan/{row.id}?bagian=metadata",
                     "/pemberitahuan", f"/dataset/{world.package['name']}"):
            body = browse(who).get(path).get_data(as_text=True)
            shown += "zqjahat" in body
            assert runs(body) == [], (who, path)
    assert shown > 6


def runs(body: str) -> list[str]:
    """Return what a browser would run or load of the hostile text."""
    page = BeautifulSoup(body, "html.parser")
    found = [str(tag)[:100] for tag in page(["script", "iframe", "svg", "style"])
             if "zqjahat" in str(tag) and tag.get("type") != "application/ld+json"]
    for tag in page(True):
        found += [f"{tag.name} {name}" for name, value in tag.attrs.items()
                  if "zqjahat" in str(value) and (
                      name.startswith("on") or ("javascript:" in str(value).lower().strip()
                      and name in ("href", "src", "action", "formaction", "srcdoc", "data")))]
    return found


def test_a_megabyte_is_refused_by_every_action_that_writes(
    world: World, places: Data, everything: Any
) -> None:
    world.act("walidata", "satudata_finding_create", id=places["submission"],
              principle="metadata", severity="saran", message="Catatan")
    finding = world.act("walidata", "satudata_submission_show", id=places["submission"])[
        "findings"][0]["id"]
    version = world.submission().version
    step = {"id": places["submission"], "expected_version": version, "transition": "kembalikan",
            "note": "Alasan."}
    note = {"principle": "metadata", "severity": "wajib", "message": "Catatan"}
    unit = {"code": "P2", "name": "Puskesmas Ciruas"}
    code = {"code": "bakul", "label_id": "Bakul"}
    asked: list[tuple[str, Data]] = [
        *(("satudata_submission_transition", {**step, key: MEGABYTE}) for key in (
            "id", "transition", "expected_version", "note", "release_at", "inspector", "letter",
            "findings")),
        ("satudata_submission_transition", {**step, "letter": {"nomor": MEGABYTE}}),
        *(("satudata_submission_transition", {**step, "findings": [{**note, key: MEGABYTE}]})
          for key in ("principle", "severity", "message", "how", "code", "place")),
        ("satudata_submission_transition", {**step, "findings": [note] * 5000}),
        ("satudata_submission_transition_bulk", {"items": MEGABYTE}),
        ("satudata_submission_transition_bulk", {"items": [step] * 5000}),
        *(("satudata_finding_create", {"id": places["submission"], **note, key: MEGABYTE})
          for key in ("id", "principle", "severity", "message", "how", "code")),
        ("satudata_finding_create", {
            "id": places["submission"], **note, "place": {"field": MEGABYTE}}),
        ("satudata_finding_create", {
            "id": places["submission"], **note,
            "proposed": {"field": "notes", "value": MEGABYTE}}),
        ("satudata_finding_answer", {"id": finding, "answer": MEGABYTE}),
        ("satudata_finding_resolve", {"id": finding, "note": MEGABYTE}),
        ("satudata_checklist_update", {
            "id": places["submission"], "expected_version": version,
            "checklist": {"metadata": {"hasil": "memenuhi", "catatan": MEGABYTE}}}),
        ("satudata_checklist_update", {
            "id": places["submission"], "expected_version": version, "checklist": MEGABYTE}),
        *(("satudata_role_grant", {
            "user": "tamu", "role": "pimpinan", "decree": "SK 1", key: MEGABYTE})
          for key in ("user", "role", "scope", "decree", "since", "until")),
        ("satudata_role_revoke", {"id": places["grant"], "reason": MEGABYTE}),
        ("satudata_role_revoke", {"id": MEGABYTE, "reason": "x"}),
        *(("satudata_berita_acara_create", {
            "owner_org": OPD, "submissions": [places["submission"]], "place": "Ruang rapat",
            key: MEGABYTE}) for key in ("owner_org", "submissions", "place", "attendees")),
        ("satudata_berita_acara_cancel", {"id": MEGABYTE}),
        ("satudata_berita_acara_refuse", {
            "id": places["document"], "expected_hash": "x", "reason": MEGABYTE}),
        *(("satudata_revision_start", {"id": places["dataset"], key: MEGABYTE})
          for key in ("id", "note")),
        *(("satudata_access_grant_create", {
            "id": places["dataset"], "user": "tamu", "reason": "Penelitian", "until": "2099-01-01",
            key: MEGABYTE})
          for key in ("id", "user", "organization", "role", "reason", "until")),
        *(("satudata_access_grant_revoke", {"id": places["grant"], "reason": "x", key: MEGABYTE})
          for key in ("id", "reason")),
        *(("satudata_access_request_create", {
            "id": places["dataset"], "name": "Warga", "email": "warga@example.org",
            "institution": "Universitas", "purpose": "Penelitian tentang layanan.", "days": 30,
            "terms": True, key: MEGABYTE})
          for key in ("id", "name", "email", "institution", "purpose", "files", "days", "terms")),
        *(("satudata_access_request_answer", {
            "id": places["grant"], "expected_version": 1, "step": "tolak", "grounds": ["17a"],
            "reason": "Dikecualikan.", key: MEGABYTE})
          for key in ("id", "expected_version", "step", "files", "until", "conditions", "grounds",
                      "reason")),
        *(("satudata_withdrawal_explain", {
            "id": places["dataset"], "note": "Bocor.", "personal_data": [], key: MEGABYTE})
          for key in ("id", "note", "personal_data")),
        *(("satudata_purge_cancel", {"id": places["dataset"], "note": "Keliru.", key: MEGABYTE})
          for key in ("id", "note")),
        *(("satudata_upload_claim", {"id": "x", "owner": "x", key: MEGABYTE})
          for key in ("id", "owner")),
        *(("satudata_intake_create", {"id": places["dataset"], "filename": "a.csv",
                                      "content": "a;b\n1;2\n", key: MEGABYTE})
          for key in ("id", "filename", "upload", "upload_id", "note", "replaces", "accept",
                      "way")),
        ("satudata_intake_create", {"id": places["dataset"], "filename": "a.csv",
                                    "content": MEGABYTE * 6}),
        *((f"satudata_intake_{name}", {"id": MEGABYTE})
          for name in ("accept", "correct", "discard", "restore")),
        ("satudata_intake_discard", {"id": places["setoran"], "note": MEGABYTE}),
        *(("satudata_intake_correct", {"id": places["setoran"], "recipe": value})
          for value in (MEGABYTE, {"tables": MEGABYTE}, {"tables": [{
              "fingerprint": "a", "answers": {"a": MEGABYTE}}]})),
        *(("satudata_upload_link_create", {"id": places["dataset"], key: MEGABYTE})
          for key in ("id", "label", "expires_at", "days", "single", "max_mb", "phone", "email",
                      "recap_id", "unit_code", "unit_name")),
        ("satudata_upload_link_check", {"token": MEGABYTE}),
        *(("satudata_upload_link_extend", {"id": places["link"], key: MEGABYTE})
          for key in ("id", "days")),
        ("satudata_upload_link_revoke", {"id": MEGABYTE}),
        *(("satudata_recap_create", {
            "id": places["dataset"], "title": "Kunjungan", "unit_kind": "desa",
            "units": [unit], key: MEGABYTE})
          for key in ("id", "title", "unit_kind", "units", "list", "areas", "due_at")),
        ("satudata_recap_create", {"id": places["dataset"], "title": "Kunjungan",
                                   "unit_kind": "desa", "list": MEGABYTE}),
        *(("satudata_recap_create", {
            "id": places["dataset"], "title": "Kunjungan", "unit_kind": "desa",
            "units": [{**unit, key: MEGABYTE}]}) for key in ("code", "name", "phone", "email")),
        ("satudata_recap_create", {"id": places["dataset"], "title": "Kunjungan",
                                   "unit_kind": "desa", "units": [unit] * 5000}),
        *(("satudata_recap_update", {"id": places["recap"], key: MEGABYTE})
          for key in ("id", "title", "units", "list", "areas", "due_at")),
        *((f"satudata_recap_{name}", {"id": MEGABYTE}) for name in ("close", "merge")),
        ("satudata_recap_merge", {"id": places["recap"], "dry_run": MEGABYTE}),
        *((f"satudata_recap_{name}", {"id": places["recap"], key: MEGABYTE})
          for name in ("accept", "remind") for key in ("id", "units")),
        *(("satudata_template_create", {"id": places["dataset"], key: MEGABYTE})
          for key in ("id", "resource_id")),
        *(("satudata_tidy_accept", {
            "content_id": places["dataset"], "sha256": "0" * 64, "filename": "a.csv",
            key: MEGABYTE}) for key in ("content_id", "sha256", "filename", "replaces")),
        *(("satudata_tidy_update", {"resource_id": places["resource"], "tidy": True,
                                    key: MEGABYTE}) for key in ("resource_id", "tidy")),
        *(("satudata_paste_submit", {"id": places["dataset"], key: MEGABYTE})
          for key in ("id", "html", "text", "replaces")),
        *(("satudata_grid_update", {"id": places["dataset"], "version": 0, key: MEGABYTE})
          for key in ("id", "table", "mode", "draft_id", "version", "columns", "rows", "copy")),
        *((name, {"id": places["dataset"], "draft_id": "x", "version": 1, key: MEGABYTE})
          for name in ("satudata_grid_discard", "satudata_grid_submit")
          for key in ("id", "draft_id", "version")),
        *(("satudata_inspection_run", {key: MEGABYTE}) for key in ("id", "resource_id")),
        ("satudata_inspection_run", {"id": places["dataset"], "wait": MEGABYTE}),
        *(("satudata_recipe_update", {"id": places["dataset"], "recipe": {}, key: MEGABYTE})
          for key in ("id", "recipe", "expected")),
        *(("satudata_recipe_update", {"id": places["dataset"], "recipe": {"tables": [
            {"fingerprint": "a", key: value}]}}) for key, value in (
                ("fingerprint", MEGABYTE), ("answers", {"a": MEGABYTE}), ("range", MEGABYTE),
                ("off", [MEGABYTE]), ("names", {MEGABYTE: "a"}), (MEGABYTE, 1))),
        ("satudata_notice_settings_update", {"settings": MEGABYTE}),
        ("satudata_notice_read", {"ids": MEGABYTE}),
        *(("satudata_vocabulary_create", {"name": "jenis_pasar", "title_id": "Pasar",
                                          key: MEGABYTE})
          for key in ("name", "title_id", "title_en", "about", "note")),
        *(("satudata_vocabulary_update", {"name": "satuan", "rows": [code], key: MEGABYTE})
          for key in ("name", "rows", "expected_version", "note", "partly", "dry_run")),
        *(("satudata_vocabulary_update", {"name": "satuan", "rows": [{**code, key: MEGABYTE}]})
          for key in ("code", "label_id", "label_en", "note", "iri", "parent", "valid_from",
                      "valid_to", "notation", "aliases", "successor")),
        ("satudata_vocabulary_update", {"name": "satuan", "rows": [code] * 20_001}),
        *(("satudata_vocabulary_import", {
            "name": "satuan", "content": "kode,label_id\na,A\n", key: MEGABYTE})
          for key in ("name", "content", "media_type", "retire_absent")),
        ("satudata_vocabulary_import", {"name": "satuan", "upload": MEGABYTE}),
        *(("satudata_vocabulary_import_accept", {"id": "x", "expected_version": 0, key: MEGABYTE})
          for key in ("id", "expected_version", "note", "partly", "dry_run")),
        *(("satudata_vocabulary_undo", {"name": "satuan", "number": 1, key: MEGABYTE})
          for key in ("name", "number", "expected_version", "note")),
    ]
    assert {name for name in ours.__all__ if name.startswith("satudata_") and not getattr(
        get_action(name), "side_effect_free", False)} - {name for name, _ in asked} <= {
            # They take the id of a document, its hash and an office; tested by their own.
            "satudata_berita_acara_confirm", "satudata_berita_acara_issue",
            "satudata_berita_acara_update"}
    before, accepted = everything(), []
    for name, data in asked:
        who = "sysadmin" if "role" in name else "walidata"
        try:
            world.act(who, name, **data)
        except (tk.ValidationError, tk.ObjectNotFound, tk.NotAuthorized) as error:
            if len(str(error)) > 20_000:
                accepted.append(f"{name} says it all again: {_longest(data)}")
            continue
        except Exception as error:
            accepted.append(f"{name} {_longest(data)}: {type(error).__name__}")
            model.Session.rollback()
            continue
        accepted.append(f"{name} {_longest(data)}")
    after = everything()
    assert accepted == []
    assert {key for key in after if before[key] != after[key]} <= SEEN


def _longest(data: Any) -> str:
    return max(data, key=lambda key: len(str(data[key])))


def test_a_megabyte_in_a_form_is_refused_in_words(
    world: World, browse: Any, everything: Any
) -> None:
    row = world.walk("diperiksa_walidata")
    browser = browse("walidata")
    browser.get("/tugas")
    before = everything()
    for path, field in ((f"/pengajuan/{row.id}/kembalikan", "note"),
                        (f"/pengajuan/{row.id}/catatan", "message")):
        answer = browser.post(path, follow_redirects=False, data={
            "expected_version": row.version, "principle": "metadata", "severity": "wajib",
            "message": "x", field: "kata " * 200_000})
        assert answer.status_code in (400, 413), path
        assert "Traceback" not in answer.get_data(as_text=True)
    after = everything()
    assert {key for key in after if before[key] != after[key]} <= SEEN
