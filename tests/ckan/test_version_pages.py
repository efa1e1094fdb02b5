"""The pages of versions: an earlier one is read, downloaded and cited after the next is public."""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from test_revision import NEW, OLD, upload
from test_versions import REASON, release, revise
from workflow_cast import Cast, Data, assemble, call

from ckanext.satudata.shared.signals import file_opened
from ckanext.satudata.versions.model import Version

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.usefixtures("clean_db", "clean_index"),
]


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def made(cast: Cast) -> Data:
    """A dataset in its first version."""
    draft = cast.make(title="Kunjungan 2025", resources=[])
    call("resource_create", cast.produsen, package_id=draft["id"], name="Tabel", format="CSV",
         upload=upload(OLD, "kunjungan.csv"))
    release(cast, draft["id"])
    return draft


@pytest.fixture
def browse(app: Any, cast: Cast) -> Callable[..., Any]:
    """Return the browser of a person of the cast, or of nobody."""
    def log_in(who: str = "") -> Any:
        browser = app.test_client()
        if who:
            with browser.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
                session["_user_id"], session["_fresh"] = cast.people[who]["id"], True
        return browser

    return log_in


def text(response: Any, selector: str = ".main") -> str:
    assert response.status_code == 200, response.status_code
    found = BeautifulSoup(response.text, "html.parser").select(selector)
    return " ".join(" ".join(each.get_text(" ").split()) for each in found)


def path(url: str) -> str:
    return url.removeprefix(tk.config["ckan.site_url"])


def test_an_old_version_is_read_downloaded_and_cited_after_the_next(
    cast: Cast, made: Data, browse: Any
) -> None:
    public, author = browse(), browse("produsen")
    name = made["name"]
    copy = call("satudata_revision_start", cast.produsen, id=name)
    assert "sedang disiapkan" in text(author.get(f"/dataset/{name}"))
    assert "sedang disiapkan" not in text(public.get(f"/dataset/{name}"))
    assert "salinan kerja untuk versi 2" in text(author.get(f"/dataset/{copy['name']}"))
    form = author.get(f"/dataset/edit/{copy['name']}")
    assert "salinan kerja untuk versi 2" in text(form)
    assert "tahun berikutnya" not in text(form), "a copy of a copy helps nobody"
    saved = author.get(f"/dataset/{copy['name']}/resource/{copy['resources'][0]['id']}")
    onward = BeautifulSoup(saved.text, "html.parser").select_one(".wf-bar .sd-btn--primary")
    assert onward.text == "Lanjutkan", "where one lands after a file was saved"
    assert "Kirim untuk diperiksa" in text(author.get(path(onward["href"]), follow_redirects=True))
    assert "versi lama" not in text(public.get(f"/dataset/{name}"))
    revise(cast, name, title="Kunjungan 2025, diperbaiki")

    page = public.get(f"/dataset/{name}")
    assert "Versi 2" in text(page, ".vs-line") and "versi lama" in text(page)
    assert REASON in text(page, ".vs-line")
    assert f"/dataset/{name}/versi/2" in text(page, ".vs-cite")
    assert text(public.get(f"/dataset/{name}/versi"), ".vs-item h2") == "Versi 2 Versi 1"

    old = public.get(f"/dataset/{name}/versi/1")
    assert "digantikan versi 2" in text(old, ".vs-standing")
    assert text(old, "h1") == "Kunjungan 2025"
    soup = BeautifulSoup(old.text, "html.parser")
    assert soup.select_one('link[rel="canonical"]')["href"].endswith(f"/dataset/{name}")
    assert soup.select_one('meta[name="robots"]')["content"] == "noindex"
    shown = call("satudata_version_show", None, id=name, number=1)
    cited = soup.select_one(".vs-cite").get_text()
    assert cited.startswith(shown["citation"]) and "diakses" in cited.removeprefix(
        shown["citation"])
    assert "noindex" not in public.get(f"/dataset/{name}/versi/2").text
    file = public.get(path(soup.select_one("#berkas .sd-btns a")["href"]))
    assert file.data == OLD
    now = call("package_show", None, id=name)["resources"][0]["url"]
    assert public.get(path(now)).data == NEW
    entry = public.get(f"/dataset/{name}/versi/1/kutip.bib")
    assert "attachment" in entry.headers["Content-Disposition"]
    assert f"/dataset/{name}/versi/1}}" in entry.text
    assert public.get(f"/dataset/{name}/versi/1/kutip.exe").status_code == 404


def test_a_file_of_a_version_keeps_its_address_and_says_what_it_is(
    made: Data, browse: Any
) -> None:
    public = browse()
    file = call("satudata_version_show", None, id=made["id"], number=1)["files"][0]
    opened: list[Data] = []

    def note(package_id: str, **told: Any) -> None:
        opened.append({"package": package_id, **told})

    with file_opened.connected_to(note):
        answer = public.get(path(file["url"]))
        etag = answer.headers["ETag"]
        assert etag == f'"{hashlib.sha256(OLD).hexdigest()}"'
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert answer.headers["Content-Disposition"] == "attachment; filename=kunjungan.csv"
        assert "no-cache" in answer.headers["Cache-Control"]
        again = public.get(path(file["url"]), headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
        head = public.head(path(file["url"]))
        assert head.headers["Content-Length"] == str(len(OLD))
        part = public.get(path(file["url"]), headers={"Range": "bytes=6-11"})
        assert (part.status_code, part.data) == (206, OLD[6:12])
    # What is told left the portal: not a head, not "nothing is new".
    assert [each["way"] for each in opened] == ["versi", "versi"]
    assert opened[0] == {
        "package": made["id"], "resource_id": file["resource_id"], "number": 1,
        "sha256": hashlib.sha256(OLD).hexdigest(), "way": "versi", "rows": None,
        "size": len(OLD)}
    moved = public.get(path(file["url"]).replace("kunjungan.csv", "lain.csv"),
                       follow_redirects=False)
    assert (moved.status_code, path(moved.headers["Location"])) == (302, path(file["url"]))
    for wrong in (file["url"].replace("/versi/1/", "/versi/7/"),
                  file["url"].replace(file["resource_id"], made["id"])):
        assert public.get(path(wrong)).status_code == 404


def test_what_is_gone_says_so(cast: Cast, made: Data, browse: Any) -> None:
    file = call("satudata_version_show", None, id=made["id"], number=1)["files"][0]
    cast.step(cast.walidata, made["id"], "tarik", note="Salah tahun.")
    assert browse().get(f"/dataset/{made['name']}/versi/1").status_code == 404
    revise(cast, made["id"], title="Kunjungan 2025")

    for address in (f"/dataset/{made['name']}/versi/1", path(file["url"])):
        answer = browse().get(address)
        assert answer.status_code == 410
        assert "Versi 1 sudah ditarik" in answer.text
    assert browse("anggota").get(path(file["url"])).data == OLD

    model.Session.query(Version).filter_by(package_id=made["id"], number=1).one().purged_at = (
        model.Session.query(Version).filter_by(package_id=made["id"], number=2).one().published_at)
    model.Session.commit()
    for who in ("", "anggota", "boss"):
        answer = browse(who).get(path(file["url"]))
        assert answer.status_code == 410
        assert "sudah dimusnahkan" in answer.text


def test_a_dataset_without_versions_has_no_tab_and_says_why(cast: Cast, browse: Any) -> None:
    draft = cast.make(title="Belum terbit")
    author = browse("produsen")
    assert "/versi" not in author.get(f"/dataset/{draft['name']}").text
    assert "Belum ada versi yang terbit" in text(author.get(f"/dataset/{draft['name']}/versi"))
    assert browse().get(f"/dataset/{draft['name']}/versi").status_code == 404
    assert browse("tetangga").get(f"/dataset/{draft['name']}/versi/1").status_code == 404


def test_what_is_restricted_now_is_closed_in_old_versions_and_kept_by_no_cache(
    made: Data, browse: Any
) -> None:
    file = call("satudata_version_show", None, id=made["id"], number=1)["files"][0]
    known = browse().get(path(file["url"])).headers["ETag"]
    package = model.Package.get(made["id"])
    package.extras["access_rights"] = "tertutup"
    model.Session.commit()

    for who in ("", "warga", "tetangga"):
        refused = browse(who).get(path(file["url"]), headers={"If-None-Match": known})
        assert refused.status_code == 403
        assert "Berkas ini dibatasi" in refused.text
        assert OLD.decode() not in refused.text
        page = browse(who).get(f"/dataset/{made['name']}/versi/1")
        assert "Akses dibatasi" in text(page, "#berkas")
        assert "/berkas/" not in page.text
    given = browse("anggota").get(path(file["url"]))
    assert given.data == OLD
    assert {"private", "no-store"} <= set(given.headers["Cache-Control"].split(", "))
    assert "public" not in given.headers["Cache-Control"]
    assert "ETag" not in given.headers


def test_who_hands_in_a_revision_says_what_kind_it_is_and_why(
    cast: Cast, made: Data, browse: Any
) -> None:
    author, copy = browse("produsen"), call(
        "satudata_revision_start", cast.produsen, id=made["id"])
    call("package_patch", cast.produsen, id=copy["id"], title="Kunjungan 2025, lengkap")
    call("resource_patch", cast.produsen, id=copy["resources"][0]["id"],
         upload=upload(b"tahun,jumlah\n2024,7\n", "kunjungan.csv"))
    submission = copy["submission"]["id"]
    page = author.get(f"/pengajuan/{submission}")
    assert "Kunjungan 2025, lengkap" in text(page, ".vs-differences ins")
    assert "1 baris berubah" in text(page, ".vs-sum")
    form = BeautifulSoup(author.get(f"/pengajuan/{submission}/ajukan").text, "html.parser")
    kinds = {each["value"]: each.has_attr("checked") for each in form.select("[name=kind]")}
    assert kinds == {"rilis_baru": False, "perbaikan": True}

    fields = {"expected_version": cast.show(submission)["version"], "kind": "perbaikan",
              "note": "Tolong diperiksa."}
    refused = author.post(f"/pengajuan/{submission}/ajukan", data={**fields, "reason": " "})
    assert refused.status_code == 400
    form = BeautifulSoup(refused.text, "html.parser")
    reason = form.select_one("#alasan")
    assert reason["aria-invalid"] == "true"
    said = form.select_one(f"#{reason['aria-describedby'].split()[-1]}")
    assert "Tulis apa yang diperbaiki" in said.text
    assert form.select_one("[name=note]").text == "Tolong diperiksa."
    assert form.select_one("[name=kind][checked]")["value"] == "perbaikan"
    author.post(f"/pengajuan/{submission}/ajukan", data={**fields, "reason": REASON})

    cast.step(cast.walidata, submission, "periksa")
    inspected = browse("walidata").get(f"/pengajuan/{submission}")
    assert text(inspected, ".vs-why h2") == "Perbaikan"
    assert REASON in text(inspected, ".vs-why")
    assert "Kunjungan 2025, lengkap" in text(inspected, ".vs-differences ins")
    compared = f"/dataset/{made['name']}/versi/1/banding/draf"
    assert "2024" in text(browse("walidata").get(compared), ".vs-sample")
    for who in ("", "warga", "tetangga"):
        assert browse(who).get(compared).status_code == 404


def test_two_versions_are_compared_for_everybody(cast: Cast, made: Data, browse: Any) -> None:
    revise(cast, made["id"], title="Kunjungan 2025, diperbaiki")
    public, name = browse(), made["name"]
    chosen = public.get(f"/dataset/{name}/versi/banding?dari=2&ke=1", follow_redirects=False)
    assert path(chosen.headers["Location"]) == f"/dataset/{name}/versi/1/banding/2"
    page = public.get(f"/dataset/{name}/versi/1/banding/2")
    assert "1 baris baru" in text(page, ".vs-sum")
    assert text(page, ".vs-fields ins") == "Kunjungan 2025, diperbaiki"
    picture = BeautifulSoup(page.text, "html.parser").select_one(".vs-bar")
    assert picture["aria-label"] == "1 baris sama, 1 baris baru"
    for wrong in ("1/banding/9", "1/banding/lama", "1/banding/1234567890123"):
        assert public.get(f"/dataset/{name}/versi/{wrong}").status_code == 404
    same = public.get(f"/dataset/{name}/versi/banding?dari=2&ke=2", follow_redirects=False)
    assert path(same.headers["Location"]) == f"/dataset/{name}/versi"
