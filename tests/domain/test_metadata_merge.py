"""Two people on one form: no change of either is lost, and nobody is asked without need."""
from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.domain.metadata_merge import (
    MAX_BASE,
    Base,
    Choice,
    Kind,
    Shown,
    Side,
    mark,
    merge,
    merge_rows,
    read_base,
    write_base,
)

ITEM = st.sampled_from("abcdef")
LIST = st.lists(ITEM, max_size=6)
UNIQUE = st.lists(ITEM, max_size=6, unique=True)


def of(kind: Kind, *items: str) -> Shown:
    return Shown(kind, items)


def text(value: str) -> Shown:
    return of(Kind.WHOLE, value) if value else of(Kind.WHOLE)


def one(base: Shown, mine: Shown, theirs: Shown, given_up: tuple[str, ...] = ()) -> Choice:
    """Merge a form of one field."""
    carried = read_base(write_base(1, {"f": base}))
    assert carried is not None
    return merge(carried, {"f": mine}, {"f": theirs}, given_up)["f"]


def items(choice: Choice, mine: Shown, theirs: Shown) -> list[str]:
    """Return the list a field gets."""
    if choice.side is Side.BOTH:
        return [(mine if pick.side is Side.MINE else theirs).items[pick.index]
                for pick in choice.picks]
    return list((mine if choice.side is Side.MINE else theirs).items)


def test_what_only_one_side_changed_is_kept() -> None:
    assert one(text("a"), text("b"), text("a")) == Choice(Side.MINE)
    assert one(text("a"), text("a"), text("b")) == Choice(Side.THEIRS, theirs=True)
    assert one(text("a"), text(""), text("a")) == Choice(Side.MINE)
    assert one(text("a"), text("a"), text("")) == Choice(Side.THEIRS, theirs=True)


def test_the_same_change_on_both_sides_asks_nobody() -> None:
    assert one(text("a"), text("b"), text("b")) == Choice(Side.MINE)


def test_two_different_changes_of_one_field_ask_a_person() -> None:
    assert one(text("a"), text("b"), text("c")) == Choice(Side.CONFLICT, theirs=True)
    assert one(text("a"), text(""), text("c")) == Choice(Side.CONFLICT, theirs=True)


def test_who_takes_the_others_value_gets_it() -> None:
    assert one(text("c"), text("b"), text("c"), ("f",)).side is Side.THEIRS
    assert one(text("a"), text("b"), text("c"), ("f",)).side is Side.THEIRS


def test_a_typed_value_stands_over_one_that_only_follows_from_another_field() -> None:
    base, field = Base(1, {"f": text("").marks}), {"f": text("derived")}
    assert merge(base, {"f": text("typed")}, field, (), ("f",))["f"] == Choice(Side.MINE)
    assert merge(base, {"f": text("")}, field, (), ("f",))["f"] == Choice(Side.THEIRS)


def test_line_ends_of_a_browser_are_no_change() -> None:
    assert one(text("a\nb"), text("a\r\nb \n"), text("c")).side is Side.THEIRS


def test_rows_both_added_are_all_there() -> None:
    base, mine, theirs = (of(Kind.ROWS, *each) for each in ("ab", "abx", "yab"))
    assert items(one(base, mine, theirs), mine, theirs) == ["y", "a", "b", "x"]
    mine, theirs = of(Kind.ROWS, *"abx"), of(Kind.ROWS, *"aby")
    assert items(one(base, mine, theirs), mine, theirs) == ["a", "b", "y", "x"]


def test_a_row_each_changed_its_own_is_put_together() -> None:
    base, mine, theirs = (of(Kind.ROWS, *each) for each in ("abc", "xbc", "aby"))
    assert items(one(base, mine, theirs), mine, theirs) == ["x", "b", "y"]


def test_a_row_both_changed_asks_a_person() -> None:
    assert one(*(of(Kind.ROWS, *each) for each in ("abc", "axc", "ayc"))).side is Side.CONFLICT
    # One took it away, the other mended it.
    assert one(*(of(Kind.ROWS, *each) for each in ("abc", "ac", "ayc"))).side is Side.CONFLICT


def test_a_long_list_is_one_value() -> None:
    many = [str(number) for number in range(501)]
    assert merge_rows(many, [*many, "x"], ["y", *many]) is None


@pytest.mark.parametrize(("base", "mine", "theirs"), [
    ("abc", "bac", "acb"),  # moved by both, each elsewhere: it would stand twice
    ("ab", "ba", "bab"),  # moved by one, there once more by the other: one would be lost
])
def test_a_row_moved_here_and_changed_there_is_for_a_person(
    base: str, mine: str, theirs: str
) -> None:
    assert merge_rows(base, mine, theirs) is None
    assert merge_rows(base, theirs, mine) is None


@given(LIST, LIST)
def test_one_sides_list_comes_out_whole(base: list[str], after: list[str]) -> None:
    for kind in (Kind.ROWS, Kind.SET, Kind.WHOLE):
        shown, changed = of(kind, *base), of(kind, *after)
        for mine, theirs in ((changed, shown), (shown, changed)):
            choice = one(shown, mine, theirs)
            assert choice.side is not Side.CONFLICT
            got = items(choice, mine, theirs)
            assert set(got) == set(after) if kind is Kind.SET else got == after


@given(UNIQUE, UNIQUE, UNIQUE)
def test_of_a_set_every_addition_and_every_removal_counts(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    sides = of(Kind.SET, *mine), of(Kind.SET, *theirs)
    choice = one(of(Kind.SET, *base), *sides)
    got = items(choice, *sides)
    kept = {each for each in base if each in mine and each in theirs}
    added = (set(mine) | set(theirs)) - set(base)
    assert Counter(got) == Counter(kept | added)


@given(LIST, LIST, LIST)
def test_put_together_rows_lose_no_change_of_either_side(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    picks = merge_rows(base, mine, theirs)
    if picks is None:
        return
    got = Counter((mine if pick.side is Side.MINE else theirs)[pick.index] for pick in picks)
    before, typed, now = Counter(base), Counter(mine), Counter(theirs)
    for row in set(base + mine + theirs):
        # What one side added is there; only what a side took away may lack.
        most = max(typed[row] - before[row], 0) + max(now[row] - before[row], 0)
        lost = max(before[row] - typed[row], 0) + max(before[row] - now[row], 0)
        assert got[row] >= before[row] - lost
        assert got[row] >= max(typed[row], now[row]) - lost
        assert got[row] <= max(before[row] + most, typed[row], now[row])


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=4)))
def test_a_base_comes_back_as_it_went(fields: dict[str, list[str]]) -> None:
    shown = {name: of(Kind.ROWS, *each) for name, each in fields.items()}
    read = read_base(write_base(1_800_000_000, shown))
    assert read == Base(1_800_000_000, {name: each.marks for name, each in shown.items()})


@pytest.mark.parametrize("sent", [
    None, "", "x", "[]", "1", "{}", '{"at": 1}', '{"at": true, "marks": {}}',
    '{"at": -1, "marks": {}}', '{"at": 1, "marks": []}', '{"at": 1, "marks": {"a": 1}}',
    '{"at": 1, "marks": {"a": "abc"}}', "[" * 50_000, "1" * (MAX_BASE + 1), ["x"], 7,
])
def test_a_base_that_makes_no_sense_is_none(sent: object) -> None:
    assert read_base(sent) is None


def test_a_field_the_form_did_not_show_is_left_to_who_sent_it() -> None:
    assert merge(Base(1), {"f": text("b")}, {"f": text("c")}) == {}
    assert mark("a") != mark("b")
