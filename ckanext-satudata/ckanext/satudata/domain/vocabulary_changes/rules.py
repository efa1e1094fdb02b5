"""The rules between the codes of a list, and what a change of one code may mean.

=====================================  ============================================================
no code is deleted or reused           a retired code does not come back under another name
one name, one code                     of codes in force at the same time, each name, sign and
                                       other spelling means one
a parent, a successor                  is a code of the list, not the code itself, and no circle
a successor                            only where the code ends
days                                   a list does not end before it began
bounds                                 at most :data:`MOST_CODES` codes
=====================================  ============================================================
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.vocabulary import Concept
from ckanext.satudata.domain.vocabulary_changes.policy import EDITABLE, Editing

__all__ = ["MOST_CODES", "advice", "between", "of_one"]

#: Codes of one list; kode wilayah, with more, has a form of its own.
MOST_CODES = 20_000
#: Names less alike than this hardly mean the same.
_ALIKE = 0.45

Told = tuple[str, Message]


def of_one(
    before: Concept | None, after: Concept, editing: Editing, changed: Iterable[str], today: date
) -> Told | None:
    """Return the field of one code that breaks a rule, and why.

    :param changed: fields that change; ``before`` is ``None`` for a new code
    """
    if editing is Editing.TETAP:
        return "kode", Message(N_("Daftar ini tidak diubah di portal."))
    if before is None:
        if editing is not Editing.ISI:
            return "kode", Message(N_("Daftar ini tidak menerima kode baru. Periksa tulisan "
                                      "kodenya."))
    else:
        held = sorted(set(changed) - EDITABLE[editing])
        if held:
            return held[0], Message(N_("Pada daftar ini hanya nama, keterangan dan tulisan lain "
                                       "yang dapat diubah."))
        if _over(before, today) and not _over(after, today) and fold(before.label_id) != fold(
                after.label_id):
            return "label_id", Message(N_(
                "Kode ini sudah berakhir dengan nama “{nama}” dan tidak dipakai lagi untuk arti "
                "lain. Buat kode baru."), {"nama": before.label_id})
    if not after.label_id:
        return "label_id", Message(N_("Nama Indonesia kosong. Isi namanya."))
    if after.valid_from and after.valid_to and after.valid_to < after.valid_from:
        return "berlaku_sampai", Message(N_(
            "Berakhir {akhir}, sebelum mulai berlaku {mulai}. Perbaiki salah satunya."), {
                "akhir": after.valid_to.isoformat(), "mulai": after.valid_from.isoformat()})
    if after.successor and after.valid_to is None:
        return "pengganti", Message(N_(
            "Pengganti hanya untuk kode yang berakhir. Isi juga “Berlaku sampai”."))
    return None


def _over(of: Concept, today: date) -> bool:
    return of.valid_to is not None and of.valid_to < today


def between(
    concepts: Mapping[str, Concept], changed: Mapping[str, int], known: Container[str]
) -> dict[str, Told]:
    """Return the changed codes that break a rule together with others, each with one reason.

    :param concepts: the whole list as it would be
    :param changed: codes that change, by their place in the file: of two that clash the later one
        is refused
    :param known: the codes there are already
    """
    found: dict[str, Told] = {}
    _same_names(concepts, changed, found)
    for field in ("induk", "pengganti"):
        _circles(concepts, changed, field, found)
        _dangling(concepts, changed, field, known, found)
    return found


def _target(of: Concept, field: str) -> str:
    return of.parent if field == "induk" else of.successor


def _dangling(
    concepts: Mapping[str, Concept], changed: Mapping[str, int], field: str,
    known: Container[str], found: dict[str, Told],
) -> None:
    led: dict[str, list[str]] = defaultdict(list)
    for code in changed:
        if to := _target(concepts[code], field):
            led[to].append(code)
    for to, codes in led.items():
        if to not in concepts:
            for code in codes:
                found.setdefault(code, (field, Message(
                    N_("Kode “{kode}” tidak ada di daftar ini. Tambahkan dahulu, atau kosongkan."),
                    {"kode": to})))
    # What leads to a new code that is refused would lead nowhere, and so on down.
    waiting = [code for code in found if code not in known]
    while waiting:
        to = waiting.pop()
        for code in led.get(to, ()):
            if code not in found:
                found[code] = field, Message(
                    N_("Kode “{kode}” sendiri ditolak. Perbaiki dahulu barisnya."), {"kode": to})
                if code not in known:
                    waiting.append(code)


def _circles(
    concepts: Mapping[str, Concept], changed: Mapping[str, int], field: str,
    found: dict[str, Told],
) -> None:
    done: set[str] = set()
    for start in changed:
        path: dict[str, None] = {}
        code = start
        while code and code in concepts and code not in done and code not in path:
            path[code] = None
            code = _target(concepts[code], field)
        if code in path:
            steps = list(path)
            circle = steps[steps.index(code):]
            for each in circle:
                if each in changed:
                    found.setdefault(each, (field, Message(
                        N_("Kode ini menunjuk dirinya sendiri.") if len(circle) == 1 else
                        N_("Berputar: {kode}. Kosongkan salah satunya."),
                        {"kode": ", ".join([*circle[:4], *(["…"] if len(circle) > 4 else []),
                                            code])})))
        done.update(path)


def _same_names(
    concepts: Mapping[str, Concept], changed: Mapping[str, int], found: dict[str, Told]
) -> None:
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for concept in concepts.values():
        for each in _said(concept):
            owners[each].append(concept.code)
    for code in sorted(changed, key=changed.__getitem__):
        for kind, field, text in _said_with_field(concepts[code]):
            sharing = owners[kind, text]
            if len(sharing) < 2:
                continue
            # Of many the first is named: nobody reads them all.
            other = next((each for each in sharing if each != code and each not in found
                          and changed.get(each, -1) < changed[code]
                          and _meet(concepts[each], concepts[code])), None)
            if other is not None:
                found[code] = field, Message(
                    N_("“{nama}” sudah dipakai kode “{kode}”. Satu sebutan untuk satu kode."),
                    {"nama": text[:60], "kode": other})
                break


def _said(of: Concept) -> set[tuple[str, str]]:
    return {(kind, text) for kind, _, text in _said_with_field(of)}


def _said_with_field(of: Concept) -> list[tuple[str, str, str]]:
    """Return what a code is called: Indonesian names, signs and spellings, and English names."""
    # "kw" is a quintal and "kW" a kilowatt, but no two names differ by their case alone.
    told = [("", "label_id", of.label_id), ("id", "label_id", fold(of.label_id)),
            ("", "notasi", of.notation), *(("", "alias", each) for each in of.aliases),
            ("en", "label_en", fold(of.label_en))]
    return [each for each in told if each[2]]


def _meet(one: Concept, other: Concept) -> bool:
    """Tell whether two codes are ever in force on the same day."""
    return (one.valid_to or date.max) >= (other.valid_from or date.min) and (
        other.valid_to or date.max) >= (one.valid_from or date.min)


def advice(
    before: Mapping[str, Concept], after: Mapping[str, Concept], changed: Iterable[str],
    today: date,
) -> list[tuple[str, Message]]:
    """Return what should be looked at twice, by code: it is no mistake that a rule could tell."""
    told: list[tuple[str, Message]] = []
    children: dict[str, int] = defaultdict(int)
    for each in after.values():
        if each.parent and not _over(each, today) and each.valid_to is None:
            children[each.parent] += 1
    for code in changed:
        old, new = before.get(code), after[code]
        if old is not None and fold(old.label_id) != fold(new.label_id) and not _alike(old, new):
            told.append((code, Message(N_(
                "Nama berubah dari “{lama}” menjadi “{baru}”. Bila artinya lain, buat kode baru "
                "dan nonaktifkan yang ini: data lama memakai arti lama."), {
                    "lama": old.label_id, "baru": new.label_id})))
        if old is not None and _over(old, today) and not _over(new, today):
            told.append((code, Message(N_("Kode yang sudah berakhir ini berlaku lagi."))))
        if new.valid_to is not None and (old is None or old.valid_to is None) and children[code]:
            told.append((code, Message(N_(
                "{jumlah} kode di bawahnya masih berlaku. Nonaktifkan juga, atau pindahkan "
                "induknya."), {"jumlah": children[code]})))
        heir = after.get(new.successor)
        if heir is not None and heir.valid_to is not None:
            told.append((code, Message(N_("Penggantinya, “{kode}”, juga sudah atau akan "
                                          "berakhir."), {"kode": heir.code})))
    return told


def _alike(old: Concept, new: Concept) -> bool:
    one, other = fold(old.label_id), fold(new.label_id)
    if one in other or other in one or other in {fold(each) for each in old.aliases}:
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
