"""Two people on one form: what each changed, kept field by field.

A form carries marks of what it showed (its *base*). When it comes back, each field says which side
changed it: the one who typed (*mine*), somebody who saved in between (*theirs*), both, or nobody.
Lists are put together item by item. Only where both changed the same thing to different values does
a person have to choose.

The base holds marks (short hashes) instead of values: a form of eighty fields carries two
kilobytes, and who forges them only makes the portal take their own text for changed or unchanged,
which is theirs to decide anyhow.
"""
from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum
from typing import Any, cast

__all__ = ["Base", "Choice", "Kind", "Pick", "Shown", "Side", "mark", "merge", "merge_rows",
           "read_base", "write_base"]

#: Longest base a form may send back, in characters: a thousand rows at most.
MAX_BASE = 60_000
#: Most items of one list that are put together one by one; above, the list counts as one value.
MAX_ITEMS = 500
_MARK = 16


class Kind(str, Enum):
    """How the items of a field hang together."""

    WHOLE = "whole"  # one value
    SET = "set"  # codes, keywords: no order
    ROWS = "rows"  # lines, groups: an order


class Side(str, Enum):
    """Whose value a field gets."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Shown:
    """A field as a form says it: texts that are equal where the values are."""

    kind: Kind
    items: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of the items; of a set in one order for all."""
        found = [mark(each) for each in self.items]
        return tuple(sorted(set(found)) if self.kind is Kind.SET else found)


@dataclass(frozen=True)
class Pick:
    """One item of a list that both sides changed: ``side`` and its number there."""

    side: Side
    index: int


@dataclass(frozen=True)
class Choice:
    """What becomes of one field.

    :param side: whose value it gets; with BOTH it is made of ``picks``
    :param theirs: the other side changed it, so the person who typed is told
    """

    side: Side
    theirs: bool = False
    picks: tuple[Pick, ...] = ()


@dataclass(frozen=True)
class Base:
    """What a form showed.

    :param at: when, seconds since 1970 by the server's clock; only to look for who wrote since
    :param marks: of each field the marks of its items
    """

    at: int
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


def mark(text: str) -> str:
    """Return the mark of a text; line ends and the blanks around it count for nothing."""
    plain = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]


def write_base(at: int, shown: Mapping[str, Shown]) -> str:
    """Return what a form carries of what it shows."""
    return json.dumps(
        {"at": at, "marks": {name: "".join(each.marks) for name, each in shown.items()}},
        separators=(",", ":"))


def read_base(text: object) -> Base | None:
    """Return the base a form sent back, or None where there is none that makes sense.

    A form without it (an old page, a stock client) is saved as CKAN saves it.
    """
    if not isinstance(text, str) or not text or len(text) > MAX_BASE:
        return None
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    told = cast("dict[str, Any]", found)
    at, marks = told.get("at"), told.get("marks")
    if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at < 2**40:
        return None
    if not isinstance(marks, dict):
        return None
    read: dict[str, tuple[str, ...]] = {}
    for name, value in cast("dict[str, Any]", marks).items():
        if not isinstance(value, str) or len(value) % _MARK:
            return None
        read[name] = tuple(value[at:at + _MARK] for at in range(0, len(value), _MARK))
    return Base(at, read)


def merge(
    base: Base, mine: Mapping[str, Shown], theirs: Mapping[str, Shown],
    given_up: Collection[str] = (), follows: Collection[str] = (),
) -> dict[str, Choice]:
    """Say for each field that the form showed whose value it gets.

    :param mine: what was sent; a field that was not sent is empty
    :param theirs: what is stored now, in the same words
    :param given_up: fields of which the person took the other's value
    :param follows: fields whose stored value nobody typed, for it follows from another field: what
        a person typed stands over it, and nobody is told
    :returns: of each field of the base that ``theirs`` knows
    """
    return {
        name: _choose(before, mine.get(name, Shown(theirs[name].kind)), theirs[name],
                      name in given_up, name not in follows)
        for name, before in base.marks.items() if name in theirs
    }


def _choose(
    before: tuple[str, ...], mine: Shown, theirs: Shown, given_up: bool, typed_there: bool
) -> Choice:
    now, typed = theirs.marks, mine.marks
    if now == typed:
        return Choice(Side.MINE)
    if given_up:
        return Choice(Side.THEIRS, now != before)
    if now == before:
        return Choice(Side.MINE)
    if typed == before:
        return Choice(Side.THEIRS, typed_there)
    if not typed_there:
        return Choice(Side.MINE)
    if theirs.kind is Kind.SET:
        return Choice(Side.BOTH, True, _merge_set(before, mine, theirs))
    if theirs.kind is Kind.ROWS:
        picks = merge_rows(before, typed, now)
        if picks is not None:
            return Choice(Side.BOTH, True, picks)
    return Choice(Side.CONFLICT, True)


def _merge_set(before: tuple[str, ...], mine: Shown, theirs: Shown) -> tuple[Pick, ...]:
    """Take what one side added, leave what one side took away."""
    typed, now, old = set(mine.marks), set(theirs.marks), set(before)
    kept = [Pick(Side.THEIRS, index) for index, item in enumerate(theirs.items)
            if mark(item) in typed or mark(item) not in old]
    kept += [Pick(Side.MINE, index) for index, item in enumerate(mine.items)
             if mark(item) not in now and mark(item) not in old]
    return tuple(kept)


def merge_rows(
    before: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> tuple[Pick, ...] | None:
    """Put two changed lists together along what both left as it was (diff3).

    Rows that both sides added at the same place are all kept, the other's first.

    :returns: the items of the new list, or None where both changed or moved the same rows, each
        otherwise
    """
    if max(len(before), len(mine), len(theirs)) > MAX_ITEMS:
        return None
    picks: list[Pick] = []
    at = (0, 0, 0)  # in before, mine, theirs
    for stays, as_mine, as_theirs in [
        *_common(before, mine, theirs), (len(before), len(mine), len(theirs))
    ]:
        part = _between(before[at[0]:stays], mine[at[1]:as_mine], theirs[at[2]:as_theirs],
                        at[1], at[2])
        if part is None:
            return None
        picks += part
        if stays < len(before):
            picks.append(Pick(Side.THEIRS, as_theirs))
        at = (stays + 1, as_mine + 1, as_theirs + 1)
    found = Counter((mine if pick.side is Side.MINE else theirs)[pick.index] for pick in picks)
    return tuple(picks) if _nothing_lost(found, before, mine, theirs) else None


def _nothing_lost(
    found: Counter[str], before: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> bool:
    """Tell whether each row stands as often as both sides want it.

    Along the order, a row that one side moved looks taken away here and added there; where the
    other side moved or added the same row, it would come out twice, or once too few.
    """
    old, typed, now = Counter(before), Counter(mine), Counter(theirs)
    for row in typed.keys() | now.keys() | old.keys():
        changes = typed[row] - old[row], now[row] - old[row]
        gone = sum(max(-change, 0) for change in changes)
        new = sum(max(change, 0) for change in changes)
        if not max(typed[row], now[row], old[row]) - gone <= found[row] <= old[row] + new:
            return False
    return True


def _common(
    before: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterable[tuple[int, int, int]]:
    """Yield where a row of the base stands in both lists, in their order."""
    in_mine, in_theirs = _matches(before, mine), _matches(before, theirs)
    for index in range(len(before)):
        if index in in_mine and index in in_theirs:
            yield index, in_mine[index], in_theirs[index]


def _matches(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        found.update((block.a + step, block.b + step) for step in range(block.size))
    return found


def _between(
    before: Sequence[str], mine: Sequence[str], theirs: Sequence[str], mine_at: int, theirs_at: int
) -> list[Pick] | None:
    """Return the rows between two that both kept."""
    from_mine = [Pick(Side.MINE, mine_at + step) for step in range(len(mine))]
    from_theirs = [Pick(Side.THEIRS, theirs_at + step) for step in range(len(theirs))]
    if list(mine) == list(theirs) or list(mine) == list(before):
        return from_theirs
    if list(theirs) == list(before):
        return from_mine
    if before:
        return None
    # A row both added alike is there once.
    left = Counter(theirs)
    left.subtract(mine)
    added: list[Pick] = []
    for pick, row in zip(reversed(from_mine), reversed(mine), strict=True):
        if left[row] < 0:
            added.insert(0, pick)
            left[row] += 1
    return from_theirs + added
