"""A file that somebody deleted while others had it open is not there: 404, and never an error."""
from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from at_once import at_once
from ckan import model
from link_scene import Desk
from tidy_scene import VISITS, book, draft, file, shown, work
from workflow_cast import Cast, Data, call, people
from workflow_world import FORBIDDEN

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()


@pytest.fixture
def dataset(cast: Cast) -> Data:
    """A draft of two files, for CKAN looks for one by its place among those there are."""
    found = draft(cast, book(Data=VISITS))
    call("resource_create", cast.produsen, package_id=found["id"], name="Kedua",
         upload=file(b"a,b\n1,2\n", "b.csv"))
    return shown(found)


WRITES: list[Callable[..., Any]] = [
    partial(call, "resource_patch"), partial(call, "resource_update", url="https://contoh.id/x")]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("at", [0, 1])
def test_a_file_that_is_gone_is_not_written(
    cast: Cast, dataset: Data, write: Callable[..., Any], at: int
) -> None:
    gone, left = dataset["resources"][at], dataset["resources"][1 - at]
    call("resource_delete", cast.rekan, id=gone["id"])
    with pytest.raises(tk.ObjectNotFound, match="tidak ada lagi"):
        write(cast.produsen, id=gone["id"], name="Lain")
    with pytest.raises(tk.NotAuthorized):  # to others it says nothing
        write(cast.tetangga, id=gone["id"], name="Lain")
    (after,) = shown(dataset)["resources"]
    assert (after["id"], after["name"]) == (left["id"], left["name"])


def test_it_is_deleted_and_written_at_the_same_time(
    cast: Cast, dataset: Data, app: Any
) -> None:
    last = dataset["resources"][-1]["id"]
    told = at_once(app, [
        lambda: call("resource_delete", cast.rekan, id=last),
        *[lambda at=at: call("resource_patch", cast.produsen, id=last, description=f"{at}")
          for at in range(4)]])
    assert set(told) <= {"done", FORBIDDEN}
    assert last not in [each["id"] for each in shown(dataset)["resources"]]


def test_a_file_is_written_though_another_was_deleted_since_it_was_looked_at(
    cast: Cast, dataset: Data, app: Any
) -> None:
    first, last = (each["id"] for each in dataset["resources"])
    found = model.Session.get(model.Resource, last)
    assert found is not None and found.position == 1

    def delete() -> None:
        with app.flask_app.test_request_context():
            call("resource_delete", cast.rekan, id=first)
            model.Session.remove()

    thread = threading.Thread(target=delete)
    thread.start()
    thread.join(60)
    assert found.position == 1  # as it was looked at; by now it is 0
    call("resource_patch", cast.produsen, id=last, description="Lain")
    (left,) = shown(dataset)["resources"]
    assert (left["id"], left["description"]) == (last, "Lain")


def test_pages_of_a_file_that_is_gone_say_so(cast: Cast, dataset: Data, app: Any) -> None:
    clean, plain = (each["id"] for each in dataset["resources"])
    work()
    for each in (clean, plain):
        call("resource_delete", cast.rekan, id=each)
    desk = Desk(app, cast.produsen)
    start = f"/dataset/{dataset['id']}/resource"
    for each in (clean, plain):
        for path in (f"{start}/{each}", f"{start}/edit/{each}", f"{start}/{each}/edit",
                     f"{start}/{each}/download/x.csv", f"{start}/{each}/pemeriksaan",
                     f"{start}/{each}/berkas", f"{start}/{each}/views"):
            assert desk.get(path).status_code in (302, 404), path
        answer = desk.post(f"{start}/{each}/edit", name="Lain", url="x", save="go-metadata")
        assert answer.status_code == 404
        for path in ("pemeriksaan", "pemeriksaan/bentuk", "pemeriksaan/ulang"):
            answer = desk.post(f"{start}/{each}/{path}", rapi="0", terlihat="x")
            assert answer.status_code in (302, 404), path
    page = desk.post(f"/kirim/{dataset['id']}/berkas/{clean}/hapus")
    assert page.status_code == 302
