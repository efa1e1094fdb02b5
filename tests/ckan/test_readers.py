"""A version is published in the middle of an answer: the answer is of the old one or of the new.

Between two steps of a reader (statements, requests to the index, reads of the storage) the next
version is published in full. The steps are tried where CKAN is about to read the next part of an
answer; ``SATUDATA_EXHAUSTIVE=1`` tries all, in some minutes.
"""
from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from ckan.lib import search
from crashing import interrupted
from marked_scene import Scene
from marks import LATER

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
EXHAUSTIVE = bool(os.environ.get("SATUDATA_EXHAUSTIVE"))
#: Place -> before which step of it, the first that reads so.
POINTS = {
    "page": r" FROM tag",
    "page of a resource": r"^(ds|\S*datastore)\S* ",
    "package_show": r" FROM tag",
    "ttl": r" FROM tag",
    "file": r"^file ",
    "datastore_info": r"information_schema|pg_attribute",
    "dump": r"FROM pg_class",
}


@pytest.fixture
def scene(app: Any, clean_db: None, clean_index: None, clean_datastore: None) -> Scene:
    return Scene(app)


def points(scene: Scene) -> Iterator[tuple[str, int]]:
    """Yield each place and before which of its steps the next version is published."""
    for place, path in scene.dataset.places().items():
        search.clear(scene.package)  # or CKAN would show the document of its index, which is whole
        _, steps = interrupted(lambda path=path: scene.get(path), None)
        if EXHAUSTIVE:
            yield from ((place, number) for number in range(1, len(steps) + 1))
        elif place in POINTS:
            found = [number for number, step in enumerate(steps, 1)
                     if re.search(POINTS[place], step)]
            assert found, f"{place} does not read so any more: {steps}"
            yield place, found[0]


def test_an_answer_is_of_one_version_whenever_the_next_is_published(scene: Scene) -> None:
    failed = []
    for place, number in [*points(scene)]:
        scene.bring("disetujui")
        search.clear(scene.package)
        path = scene.dataset.places()[place]
        answer, steps = interrupted(
            lambda path=path: scene.get(path), number, scene.stepping("terbitkan"))
        assert scene.state() == "terbit", f"{place} has only {len(steps)} steps now"
        scene.number += 1
        try:
            seen = scene.shapes.version(place, answer)
            assert seen in (scene.number - 1, scene.number, LATER, None), seen
        except AssertionError as error:
            failed.append(f"{place}, before its step {number} ({steps[number - 1]}): "
                          f"{str(error)[:300]}")
        scene.recover()
        scene.is_whole(scene.number)
    assert not failed, f"{len(failed)} failed\n" + "\n".join(failed)
