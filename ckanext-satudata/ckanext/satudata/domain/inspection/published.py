"""The table of the last release, read back as it was written: CSV and its Table Schema."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from ckanext.satudata.domain.inspection.checks.base import Previous

__all__ = ["read"]

_TYPES: Mapping[str, pa.DataType] = {
    "integer": pa.int64(), "year": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(),
    "date": pa.date32(), "datetime": pa.timestamp("ms"),
}


def read(path: Path, schema: Mapping[str, Any]) -> Previous | None:
    """Read a published table; nothing where it is not what its schema says.

    A release from before this engine may be a table of another making: it is then no base to
    compare with, and no reason to refuse the new one.
    """
    types = {field["name"]: _TYPES.get(field.get("type", "string"), pa.string())
             for field in schema.get("fields", ())}
    try:
        data = pyarrow.csv.read_csv(
            path, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False,
                null_values=[""], timestamp_parsers=[pyarrow.csv.ISO8601]))
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError):
        return None
    if data.column_names != list(types):
        return None
    return Previous(data, schema)
