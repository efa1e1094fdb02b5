"""Names of areas to kode wilayah, column by column from provinsi down to desa."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.areas import bare, said
from ckanext.satudata.domain.inspection.areas.columns import (
    CodeColumn,
    Distinct,
    NameColumn,
    Named,
    agreement,
    code_columns,
    name_columns,
)
from ckanext.satudata.domain.inspection.areas.index import (
    Found,
    find,
    level_of,
    near,
    number_of,
    retired,
)
from ckanext.satudata.domain.inspection.areas.scope import Scope, mentions, scope_for
from ckanext.satudata.domain.inspection.notes import N_, Change, Question
from ckanext.satudata.domain.wilayah_store import LEVELS

__all__ = ["AreaColumn", "Areas", "resolve"]

MEMBERS = N_("Nama-nama di bawahnya hanya ada di wilayah ini.")

#: A list in the order of its codes is not longer, also for some years below each other.
_MAX_ORDERED = 20_000
#: Share of the names below that an area must have to be the one meant, and how many are tried.
_MOST = 0.8
_MAX_MEMBERS, _MIN_MEMBERS = 200, 3
#: Share of the names that a column of codes must agree with to be theirs.
_AGREEING = 0.5


@dataclass
class AreaColumn:
    """The kode wilayah of a column of names.

    :ivar source: name of the column of names
    :ivar level: what its areas are, of ``LEVELS``
    :ivar codes: dotted, one a row, null where unknown
    :ivar given: name of a column of the sheet that has the codes of this level already
    :ivar added: what to list where the codes become a column of the table
    """

    source: str
    level: str
    codes: pa.Array
    given: str | None = None
    added: Change | None = None


@dataclass
class Areas:
    """The area columns of a table, the highest level first."""

    columns: list[AreaColumn] = field(default_factory=list[AreaColumn])
    changes: list[Change] = field(default_factory=list[Change])
    questions: list[Question] = field(default_factory=list[Question])


@dataclass
class _Rows:
    """Codes by row: places in ``codes``, -1 where nothing says it.

    :ivar open: rows whose name is written but not known: what lies in them is not looked for
    """

    number: int
    codes: list[str]
    at: np.ndarray
    open: np.ndarray | None = None

    def array(self) -> pa.Array:
        places = pa.array(self.at, mask=self.at < 0)
        return pa.array(self.codes, pa.string()).take(places)


def resolve(
    columns: Sequence[Named],
    about: Mapping[str, str],
    home: str,
    year: int | None,
    answers: Mapping[str, str],
) -> Areas:
    """Find the columns of area names and give each row the kode wilayah of its area.

    A name is looked for only below the area above it: of a column beside it (name or code), of
    the title or notes, of the portal, or of the one kabupaten that has all the names of the
    column. Several areas of one name are asked; what is not found stays null and is named.

    :param home: kode wilayah of the portal's government, ``""`` for none
    :param year: of the data; a code of the older list leads to its successor, as a proposal
    :param answers: of an officer, by key of the question: the kode wilayah meant
    """
    named_in_text = mentions(about, home)
    codes = code_columns(columns)
    found = Areas()
    rows: list[_Rows] = []
    columns_of_names = name_columns(columns, codes, _likely(named_in_text, home))
    for column in columns_of_names:
        below = [each for each in columns_of_names
                 if number_of(each.level) == number_of(column.level) + 1]
        work = _Work(column, codes, rows, below, named_in_text, home, year, answers)
        resolved = work.run()
        rows.append(resolved)
        found.columns.append(AreaColumn(
            column.named.name, column.level, resolved.array(),
            work.given.named.name if work.given else None, work.added))
        found.changes += work.changes
        found.questions += work.questions
    return found


def _likely(named: Sequence[str], home: str) -> dict[int, str]:
    """Return per level the area its names may lie in, to judge columns nothing else names."""
    smallest = named[0] if named else home
    return {number: smallest for number in (3, 4) if 0 < level_of(smallest) < number}


class _Work:
    """One column being resolved."""

    def __init__(
        self, column: NameColumn, codes: Sequence[CodeColumn], rows: Sequence[_Rows],
        below: Sequence[NameColumn], named: Sequence[str], home: str, year: int | None,
        answers: Mapping[str, str],
    ) -> None:
        self.column = column
        self.number = number_of(column.level)
        self.distinct: Distinct = column.distinct
        self.home, self.named, self.year, self.answers = home, named, year, answers
        self.below = below
        self.given = next((each for each in codes
                           if each.number == self.number 
                           and agreement(self.distinct, each, column.level) >= _AGREEING), None)
        self.above = self._above(codes, rows)
        self.scope: Scope | None = None
        self.notes = said.Notes(column)
        self.added: Change | None = None
        self.changes: list[Change] = []
        self.questions: list[Question] = []

    def _above(self, codes: Sequence[CodeColumn], rows: Sequence[_Rows]) -> _Rows:
        """Return the area above per row, from the nearest level that says it."""
        count = len(self.distinct.at)
        sources = [each for each in rows if each.number < self.number]
        sources += [_Rows(each.number, each.codes, each.per_row) for each in codes
                    if each.number < self.number]
        sources.sort(key=lambda each: -each.number)
        merged: dict[str, int] = {}
        at = np.full(count, -1, dtype=np.int64)
        closed = np.zeros(count, dtype=bool)
        for source in sources:
            places = np.array([merged.setdefault(code, len(merged)) if code else -1
                               for code in source.codes] + [-1], dtype=np.int64)
            at = np.where((at < 0) & ~closed, places[source.at], at)
            # A kabupaten that is not known hides what lies in it; there are few provinces.
            if source.open is not None and source.number > 1:
                closed |= source.open & (at < 0)
        return _Rows(self.number - 1, list(merged), at, closed)

    def run(self) -> _Rows:
        pairs, which = self._pairs()
        texts = self.distinct.texts
        if any(above < 0 for _, above in pairs):
            self.scope = scope_for([texts[text] for text, above in pairs if above < 0],
                                   self.column.level, self.named, self.home)
        results: list[str] = []
        made: dict[str, int] = {}
        parents = self._parents(pairs)
        rows_of = said.rows_by_pair(which, len(pairs))
        found = self._found(pairs, parents)
        by_row = self._by_members(found, parents, rows_of)
        by_row.update(self._by_order(
            [Found(()) if place in by_row else each for place, each in enumerate(found)], which))
        for place, (text, _) in enumerate(pairs):
            if place in by_row:
                rest = self._told(texts[text], rows_of(place), by_row[place])
                code = self._decide(texts[text], parents[place], found[place], rest) if len(
                    rest()) else ""
            else:
                code = self._decide(texts[text], parents[place], found[place], rows_of(place))
            results.append(code)
        at = np.array([made.setdefault(code, len(made)) if code else -1 for code in results]
                      + [-1], dtype=np.int64)[which]
        for codes in by_row.values():
            for row, code in codes.items():
                at[row] = made.setdefault(code, len(made))
        at = self._with_given(made, at)
        known = np.flatnonzero(at >= 0)
        if self.given is None and len(known):
            self.added = self.notes.added(self.scope, known)
        self.changes, self.questions = self.notes.finish(self.scope)
        return _Rows(self.number, list(made), at, (at < 0) & (self.distinct.at >= 0))

    def _pairs(self) -> tuple[list[tuple[int, int]], np.ndarray]:
        """Return the distinct (name, area above), and which of them each row has.

        -1 is a row without a name, with a code beside it, or in an area that is not known.
        """
        import pandas as pd

        width = len(self.above.codes) + 1
        joined = self.distinct.at * width + self.above.at + 1
        known = self.distinct.at >= 0
        if self.above.open is not None:
            known &= ~self.above.open
        if self.given is not None:
            known &= self.given.per_row < 0  # the sheet says the code itself
        joined = np.where(known, joined, -1)
        which, values = pd.factorize(joined, sort=True)
        missing = int(len(values) > 0 and values[0] < 0)
        pairs = [(int(value) // width, int(value) % width - 1) for value in values[missing:]]
        return pairs, which - missing

    def _parents(self, pairs: Sequence[tuple[int, int]]) -> list[str | None]:
        """Return the area to look below, ``None`` where none is known."""
        scope = self.scope.code if self.scope else None
        return [self.above.codes[above] if above >= 0 else scope for _, above in pairs]

    def _found(
        self, pairs: Sequence[tuple[int, int]], parents: Sequence[str | None]
    ) -> list[Found]:
        level, texts = self.column.level, self.distinct.texts
        found: list[Found] = []
        for (text, _), parent in zip(pairs, parents, strict=True):
            if parent is None:
                found.append(_named_beside(texts[text], level))
            else:
                found.append(find(texts[text], level, parent))
        if self.number == 2:
            found = bare.settle([texts[text] for text, _ in pairs], found,
                                self.column.named.header)
        claimed = {code for each in found if len(each.codes) == 1 for code in each.codes}
        for place, ((text, _), parent) in enumerate(zip(pairs, parents, strict=True)):
            if not found[place].codes and parent is not None:
                found[place] = self._guess(texts[text], parent, claimed)
        return found

    def _by_members(
        self, found: list[Found], parents: Sequence[str | None],
        rows_of: Callable[[int], said.RowsOf],
    ) -> dict[int, dict[int, str]]:
        """Decide by the names one level below, which lie in one area only.

        Of several areas of one name each row's own member decides, for both may be meant in
        turn. An area whose name is not known at all is the one that has nearly all its members.
        """
        settled: dict[int, dict[int, str]] = {}
        if not self.below:
            return settled
        claimed = {code for each in found if len(each.codes) == 1 for code in each.codes}
        inner = self.below[0]
        for place, (each, parent) in enumerate(zip(found, parents, strict=True)):
            if len(each.codes) == 1 or (not each.codes and not parent):
                continue
            rows = rows_of(place)()
            inside = inner.distinct.at[rows]
            if not each.codes:
                names = [inner.distinct.texts[at] for at in np.unique(inside) if at >= 0]
                found[place] = self._with_members(names[:_MAX_MEMBERS], parent or "", claimed)
                continue
            own = {int(at): [code for code in each.codes
                             if find(inner.distinct.texts[at], inner.level, code).codes]
                   for at in np.unique(inside) if at >= 0}
            sure = {codes[0] for codes in own.values() if len(codes) == 1}
            if len(sure) == 1:
                known = sum(bool(codes) for codes in own.values())
                if known >= _MOST * len(own):
                    found[place] = Found((*sure,))
            elif sure:
                settled[place] = {int(row): own[int(at)][0]
                                  for row, at in zip(rows, inside, strict=True)
                                  if at >= 0 and len(own[int(at)]) == 1}
        return settled

    def _with_members(self, names: Sequence[str], parent: str, claimed: set[str]) -> Found:
        inner = self.below[0]
        counts: Counter[str] = Counter()
        for name in names:
            counts.update({code.rpartition(".")[0]
                           for code in find(name, inner.level, parent).codes})
        ranked = [*counts.most_common(2), ("", 0), ("", 0)]
        code, most = ranked[0]
        if most < _MIN_MEMBERS or most < _MOST * len(names) or ranked[1][1] * 2 > most \
                or code in claimed:
            return Found(())
        return Found((code,), MEMBERS)

    def _by_order(
        self, found: Sequence[Found], which: np.ndarray
    ) -> dict[int, dict[int, str]]:
        """Return, for pairs that the order of the rows settles, the code of each of their rows."""
        several = {place for place, each in enumerate(found) if len(each.codes) > 1}
        if self.number != 2 or not several or len(which) > _MAX_ORDERED:
            return {}
        # A name in several rows (one for each sex) stands once in the list.
        order = which.tolist()
        firsts = [row for row, place in enumerate(order) if not row or order[row - 1] != place]
        settled = bare.by_order([found[order[row]].codes if order[row] >= 0 else ()
                                 for row in firsts])
        made: dict[int, dict[int, str]] = {}
        at = -1
        for row, place in enumerate(order):
            at += at + 1 < len(firsts) and firsts[at + 1] == row
            if place in several:
                made.setdefault(place, {})[row] = settled.get(at, "")
        return {place: rows for place, rows in made.items() if all(rows.values())}

    def _told(self, text: str, rows: said.RowsOf, codes: Mapping[int, str]) -> said.RowsOf:
        """List what rows of their own decided; return the rows that are left to ask about."""
        doubt = MEMBERS if self.below else bare.ORDER
        for code in dict.fromkeys(codes.values()):
            those = np.array([row for row in rows() if codes.get(int(row)) == code])
            self.notes.doubted(text, code, doubt, lambda those=those: those)
        left = np.array([row for row in rows() if int(row) not in codes], dtype=np.int64)
        return lambda: left

    def _guess(self, text: str, parent: str, claimed: set[str]) -> Found:
        """Look for another spelling, which must not be what another name is already."""
        beside = _named_beside(text, self.column.level)
        if len(beside.codes) == 1 and (not parent or wilayah.is_within(beside.codes[0], parent)):
            return beside
        if level_of(parent) < self.number - 2:
            return Found(())  # a slip is looked for within one kabupaten at most
        close = near(text, self.column.level, parent)
        free = tuple(code for code in close.codes if code not in claimed)
        return Found(free, close.doubt) if len(free) == 1 else Found(())

    def _decide(
        self, text: str, parent: str | None, found: Found, rows: said.RowsOf
    ) -> str:
        codes = found.codes
        if len(codes) == 1:
            if found.doubt:
                self.notes.doubted(text, codes[0], found.doubt, rows)
            return codes[0]
        if codes:
            return self.notes.ask(text, parent or "", codes, rows, self.answers,
                                  by_parent=bool(self.above.codes))
        heirs = retired(text, self.column.level, parent) if parent else []
        if len(heirs) == 1:
            old, heir = heirs[0]
            ended = wilayah.get(old).valid_to
            if heir or (self.year and ended and self.year <= ended.year):
                self.notes.retired(text, old, heir, rows)
                return heir or old
        self.notes.unknown(text, rows)
        return ""

    def _with_given(self, made: dict[str, int], at: np.ndarray) -> np.ndarray:
        """Take the codes the sheet has already, where it has them."""
        if self.given is None:
            return at
        places = np.array([made.setdefault(code, len(made)) if code else -1
                           for code in self.given.codes] + [-1], dtype=np.int64)
        own = places[self.given.per_row]
        return np.where(own >= 0, own, at)


def _named_beside(text: str, level: str) -> Found:
    """Read ``Kramatwatu, Kab. Serang``: the area above stands in the same cell."""
    if "," not in text:
        return Found(())
    name, _, outer = text.rpartition(",")
    for above in reversed(LEVELS[: number_of(level) - 1]):
        homes = find(outer, above, "").codes
        if len(homes) == 1:
            return find(name, level, homes[0])
    return Found(())
