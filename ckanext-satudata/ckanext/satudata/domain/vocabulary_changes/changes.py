"""What is kept of each change of a vocabulary, and the list that follows from all of them.

A list is what was delivered and every change set in order. Nothing is ever taken out of one: an
undo is one more. A code says only which fields were changed, from what to what, so that a later
delivery of the software still mends the others.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from ckanext.satudata.domain.vocabulary import (
    COLUMNS,
    Concept,
    Vocabulary,
    concept_of,
    row_of,
)

__all__ = [
    "FIELDS", "ChangeSet", "CodeChange", "Effect", "change_of", "changes_between", "replay",
    "reversed_rows",
]

#: What may change of a code.
FIELDS = COLUMNS[1:]
_RETIRED = "berlaku_sampai"


class Effect(str, Enum):
    """What happens to a code."""

    NEW = "baru"
    RETIRED = "dinonaktifkan"
    CHANGED = "diubah"


@dataclass(frozen=True)
class CodeChange:
    """One code of a change set.

    :ivar before: of each field that changes, as texts; ``None`` for a new code
    :ivar after: the same fields; of a new code every one that is not empty
    """

    code: str
    before: Mapping[str, str] | None
    after: Mapping[str, str]

    @property
    def effect(self) -> Effect:
        if self.before is None:
            return Effect.NEW
        ends = self.after.get(_RETIRED)
        return Effect.RETIRED if ends and not self.before.get(_RETIRED) else Effect.CHANGED


@dataclass(frozen=True)
class ChangeSet:
    """One version of a vocabulary.

    :ivar number: from 1; the next version is one more
    :ivar at: when it was decided
    :ivar about: ``title_id``, ``title_en``, ``note`` of a list the portal made or named anew
    """

    number: int
    at: datetime
    rows: tuple[CodeChange, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict[str, str])


def replay(
    base: Vocabulary | None, name: str, sets: Iterable[ChangeSet], upto: int | None = None
) -> Vocabulary | None:
    """Return a list after its change sets, ``None`` where there is no list yet.

    :param base: as delivered, or as it was before the first of ``sets``
    :param upto: number of the last version to take
    """
    rows = {} if base is None else {each.code: row_of(each) for each in base}
    version, modified = (0, None) if base is None else (base.version, base.modified)
    about = {} if base is None else {
        "title_id": base.title_id, "title_en": base.title_en, "note": base.note}
    known, local = base is not None, base is None or base.local
    for each in sets:
        if upto is not None and each.number > upto:
            break
        known = True
        for row in each.rows:
            held = rows.setdefault(row.code, dict.fromkeys(COLUMNS, "") | {"kode": row.code})
            held.update(row.after)
        about = about | dict(each.about)
        version, modified = each.number, each.at
    if not known:
        return None
    # A software older than the change it is told of has no name for the code: the code speaks.
    concepts = {code: concept_of(row | {"label_id": row["label_id"] or code})
                for code, row in rows.items()}
    return Vocabulary(name, about.get("title_id", name), about.get("title_en", ""),
                      about.get("note", ""), concepts, version, modified, local)


def changes_between(before: Vocabulary, after: Vocabulary) -> tuple[CodeChange, ...]:
    """Return what changed from one state of a list to another, in the order of the later."""
    held = {each.code: each for each in before}
    return tuple(change for concept in after
                 if (change := change_of(held.get(concept.code), concept)) is not None)


def change_of(before: Concept | None, after: Concept) -> CodeChange | None:
    """Return what changed of a code, ``None`` for nothing."""
    new = row_of(after)
    if before is None:
        return CodeChange(after.code, None, {each: new[each] for each in FIELDS if new[each]})
    old = row_of(before)
    fields = [each for each in FIELDS if old[each] != new[each]]
    if not fields:
        return None
    return CodeChange(after.code, {each: old[each] for each in fields},
                      {each: new[each] for each in fields})


def reversed_rows(
    of: ChangeSet, current: Vocabulary, today: date
) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows that undo a version, and the codes that were changed again since.

    What was changed again is left to who reads it: the later decision stands. A code that the
    version brought is retired, for no code is ever deleted.
    """
    rows: list[dict[str, str]] = []
    later: list[str] = []
    for each in of.rows:
        if each.code not in current:
            continue
        now = row_of(current[each.code])
        if any(now[name] != value for name, value in each.after.items()):
            later.append(each.code)
        elif each.before is not None:
            rows.append({"kode": each.code, **each.before})
        else:
            ends = max(today.isoformat(), now["berlaku_sejak"])
            if not now[_RETIRED] or now[_RETIRED] > ends:
                rows.append({"kode": each.code, _RETIRED: ends})
    return rows, later
