"""The list of notices, its settings and the actions behind both."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from notice_scene import WALIDATA, Scene, call, drain_all, notices_of, refused

from ckanext.satudata.domain.notices import KINDS

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
]
ACTIONS = ("satudata_notice_list", "satudata_notice_read", "satudata_notice_settings_show",
           "satudata_notice_settings_update")


@pytest.fixture
def user() -> dict[str, Any]:
    return factories.User()


def as_user(user: dict[str, Any]) -> dict[str, str]:
    if "token" not in user:
        user["token"] = factories.APIToken(user=user["name"])["token"]
    return {"Authorization": user["token"]}


@pytest.fixture
def scene(app: Any) -> Scene:
    # Not ``with_request_context``: its anonymous user would be every request's.
    with app.flask_app.test_request_context():
        scene = Scene()
        scene.inspected()
        scene.step(scene.inspector, "kembalikan", note="Satuan <script>x</script> **keliru**.")
        drain_all()
    return scene


def test_the_list_shows_what_is_new_and_marks_it_read_by_a_form_only(
    app: Any, scene: Scene
) -> None:
    page = app.get("/pemberitahuan", headers=as_user(scene.author), status=200).body
    assert "2 belum dibaca." in page
    assert "Perlu diperbaiki: Balita stunting 2025" in page
    assert f"/pengajuan/{scene.submission['id']}" in page
    assert "<strong>keliru</strong>" in page
    assert "<script>x" not in page
    assert call("satudata_notice_list", scene.author)["unread"] == 2, "looking changes nothing"

    assert app.get("/pemberitahuan/baca", headers=as_user(scene.author)).status_code in (404, 405)
    one = notices_of(scene.author)[0]
    app.post("/pemberitahuan/baca", data={"id": one["id"]}, headers=as_user(scene.author),
             status=200)
    assert call("satudata_notice_list", scene.author)["unread"] == 1
    app.post("/pemberitahuan/baca", headers=as_user(scene.author), status=200)
    page = app.get("/pemberitahuan?hanya=belum", headers=as_user(scene.author), status=200).body
    assert "Tidak ada yang belum dibaca" in page
    assert "Semua sudah dibaca." in page


def test_forms_carry_a_token_against_forged_requests(app: Any, scene: Scene) -> None:
    for path in ("/pemberitahuan", "/pemberitahuan/atur"):
        assert 'name="_csrf_token"' in app.get(path, headers=as_user(scene.author)).body


def test_somebody_with_no_notices_reads_what_will_come(app: Any, user: dict[str, Any]) -> None:
    assert "Belum ada pemberitahuan" in app.get("/pemberitahuan", headers=as_user(user)).body
    assert "Belum ada pemberitahuan" in app.get(
        "/pemberitahuan?page=99999&hanya=", headers=as_user(user)).body
    for page in ("-1", "0", "abc", "１", "9" * 30):
        app.get(f"/pemberitahuan?page={page}", headers=as_user(user), status=200)


@pytest.mark.parametrize("path", ["/pemberitahuan", "/pemberitahuan/atur"])
def test_nobody_is_led_to_the_login(app: Any, path: str) -> None:
    answer = app.get(path, follow_redirects=False)
    assert answer.status_code == 302
    assert "/user/login" in answer.headers["Location"]


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_has_no_notices(action: str) -> None:
    for context in ({"user": "", "ignore_auth": False}, {"user": "", "ignore_auth": True}):
        with pytest.raises(tk.NotAuthorized):
            helpers.call_action(action, dict(context), all=True, settings=[{"kind": "kabar"}])


def test_settings_are_shown_and_stored(app: Any, user: dict[str, Any]) -> None:
    page = app.get("/pemberitahuan/atur", headers=as_user(user), status=200).body
    assert user["email"] in page
    for kind in KINDS:
        assert f'name="mail-{kind.value}"' in page
    assert 'name="portal-terbit"' not in page, "the author always hears"
    app.post("/pemberitahuan/atur", headers=as_user(user), status=200, data={
        "portal-tugas": "on", "mail-kabar": "on"})
    found = call("satudata_notice_settings_show", user)["settings"]
    stored = {each["kind"]: each for each in found}
    assert stored["tugas"]["portal"] is True and stored["tugas"]["mail"] is False
    assert stored["kabar"]["portal"] is False and stored["kabar"]["mail"] is True
    assert stored["terbit"]["portal"] is True and stored["terbit"]["mail"] is False
    assert stored["ringkasan"]["portal"] is None


def test_one_kind_is_changed_alone(user: dict[str, Any]) -> None:
    found = call("satudata_notice_settings_update", user,
                 settings=[{"kind": "tugas", "mail": "false"}])["settings"]
    assert [each["kind"] for each in found if not each["mail"]] == ["tugas", "kabar"]
    assert all(each["portal"] in (True, None) for each in found)


def test_settings_that_are_none_are_refused_by_name(user: dict[str, Any]) -> None:
    for settings, field in (
        (None, "settings"), ([], "settings"), ("tugas", "settings"),
        ([{}] * (len(KINDS) + 1), "settings"),
        ([{"kind": "lain"}], "kind"), ([{"kind": None}], "kind"), ([None], "kind"),
        ([{"kind": ["tugas"]}], "kind"), ([{"kind": "tugas", "mail": "mungkin"}], "mail"),
        ([{"kind": "tugas", "mail": None}], "mail"),
        ([{"kind": "terbit", "portal": False}], "portal"),
    ):
        assert field in refused("satudata_notice_settings_update", user, settings=settings)


def test_ids_that_are_none_are_refused(user: dict[str, Any]) -> None:
    for ids in ([], "1", [None], [True], [1.5], ["x"], [-1], [2**63], [1] * 1001, [{"a": 1}], None):
        assert "ids" in refused("satudata_notice_read", user, ids=ids)
    assert "ids" in refused("satudata_notice_read", user)
    assert "all" in refused("satudata_notice_read", user, all="mungkin")


def test_a_window_out_of_bounds_is_refused(user: dict[str, Any]) -> None:
    for data in ({"limit": -1}, {"limit": 101}, {"limit": "banyak"}, {"limit": [1]},
                 {"offset": 10**9}, {"limit": None}, {"unread": []}):
        assert set(refused("satudata_notice_list", user, **data)) == set(data)


def test_the_list_is_paged(app: Any, scene: Scene) -> None:
    model.Session.execute(sa.text(
        "INSERT INTO satudata_notice (user_id, event_id, kind, submission_id, created_at) "
        "SELECT user_id, event_id, 'kabar' || n, submission_id, created_at "
        "FROM satudata_notice, generate_series(1, 25) n WHERE user_id = :id AND kind = 'kabar'"),
        {"id": scene.author["id"]})
    model.Session.commit()
    found = call("satudata_notice_list", scene.author, limit=5, offset=5)
    assert found["count"] == 27 and len(found["results"]) == 5
    body = app.get("/pemberitahuan?page=2", headers=as_user(scene.author), status=200).body
    assert body.count('class="sd-notice ') + body.count('class="sd-notice"') == 7


def test_the_count_in_the_header_is_one_look_at_an_index(scene: Scene) -> None:
    # Of a table of a few rows any index will do: much that others have not read, and that x has.
    model.Session.execute(sa.text(
        "INSERT INTO satudata_notice (user_id, event_id, kind, submission_id, created_at, read_at) "
        "SELECT CASE WHEN n % 2 = 0 THEN 'x' ELSE 'lain-' || n END, n, 'kabar', 's' || n, now(), "
        "CASE WHEN n % 2 = 0 THEN now() END FROM generate_series(1000000, 1006000) n"))
    model.Session.execute(sa.text("ANALYZE satudata_notice"))
    plan = model.Session.execute(sa.text(
        "EXPLAIN SELECT count(*) FROM satudata_notice WHERE user_id = 'x' AND read_at IS NULL"
    )).scalars().all()
    assert any("satudata_notice_unread" in line for line in plan)


def test_the_helper_counts_for_whoever_looks(app: Any, scene: Scene) -> None:
    with app.flask_app.test_request_context(headers=as_user(scene.author)):
        app.flask_app.preprocess_request()
        assert tk.h.satudata_unread() == 2
    with app.flask_app.test_request_context():
        app.flask_app.preprocess_request()
        assert tk.h.satudata_unread() == 0
