"""What the submission page shows, made from ``satudata_submission_show``; it decides nothing."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import EDITABLE, State
from ckanext.satudata.workflow import words
from ckanext.satudata.workflow.seal import CHANGED

__all__ = [
    "add_earlier_answers", "buttons", "checklist", "condense", "fields_of", "hints", "message",
    "next_said",
    "number_notes", "places", "reasons", "situation", "steps",
]

_PATH = (State.DRAF, State.DIAJUKAN, State.DIPERIKSA_WALIDATA, State.DIPERIKSA_PEMBINA,
         State.DISETUJUI, State.TERBIT)
#: States beside the path: where on it the submission stands meanwhile.
_BESIDE = {
    State.DIKEMBALIKAN: State.DRAF, State.DIKEMBALIKAN_PEMBINA: State.DIPERIKSA_PEMBINA,
    State.DIGANTIKAN: State.TERBIT, State.DITARIK: State.TERBIT, State.DIBATALKAN: State.DRAF,
}
_ORDER = {name: at for at, name in enumerate(words.SEVERITIES)}


def steps(submission: Mapping[str, Any], pembina_due: bool) -> list[dict[str, str]]:
    """Return the way to publication: ``label`` and ``mark`` (done, now, or nothing).

    :param pembina_due: the pembina looks at it too (Perpres 39/2019 art. 35)
    """
    state = State(submission["state"])
    path = [each for each in _PATH if pembina_due or each is not State.DIPERIKSA_PEMBINA]
    at = path.index(_BESIDE.get(state, state)) if _BESIDE.get(state, state) in path else 0
    found: list[dict[str, str]] = []
    for number, each in enumerate(path):
        mark = "done" if number < at or (number == at and each is State.TERBIT) else ""
        shown = state if number == at else each
        found.append({
            "label": words.state_label(shown.value, str(submission.get("jenis_data") or "")),
            "mark": mark or ("now" if number == at else ""),
        })
    return found


def number_notes(submission: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the catatan with number, mark and words, most pressing first, open before done."""
    found = [dict(each) for each in submission.get("findings") or []
             if not each.get("withdrawn_at")]
    found.sort(key=lambda each: (
        bool(each.get("resolved_at")), _ORDER.get(each.get("severity"), 9),
        str(each.get("created_at") or ""), str(each.get("id"))))
    for at, each in enumerate(found, start=1):
        label, mark = words.SEVERITIES.get(each.get("severity") or "", (N_("Catatan"), "tip"))
        each["number"] = at
        each["mark"] = mark
        each["severity_label"] = tk._(label)
        each["principle_label"] = words.principle(each.get("principle") or "")
        each["place"] = each.get("place") if isinstance(each.get("place"), Mapping) else {}
        each["open"] = not each.get("resolved_at")
    return found


def add_earlier_answers(
    notes: Sequence[dict[str, Any]], events: Sequence[Mapping[str, Any]]
) -> None:
    """Give each catatan its ``earlier`` answers, those of rounds before, oldest first.

    :param events: of the timeline, newest first
    """
    said: dict[str, list[dict[str, Any]]] = {}
    for each in reversed(events):
        told = each.get("data") or {}
        if each["transition"] == "catatan_dijawab" and told.get("answer"):
            said.setdefault(str(told.get("finding")), []).append(
                {"by": each.get("actor"), "at": each["at"], "answer": told["answer"]})
    for note in notes:
        last = note.get("answer") or ""
        given = note.get("shared_at") or ""
        note["earlier"] = [each for each in said.get(str(note["id"]), []) if each["at"] < given]
        if last and not note.get("answered") and last not in (
                each["answer"] for each in note["earlier"]):  # answered before events kept words
            note["earlier"].append(
                {"by": note["answered_by"], "at": note["answered_at"], "answer": last})


def condense(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Tell several like catatan of one person, one after another, as one with a ``count``."""
    found: list[dict[str, Any]] = []
    for each in events:
        last = found[-1] if found else None
        if (last is not None and each["kind"] == "catatan" and not each.get("note")
                and not last.get("note")
                and (last["kind"], last["transition"], last.get("actor")) == (
                    "catatan", each["transition"], each.get("actor"))):
            last["count"] += 1
        else:
            found.append({**each, "count": 1})
    return found


#: Steps that leave the last word to whoever acted before, unless they say something themselves.
_PASSED_ON = frozenset({"periksa", "alihkan", "konfirmasi", "jadwalkan", "batalkan_jadwal"})


def message(moves: Sequence[Mapping[str, Any]], submission: Mapping[str, Any]
            ) -> Mapping[str, Any] | None:
    """Return the move whose words stand for where the submission is now: a reason, a message.

    Data may be returned with a message alone; who reads only the catatan would find nothing to
    mend. A step that merely takes it up or passes it on leaves the words before it standing. The
    reason of a version stands on the page by itself.

    :param moves: events of the dataset that changed a state, or told why it could not be, newest
        first
    """
    for each in moves:
        if each.get("submission_id") != submission["id"] or each["kind"] == CHANGED:
            continue
        note = str(each.get("note") or "").strip()
        if note and note != str(submission.get("reason") or "").strip():
            return each
        conveyed = (each.get("transition") == "kembalikan"
                    and each.get("from_state") == State.DIKEMBALIKAN_PEMBINA.value)
        if each.get("transition") not in _PASSED_ON and not conveyed:
            return None
    return None


def fields_of(kind: str) -> dict[str, dict[str, Any]]:
    """Return the schema's fields of a kind of dataset by name, those of its files as well."""
    schema = tk.h.scheming_get_dataset_schema(kind) or {}
    return {each["field_name"]: each for each in schema.get("dataset_fields") or []}


def places(
    notes: Sequence[dict[str, Any]], dataset: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Group the open catatan by what they concern: each table, other files, fields, the whole.

    :returns: groups with ``title``, ``notes`` and ``table`` (or ``None``), in reading order
    """
    fields = fields_of(str(dataset.get("type") or "dataset"))
    resources = {each["id"]: each for each in dataset.get("resources") or []}
    by_resource: dict[str, list[dict[str, Any]]] = {}
    on_fields: list[dict[str, Any]] = []
    general: list[dict[str, Any]] = []
    for note in notes:
        place = note["place"]
        if place.get("resource") in resources:
            resource = resources[place["resource"]]
            note["where"] = _in_table(place, resource)
            by_resource.setdefault(resource["id"], []).append(note)
        elif place.get("field"):
            name = str(place["field"])
            field = fields.get(name)
            note["where"] = tk._("Berkas") if name == "resources" else tk._("Isian {label}").format(
                label=str(tk.h.scheming_language_text(field["label"])) if field else name)
            note["field"] = field
            note["value"] = dataset.get(name)
            # What no schema describes, such as the list of files, is nothing to read.
            note["readable"] = field is not None or isinstance(note["value"], str | int | float)
            on_fields.append(note)
        else:
            note["where"] = tk._("Berkas yang sudah tidak ada") if place.get("resource") else ""
            general.append(note)
    groups: list[dict[str, Any]] = []
    shown = {table["id"]: table for table in tables}
    for key in [*shown, *(each for each in by_resource if each not in shown)]:
        of = by_resource.get(key, [])
        groups.append({
            "title": _name(resources[key]), "table": shown.get(key),
            "open": [each for each in of if each["open"]],
            "done": [each for each in of if not each["open"]]})
    for title, of in ((tk._("Isian metadata"), on_fields), (tk._("Umum"), general)):
        if of:
            groups.append({"title": title, "table": None,
                           "open": [each for each in of if each["open"]],
                           "done": [each for each in of if not each["open"]]})
    return groups


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource.get("name") or tk.h.resource_display_name(resource))


def _in_table(place: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    parts = [_name(resource)]
    if place.get("beside"):
        parts.append(tk._("tabelnya di portal, bukan berkasnya"))
    if place.get("column"):
        parts.append(tk._("kolom {name}").format(name=str(place["column"])[:120]))
    if place.get("cell"):
        parts.append(tk._("sel {name}").format(name=str(place["cell"])[:60]))
    elif place.get("row") not in (None, ""):
        parts.append(tk._("baris {number}").format(number=str(place["row"])[:12]))
    return ", ".join(parts)


def hints(gaps: Sequence[Mapping[str, Any]], notes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Say for each principle what the automatic check and the open catatan found."""
    found: dict[str, str] = {}
    for name in words.PRINCIPLES:
        parts: list[str] = []
        for severity, (label, _mark) in words.SEVERITIES.items():
            count = sum(gap["principle"] == name and gap["severity"] == severity for gap in gaps)
            if count and severity != "saran":
                parts.append(f"{count} {tk._(label).lower()}")
        of = sum(note["principle"] == name and note["open"] for note in notes)
        automatic = ", ".join(parts) or tk._("tidak ada kekurangan")
        text = tk._("Otomatis: {found}.").format(found=automatic)
        if of:
            text += " " + tk.ungettext(
                "{num} catatan terbuka.", "{num} catatan terbuka.", of).format(num=of)
        found[name] = text
    return found


def checklist(
    submission: Mapping[str, Any], hinted: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the four principles with what the inspector decided on each."""
    kept = submission.get("checklist") or {}
    return [{
        "name": name,
        "label": words.principle(name),
        "hint": hinted.get(name, ""),
        "hasil": (kept.get(name) or {}).get("hasil") or "",
        "alasan": (kept.get(name) or {}).get("alasan") or [],
        "catatan": (kept.get(name) or {}).get("catatan") or "",
    } for name in words.PRINCIPLES]


def reasons(name: str) -> list[tuple[str, str]]:
    """Return the codes of a vocabulary with their labels, for a form."""
    return [(each.code, words.label_of(name, each.code)) for each in vocabulary.get(name)]


def buttons(submission: Mapping[str, Any]) -> dict[str, Any]:
    """Sort the steps open to the viewer: the one next, the others, and those still barred.

    The next one is the first allowed primary. Where a primary is barred and something else is
    allowed, that stands in its place, and the bar says why.
    """
    # The red button stands by itself (``emergency.py``).
    actions = [dict(each) for each in submission.get("actions") or []
               if each["name"] != "tarik_darurat"]
    allowed = [each for each in actions if each["allowed"]]
    barred = [each for each in actions if not each["allowed"]]
    quiet = {"batalkan", "tarik", "alihkan", "jadwalkan", "batalkan_jadwal",
             "batalkan_persetujuan", "tarik_ajuan"}
    following = next((each for each in allowed if each.get("primary")), None) or next(
        (each for each in allowed if each["name"] not in quiet), None)
    if State(submission["state"]) is State.TERBIT and following and not following.get("primary"):
        following = None
    return {
        "next": following,
        "others": [each for each in allowed if each is not following],
        "barred": [each for each in barred if each.get("primary")] + [
            each for each in barred if not each.get("primary")],
    }


_NEXT: Mapping[State, str] = MappingProxyType({
    State.DRAF: N_("Baru terlihat oleh instansi ini. Bila sudah lengkap, kirim untuk diperiksa."),
    State.DIKEMBALIKAN: N_("Perbaiki menurut catatan, jawab catatannya, lalu kirim lagi."),
    State.DIAJUKAN: N_("Walidata memeriksanya lebih dahulu. Isinya tidak dapat diubah sementara "
                       "itu."),
    State.DIPERIKSA_WALIDATA: N_("Walidata sedang memeriksa menurut empat prinsip."),
    State.DIPERIKSA_PEMBINA: N_("Lolos pemeriksaan Walidata; Pembina Data memeriksa ulang."),
    State.DIKEMBALIKAN_PEMBINA: N_("Walidata meneruskan catatan Pembina Data kepada instansi."),
    State.DISETUJUI: N_("Lolos pemeriksaan. Walidata menerbitkannya."),
    State.TERBIT: N_("Terlihat oleh publik."),
    State.DITARIK: N_("Tidak terlihat oleh publik."),
    State.DIGANTIKAN: N_("Versi yang lebih baru sudah terbit."),
    State.DIBATALKAN: N_("Tidak ada yang perlu dikerjakan."),
})


def next_said(submission: Mapping[str, Any]) -> str:
    """Say in one sentence who acts next on a submission, and on what."""
    state = State(submission["state"])
    if state is State.DRAF and submission.get("on_behalf"):
        return tk._("Diketik Walidata atas nama instansi. Instansi membaca dan mengonfirmasinya.")
    if state is State.TERBIT and submission.get("belum_diperiksa"):
        return tk._("Terlihat oleh publik sejak sebelum portal ini memeriksa data.")
    if state is State.DISETUJUI and submission.get("release_at"):
        return tk._("Lolos pemeriksaan dan terbit sendiri {when}.").format(
            when=words.day_time(submission["release_at"]))
    return tk._(_NEXT[state])


def situation(
    submission: Mapping[str, Any], notes: Sequence[Mapping[str, Any]], chosen: Mapping[str, Any],
    moves: Sequence[Mapping[str, Any]],
) -> tuple[str, str] | None:
    """Say in one bar what stands in the way, or nothing.

    :param moves: as :func:`message` takes them
    :returns: kind of the bar (``warn``, ``stop``, ``info``) and its words
    """
    last = next((each for each in moves if each.get("submission_id") == submission["id"]), None)
    if last is not None and last["kind"] == CHANGED:
        return "stop", str(last.get("note") or "")
    told = ("setujui", "ajukan", "konfirmasi", "revisi")
    barred = [each for each in chosen["barred"] if each["name"] in told and each.get("reason")]
    if barred:
        return "warn", str(barred[0]["reason"])
    state = State(submission["state"])
    if state is State.DITARIK:
        return "stop", tk._("Data ini ditarik dan tidak terlihat oleh publik.")
    if state is State.DIBATALKAN:
        return "info", tk._("Versi ini dibatalkan. Tidak ada yang perlu dikerjakan.")
    if state is State.DIKEMBALIKAN_PEMBINA and not chosen["next"]:
        return "info", tk._(_NEXT[state])
    waiting = [each for each in notes if each["open"] and not each.get("answered")]
    if state in EDITABLE and waiting:
        return "warn", tk.ungettext(
            "{num} catatan menunggu jawaban Anda. Perbaiki datanya, jawab tiap catatan, lalu "
            "kirim lagi.",
            "{num} catatan menunggu jawaban Anda. Perbaiki datanya, jawab tiap catatan, lalu "
            "kirim lagi.", len(waiting)).format(num=len(waiting))
    return None
