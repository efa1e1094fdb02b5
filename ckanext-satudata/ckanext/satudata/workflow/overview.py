"""Where everything stands, per perangkat daerah: for those who oversee and decide nothing."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.domain.workflow import OPEN, State
from ckanext.satudata.workflow import inbox, words
from ckanext.satudata.workflow.model import Submission

__all__ = ["STAGES", "TURNS", "lead", "table"]

#: Stage of the way -> what people read and its states. A stage of one state bears its code.
STAGES: Mapping[str, tuple[str, tuple[State, ...]]] = MappingProxyType({
    "draf": (N_("Draf"), (State.DRAF,)),
    "dikembalikan": (N_("Dikembalikan"), (State.DIKEMBALIKAN,)),
    "diajukan": (N_("Menunggu pemeriksaan"), (State.DIAJUKAN,)),
    "diperiksa": (N_("Sedang diperiksa"), (
        State.DIPERIKSA_WALIDATA, State.DIPERIKSA_PEMBINA, State.DIKEMBALIKAN_PEMBINA)),
    "disetujui": (N_("Disetujui"), (State.DISETUJUI,)),
})

#: Whose turn it is -> what people read and the stages; the parts of a bar.
TURNS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType({
    "instansi": (N_("Di perangkat daerah"), ("draf", "dikembalikan")),
    "pemeriksa": (N_("Di pemeriksa"), ("diajukan", "diperiksa")),
    "rilis": (N_("Menunggu rilis"), ("disetujui",)),
})

Row = dict[str, Any]


def table(actor: Actor) -> dict[str, Any]:
    """Count what the actor may read: per organization and stage, what is late and escalated.

    :returns: ``rows`` of the organizations with something under way, the most overdue first:
        ``id``, ``title``, ``stages`` (stage to number), ``running``, ``late``, ``escalated``,
        ``published`` and ``bar`` (parts in percent of the longest); ``total`` likewise;
        ``quiet``: how many organizations have published data and nothing under way
    """
    count, state = sa.func.count, Submission.state
    running = state.in_([each.value for each in OPEN])
    numbers = {
        **{name: state.in_([each.value for each in states])
           for name, (_label, states) in STAGES.items()},
        "running": running,
        "late": sa.and_(running, Submission.due_at < words.now()),
        "escalated": sa.and_(running, Submission.escalated_at.is_not(None)),
        "published": state == State.TERBIT.value,
    }
    found = model.Session.execute(
        sa.select(Submission.owner_org,
                  *(count().filter(each).label(name) for name, each in numbers.items()))
        .where(inbox.visible(actor), sa.or_(running, state == State.TERBIT.value))
        .group_by(Submission.owner_org)).mappings().all()
    titles = _titles([each["owner_org"] for each in found])
    rows = [_row(each, titles) for each in found]
    total = {name: sum(each[name] for each in found) for name in numbers}
    shown = sorted((each for each in rows if each["running"]), key=lambda each: (
        -each["late"], -each["escalated"], -each["running"], each["title"].lower()))
    longest = max((each["running"] for each in shown), default=0)
    for each in shown:
        each["bar"] = _bar(each, longest)
    return {"rows": shown, "total": _row({"owner_org": "", **total}, {}),
            "quiet": len(rows) - len(shown)}


def lead(found: Mapping[str, Any]) -> str:
    """Say in one sentence how much is under way, where, and how much of it is late."""
    total, where = found["total"], len(found["rows"])
    if not total["running"]:
        return tk._("Tidak ada pengajuan yang sedang berjalan.")
    text = tk.ungettext("{num} pengajuan sedang berjalan di {agencies} perangkat daerah.",
                        "{num} pengajuan sedang berjalan di {agencies} perangkat daerah.",
                        total["running"]).format(num=total["running"], agencies=where)
    if not total["late"]:
        return " ".join((text, tk._("Tidak ada yang lewat tenggat.")))
    late = tk.ungettext("{num} lewat tenggat.", "{num} lewat tenggat.",
                        total["late"]).format(num=total["late"])
    told = tk.ungettext(
        "{num} sudah disampaikan kepada koordinator.",
        "{num} sudah disampaikan kepada koordinator.",
        total["escalated"]).format(num=total["escalated"]) if total["escalated"] else ""
    return " ".join(filter(None, (text, late, told)))


def _row(counted: Mapping[str, Any], titles: Mapping[str, str]) -> Row:
    organization = counted["owner_org"] or ""
    return {
        "id": organization, "title": titles.get(organization) or tk._("Tanpa instansi"),
        "stages": {name: counted[name] for name in STAGES},
        **{name: counted[name] for name in ("running", "late", "escalated", "published")},
    }


def _bar(row: Row, longest: int) -> list[dict[str, Any]]:
    """Return the parts of a bar: name, words, number, where it starts and its width."""
    parts: list[dict[str, Any]] = []
    start = 0.0
    for name, (label, stages) in TURNS.items():
        number = sum(row["stages"][each] for each in stages)
        width = 100 * number / longest
        parts.append({"name": name, "label": tk._(label), "count": number,
                      "x": round(start, 2), "width": round(width, 2)})
        start += width
    return [each for each in parts if each["count"]]


def _titles(identifiers: Sequence[str]) -> dict[str, str]:
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.title, model.Group.name)
        .where(model.Group.id.in_([each for each in identifiers if each])))
    return {row.id: row.title or row.name for row in rows}
