"""The file field in a browser at 360 px on a slow line: what breaks off goes on, and is said so."""
from __future__ import annotations

import hashlib
import random
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from browser import launched, phone
from ckan import model
from ckan.tests import helpers
from flask import render_template_string, request
from link_scene import forget_counts, make_link, path_of
from playwright.sync_api import Page, expect
from werkzeug.routing import Rule
from werkzeug.serving import make_server
from workflow_cast import Cast, people

from ckanext.satudata.intake.model import Intake
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.uploads.model import Upload

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.ckan_config("WTF_CSRF_ENABLED", True),
]
made, cast = people()
expect.set_options(timeout=30_000)
PAGE = """{% extends "page.html" %}{% block primary_content %}
{% from 'satudata/uploads/field.html' import upload_field with context %}
<form method="post" enctype="multipart/form-data">{{ h.csrf_input() }}
{{ upload_field(key=g.userobj.id, limit=20000000) }}
<p id="below">Di bawahnya</p><button class="sd-btn sd-btn--primary" type="submit">Kirim</button>
</form>{% endblock %}"""
#: As a phone on the edge of a village: bytes per second up, milliseconds to the answer.
SLOW = {"offline": False, "latency": 120, "downloadThroughput": 4_000_000,
        "uploadThroughput": 900_000}
LARGEST_PIECE = 1024 * 1024
#: Tells how many bytes of bodies left the browser, those included that reached nobody.
COUNT = """(() => { const open = XMLHttpRequest.prototype.open;
XMLHttpRequest.prototype.open = function (method) {
  let before = 0;
  if (method === 'PATCH') this.upload.addEventListener('progress', event => {
    window.left(event.loaded - before); before = event.loaded; });
  return open.apply(this, arguments); }; })()"""


class Portal:
    """The application under test behind a port, which counts the bytes of bodies."""

    def __init__(self, flask_app: Any) -> None:
        self.app, self.bodies = flask_app, 0
        self.server = make_server("127.0.0.1", 0, self, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "PATCH":
            environ["wsgi.input"] = Counted(self, environ["wsgi.input"])
        return self.app(environ, start_response)

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join(30)


class Counted:
    """A body whose bytes are counted as they are read."""

    def __init__(self, portal: Portal, stream: Any) -> None:
        self.portal, self.stream = portal, stream

    def read(self, length: int = -1) -> bytes:
        got = self.stream.read(length)
        self.portal.bodies += len(got)
        return got

    def readinto(self, into: Any) -> int:
        got = self.read(len(into))
        into[:len(got)] = got
        return len(got)


def view() -> Any:
    """A page with the field; sent, it takes the upload over and says what it got."""
    if request.method == "GET":
        return render_template_string(PAGE)
    if not request.form.get("upload_id"):
        content = request.files["upload"].read()
        return f"biasa {len(content)} {hashlib.sha256(content).hexdigest()}"
    with unit_of_work():
        taken = tk.get_action("satudata_upload_claim")({"ignore_auth": True}, {
            "id": request.form["upload_id"], "owner": f"user:{tk.current_user.id}"})
    return f"diambil {taken['size']} {taken['sha256']} {taken['filename']}"


@pytest.fixture
def portal(app: Any, cast: Cast) -> Iterator[Portal]:
    with unit_of_work():
        model.Session.execute(sa.delete(Upload))
    model.Session.remove()
    flask_app = app.flask_app
    if "uji_unggah" not in flask_app.view_functions:
        flask_app.url_map.add(Rule("/uji", endpoint="uji_unggah", methods=["GET", "POST"]))
        flask_app.view_functions["uji_unggah"] = view
    running = Portal(flask_app)
    with helpers.changed_config("ckan.site_url", running.url):  # where redirects lead
        yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as opened:
        yield opened


@pytest.fixture
def page(app: Any, browser: Any, portal: Portal, cast: Cast) -> Iterator[Page]:
    """A phone on which the produsen is logged in."""
    client = app.test_client()
    with client.session_transaction(base_url=portal.url) as session:
        session["_user_id"], session["_fresh"] = cast.produsen["id"], True
    with phone(browser) as shown:
        shown.set_default_timeout(30_000)
        shown.context.add_cookies([{"name": each.key, "value": each.value, "url": portal.url}
                                   for each in client._cookies.values()])
        shown.goto(f"{portal.url}/uji")
        yield shown


def slow(page: Page) -> None:
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Rekap kunjungan 2025.csv"
    path.write_bytes(random.Random(7).randbytes(8_000_000))
    return path


def percent(page: Page) -> int:
    found = re.search(r"\((\d+) %\)", page.locator('[data-up="numbers"]').inner_text())
    return int(found.group(1)) if found else 0


def reach(page: Page, wanted: int) -> None:
    page.wait_for_function(
        "wanted => Number((document.querySelector('[data-up=numbers]').textContent"
        ".match(/\\((\\d+) %\\)/) || [0, 0])[1]) >= wanted", arg=wanted)


def stored() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.max(Upload.received))) or 0


def test_eight_megabytes_over_a_line_that_breaks(
    page: Page, portal: Portal, file: Path
) -> None:
    left: list[int] = []
    page.context.expose_function("left", lambda count: left.append(count))
    page.add_init_script(COUNT)
    page.reload()
    slow(page)
    below = page.locator("#below").bounding_box()
    page.set_input_files("#berkas", file)
    reach(page, 20)
    assert re.search(r"dari 8 MB \(\d+ %\)", page.locator('[data-up="numbers"]').inner_text())
    assert page.locator("#below").bounding_box() == below
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    page.context.set_offline(True)
    expect(page.locator('[data-up="numbers"]')).to_contain_text(
        "Dilanjutkan otomatis begitu sambungan kembali")
    expect(page.locator('[data-up="live"]')).to_contain_text("dari 8 MB tersimpan")
    assert page.locator("#below").bounding_box() == below
    page.wait_for_timeout(500)
    first = stored()
    assert 0 < first < 8_000_000
    page.context.set_offline(False)
    slow(page)
    reach(page, 60)
    assert stored() > first

    page.reload()  # the phone was off, or it is another day
    expect(page.locator('[data-up="before-text"]')).to_contain_text(
        "Pilih berkas yang sama untuk melanjutkan")
    second = stored()
    assert second >= 4_000_000
    slow(page)
    page.set_input_files("#berkas", file)
    expect(page.locator("body")).to_contain_text("diambil")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert page.locator("body").inner_text() == f"diambil 8000000 {digest} {file.name}"
    assert portal.bodies - 8_000_000 <= LARGEST_PIECE
    assert sum(left) <= 8_000_000 + LARGEST_PIECE
    assert model.Session.query(Upload).count() == 0


def test_it_is_paused_and_given_up_by_keyboard(page: Page, file: Path) -> None:
    slow(page)
    page.set_input_files("#berkas", file)
    reach(page, 5)
    page.get_by_role("button", name="Jeda").focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-up="live"]')).to_contain_text("Dijeda")
    page.wait_for_timeout(300)
    before = stored()
    page.wait_for_timeout(700)
    assert stored() == before
    page.keyboard.press("Enter")  # the same button, now “Lanjutkan”
    reach(page, 20)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#berkas")).to_be_focused()
    page.wait_for_timeout(500)
    assert stored() == 0 and page.locator("#berkas").input_value() == ""


def test_a_server_that_is_away_for_a_moment_loses_nothing(
    page: Page, portal: Portal, file: Path
) -> None:
    """A web server in front that answers 502 while the portal starts anew."""
    slow(page)
    page.set_input_files("#berkas", file)
    reach(page, 20)
    page.route("**/unggah/*", lambda route: route.fulfill(status=502, body="Bad Gateway"))
    expect(page.locator('[data-up="numbers"]')).to_contain_text("Terputus")
    page.unroute("**/unggah/*")
    expect(page.locator("body")).to_contain_text("diambil 8000000")
    assert portal.bodies - 8_000_000 <= LARGEST_PIECE


def test_one_that_is_whole_and_was_not_sent_is_not_sent_again(
    page: Page, portal: Portal, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"a,b\n" * 1000)
    page.route("**/uji", lambda route: route.fulfill(status=204) if (
        route.request.method == "POST") else route.continue_())  # the page stays, nothing is sent
    page.set_input_files("#berkas", file)
    expect(page.locator('[data-up="live"]')).to_contain_text("lengkap terunggah")
    page.wait_for_timeout(300)
    page.unroute("**/uji")
    page.goto(f"{portal.url}/uji")
    page.get_by_role("button", name="Pakai berkas ini").click()
    expect(page.locator("body")).to_contain_text("diambil 4000")
    assert portal.bodies == 4000


def test_one_that_was_taken_is_forgotten_without_asking_for_it(
    page: Page, portal: Portal, tmp_path: Path
) -> None:
    small = tmp_path / "kecil.csv"
    small.write_bytes(b"a,b\n1,2\n")
    page.set_input_files("#berkas", str(small))
    expect(page.locator("body")).to_contain_text("diambil 8")
    remembered = "Object.keys(localStorage).filter(name => name.startsWith('tus::')).length"
    assert page.evaluate(remembered) == 1
    page.wait_for_timeout(1_100)  # the browser keeps when it began by the second
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.method) if "/unggah" in each.url else None)
    page.goto(f"{portal.url}/uji")
    expect(page.locator(".up--on")).to_have_count(1)
    page.wait_for_function(f"{remembered} === 0")
    assert asked == []


def test_what_is_too_large_or_empty_is_said_at_once(
    page: Page, portal: Portal, tmp_path: Path
) -> None:
    large, empty = tmp_path / "besar.csv", tmp_path / "kosong.csv"
    large.write_bytes(b"x" * 20_000_001)
    empty.write_bytes(b"")
    for file, said in ((large, "berukuran 20 MB, batasnya 20 MB"), (empty, "kosong")):
        page.set_input_files("#berkas", file)
        expect(page.locator('[data-up="note"]')).to_contain_text(said)
        assert page.locator("#berkas").get_attribute("aria-invalid") == "true"
    assert portal.bodies == 0


def test_a_session_that_ended_is_said_and_what_came_is_kept(
    page: Page, portal: Portal, file: Path
) -> None:
    slow(page)
    page.set_input_files("#berkas", file)
    reach(page, 15)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    expect(page.locator('[data-up="note"]')).to_contain_text("Sesi Anda berakhir")
    kept = stored()
    page.context.add_cookies(cookies)  # logged in again
    page.goto(f"{portal.url}/uji")
    page.set_input_files("#berkas", file)
    expect(page.locator("body")).to_contain_text("diambil 8000000")
    assert kept and portal.bodies - 8_000_000 <= LARGEST_PIECE


def test_somebody_with_a_link_goes_on_after_a_break_without_an_account(
    browser: Any, portal: Portal, cast: Cast, tmp_path: Path
) -> None:
    """The page of a link as it is, in a browser that never was here."""
    forget_counts()
    link = make_link(cast, cast.make(resources=[]), max_mb=3)
    model.Session.remove()
    rows = "".join(f"{number};Desa {number};{number % 977}\n" for number in range(100_000))
    file = tmp_path / "Rekap desa.csv"
    file.write_text("nomor;desa;kunjungan\n" + rows)
    with phone(browser) as page:
        page.goto(portal.url + path_of(link))
        slow(page)
        page.set_input_files("input[type=file]", file)
        reach(page, 20)
        page.context.set_offline(True)
        expect(page.locator('[data-up="numbers"]')).to_contain_text("Dilanjutkan otomatis")
        assert portal.bodies
        page.context.set_offline(False)
        expect(page.locator('[data-up="live"]')).to_contain_text("lengkap terunggah")
        # What this browser keeps to go on by opens nothing: not the link, and only this upload.
        assert path_of(link).rpartition("/")[2] not in page.evaluate("JSON.stringify(localStorage)")
        page.get_by_role("button", name="Kirim").click()
        page.wait_for_url(lambda url: not url.endswith(path_of(link)))
        expect(page.locator("body")).to_contain_text(file.name)
    model.Session.rollback()
    kept = model.Session.query(Intake).filter_by(link_id=link["id"]).one()
    assert kept.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert portal.bodies - file.stat().st_size <= LARGEST_PIECE


def test_without_javascript_it_is_a_file_field(
    browser: Any, page: Page, portal: Portal, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"a,b\n1,2\n")
    with browser.new_context(java_script_enabled=False,
                             viewport={"width": 360, "height": 740}) as plain:
        plain.add_cookies(page.context.cookies())
        page = plain.new_page()
        page.goto(f"{portal.url}/uji")
        page.set_input_files("#berkas", file)
        page.get_by_role("button", name="Kirim").click()
        expect(page.locator("body")).to_contain_text("biasa 8")
