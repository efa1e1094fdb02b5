"""The page "Tugas saya": what waits for whom, most pressing first."""
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
from ckanext.satudata.workflow import bulk, figures, overview, words
from ckanext.satudata.workflow.model import Submission

__all__ = [
    "BOXES", "LONG_PAGE", "PER_PAGE", "address", "filters", "groups", "inspectors", "lead",
    "opening", "organizations", "oversees", "pages", "producing", "query", "rows", "said", "side",
    "states", "tabs", "voice",
]

PER_PAGE = 25
#: For who decides on many at once.
LONG_PAGE = 100
#: Box of ``satudata_submission_list``, or the overview -> what its tab is called.
BOXES: Mapping[str, str] = {
    "menunggu_saya": N_("Menunggu saya"),
    "menunggu_lain": N_("Menunggu pihak lain"),
    "berjalan": N_("Sedang berjalan"),
    "selesai": N_("Selesai"),
    "ringkasan": N_("Ringkasan"),
}

#: Whose words -> the tabs they read, in order; who oversees has the overview besides.
_TABS: Mapping[str, tuple[str, ...]] = {
    "pemantau": ("ringkasan", "menunggu_saya", "berjalan", "selesai"),
    "pembaca": ("berjalan", "selesai"),
}
#: What an address of the page may say: filters, and where in the list.
_FILTERS = ("q", "opd", "status", "jenis", "prioritas", "telat", "eskalasi", "petugas")
_PLACE = ("kotak", "halaman", "baris")
_MAKES = frozenset({Permission.ISI, Permission.AJUKAN, Permission.KONFIRMASI})

def voice(actor: Actor) -> str:
    """Return whose words the page speaks.

    :returns: ``walidata``, ``pembina``, ``pemantau`` (keeps an eye on everything; being a sysadmin
        makes nobody's work theirs), ``produsen`` or ``pembaca``
    """
    given = _given(actor)
    if given & {Permission.PERIKSA, Permission.SETUJUI}:
        return "walidata"
    if Permission.PERIKSA_PEMBINA in given:
        return "pembina"
    if oversees(actor):
        return "pemantau"
    return "produsen" if given & _MAKES else "pembaca"


def oversees(actor: Actor) -> bool:
    """Tell whether somebody is to see where everything stands."""
    return actor.sysadmin or Permission.PANTAU in _given(actor)


def opening(actor: Actor, waiting: int) -> str:
    """Return the box the page opens on: one's own work, or else what one is here to see.

    A koordinator opens on the overview even where they also work for an OPD; a sysadmin only
    where no role of theirs has work for them.
    """
    speaks = voice(actor)
    if speaks == "pembaca":
        return "berjalan"
    looks = not waiting if actor.sysadmin else speaks == "pemantau"
    return "ringkasan" if looks else "menunggu_saya"


def _given(actor: Actor) -> set[Permission]:
    return {permission for grant in actor.grants for permission in GRANTS[grant.role]}


def _makes(actor: Actor, organization: str | None = None) -> bool:
    """Tell whether a role of theirs makes data, of an organization or at all."""
    return any(_MAKES & set(GRANTS[grant.role]) for grant in actor.grants
               if organization is None or grant.scope == organization)


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
    found: dict[str, Any] = {
        "box": box if box in BOXES else fallback,
        "limit": LONG_PAGE if args.get("baris") == str(LONG_PAGE) else PER_PAGE}
    for name, key in (("opd", "owner_org"), ("status", "state"), ("jenis", "jenis_data"),
                      ("q", "q")):
        value = args.get(name, "").replace("\x00", "").strip()[:200]
        if value:
            found[key] = value
    if found.get("state") in overview.STAGES:
        found["state"] = [each.value for each in overview.STAGES[found["state"]][1]]
    elif found.get("state") not in {each.value for each in State}:
        found.pop("state", None)
    if found.get("jenis_data") not in {each.code for each in vocabulary.get("jenis_data")}:
        found.pop("jenis_data", None)
    if args.get("prioritas") == "1":
        found["prioritas"] = True
    if args.get("telat") == "1":
        found["overdue"] = True
    if args.get("eskalasi") == "1":
        found["escalated"] = True
    if args.get("petugas") in ("saya", "belum"):
        found["assignee"] = tk.current_user.name if args["petugas"] == "saya" else "none"
    page = args.get("halaman", "1")
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 else 1
    found["offset"] = (max(number, 1) - 1) * found["limit"]
    return found


def filters(args: Mapping[str, str]) -> dict[str, str]:
    """Return the filters of the address that are set, to show and to carry on."""
    return {name: args[name].strip()[:200] for name in _FILTERS if args.get(name, "").strip()}


def address(args: Mapping[str, str]) -> dict[str, str]:
    """Return what of a request belongs to the address of the page."""
    return {name: args[name] for name in (*_FILTERS, *_PLACE) if name in args}


def said(
    set_filters: Mapping[str, str], choices: Mapping[str, Sequence[tuple[str, str]]]
) -> list[str]:
    """Return the filters that are set in words, to show while the form is folded."""
    listed = {"opd": "organizations", "status": "states", "jenis": "kinds"}
    fixed = {"prioritas": tk._("Data Prioritas"), "telat": tk._("Lewat tenggat"),
             "eskalasi": tk._("Disampaikan ke koordinator")}
    held = {"saya": tk._("Petugas: saya"), "belum": tk._("Belum ada petugas")}
    found: list[str] = []
    for name, value in set_filters.items():
        if name in listed:
            found.append(dict(choices[listed[name]]).get(value, value))
        else:
            known = held.get(value) if name == "petugas" else fixed.get(name)
            found.append(known or f"“{value}”")
    return found


def states() -> list[tuple[str, str]]:
    """Return the stages and states one may filter by, in the order of the way."""
    found: list[tuple[str, str]] = []
    for name, (label, members) in overview.STAGES.items():
        found.append((name, tk._(label)))
        if len(members) > 1:
            found += [(each.value, words.state_label(each)) for each in members]
    return found + [(each.value, words.state_label(each)) for each in State if each not in OPEN]


def pages(
    found: Mapping[str, Any], asked: Mapping[str, Any], link: Callable[[int], str]
) -> dict[str, Any]:
    """Return which page this is, which is the last, and the addresses before and after."""
    now = asked["offset"] // asked["limit"] + 1
    last = max(1, -(-found["count"] // asked["limit"]))
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
            "bulk": bulk.steps(each, actor),
        })
    return found


def tabs(actor: Actor, counts: Mapping[str, int]) -> list[tuple[str, str, int | None]]:
    """Return the boxes in the viewer's words: name, label and count.

    A producer reads what a box means to them; who only looks has no work of their own.
    """
    speaks = voice(actor)
    names = _TABS.get(speaks) or (
        "menunggu_saya", "menunggu_lain", "selesai", *(["ringkasan"] if oversees(actor) else []))
    own = {"menunggu_saya": N_("Perlu Anda kerjakan"), "menunggu_lain": N_("Menunggu pemeriksaan")}
    mine = own if speaks in ("produsen", "pemantau") else {}
    return [(name, tk._(mine.get(name, BOXES[name])), counts.get(name)) for name in names
            if name != "menunggu_saya" or speaks != "pemantau" or counts.get(name)
            or _makes(actor)]


def groups(
    listed: Sequence[dict[str, Any]], box: str, speaks: str = "walidata"
) -> list[dict[str, Any]]:
    """Put the rows under headings: by deadline, and for a producer by what there is to do."""
    if box == "selesai":
        return [{"name": "selesai", "title": "", "rows": list(listed)}] if listed else []
    if speaks == "produsen" or (speaks == "pemantau" and box == "menunggu_saya"):
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
        (tk._("Sedang diperiksa"), {*overview.STAGES["diperiksa"][1]}),
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
    elif _makes(actor, each["owner_org"]):
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
    if box == "berjalan":
        return tk.ungettext(
            "{num} pengajuan sedang berjalan; {late} di antaranya lewat tenggat.",
            "{num} pengajuan sedang berjalan; {late} di antaranya lewat tenggat.",
            count).format(num=count, late=late)
    if box == "menunggu_lain":
        return tk._("Anda dikabari begitu ada yang kembali kepada Anda.")
    if not count:
        return tk._("Tidak ada yang menunggu Anda.")
    text = {
        **dict.fromkeys(("produsen", "pemantau"), tk.ungettext(
            "{num} data perlu Anda kerjakan.", "{num} data perlu Anda kerjakan.", count)),
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
