"""Reads any file that holds a table into sheets, whatever its name says it is.

``read`` looks at the content, applies the bounds of its format and only then loads what reads it;
a refusal needs neither Arrow nor a parser. Figures of a PDF are marked to be confirmed, a scan or
a photo is kept as proof only: nothing here guesses figures from pictures.
"""
from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection.bounds import check_size, unpacked
from ckanext.satudata.domain.inspection.kinds import TEXT_KINDS, kind_of
from ckanext.satudata.domain.inspection.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["look", "read"]

_FORMATS = "ckanext.satudata.domain.inspection.formats"


def read(path: Path, name: str, limits: Limits = DEFAULT) -> RawFile:
    """Read a file.

    :param name: as it was handed in; it names the file and decides nothing that content does
    :raises RefusedFile: it is not read at all; the message says what it is and how to mend it
    """
    check_size(path, limits.file_bytes)
    with unpacked(path, limits) as plain:
        check_size(plain, limits.unpacked_bytes if plain != path else limits.file_bytes)
        return _read(kind_of(plain, name.removesuffix(".gz"), limits), plain, name, limits)


def _read(kind: str, path: Path, name: str, limits: Limits) -> RawFile:
    module = "text" if kind in TEXT_KINDS else kind
    return importlib.import_module(f"{_FORMATS}.{module}").read(path, name, limits)


def look(order: Mapping[str, Any]) -> dict[str, Any]:
    """Say what a file holds, without its cells; what a child process is asked (:mod:`.child`).

    :param order: ``path``, ``name``, and ``limits`` where they are not the usual ones
    :returns: ``kind``, ``encoding``, ``delimiter``, ``proof``, ``to_confirm``, ``sheets``: name,
        number of rows and of columns
    :raises RefusedFile: as :func:`read`
    """
    found = read(Path(order["path"]), order["name"], Limits(**order.get("limits", {})))
    return {"kind": found.kind, "encoding": found.encoding, "delimiter": found.delimiter,
            "proof": found.proof, "to_confirm": found.to_confirm,
            "sheets": [[sheet.name, sheet.n_rows, sheet.n_columns] for sheet in found.sheets]}
