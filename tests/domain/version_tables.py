"""Tables of two versions for tests, and what must be said of them, found the slow and sure way."""
from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.versions.comparing import compare_files
from ckanext.satudata.domain.versions.table_values import harmless
from ckanext.satudata.domain.versions.tables import Bounds, Key

Rows = Sequence[Sequence[str]]


def written(
    rows: Rows, delimiter: str = ",", newline: str = "\n", quotes: bool = False
) -> bytes:
    """Return rows as a CSV file.

    :param quotes: around all cells (Python leaves a return at the start of a cell without)
    """
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline,
               quoting=csv.QUOTE_ALL if quotes else csv.QUOTE_MINIMAL).writerows(rows)
    return text.getvalue().encode()


def compared(
    folder: Path, old: bytes | Rows, new: bytes | Rows, keys: Sequence[Key] = (),
    schema: Mapping[str, Any] | None = None, kinds: tuple[str, str] = ("CSV", "CSV"),
) -> tuple[dict[str, Any], list[list[str]]]:
    """Compare in this process (the child is tried elsewhere); return the result and the list."""
    folder.mkdir(exist_ok=True)
    paths = [folder / "lama", folder / "baru"]
    for path, content in zip(paths, (old, new), strict=True):
        path.write_bytes(content if isinstance(content, bytes) else written(content))
    target, bounds = folder / "daftar.csv", Bounds()
    target.unlink(missing_ok=True)
    answer = compare_files({
        "old": {"path": str(paths[0]), "name": "lama.csv", "kind": kinds[0]},
        "new": {"path": str(paths[1]), "name": "baru.csv", "kind": kinds[1]},
        "target": str(target), "work": str(folder), "keys": [asdict(key) for key in keys],
        "schema": schema or {}, "bounds": asdict(bounds),
    }, Limits(), lambda percent: None)
    listed: list[list[str]] = []
    if target.exists():
        with target.open(encoding="utf-8", newline="") as stream:
            listed = list(csv.reader(stream))
    return answer, listed


def oracle(old: Rows, new: Rows, key: Sequence[str]) -> dict[str, Any]:
    """Say what changed with dictionaries; all values are text, headers come first."""
    before, after = (
        {tuple(row[table[0].index(name)] for name in key): dict(zip(table[0], row, strict=True))
         for row in table[1:]} for table in (old, new))
    shared = [name for name in new[0] if name in old[0] and name not in key]
    gone = [name for name in old[0] if name not in new[0]]
    both = before.keys() & after.keys()
    cells = [(at, name) for at in both for name in shared if before[at][name] != after[at][name]]
    touched = {at for at, _ in cells}
    lost = {at for at in both if any(before[at][name] for name in gone)}
    return {
        "rows": {"added": len(after) - len(both), "removed": len(before) - len(both),
                 "changed": len(touched), "same": len(both) - len(touched)},
        "past_changed": len(before) - len(both) + len(touched | lost),
        "changed": dict(Counter(name for _, name in cells)),
        "lines": sorted(
            [["ubah", *at, name, harmless(before[at][name]), harmless(after[at][name])]
             for at, name in cells]
            + [["hapus", *at, "", "", ""] for at in before.keys() - both]
            + [["tambah", *at, "", "", ""] for at in after.keys() - both]),
    }
