"""What of a withdrawn dataset may hold personal data, in pieces a person can tick.

Equal bytes are one piece, in however many versions they were: deleting them deletes them from all.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.purging import Kind
from ckanext.satudata.purging.family import FILES, VERSIONS, Family, sha256_of
from ckanext.satudata.shared import scans
from ckanext.satudata.shared.audit import Event

__all__ = ["chosen", "drafts", "hashes", "letters", "pieces"]

Piece = dict[str, Any]


def pieces(family: Family, withdrawn_at: dt.datetime) -> list[Piece]:
    """Return the pieces of a dataset: files newest first, then texts, what was a draft, and
    the letters it was handed in with.

    :returns: each with ``key``, ``kind``, ``name``, ``format``, ``size``, ``sha256``, ``url``,
        ``numbers`` (of versions), ``resources`` (ids) and ``public``: everybody could open it
        until the button was pressed
    """
    found: dict[str, Piece] = {}
    texts: list[Piece] = []
    rows = model.Session.execute(
        sa.select(VERSIONS.c.number, VERSIONS.c.withdrawn_at, VERSIONS.c.submission_id,
                  VERSIONS.c.content["title"].astext.label("title"),
                  VERSIONS.c.content.has_key("state").label("whole"))
        .where(VERSIONS.c.package_id == family.package_id)
        .order_by(VERSIONS.c.number.desc())).all()
    for version in rows:
        public = version.withdrawn_at is not None and version.withdrawn_at >= withdrawn_at
        for each in model.Session.execute(
                sa.select(FILES).where(FILES.c.submission_id == version.submission_id)
                .order_by(FILES.c.position)):
            _add(found, each, version.number, public)
        if not version.whole:  # its text was deleted before
            continue
        texts.append({
            "key": f"{Kind.ISIAN.value}:{version.number}", "kind": Kind.ISIAN.value,
            "name": version.title or "", "format": "", "size": None, "sha256": "", "url": "",
            "numbers": [version.number], "resources": [], "public": public})
    known = {each["sha256"] for each in found.values()}
    draft = drafts(family, known, bool(rows))
    return [*found.values(), *texts, *([draft] if draft else []), *_letters(family)]


def _add(found: dict[str, Piece], row: Any, number: int, public: bool) -> None:
    sha256 = row.sha256 or row.table_sha256 or ""
    if sha256:
        kind = Kind.BERKAS if row.sha256 else Kind.TABEL
        key = f"{kind.value}:{sha256}"
    elif row.url:
        kind, key = Kind.TAUTAN, f"{Kind.TAUTAN.value}:{row.resource_id}"
    elif row.filename:  # stored before this extension, under the id of its resource
        kind, key = Kind.BERKAS, f"{Kind.BERKAS.value}:{row.resource_id}"
    else:  # deleted before
        return
    piece = found.setdefault(key, {
        "key": key, "kind": kind.value, "name": row.name or row.filename, "format": row.format,
        "size": row.size, "sha256": sha256, "url": "" if sha256 else row.url or "",
        "numbers": [],
        "resources": [], "public": False})
    if number not in piece["numbers"]:
        piece["numbers"].append(number)
    if row.resource_id not in piece["resources"]:
        piece["resources"].append(row.resource_id)
    piece["public"] = piece["public"] or public


def drafts(family: Family, known: Collection[str], published: bool) -> Piece | None:
    """Return the one piece of all that was never published: its names are not everybody's.

    :param known: hashes of files that were published
    :param published: whether there is a version of it at all
    """
    mine = model.Session.scalars(
        sa.select(model.Resource).where(model.Resource.package_id.in_(family.packages))).all()
    files = [each for each in mine
             if (sha256_of(each) and sha256_of(each) not in known)
             or (not published and each.state == "active")]
    copies = [each for each in family.rows
              if each.content_id != family.package_id and each.published_at is None]
    if not files and not copies and published:
        return None
    return {"key": Kind.DRAF.value, "kind": Kind.DRAF.value, "name": "", "format": "",
            "size": None, "sha256": "", "url": "", "numbers": [], "public": False,
            "resources": sorted(each.id for each in files)}


def _letters(family: Family) -> list[Piece]:
    """Return the scans that lie in the storage, those of earlier hand-ins included."""
    said = [(each.id, each.letter, each.letter.get("berkas") or {}, True) for each in family.rows]
    said += [(each.submission_id, each.letter, each.letter.get("berkas") or each.letter, False)
             for each in model.Session.execute(
                 sa.select(Event.submission_id, Event.data["letter"].label("letter")).where(
                     Event.package_id == family.package_id, Event.transition == "ajukan",
                     Event.data.has_key("letter")).order_by(Event.id.desc()))]
    published = {each.id: each.number for each in family.rows if each.published_at is not None}
    found: dict[str, Piece] = {}
    for submission, letter, scan, held in said:
        sha256 = scan.get("sha256")
        if not sha256 or not (held or sha256 in found or scans.exists(sha256)):
            continue
        piece = found.setdefault(sha256, {
            "key": f"{Kind.SURAT.value}:{sha256}", "kind": Kind.SURAT.value,
            "name": letter.get("nomor") or "", "format": "", "size": scan.get("ukuran"),
            "sha256": sha256, "url": "", "numbers": [], "resources": [], "public": False})
        number = published.get(submission)
        if number is not None and number not in piece["numbers"]:
            piece["numbers"].append(number)
    return list(found.values())


def chosen(found: Collection[Piece], keys: Collection[str]) -> tuple[list[Piece], list[str]]:
    """Return the pieces of these keys, and the keys that name none.

    A ``number`` alone stands for all of a version: every file and its text.
    """
    by_key = {each["key"]: each for each in found}
    taken: dict[str, Piece] = {}
    unknown: list[str] = []
    for key in keys:
        if key in by_key:
            taken[key] = by_key[key]
            continue
        of = [each for each in found if key.isdecimal() and int(key) in each["numbers"]]
        taken.update({each["key"]: each for each in of})
        if not of:
            unknown.append(key)
    return list(taken.values()), unknown


def hashes(taken: Collection[Piece]) -> frozenset[str]:
    """Return the hashes of all files in some pieces, those of drafts included."""
    ids = [each for piece in taken if piece["kind"] == Kind.DRAF.value
           for each in piece["resources"]]
    of_drafts = {sha256_of(each) for each in model.Session.scalars(
        sa.select(model.Resource).where(model.Resource.id.in_(ids)))} if ids else set[str]()
    return frozenset({piece["sha256"] for piece in taken
                      if piece["kind"] != Kind.SURAT.value} | of_drafts) - {""}


def letters(taken: Collection[Piece]) -> frozenset[str]:
    """Return the hashes of the scans of letters among some pieces: they lie apart from files."""
    return frozenset(
        piece["sha256"] for piece in taken if piece["kind"] == Kind.SURAT.value)
