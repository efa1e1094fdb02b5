"""A version is published in the middle of an answer: the answer is of the old one or of the new.

Between two steps of a reader (statements, requests to the index, reads of the storage) the next
version is published in full. The steps are tried where CKAN is about to read the next part of an
answer; ``SATUDATA_EXHAUSTIVE=1`` tries all, some 310 in 35 minutes of a busy machine; with
``-k ttl`` those of one place.
"""
from __future__ import annotations

import os
from itertools import count

import pytest
from ckan.lib import search
from crashing import at, interrupted, on
from marked_scene import Scene
from marks import LATER, Dataset

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
EXHAUSTIVE = bool(os.environ.get("SATUDATA_EXHAUSTIVE"))
#: Place -> before which steps of it, the first that reads so.
POINTS = {
    "page": (r" FROM tag",),
    "page of a resource": (r"^(ds|\S*datastore)\S* ",),
    "package_show": (r" FROM tag",),
    "ttl": (r"SELECT satudata_feed_entry\.package_id", r"SELECT satudata_feed_entry\.slot"),
    "national view": (r"SELECT satudata_feed_entry",),
    "file": (r"^file ",),
    # The second asks what is known of the columns the first one found.
    "datastore_info": (r"information_schema|pg_attribute", r" SELECT f\.attname"),
    "dump": (r"FROM pg_class",),
}


PLACES = [*Dataset(*6 * [""]).places()] if EXHAUSTIVE else [*POINTS]


@pytest.mark.parametrize("place", PLACES)
def test_an_answer_is_of_one_version_whenever_the_next_is_published(
    scene: Scene, place: str
) -> None:
    failed = []
    points = map(at, count(1)) if EXHAUSTIVE else map(on, POINTS[place])
    path = scene.dataset.places()[place]
    for tried, point in enumerate(points):
        scene.bring("disetujui")
        search.clear(scene.package)  # or CKAN would show the document of its index, which is whole
        answer, steps, number, _ = interrupted(
            lambda: scene.get(path), point, scene.stepping("terbitkan"))
        if not number:
            assert EXHAUSTIVE and tried, f"{place} does not read so any more: {steps}"
            break
        assert scene.state() == "terbit"
        scene.number += 1
        try:
            seen = scene.shapes.version(place, answer)
            assert seen in (scene.number - 1, scene.number, LATER, None), seen
        except AssertionError as error:
            failed.append(f"before step {number} ({steps[number - 1]}): {str(error)[:300]}")
        scene.recover()
        scene.is_whole(scene.number)
    assert not failed, f"{len(failed)} failed\n" + "\n".join(failed)
