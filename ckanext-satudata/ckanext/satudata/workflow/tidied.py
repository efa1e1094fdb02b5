"""What clean tables of a draft mean for its next step, and what no version takes along of them."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from ckanext.satudata.domain.versions.fields import RAW
from ckanext.satudata.shared.raw_files import raw_of, remember, unfinished
from ckanext.satudata.workflow.model import Submission

__all__ = ["Tidied", "forget_raw", "keep", "tidied"]

_ENDED = ("selesai", "ditolak", "gagal")

_INSPECTION = sa.table("satudata_inspection", *(sa.column(each) for each in (
    "id", "content_id", "resource_id", "sha256", "state", "asked_at")),
    *(sa.column(each, JSONB) for each in ("report", "files")))
#: Of the tables of a report, the questions that nobody answered.
_OPEN = sa.cast(sa.literal_column(
    "'$.tables[*] ? (@.questions[*].answer == null)'"), JSONPATH)


@dataclass(frozen=True)
class Tidied:
    """Where the clean tables of a version stand.

    :ivar unready: files that are not yet the clean tables that they will be, or wait for theirs
    :ivar left_out: files of which every table was left out, or that could not be read: the raw
        file is not published in the place of its tables unless somebody says so
    :ivar questions: of how they were read, nobody answered; a clean table is published, not the
        sheet it was made of, so what it says must be known
    """

    unready: int = 0
    left_out: int = 0
    questions: int = 0


def tidied(submission: Submission) -> Tidied:
    """Tell where the clean tables of a version stand."""
    files = {each.id: each.extras or {} for each in model.Session.execute(
        sa.select(model.Resource.id, model.Resource.extras).where(
            model.Resource.package_id == submission.content_id,
            model.Resource.state == model.State.ACTIVE))}
    made_of = {name: raw for name, extras in files.items() if (raw := raw_of(extras)) is not None}
    waiting = {str(each.payload.get("resource_id") or each.payload.get("sha256"))
               for each in unfinished(submission.content_id)}
    if not made_of:
        return Tidied(len(waiting))
    left_out = asked = 0
    for row in _newest(submission.content_id):
        raw = made_of.get(row.resource_id)
        if raw is None or row.sha256 != raw.sha256 or row.state not in _ENDED:
            continue
        clean = (row.files or {}).get(f"tabel-{raw.table}.csv")
        there = files[row.resource_id].get("sha256")
        # Of a reading that failed what was read before stands; a file never read is still raw.
        in_line = not raw.waits and (row.state == "gagal" or clean == there)
        left_out += not in_line and not waiting
        asked += sum(each.get("answer") is None for table in row.open or []
                     if table.get("number") == raw.table for each in table["questions"])
    return Tidied(len(waiting), left_out, asked)


def _newest(content_id: str) -> Sequence[sa.Row[Any]]:
    return model.Session.execute(
        sa.select(_INSPECTION.c.resource_id, _INSPECTION.c.sha256, _INSPECTION.c.state,
                  _INSPECTION.c.files,
                  sa.func.jsonb_path_query_array(_INSPECTION.c.report, _OPEN).label("open"))
        .where(_INSPECTION.c.content_id == content_id)
        .distinct(_INSPECTION.c.resource_id)
        .order_by(_INSPECTION.c.resource_id, _INSPECTION.c.asked_at.desc(),
                  _INSPECTION.c.id)).all()


def keep(package: model.Package, files: Iterable[Mapping[str, Any]]) -> None:
    """Keep which raw files the clean tables among some files were made of, shown to nobody."""
    made = {str(each.get("sha256")): raw.sha256 for each in files
            if (raw := raw_of(each)) is not None and each.get("sha256") != raw.sha256}
    if made:
        remember(package, made)


def forget_raw(package: model.Package) -> None:
    """Let what becomes public say nothing of raw files."""
    keep(package, [each.extras or {} for each in package.resources])
    for each in package.resources:
        if raw_of(each.extras) is not None:
            each.extras = {name: value for name, value in (each.extras or {}).items()
                           if name not in RAW}
    model.Session.flush()
