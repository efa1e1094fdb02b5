"""The page "Tugas saya": what waits for whom, most pressing first, and acting on many at once."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import GRANTS, SCOPES, Actor, Permission, ScopeKind, Subject
from ckanext.satudata.domain.workdays import local
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, State
from ckanext.satudata.shared.actor import permitted
from ckanext.satudata.workflow import figures, words
from ckanext.satudata.workflow.model import Submission

__all__ = [
    "BOXES", "BULK", "PER_PAGE", "bulk_items", "bulk_outcome", "filters", "groups", "inspectors",
    "lead", "organizations", "pages", "producing", "query", "rows", "side", "tabs", "voice", "why",
]

PER_PAGE = 25
#: Most that one press of a button may move.
MAX_BULK = 100

#: Box of ``satudata_submission_list`` -> what its tab is called.
BOXES: Mapping[str, str] = {
    "menunggu_saya": N_("Menunggu saya"),
    "menunggu_lain": N_("Menunggu pihak lain"),
    "selesai": N_("Selesai"),
}

#: What may be done with many at once: transition -> fields it takes.
BULK: Mapping[str, tuple[str, ...]] = {
    "periksa": (), "alihkan": ("inspector", "note"), "setujui": ("note",), "kembalikan": ("note",),
}


def voice(actor: Actor) -> str:
    """Return whose words the page speaks: ``produsen``, ``walidata``, ``pembina``, ``pembaca``."""
    given = {permission for grant in actor.grants for permission in GRANTS[grant.role]}
    if actor.sysadmin or given & {Permission.PERIKSA, Permission.SETUJUI}:
        return "walidata"
    if Permission.PERIKSA_PEMBINA in given:
        return "pembina"
    if given & {Permission.ISI, Permission.AJUKAN, Permission.KONFIRMASI}:
        return "produsen"
    return "pembaca"


def organizations(actor: Actor) -> list[str] | None:
    """Return the organizations a person works for; ``None``: the whole installation."""
    if actor.sysadmin or any(
            SCOPES[grant.role] is not ScopeKind.INSTANSI for grant in actor.grants):
        return None
    return sorted({grant.scope for grant in actor.grants})


def query(args: Mapping[str, str], fallback: str) -> dict[str, Any]:
    """Read the address of the page into what ``satudata_submission_list`` takes.

    What is no filter is passed over: an old link must not be an error.
    """
    box = args.get("kotak", "")
    found: dict[str, Any] = {"box": box if box in BOXES else fallback, "limit": PER_PAGE}
    for name, key in (("opd", "owner_org"), ("status", "state"), ("jenis", "jenis_data"),
                      ("q", "q")):
        value = args.get(name, "").replace("\x00", "").strip()[:200]
        if value:
            found[key] = value
    if found.get("state") not in {each.value for each in State}:
        found.pop("state", None)
    if found.get("jenis_data") not in {each.code for each in vocabulary.get("jenis_data")}:
        found.pop("jenis_data", None)
    if args.get("prioritas") == "1":
        found["prioritas"] = True
    if args.get("telat") == "1":
        found["overdue"] = True
    if args.get("petugas") in ("saya", "belum"):
        found["assignee"] = tk.current_user.name if args["petugas"] == "saya" else "none"
    page = args.get("halaman", "1")
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 else 1
    found["offset"] = (max(number, 1) - 1) * PER_PAGE
    return found


def filters(args: Mapping[str, str]) -> dict[str, str]:
    """Return the filters of the address that are set, to show and to carry on."""
    names = ("q", "opd", "status", "jenis", "prioritas", "telat", "petugas")
    return {name: args[name].strip()[:200] for name in names if args.get(name, "").strip()}


def pages(
    found: Mapping[str, Any], asked: Mapping[str, Any], link: Callable[[int], str]
) -> dict[str, Any]:
    """Return which page this is, which is the last, and the addresses before and after."""
    now = asked["offset"] // PER_PAGE + 1
    last = max(1, -(-found["count"] // PER_PAGE))
    return {"now": now, "last": last, "before": link(min(now - 1, last)), "after": link(now + 1)}


def rows(results: Sequence[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """Describe each submission of the list: badge, deadline, counts of catatan, next step."""
    speaks = voice(actor)
    found: list[dict[str, Any]] = []
    for each in results:
        counts = each["counts"]
        due = words.due(each.get("due_at"))
        found.append({
            **each,
            "due": due,
            "group": _group(each, due),
            "notes": [{"count": counts[name], "label": tk._(label).lower(), "mark": mark}
                      for name, (label, mark) in words.SEVERITIES.items() if counts.get(name)],
            "said": _said(each, actor),
            "step": _step(each, speaks, actor),
        })
    return found


def tabs(speaks: str, counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return the boxes in the viewer's words: name, label and count.

    A producer reads what a box means to them; who only reads has no work of their own.
    """
    own = {
        "produsen": {"menunggu_saya": N_("Perlu Anda kerjakan"),
                     "menunggu_lain": N_("Menunggu pemeriksaan")},
        "pembaca": {"menunggu_lain": N_("Sedang berjalan")},
    }.get(speaks, {})
    return [(name, tk._(own.get(name, label)), counts.get(name, 0))
            for name, label in BOXES.items()
            if name != "menunggu_saya" or speaks != "pembaca" or counts.get(name)]


def groups(
    listed: Sequence[dict[str, Any]], box: str, speaks: str = "walidata"
) -> list[dict[str, Any]]:
    """Put the rows under headings: by deadline, and for a producer by what there is to do."""
    if box == "selesai":
        return [{"name": "selesai", "title": "", "rows": list(listed)}] if listed else []
    if speaks == "produsen":
        return _by_work(listed)
    week = tk._("Minggu depan") if _weekend() else tk._("Minggu ini")
    titles = {"lewat": tk._("Lewat tenggat"), "minggu": week, "nanti": tk._("Nanti")}
    return [{"name": name, "title": title, "rows": of} for name, title in titles.items()
            if (of := [each for each in listed if each["group"] == name])]


def _by_work(listed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put a producer's rows under what there is to do, or who is at it."""
    headings = (
        (tk._("Perlu Anda perbaiki"), {State.DIKEMBALIKAN}),
        (tk._("Draf"), {State.DRAF}),
        (tk._("Menunggu pemeriksaan"), {State.DIAJUKAN}),
        (tk._("Sedang diperiksa"), {State.DIPERIKSA_WALIDATA, State.DIPERIKSA_PEMBINA,
                                    State.DIKEMBALIKAN_PEMBINA}),
        (tk._("Disetujui"), {State.DISETUJUI}),
    )
    return [{"name": "kerja", "title": title, "rows": of} for title, states in headings
            if (of := [each for each in listed if State(each["state"]) in states])]


def _group(submission: Mapping[str, Any], due: Mapping[str, Any]) -> str:
    if due["over"]:
        return "lewat"
    at = words.moment(submission.get("due_at"))
    end = figures.week_start(words.now()) + dt.timedelta(days=14 if _weekend() else 7)
    return "minggu" if at is not None and at < end else "nanti"


def _weekend() -> bool:
    """Tell whether this week's work is over: then the next week's is what comes first."""
    return local(words.now(), config.zona_waktu()).weekday() > 4


def _said(each: Mapping[str, Any], actor: Actor) -> str:
    """Say in a few words where a submission stands, beside its badge."""
    state = State(each["state"])
    inspector = each.get("inspector_id") or {}
    if state in EDITABLE and each.get("on_behalf"):
        return tk._("Diketik Walidata atas nama instansi, menunggu konfirmasi")
    if state is State.DIAJUKAN:
        return tk._("Belum ada yang memeriksa")
    if state is State.DIPERIKSA_WALIDATA and inspector:
        if inspector.get("id") == actor.id:
            return tk._("Anda mulai memeriksa {day}").format(day=words.day(each["state_since"]))
        return tk._("Diperiksa {name}").format(name=words.who(inspector))
    if state is State.DISETUJUI and each.get("release_at"):
        return tk._("Terbit sendiri {when}").format(when=words.day_time(each["release_at"]))
    return ""


def _step(each: Mapping[str, Any], speaks: str, actor: Actor) -> str:
    """Name the one button of a row; every button leads to the page of the submission."""
    state = State(each["state"])
    mine = (each.get("inspector_id") or {}).get("id") == actor.id
    if speaks == "walidata":
        named = {
            State.DIAJUKAN: tk._("Periksa"),
            State.DIPERIKSA_WALIDATA: tk._("Lanjut periksa") if mine else tk._("Buka"),
            State.DIKEMBALIKAN_PEMBINA: tk._("Teruskan"),
            State.DISETUJUI: tk._("Terbitkan") if not each.get("release_at") else tk._("Lihat"),
        }
    elif speaks == "pembina":
        named = {State.DIPERIKSA_PEMBINA: tk._("Periksa")}
    elif speaks == "produsen":
        named = {State.DRAF: tk._("Lanjutkan"), State.DIKEMBALIKAN: tk._("Perbaiki")}
    else:
        named = {}
    return named.get(state, tk._("Lihat"))


def lead(speaks: str, count: int, late: int, box: str, filtered: bool) -> str:
    """Return the sentence under the heading: how much, and where to begin."""
    if filtered:
        return tk.ungettext("{num} pengajuan cocok dengan saringan.",
                            "{num} pengajuan cocok dengan saringan.", count).format(num=count)
    if box == "selesai":
        return tk._("Yang sudah terbit, ditarik, atau dibatalkan.")
    if box == "menunggu_lain" and speaks == "pembaca":
        return tk.ungettext(
            "{num} pengajuan sedang berjalan; {late} di antaranya lewat tenggat.",
            "{num} pengajuan sedang berjalan; {late} di antaranya lewat tenggat.",
            count).format(num=count, late=late)
    if box == "menunggu_lain":
        return tk._("Anda dikabari begitu ada yang kembali kepada Anda.")
    if not count:
        return tk._("Tidak ada yang menunggu Anda.")
    text = {
        "produsen": tk.ungettext("{num} data perlu Anda kerjakan.",
                                 "{num} data perlu Anda kerjakan.", count),
        "pembina": tk.ungettext("{num} Data Prioritas menunggu pemeriksaan Anda.",
                                "{num} Data Prioritas menunggu pemeriksaan Anda.", count),
    }.get(speaks) or tk.ungettext(
        "{num} pengajuan menunggu Anda.", "{num} pengajuan menunggu Anda.", count)
    text = text.format(num=count)
    if late:
        text += " " + tk.ungettext("{num} lewat tenggat; mulai dari situ.",
                                   "{num} lewat tenggat; mulai dari situ.", late).format(num=late)
    return text


def side(actor: Actor) -> dict[str, Any]:
    """Return this week's figures for the card beside the list."""
    return dict(figures.week(words.now(), organizations(actor)))


def producing(actor: Actor) -> list[tuple[str, str]]:
    """Return the organizations one may filter by: id and title, those with submissions."""
    scope = organizations(actor)
    if scope is not None and len(scope) < 2:
        return []
    found = (
        sa.select(model.Group.id, model.Group.title, model.Group.name)
        .where(sa.exists().where(Submission.owner_org == model.Group.id))
        .order_by(model.Group.title).limit(1000))
    if scope is not None:
        found = found.where(model.Group.id.in_(scope))
    return [(id_, title or name) for id_, title, name in model.Session.execute(found)]


def inspectors(subject: Subject | None = None) -> list[tuple[str, str]]:
    """Return who may inspect: name of the account and what people call them."""
    found = permitted(Permission.PERIKSA, subject or Subject())
    if not found:
        return []
    users = model.Session.query(model.User).filter(model.User.id.in_(found))
    return sorted(((each.name, each.fullname or each.name) for each in users),
                  key=lambda each: each[1].lower())


def bulk_items(
    chosen: Sequence[str], action: str, posted: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the items of a bulk transition from what was ticked (``id:version``)."""
    items: list[dict[str, Any]] = []
    for each in dict.fromkeys(chosen[:MAX_BULK]):
        identifier, _sep, version = each.partition(":")
        if not (version.isascii() and version.isdigit() and len(version) < 10):
            continue
        item: dict[str, Any] = {"id": identifier[:100], "transition": action,
                                "expected_version": int(version)}
        for name in BULK[action]:
            value = str(posted.get(name) or "").replace("\x00", "").strip()
            if value:
                item[name] = value[:20_000]
        items.append(item)
    return items


def bulk_outcome(
    items: Sequence[Mapping[str, Any]], answered: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
) -> dict[str, Any]:
    """Tell of each item whether it went and, where not, why."""
    told: list[dict[str, Any]] = []
    for item, each in zip(items, answered, strict=False):
        told.append({"id": item["id"], "title": titles.get(item["id"]) or item["id"],
                     "ok": bool(each.get("success")),
                     "why": "" if each.get("success") else why(each)})
    return {"done": [each for each in told if each["ok"]],
            "failed": [each for each in told if not each["ok"]]}


def why(answer: Mapping[str, Any]) -> str:
    """Return the words of a refusal, whatever its shape."""
    error: Any = answer.get("error") or answer.get("message") or ""
    return _flat(error) or tk._("Tidak dapat diproses. Buka pengajuannya untuk melihat sebabnya.")


def _flat(error: Any) -> str:
    if isinstance(error, Mapping):
        if error.get("message"):
            return _flat(error["message"])
        kept = [value for key, value in error.items() if not str(key).startswith("__")
                and key not in ("conflict", "state", "version")]
        return " ".join(filter(None, (_flat(each) for each in kept)))
    if isinstance(error, (list, tuple)):
        return " ".join(filter(None, (_flat(each) for each in error)))
    return str(error)


#: States one may filter by, in the order of the way.
STATES = tuple(each.value for each in State if each in OPEN) + tuple(
    each.value for each in State if each not in OPEN)
