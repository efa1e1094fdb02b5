"""Uploads go on where they broke off; nobody reaches another's, and none stays for ever."""
from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
from collections import Counter
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from at_once import at_once
from ckan import model
from ckan.tests import factories, helpers
from freezegun import freeze_time
from link_scene import forget_counts, make_link, path_of
from statements import listened
from werkzeug.test import EnvironBuilder, run_wsgi_app
from workflow_cast import Cast, Data, people

from ckanext.satudata.links import limits as link_limits
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared import blobs, counting, scheduler
from ckanext.satudata.shared.blob_ledger import referred
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.language import default_language
from ckanext.satudata.uploads import limits, store
from ckanext.satudata.uploads.helpers import satudata_uploads_held
from ckanext.satudata.uploads.model import Upload, UploadPart

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {**TUS, "Content-Type": "application/offset+octet-stream"}
#: Longer than two pieces, and no piece like another.
FILE = b"".join(b"%07d\n" % number for number in range(330_000))
SHA256 = hashlib.sha256(FILE).hexdigest()


def metadata(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}"
                    for key, value in values.items())


class Client:
    """Somebody who uploads, by an API token, or nobody."""

    def __init__(self, app: Any, token: str = "") -> None:
        self.app, self.more = app, {"Authorization": token} if token else {}

    def ask(self, method: str, path: str, headers: dict[str, str], data: bytes = b"") -> Any:
        return self.app.test_client().open(
            path, method=method, data=data, headers={**headers, **self.more})

    def begin(self, size: int = len(FILE), name: str = "rekap.csv", **more: str) -> Any:
        return self.ask("POST", "/unggah", {
            **TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(filename=name, **more)})

    def place(self, *args: Any, **named: Any) -> str:
        answer = self.begin(*args, **named)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def send(self, place: str, offset: int, content: bytes, **headers: str) -> Any:
        return self.ask("PATCH", place, {**BODY, "Upload-Offset": str(offset), **headers}, content)

    def stands(self, place: str) -> int:
        answer = self.ask("HEAD", place, TUS)
        assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
        return int(answer.headers["Upload-Offset"])

    def broken(self, place: str, offset: int, content: bytes, announced: int) -> None:
        """Send less than was announced: the line breaks, and nobody reads the answer."""
        environ = EnvironBuilder(place, method="PATCH", headers={
            **BODY, **self.more, "Upload-Offset": str(offset)}).get_environ()
        environ.update({"wsgi.input": Broken(content), "CONTENT_LENGTH": str(announced)})
        run_wsgi_app(self.app.flask_app.wsgi_app, environ, buffered=True)


class Broken(io.RawIOBase):
    """A connection that is reset after some bytes."""

    def __init__(self, content: bytes) -> None:
        self.left = content

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        if not self.left:
            raise ConnectionResetError
        got = self.left[:len(into)]
        into[:len(got)], self.left = got, self.left[len(got):]
        return len(got)


@pytest.fixture
def produsen(app: Any, cast: Cast) -> Client:
    return Client(app, factories.APIToken(user=cast.produsen["name"])["token"])


@pytest.fixture(autouse=True)
def no_uploads(cast: Cast) -> None:
    with unit_of_work():
        model.Session.execute(sa.delete(Upload))


@pytest.fixture(autouse=True)
def uncounted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count within the test, so that no test is stopped by what others sent."""
    found: Counter[str] = Counter()

    def counted(name: str, _seconds: int) -> tuple[int, int]:
        found[name] += 1
        return found[name], 60

    monkeypatch.setattr(limits, "counted", counted)
    return found


def claim(place: str, user: Data | None, owner: str = "") -> Data:
    return helpers.call_action("satudata_upload_claim", {"ignore_auth": True, "user": ""},
                               id=place.rsplit("/", 1)[1], owner=owner or f"user:{user['id']}")


def row(place: str) -> Upload | None:
    model.Session.rollback()
    return model.Session.get(Upload, place.rsplit("/", 1)[1])


def parts(place: str) -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(UploadPart).where(
        UploadPart.upload_id == place.rsplit("/", 1)[1]))


# ------------------------------------------------------------------------------- the protocol
def test_a_page_knows_which_uploads_a_browser_may_forget(
    produsen: Client, cast: Cast
) -> None:
    held = lambda who: satudata_uploads_held(cast.people[who]["id"])  # noqa: E731
    place = produsen.place()
    (mark,) = held("produsen")
    identifier = place.rsplit("/", 1)[1]
    assert identifier.startswith(mark) and len(mark) < len(identifier) / 2
    assert held("rekan") == [] and satudata_uploads_held("tautan:lain") == []
    produsen.ask("DELETE", place, TUS)
    assert held("produsen") == []


def test_a_file_goes_up_in_one_body_and_is_taken_once(produsen: Client, cast: Cast) -> None:
    place = produsen.place()
    assert produsen.stands(place) == 0
    answer = produsen.send(place, 0, FILE)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(FILE)))
    assert answer.headers["Tus-Resumable"] == "1.0.0" and answer.headers["Upload-Expires"]
    assert b"".join(blobs.open(SHA256)) == FILE
    assert parts(place) == 0 and referred([SHA256])
    with unit_of_work():
        assert claim(place, cast.produsen) == {
            "filename": "rekap.csv", "size": len(FILE), "sha256": SHA256}
    with pytest.raises(tk.ValidationError, match="tidak ada lagi"):
        claim(place, cast.produsen)
    assert produsen.ask("HEAD", place, TUS).status_code == 404


def test_it_goes_up_in_pieces_of_any_size(produsen: Client) -> None:
    place, offset = produsen.place(), 0
    for length in (1, 7, 300_000, 1_500_000, 100, 0, len(FILE)):
        answer = produsen.send(place, offset, FILE[offset:offset + length])
        offset = min(offset + length, len(FILE))
        assert answer.headers["Upload-Offset"] == str(offset)
        assert offset == len(FILE) or produsen.stands(place) == offset
    assert row(place).sha256 == SHA256


def test_tiny_pieces_make_few_rows(produsen: Client) -> None:
    place = produsen.place()
    for offset in range(0, 4000, 100):
        produsen.send(place, offset, FILE[offset:offset + 100])
    assert parts(place) == 1
    produsen.send(place, 4000, FILE[4000:])
    assert row(place).sha256 == SHA256


def test_the_bytes_of_a_piece_go_to_the_database_once(produsen: Client) -> None:
    """They are most of what an upload costs; whether the last piece grows is asked without them."""
    place = produsen.place()
    for at, end in ((0, store.PIECE), (store.PIECE, 2 * store.PIECE), (2 * store.PIECE, len(FILE))):
        with listened() as statements:
            assert produsen.send(place, at, FILE[at:end]).status_code == 204
        assert sum(each.startswith(("INSERT INTO satudata_upload_part",
                                    "UPDATE satudata_upload_part")) for each in statements) == 1


def test_who_asks_is_told_what_the_server_speaks(app: Any) -> None:
    answer = Client(app).ask("OPTIONS", "/unggah", {})
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,termination"
    assert int(answer.headers["Tus-Max-Size"]) == limits.largest()


@pytest.mark.parametrize(("headers", "status", "said"), [
    ({"Tus-Resumable": "0.2.2"}, 412, "1.0.0"),
    ({"Upload-Length": ""}, 400, "Upload-Length"),
    ({"Upload-Length": "-1"}, 400, "Upload-Length"),
    ({"Upload-Length": "1e9"}, 400, "Upload-Length"),
    ({"Upload-Length": "0"}, 400, "kosong"),
    ({"Upload-Length": "9" * 15}, 413, "batasnya"),
    ({"Upload-Metadata": "filename !!!"}, 400, "Upload-Metadata"),
    ({"Upload-Metadata": "filename //4="}, 400, "Upload-Metadata"),
    ({"Upload-Metadata": ""}, 400, "Nama berkas"),
    ({"Upload-Metadata": metadata(filename="../..")}, 400, "Nama berkas"),
    ({"Upload-Metadata": metadata(filename="a" * 5000)}, 400, "Upload-Metadata"),
])
def test_what_cannot_be_begun_is_refused_in_words(
    produsen: Client, headers: dict[str, str], status: int, said: str
) -> None:
    given = {**TUS, "Upload-Length": "10", "Upload-Metadata": metadata(filename="a.csv"), **headers}
    answer = produsen.ask("POST", "/unggah", given)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert model.Session.query(Upload).count() == 0
    if status == 412:
        assert answer.headers["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize(("given", "kept"), [
    ("/etc/passwd", "passwd"), ("C:\\Data\\Rekap 2025.xlsx", "Rekap 2025.xlsx"),
    ("a\nb\u202ecsv.exe", "abcsv.exe"), ("x" * 300 + ".xlsx", "x" * 195 + ".xlsx"),
])
def test_the_name_of_a_file_is_a_name(produsen: Client, given: str, kept: str) -> None:
    assert row(produsen.place(name=given)).filename == kept


@pytest.mark.parametrize(("headers", "status"), [
    ({"Tus-Resumable": ""}, 412), ({"Content-Type": "text/csv"}, 415),
    ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
    ({"Upload-Offset": "x"}, 400), ({"Upload-Offset": "10"}, 409),
])
def test_a_body_that_does_not_fit_changes_nothing(
    produsen: Client, headers: dict[str, str], status: int
) -> None:
    place = produsen.place()
    answer = produsen.send(place, 0, FILE[:20], **headers)
    assert answer.status_code == status
    assert produsen.stands(place) == 0 and parts(place) == 0
    if status == 409:
        assert answer.headers["Upload-Offset"] == "0"


def test_more_than_was_announced_is_refused(produsen: Client) -> None:
    place = produsen.place(10)
    assert produsen.send(place, 0, FILE[:11]).status_code == 413
    assert produsen.stands(place) == 0


def test_a_network_that_passes_post_only_is_served(produsen: Client, cast: Cast) -> None:
    place = produsen.place(10)
    headers = {**BODY, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert produsen.ask("POST", place, headers, FILE[:10]).status_code == 204
    assert row(place).sha256
    assert produsen.ask("POST", place, TUS).status_code == 405
    gone = produsen.ask("POST", place, {**TUS, "X-HTTP-Method-Override": "DELETE"})
    assert gone.status_code == 204 and row(place) is None


def test_a_body_that_does_not_say_how_long_it_is_is_refused(produsen: Client) -> None:
    place = produsen.place()
    answer = produsen.send(place, 0, b"", **{"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411 and "Content-Length" in answer.text


def test_it_can_be_given_up(produsen: Client) -> None:
    place = produsen.place()
    produsen.send(place, 0, FILE[:100])
    assert produsen.ask("DELETE", place, TUS).status_code == 204
    assert row(place) is None and parts(place) == 0
    assert produsen.send(place, 100, FILE[100:]).status_code == 404


# --------------------------------------------------------------------------- lines that break
def test_what_came_before_a_line_broke_is_kept(produsen: Client, cast: Cast) -> None:
    place = produsen.place()
    for sent in (1_300_000, 500_000):
        before = produsen.stands(place)
        produsen.broken(place, before, FILE[before:before + sent], len(FILE) - before)
        assert before + sent - produsen.stands(place) <= 16 * 1024
    offset = produsen.stands(place)
    assert offset < len(FILE)
    assert produsen.send(place, offset, FILE[offset:]).status_code == 204
    with unit_of_work():
        assert claim(place, cast.produsen)["sha256"] == SHA256


def test_of_two_who_send_at_once_one_is_told_where_it_stands(
    app: Any, produsen: Client
) -> None:
    """A page open twice, or a phone whose first try still lies in some buffer."""
    place = produsen.place()
    answers: list[tuple[int, str]] = []

    def send() -> None:
        answer = produsen.send(place, 0, FILE)
        answers.append((answer.status_code, answer.headers["Upload-Offset"]))

    at_once(app, [send] * 4)
    assert Counter(status for status, _ in answers) == {204: 1, 409: 3}
    assert row(place).sha256 == SHA256


def test_two_with_different_bytes_never_mix(app: Any, produsen: Client) -> None:
    place, other = produsen.place(), FILE[::-1]

    def send(content: bytes) -> Any:
        return lambda: produsen.send(place, 0, content)

    at_once(app, [send(FILE), send(other)])
    assert row(place).sha256 in {SHA256, hashlib.sha256(other).hexdigest()}


def test_one_that_comes_late_from_a_dead_line_is_told(produsen: Client) -> None:
    place = produsen.place()
    produsen.send(place, 0, FILE[:1000])
    produsen.send(place, 1000, FILE[1000:2000])
    late = produsen.send(place, 1000, b"x" * 500)
    assert (late.status_code, late.headers["Upload-Offset"]) == (409, "2000")
    produsen.send(place, 2000, FILE[2000:])
    assert row(place).sha256 == SHA256


def test_a_storage_without_room_keeps_the_pieces(
    produsen: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_stream: Any) -> str:
        raise tk.ValidationError({"upload": ["Ruang penyimpanan penuh"]})

    place = produsen.place()
    with monkeypatch.context() as small:
        small.setattr(blobs, "store", full)
        answer = produsen.send(place, 0, FILE)
        assert answer.status_code == 503 and "penuh" in answer.text
        with pytest.raises(tk.ValidationError, match="penuh"):
            claim(place, cast.produsen)
        model.Session.rollback()
    assert produsen.stands(place) == len(FILE)
    with unit_of_work():  # what handed it in is sent again once there is room
        assert claim(place, cast.produsen)["sha256"] == SHA256


# -------------------------------------------------------------------------------------- whose
def test_another_person_finds_nothing(app: Any, produsen: Client, cast: Cast) -> None:
    place = produsen.place()
    produsen.send(place, 0, FILE[:100])
    for token in (factories.APIToken(user=cast.rekan["name"])["token"],
                  factories.SysadminWithToken()["token"], ""):
        other = Client(app, token)
        for answer in (other.ask("HEAD", place, TUS), other.ask("DELETE", place, TUS),
                       other.send(place, 100, FILE[100:])):
            # Nobody knows that it is there; who has no session (any more) is told to log in.
            assert answer.status_code == (404 if token else 401)
    assert Client(app).ask("HEAD", "/unggah/none", TUS).status_code == 401
    assert produsen.stands(place) == 100
    with pytest.raises(tk.ValidationError, match="tidak ada lagi"):
        claim(place, cast.rekan)


@pytest.mark.parametrize(("who", "status"), [
    ("produsen", 201), ("kepala", 201), ("walidata", 201), ("pendukung", 201), ("boss", 201),
    ("anggota", 403), ("warga", 403), ("pimpinan", 403), ("", 403)])
def test_who_may_write_some_data_may_upload(app: Any, cast: Cast, who: str, status: int) -> None:
    token = factories.APIToken(user=cast.people[who]["name"])["token"] if who else ""
    answer = Client(app, token).begin()
    assert answer.status_code == status
    assert status == 201 or ("editor" if who else "Masuk dulu") in answer.text


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
def test_another_site_cannot_make_a_browser_upload(app: Any, produsen: Client, cast: Cast) -> None:
    place = produsen.place()
    browser = app.test_client()
    with browser.session_transaction(base_url=tk.config["ckan.site_url"]) as session:
        session["_user_id"], session["_fresh"] = cast.produsen["id"], True
    for method, path in (("POST", "/unggah"), ("PATCH", place), ("DELETE", place)):
        answer = browser.open(path, method=method, data=b"x" * 10, headers={
            **BODY, "Upload-Offset": "0", "Upload-Length": "10",
            "Upload-Metadata": metadata(filename="a.csv")})
        assert answer.status_code == 400 and "CSRF" in answer.text
    assert produsen.stands(place) == 0


@pytest.fixture
def link(cast: Cast) -> Data:
    """A link for files of at most 3 MB."""
    forget_counts()
    made = make_link(cast, cast.make(resources=[]), max_mb=3)
    return {**made, "token": path_of(made).rpartition("/")[2]}


def test_a_link_uploads_without_an_account(
    app: Any, cast: Cast, produsen: Client, link: Data
) -> None:
    somebody = Client(app)
    place = somebody.place(tautan=link["token"])
    assert somebody.send(place, 0, FILE[:500]).status_code == 204
    assert produsen.send(place, 500, FILE[500:]).status_code == 204  # signed in meanwhile
    with pytest.raises(tk.ValidationError, match="tidak ada lagi"):
        claim(place, cast.produsen)
    with unit_of_work():
        assert claim(place, None, f"tautan:{link['id']}")["sha256"] == SHA256


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
def test_a_link_needs_no_page_and_no_cookie(app: Any, cast: Cast, link: Data) -> None:
    """A phone that comes back after days has another session, a program has none."""
    somebody = Client(app)
    place = somebody.place(tautan=link["token"])
    assert somebody.send(place, 0, FILE).status_code == 204
    assert somebody.begin().status_code == 403


def test_a_guessed_link_takes_nothing_and_guessing_ends(app: Any, link: Data) -> None:
    somebody = Client(app)
    refused = somebody.begin(tautan="tebakan")
    assert refused.status_code == 403 and refused.text.strip()
    for number in range(link_limits.GUESSES):
        somebody.begin(tautan=f"tebakan{number}")
    refused = somebody.begin(tautan="tebakan")
    assert refused.status_code == 429 and refused.headers["Retry-After"] and refused.text.strip()
    forget_counts()


def test_a_link_takes_no_larger_file_than_it_says(app: Any, link: Data) -> None:
    answer = Client(app).begin(link["max_bytes"] + 1, tautan=link["token"])
    assert answer.status_code == 413 and "batasnya" in answer.text


@pytest.mark.parametrize("ended", ["revoked_at", "expires_at"])
def test_a_link_that_ended_takes_no_more_bytes(app: Any, link: Data, ended: str) -> None:
    place = Client(app).place(tautan=link["token"])
    with unit_of_work():
        model.Session.execute(sa.update(UploadLink).where(UploadLink.id == link["id"]).values(
            {ended: dt.datetime.now(dt.timezone.utc)}))
    assert Client(app).send(place, 0, FILE).status_code == 401
    assert Client(app).begin(tautan=link["token"]).status_code == 403


# ------------------------------------------------------------------------------------- limits
def test_a_file_larger_than_the_storage_takes_is_refused_before_a_byte(
    produsen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs.storage().settings, "max_size", 1_000_000)
    answer = produsen.begin(1_000_001, "besar.xlsx")
    assert answer.status_code == 413
    assert "besar.xlsx" in answer.text and "CSV.gz" in answer.text


def test_nobody_opens_uploads_without_end(produsen: Client, cast: Cast) -> None:
    places = [produsen.place(100) for _ in range(limits.OPEN)]
    answer = produsen.begin(100)
    assert (answer.status_code, "belum selesai" in answer.text) == (429, True)
    assert answer.headers["Retry-After"]
    with unit_of_work():  # somebody who broke off an hour ago goes on all the same
        model.Session.execute(sa.update(Upload).where(
            Upload.id == places[3].rsplit("/", 1)[1]).values(
                touched_at=dt.datetime.now(dt.timezone.utc) - limits.IDLE))
    produsen.place(100)
    assert row(places[3]) is None and row(places[0]) is not None


def test_nobody_fills_the_disk(produsen: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "largest", lambda own=None: 1000)
    for _ in range(limits.SHARE):
        produsen.place(1000)
    assert produsen.begin(1).status_code == 429


def test_a_machine_that_begins_and_begins_is_told_to_wait(
    produsen: Client, cast: Cast, uncounted: Counter[str]
) -> None:
    uncounted[f"unggah:user:{cast.produsen['id']}"] = limits.MADE
    answer = produsen.begin()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_a_file_in_very_many_bodies_is_slowed(
    produsen: Client, uncounted: Counter[str]
) -> None:
    place = produsen.place()
    uncounted[f"unggah:bagian:{place.rsplit('/', 1)[1]}"] = limits.SENT
    assert produsen.send(place, 0, b"x").status_code == 429


def test_without_valkey_uploads_go_on(
    produsen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "counted", counting.counted)
    with helpers.changed_config("ckan.redis.url", "redis://127.0.0.1:1/0"):
        produsen.place()


def test_what_nobody_goes_on_with_is_deleted(produsen: Client, cast: Cast) -> None:
    old, new, whole = produsen.place(), produsen.place(), produsen.place(10)
    produsen.send(old, 0, FILE[:100])
    produsen.send(whole, 0, FILE[:10])
    later = dt.datetime.now(dt.timezone.utc) + limits.LIFETIME - dt.timedelta(hours=1)
    with freeze_time(later, ignore=["ckan"]):
        assert produsen.send(new, 0, FILE[:100]).status_code == 204
    later += dt.timedelta(hours=2)
    with freeze_time(later, ignore=["ckan"]):  # gone before the clock comes by
        assert produsen.ask("HEAD", old, TUS).status_code == 404
    scheduler.TASKS["satudata_unggahan"].run(later)
    assert (row(old), row(whole), parts(old)) == (None, None, 0)
    assert row(new) is not None and parts(new) == 1


# -------------------------------------------------------------------------------------- claim
def test_only_a_whole_one_is_taken(app: Any, produsen: Client, cast: Cast) -> None:
    place = produsen.place()
    produsen.send(place, 0, FILE[:1_000_000])
    with (pytest.raises(tk.ValidationError, match="belum lengkap: 1 MB dari 2,6 MB"),
          app.flask_app.app_context(), default_language()):
        claim(place, cast.produsen)
    model.Session.rollback()
    assert produsen.stands(place) == 1_000_000


def test_what_took_it_and_failed_leaves_it(produsen: Client, cast: Cast) -> None:
    place = produsen.place(10)
    produsen.send(place, 0, FILE[:10])
    with pytest.raises(RuntimeError), unit_of_work():
        claim(place, cast.produsen)
        raise RuntimeError
    with unit_of_work():
        assert claim(place, cast.produsen)["size"] == 10


def test_of_two_who_take_it_one_gets_it(app: Any, produsen: Client, cast: Cast) -> None:
    place = produsen.place(10)
    produsen.send(place, 0, FILE[:10])
    taken: list[Data] = []

    def take() -> None:
        with unit_of_work():
            taken.append(claim(place, cast.produsen))

    told = at_once(app, [take] * 3)
    assert len(taken) == 1 and sum(told.values()) == 3


def test_no_client_takes_an_upload(app: Any, produsen: Client, cast: Cast) -> None:
    place = produsen.place(10)
    produsen.send(place, 0, FILE[:10])
    for token in (produsen.more["Authorization"], factories.SysadminWithToken()["token"]):
        answer = app.post("/api/action/satudata_upload_claim", headers={"Authorization": token},
                          json={"id": place.rsplit("/", 1)[1],
                                "owner": f"user:{cast.produsen['id']}"})
        assert answer.status_code == 403
    assert row(place) is not None


@pytest.mark.parametrize("identifier", [None, 7, "", "x", "x" * 500, "a\x00b", ["x"]])
def test_what_is_no_upload_is_said_to_be_gone(cast: Cast, identifier: Any) -> None:
    with pytest.raises(tk.ValidationError, match="tidak ada lagi"):
        helpers.call_action("satudata_upload_claim", {"ignore_auth": True, "user": ""},
                            id=identifier, owner=f"user:{cast.produsen['id']}")


def test_memory_does_not_grow_with_the_file(produsen: Client) -> None:
    """What is held at once is a piece, not the file."""
    assert store.PIECE <= 1024 * 1024
    place = produsen.place()
    produsen.send(place, 0, FILE[:-1])
    model.Session.rollback()
    longest = model.Session.scalar(sa.select(sa.func.max(sa.func.octet_length(UploadPart.data))))
    assert longest == store.PIECE
