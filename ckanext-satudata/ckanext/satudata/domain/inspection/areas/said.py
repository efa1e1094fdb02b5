"""What is told about a column of areas: changes, spellings, questions."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.areas.columns import NameColumn
from ckanext.satudata.domain.inspection.areas.scope import Scope
from ckanext.satudata.domain.inspection.notes import N_, Change, Choice, Message, Question

__all__ = ["Notes", "RowsOf", "rows_by_pair"]

RowsOf = Callable[[], np.ndarray]

#: The answer that a name is no area of the list.
NO_CODE = "tanpa_kode"
#: Spellings, retired areas and questions told one by one; further ones in one entry.
_MAX_TOLD = 100
_MAX_ASKED = 50
_MAX_CELLS = 3
_MAX_NAMES = 8


def rows_by_pair(which: np.ndarray, count: int) -> Callable[[int], RowsOf]:
    """Return a look-up of the rows of each pair; the rows are sorted once, when first asked."""
    kept: list[tuple[np.ndarray, np.ndarray]] = []

    def of(place: int) -> RowsOf:
        def rows() -> np.ndarray:
            if not kept:
                order = np.argsort(which, kind="stable")
                bounds = np.searchsorted(which[order], np.arange(count + 1))
                kept.append((order, bounds))
            order, bounds = kept[0]
            return order[bounds[place]:bounds[place + 1]]
        return rows
    return of


class Notes:
    """Collects what happens to the names of one column."""

    def __init__(self, column: NameColumn) -> None:
        self.column = column
        self._told: list[tuple[str, str, str, RowsOf]] = []
        self._old: list[tuple[str, str, str, RowsOf]] = []
        self._unknown: list[tuple[str, RowsOf]] = []
        self._unasked: list[tuple[str, RowsOf]] = []
        self._questions: list[Question] = []

    def doubted(self, text: str, code: str, doubt: str, rows: RowsOf) -> None:
        self._told.append((text, code, doubt, rows))

    def retired(self, text: str, old: str, heir: str, rows: RowsOf) -> None:
        self._old.append((text, old, heir, rows))

    def unknown(self, text: str, rows: RowsOf) -> None:
        self._unknown.append((text, rows))

    def ask(
        self, text: str, parent: str, codes: Sequence[str], rows: RowsOf,
        answers: Mapping[str, str], by_parent: bool,
    ) -> str:
        """Ask which area is meant; return the one answered, ``""`` while none is."""
        name = self.column.named.name
        key = f"wilayah:{name}:{text}" + (f"@{parent}" if by_parent and parent else "")
        answer = answers.get(key)
        valid = answer == NO_CODE or (answer is not None and wilayah.exists(answer))
        if not valid:
            answer = None
            if len(self._questions) >= _MAX_ASKED:
                self._unasked.append((text, rows))
                return ""
        found = rows()
        choices = [Choice(code, Message(N_("{name} ({code})"), {
            "name": wilayah.display(code), "code": code})) for code in codes]
        choices.append(Choice(NO_CODE, Message(N_("Bukan salah satunya: biarkan tanpa kode"))))
        values = {"name": text, "count": len(codes)}
        text_asked = Message(N_("“{name}” yang mana? Ada {count} wilayah bernama itu."), values)
        self._questions.append(Question(
            key=key, step="wilayah", column=name, cell=self._cells(found), count=len(found),
            text=text_asked, choices=choices, answer=answer,
            evidence=Message(N_("Semuanya di {parent}."), {"parent": wilayah.display(parent)})
            if parent else None))
        return answer if answer and answer != NO_CODE else ""

    def _cells(self, rows: np.ndarray) -> str:
        # A name of several years or sexes stands in one cell of the sheet.
        cells = dict.fromkeys(self.column.named.cell_of(int(row)) for row in rows[:_MAX_NAMES])
        return ",".join([*cells][:_MAX_CELLS])

    def finish(self, scope: Scope | None) -> tuple[list[Change], list[Question]]:
        """Return what is listed of the names, and what is asked."""
        return self._spellings() + self._retired() + self._not_found(scope), self._questions

    def added(self, scope: Scope | None, known: np.ndarray) -> Change:
        """Return what is listed where the codes become a column."""
        cell_of = self.column.named.cell_of
        first, last = cell_of(int(known[0])), cell_of(int(known[-1]))
        what = Message(N_("Kode wilayah ditambahkan untuk kolom “{column}”."),
                       {"column": self.column.named.header or self.column.named.name})
        if scope and scope.code:
            why = Message(scope.why, {"area": wilayah.display(scope.code)})
        elif scope or self.column.level == "provinsi":
            why = Message(N_("Dicari menurut nama di daftar kode wilayah Kemendagri."))
        else:
            why = Message(N_("Dicari di wilayah yang disebut kolom lain pada baris yang sama."))
        return Change("wilayah", first if first == last else f"{first}:{last}", what, why,
                      count=len(known))

    def _spellings(self) -> list[Change]:
        made = [
            Change("wilayah", self._cells(found := rows()), Message(
                N_("“{name}” dibaca sebagai {area} ({code})."),
                {"name": text, "area": wilayah.display(code), "code": code}), Message(doubt),
                certain=False, count=len(found))
            for text, code, doubt, rows in self._told[:_MAX_TOLD]]
        return made + self._rest([(text, rows) for text, _, _, rows in self._told[_MAX_TOLD:]], N_(
            "{count} nama lain dengan ejaan berbeda juga diberi kode: {names}."))

    def _retired(self) -> list[Change]:
        made: list[Change] = []
        for text, old, heir, rows in self._old[:_MAX_TOLD]:
            found = rows()
            what = Message(
                N_("“{name}” ({old}) diberi kode penggantinya, {area} ({code}).") if heir else
                N_("“{name}” diberi kode lama {old}, yang tidak berlaku lagi."),
                {"name": text, "old": old, "code": heir, "area": wilayah.display(heir or old)})
            made.append(Change("wilayah", self._cells(found), what, Message(
                N_("Kode lamanya tidak ada lagi di daftar yang berlaku.")),
                certain=False, count=len(found)))
        return made + self._rest([(text, rows) for text, _, _, rows in self._old[_MAX_TOLD:]], N_(
            "{count} nama lain dari daftar lama juga diberi kode penggantinya: {names}."))

    def _not_found(self, scope: Scope | None) -> list[Change]:
        what = N_("{count} nama tidak diberi kode wilayah: {names}.")
        why = Message(N_("Tidak ada wilayah bernama itu di daftar kode wilayah, di wilayah di "
                         "atasnya."))
        if scope is None and self._unknown:
            why = Message(N_("Wilayah di atasnya tidak diketahui, atau tidak ada wilayah bernama "
                             "itu di sana."))
        made = self._rest(self._unknown, what, why)
        return made + self._rest(self._unasked, what, Message(
            N_("Ada beberapa wilayah bernama itu; sebutkan wilayah di atasnya di kolom lain.")))

    def _rest(
        self, named: Sequence[tuple[str, RowsOf]], what: str, why: Message | None = None
    ) -> list[Change]:
        if not named:
            return []
        rows = np.sort(np.concatenate([each() for _, each in named]))
        names = ", ".join(f"“{text[:60]}”" for text, _ in named[:_MAX_NAMES])
        if len(named) > _MAX_NAMES:
            names += ", …"
        why = why or Message(N_("Hanya satu wilayah di sana yang mirip."))
        return [Change("wilayah", self._cells(rows),
                       Message(what, {"count": len(named), "names": names}), why,
                       certain=False, count=len(rows))]
