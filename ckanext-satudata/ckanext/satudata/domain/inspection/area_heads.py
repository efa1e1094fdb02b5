"""Areas that stand side by side as columns: a table lying on its side."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import areas, shape

__all__ = ["fold", "group"]

_FEWEST = 3
#: Share of the names that must be areas of one level.
_ENOUGH = 0.8


def group(
    heads: Sequence[shape.Head | None], values: Sequence[pa.Array | None],
    about: Mapping[str, str], home: str,
) -> shape.Group | None:
    """Return the columns headed by areas as a group; the area above them is their total.

    Where the whole is no sum of them (a rate), its column stays outside of the group.
    """
    named = {at: head for at, head in enumerate(heads)
             if head is not None and head.rest and not head.dims and not head.total}
    outer = {head.rest[:-1] for head in named.values()}
    labels = [head.rest[-1] for head in named.values()]
    if len(outer) != 1 or len(set(labels)) < len(labels):
        return None
    found = _level(labels, about, home)
    if found is None:
        return None
    level, whole = found
    ats = list(named)
    inner = {at: label for at, label, above in zip(ats, labels, whole, strict=True) if not above}
    totals = [at for at, above in zip(ats, whole, strict=True) if above]
    totals += [at for at, head in enumerate(heads) if head is not None and head.total]
    parts = [values[at] for at in inner]
    keys: dict[tuple[object, ...], int] = {(label,): at for at, label in inner.items()}
    return shape.Group(
        [level], list(keys), {outer.pop(): keys},
        [at for at in totals if shape.is_sum(values[at], parts)], certain=False)


def fold(made: shape.Group, about: Mapping[str, str], home: str) -> None:
    """Make the measures of a group a dimension where they are areas: years below each of them."""
    labels = [rest[-1] if rest else "" for rest in made.measures]
    if len({rest[:-1] for rest in made.measures}) != 1 or len(set(labels)) < len(labels):
        return
    found = _level(labels, about, home)
    if found is None or found[1].any():
        return
    outer = next(iter(made.measures))[:-1]
    folded = {(label, *key): at for label, keys in zip(labels, made.measures.values(), strict=True)
              for key, at in keys.items()}
    made.names = [found[0], *made.names]
    made.measures = {outer: folded}
    made.keys = list(folded)
    made.certain = False


def _level(
    labels: list[str], about: Mapping[str, str], home: str
) -> tuple[str, np.ndarray] | None:
    """Return the level of the areas that head columns, and which of them is the area above."""
    if len(labels) < _FEWEST:
        return None
    texts = pa.array(labels, pa.string())
    above = areas.parent_rows(texts, "", about, home)
    inner = texts.filter(pa.array(~above))
    if len(inner) < _FEWEST:
        return None
    found = areas.resolve(
        [areas.Named("wilayah", "", inner, lambda _: "")], about, home, None, {}).columns
    if len(found) != 1 or len(inner) - found[0].codes.null_count < _ENOUGH * len(inner):
        return None
    return found[0].level, above
