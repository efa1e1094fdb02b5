"""What rows that somebody wrote would change of a list, and which of them are refused and why.

One way for a form, a file, another portal's list and an undo: nothing is written here.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.vocabulary import Concept, Vocabulary, concept_of, row_of
from ckanext.satudata.domain.vocabulary_changes import rules
from ckanext.satudata.domain.vocabulary_changes.changes import (
    FIELDS,
    CodeChange,
    Effect,
    change_of,
)
from ckanext.satudata.domain.vocabulary_changes.cleaning import LONGEST, cleaned, code_problem
from ckanext.satudata.domain.vocabulary_changes.policy import Editing

__all__ = ["GivenRow", "Proposal", "Refused", "propose"]

#: Rounds in which rows fall because others fell; whoever still disagrees then is refused.
_ROUNDS = 25


@dataclass(frozen=True)
class GivenRow:
    """One row as somebody wrote it.

    :ivar place: line of the file, 0 for a form
    :ivar values: by :data:`~ckanext.satudata.domain.vocabulary.COLUMNS`; a field that is not there
        stays as it is, an empty one is emptied
    :ivar origin: IRI of the concept where it was taken from; kept as ``iri`` of a new code
    """

    place: int
    values: Mapping[str, str]
    origin: str = ""


@dataclass(frozen=True)
class Refused:
    """A row that changes nothing; ``field`` is a column."""

    place: int
    code: str
    field: str
    why: Message


@dataclass(frozen=True)
class Proposal:
    """What would change.

    :ivar version: of the list it was compared with
    :ivar changes: by the order of the file
    :ivar unchanged: codes that the file says as they are
    :ivar absent: codes in force of which the file says nothing; they stay as they are
    :ivar advice: what to look at twice, by code
    """

    version: int
    changes: tuple[CodeChange, ...]
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    absent: tuple[str, ...] = ()
    advice: tuple[tuple[str, Message], ...] = ()

    def of(self, effect: Effect) -> tuple[CodeChange, ...]:
        """Return the changes of one kind."""
        return tuple(each for each in self.changes if each.effect is effect)


@dataclass
class _Work:
    current: Vocabulary
    editing: Editing
    today: date
    known: Mapping[str, Concept] = field(init=False)
    places: dict[str, int] = field(default_factory=dict[str, int])
    accepted: dict[str, Concept] = field(default_factory=dict[str, Concept])
    unchanged: list[str] = field(default_factory=list[str])
    refused: list[Refused] = field(default_factory=list[Refused])

    def refuse(self, code: str, what: str, why: Message) -> None:
        self.refused.append(Refused(self.places.get(code, 0), code, what, why))
        self.accepted.pop(code, None)

    def __post_init__(self) -> None:
        self.known = {each.code: each for each in self.current}


def propose(
    current: Vocabulary, given: Sequence[GivenRow], editing: Editing, today: date,
    retire_absent: bool = False,
) -> Proposal:
    """Return what rows would change of a list.

    :param today: last day of what is retired without a day of its own
    :param retire_absent: retire what is in force and no row names
    """
    work = _Work(current, editing, today)
    for row in given:
        _take(work, row)
    absent = [each.code for each in current
              if each.code not in work.places and each.valid_to is None]
    if retire_absent:
        for code in absent:
            work.places[code] = 0
            old = current[code]
            _weigh(work, old, replace(
                old, valid_to=max(today, old.valid_from) if old.valid_from else today))
        absent = []
    _bound(work)
    _settle(work)
    changed = sorted(work.accepted, key=work.places.__getitem__)
    known = work.known
    return Proposal(
        current.version,
        tuple(change for code in changed
              if (change := change_of(known.get(code), work.accepted[code])) is not None),
        tuple(work.unchanged),
        tuple(sorted(work.refused, key=lambda each: each.place)),
        tuple(absent),
        tuple(rules.advice(known, {**known, **work.accepted}, changed, today)),
    )


def _take(work: _Work, row: GivenRow) -> None:
    values = {name: str(text)[:LONGEST[name] * 4 + 100] for name, text in row.values.items()
              if name in LONGEST}
    code = cleaned("kode", values.pop("kode", ""))[0]
    if code in work.places:
        work.refused.append(Refused(row.place, code, "kode", Message(
            N_("Kode “{kode}” sudah ada di baris {baris}. Satu kode satu baris."),
            {"kode": code, "baris": work.places[code]})))
        return
    old = work.known.get(code)
    wrong = None if old is not None else code_problem(code)
    if wrong is not None:
        work.refused.append(Refused(row.place, code, "kode", wrong))
        return
    work.places[code] = row.place
    held = row_of(old) if old is not None else {"kode": code}
    for name, text in values.items():
        if old is not None and text == held[name]:
            continue  # as it was delivered, however it is written
        held[name], problem = cleaned(name, text)
        if problem is not None:
            work.refuse(code, name, problem)
            return
    if old is None and row.origin and not held.get("iri"):
        held["iri"] = cleaned("iri", row.origin)[0]
    _weigh(work, old, concept_of(held))


def _weigh(work: _Work, old: Concept | None, new: Concept) -> None:
    change = change_of(old, new)
    if change is None:
        work.unchanged.append(new.code)
        return
    wrong = rules.of_one(old, new, work.editing, change.after, work.today)
    if wrong is not None:
        work.refuse(new.code, *wrong)
    else:
        work.accepted[new.code] = new


def _bound(work: _Work) -> None:
    new = [code for code in work.accepted if code not in work.current]
    for code in new[max(rules.MOST_CODES - len(work.current), 0):]:
        work.refuse(code, "kode", Message(
            N_("Daftar ini sudah penuh: paling banyak {batas} kode."), {"batas": rules.MOST_CODES}))


def _settle(work: _Work) -> None:
    """Refuse what breaks a rule with others, until what is left obeys them all."""
    known = {**work.known}
    for _ in range(_ROUNDS):
        found = rules.between(
            known | work.accepted, {code: work.places[code] for code in work.accepted}, known)
        if not found:
            return
        for code, (what, why) in found.items():
            work.refuse(code, what, why)
    for code in list(work.accepted):
        work.refuse(code, "kode", Message(N_(
            "Baris ini bergantung pada baris lain yang ditolak. Perbaiki baris itu dahulu.")))


#: What a row may say of a code.
assert frozenset(LONGEST) == frozenset(("kode", *FIELDS))
