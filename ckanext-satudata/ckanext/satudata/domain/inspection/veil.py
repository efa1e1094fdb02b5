"""Takes values of persons out of what other checks say of a column of personal data."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.checks.base import Hits
from ckanext.satudata.domain.inspection.figures import encoded
from ckanext.satudata.domain.inspection.flow import mask
from ckanext.satudata.domain.inspection.personal import personal_columns
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["veiled"]

#: Of a hit, what names columns and kinds, and no value.
_NAMES = frozenset({"column", "columns", "kind", "count", "unit", "type"})


def veiled(table: TidyTable, hits: Sequence[Hits]) -> list[Hits]:
    """Return the hits; those of a column of personal data say no value of it.

    Whatever a check quotes, a spelling, a sum, a day: of such a column it is a person's.
    """
    columns = personal_columns(table)
    return [_veiled(table, each) if each.column in columns else each for each in hits]


def _veiled(table: TidyTable, hits: Hits) -> Hits:
    said = set(encoded(table, hits.column or "").names)
    return replace(
        hits, masked=True, proposed=None,
        shared={name: _shown(name, value, said) for name, value in hits.shared.items()},
        values={name: _array(array) for name, array in hits.values.items()})


def _shown(name: str, value: Any, said: set[str]) -> Any:
    return mask(value) if isinstance(value, str) and name not in _NAMES and value in said \
        else value


def _array(array: pa.Array | pa.ChunkedArray) -> Any:
    if not pa.types.is_string(array.type):
        return array
    return pc.if_else(pc.is_valid(array), "••••", array)
