"""``/data.json``: POD 1.1, which data.go.id and other CKAN portals read as ``dcat_json``.

Such a reader deletes what an answer does not hold, and takes an empty page for the end. So there
is never an answer without datasets; who asks beyond the last page gets 404; and while a page lies
empty that was not a moment ago, so that those behind it have other numbers than in a walk under
way, 503 is answered, which ends that walk and deletes nothing.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.satudata import config
from ckanext.satudata.domain.federation.joined import Stored, unpacked
from ckanext.satudata.domain.federation.paging import slots_of
from ckanext.satudata.domain.federation.pod import POD_CLOSING, POD_OPENING, POD_SEPARATOR
from ckanext.satudata.federation.feed.answering import (
    Answer,
    come_again,
    current,
    preflight,
    refused,
    send,
    version_of,
)
from ckanext.satudata.federation.feed.reading import Reading
from ckanext.satudata.federation.site import fingerprint

__all__ = ["SIZE", "WALK", "blueprint"]

#: Datasets (slots) of a page: far below the 50 MB at which such a reader gives up.
SIZE = 2000
#: No walk lasts longer.
WALK = dt.timedelta(hours=1)

blueprint = Blueprint("satudata_feed_pod", __name__)
blueprint.after_request(preflight)


@blueprint.route("/data.json")
@current
def show(reading: Reading) -> Response:
    """Send a page of the catalog as POD."""
    given = tk.request.args.get("page") or "1"
    if not given.isascii() or not given.isdigit() or not int(given[:9]) >= 1 or len(given) > 9:
        raise tk.ValidationError({"page": [tk._(
            "“{name}” harus bilangan bulat mulai {least}.").format(name="page", least=1)]})
    number, local = int(given), not config.nasional_panenan()
    ranges = reading.ranges(SIZE, local)
    filled = [each.number + 1 for each in ranges if each.live]
    limit = dt.datetime.now(dt.timezone.utc) - WALK
    if not filled or any(each.left_at and each.left_at > limit for each in ranges):
        return come_again(tk._("Daftar dataset sedang tidak lengkap. Coba lagi nanti."))
    if number > len(filled):
        return refused(tk._("Halaman tidak ada"), 404)
    first, last = slots_of(filled[number - 1], SIZE)

    def parts() -> Sequence[Stored | bytes]:
        rows = reading.rows("pod", lambda slot: slot.between(first, last), local=local)
        made: list[Stored | bytes] = [POD_OPENING]
        for position, row in enumerate(rows):
            made += [POD_SEPARATOR, unpacked(row.piece)] if position else [unpacked(row.piece)]
        return [*made, POD_CLOSING]

    links = {}
    if number < len(filled):
        links["Link"] = f'<{config.alamat()}/data.json?page={number + 1}>; rel="next"'
    version = version_of(
        "pod", number, reading.newest(first, last), local, links, fingerprint())
    return send(Answer(
        "application/json", version, parts, reading.state.changed_at, links))
