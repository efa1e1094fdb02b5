"""Acting on many submissions at once, from the list of "Tugas saya"."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Actor, Subject, may
from ckanext.satudata.domain.workflow import Effect, State, by_name

__all__ = ["BULK", "MAX_BULK", "items", "offered", "outcome", "steps", "why"]

#: Most that one press of a button may move.
MAX_BULK = 100

#: What may be done with many at once: transition -> fields it takes.
BULK: Mapping[str, tuple[str, ...]] = {
    "periksa": (), "alihkan": ("inspector", "note"), "setujui": ("note",), "kembalikan": ("note",),
}


def steps(each: Mapping[str, Any], actor: Actor) -> frozenset[str]:
    """Return what the actor may do with a submission together with others."""
    subject = Subject(each["owner_org"] or "", each["jenis_data"] or "", bool(each["restricted"]),
                      bool(each["at_pembina"]))
    wrote = actor.id in {*each["editors"], *(
        (each.get(name) or {}).get("id")
        for name in ("submitted_by", "created_by", "on_behalf_by", "confirmed_by"))}
    found: set[str] = set()
    for name in BULK:
        step = by_name(State(each["state"]), name)
        if step is None or step.permission is None or not may(actor, step.permission, subject):
            continue
        unfit = step.effect is Effect.APPROVE and each["counts"].get("wajib")
        if not unfit and not (step.four_eyes and wrote):
            found.add(name)
    return frozenset(found)


def offered(listed: Sequence[dict[str, Any]], tried: str = "") -> frozenset[str]:
    """Return what at least two of the rows can be done with together; mark those with ``pick``.

    :param tried: what was tried just now and failed in part: for the rest one row is enough
    """
    found = frozenset(
        name for name in BULK
        if sum(name in each["bulk"] for each in listed) >= (1 if name == tried else 2))
    for each in listed:
        each["pick"] = bool(each["bulk"] & found)
    return found


def items(
    chosen: Sequence[str], action: str, posted: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the items of a bulk transition from what was ticked (``id:version``)."""
    found: list[dict[str, Any]] = []
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
        found.append(item)
    return found


def outcome(
    asked: Sequence[Mapping[str, Any]], answered: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
) -> dict[str, Any]:
    """Tell of each item where it went or why it did not.

    :returns: ``done``: ``title`` and ``items`` for each state reached; ``failed``: how many;
        ``reasons``: ``why`` and ``items`` (``id``, ``title``) for each refusal; ``again``: ids
        of those that may be tried again as they stand. What changed meanwhile is not among
        them: ticked anew, it would be decided on unread.
    """
    reached: dict[str, list[dict[str, Any]]] = {}
    refused: dict[str, list[dict[str, Any]]] = {}
    again: list[str] = []
    for item, each in zip(asked, answered, strict=False):
        told = {"id": item["id"], "title": titles.get(item["id"]) or item["id"]}
        if each.get("success"):
            reached.setdefault(str(each.get("state") or ""), []).append(told)
            continue
        error = each.get("error")
        conflict = error.get("conflict") if isinstance(error, Mapping) else None
        said = tk._(
            "Data berubah sejak Anda melihatnya. Buka pengajuannya, baca perubahannya, lalu "
            "putuskan.") if conflict == "version" else why(each)
        refused.setdefault(said, []).append(told)
        if not conflict:
            again.append(item["id"])
    name = str(asked[0]["transition"]) if asked else ""
    return {"done": [{"title": _done(name, state, len(of)), "items": of}
                     for state, of in reached.items()],
            "failed": sum(len(of) for of in refused.values()),
            "reasons": [{"why": said, "items": of} for said, of in refused.items()],
            "again": again}


def _done(name: str, state: str, num: int) -> str:
    """Say what was done with how many, and where that led."""
    if name == "periksa":
        text = tk.ungettext("{num} pengajuan mulai Anda periksa",
                            "{num} pengajuan mulai Anda periksa", num)
    elif name == "alihkan":
        text = tk.ungettext("{num} pengajuan diserahkan ke petugas lain",
                            "{num} pengajuan diserahkan ke petugas lain", num)
    elif name == "kembalikan" and state == State.DIKEMBALIKAN_PEMBINA.value:
        text = tk.ungettext("{num} pengajuan dikembalikan ke Walidata",
                            "{num} pengajuan dikembalikan ke Walidata", num)
    elif name == "kembalikan":
        text = tk.ungettext("{num} pengajuan dikembalikan ke instansinya",
                            "{num} pengajuan dikembalikan ke instansinya", num)
    elif state == State.DIPERIKSA_PEMBINA.value:
        text = tk.ungettext("{num} pengajuan lolos dan diteruskan ke Pembina Data",
                            "{num} pengajuan lolos dan diteruskan ke Pembina Data", num)
    else:
        text = tk.ungettext("{num} pengajuan disetujui", "{num} pengajuan disetujui", num)
    return str(text).format(num=num)


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
