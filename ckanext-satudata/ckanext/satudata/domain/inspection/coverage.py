"""Which areas a table promises: those its level has within the areas it is about."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.wilayah import LEVELS

__all__ = ["MEANT", "expected", "promised"]

#: Without a stated level, at least this share of the areas of one parent tells what is meant.
MEANT = 0.8
#: Parents of the areas of one table whose other areas are still counted as missing.
_PARENTS = 50


def promised(level: str, outer: Iterable[str]) -> set[str]:
    """Return the codes in force of a level within some areas; of a whole country for ``""``."""
    found: set[str] = set()
    for code in outer:
        stack = [code]
        while stack:
            each = stack.pop()
            if each and wilayah.level(each) == level:
                found.add(each)
            else:
                stack.extend(area.code for area in wilayah.children(each))
    return found


def expected(
    present: set[str], level: str = "", areas: Sequence[str] = (), home: str = ""
) -> tuple[set[str], bool]:
    """Return the codes a table should have, and whether the metadata say so.

    :param present: the codes it has
    :param level: the stated tingkat penyajian; ``areas`` the stated kode wilayah
    :raises UnknownCodeError: a stated code is in no list
    """
    if not present:
        return set(), False
    levels = [code.count(".") for code in present]
    common = LEVELS[max(set(levels), key=levels.count)]
    if level in LEVELS and level == common:
        outer = areas or ((home,) if home else ())
        inside = [code for code in outer
                  if code.count(".") <= LEVELS.index(level)]
        if inside:
            return promised(level, inside), True
    mine = {code for code in present if code.count(".") == LEVELS.index(common)}
    parents = {code.rpartition(".")[0] for code in mine}
    if len(parents) > _PARENTS:
        return set(), False
    wanted = {area.code for parent in parents if not parent or wilayah.exists(parent)
              for area in wilayah.children(parent)}
    meant = len(mine & wanted) >= MEANT * len(wanted)
    return (wanted, False) if meant else (set(), False)
