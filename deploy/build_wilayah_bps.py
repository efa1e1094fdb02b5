"""Build ``reference/wilayah_bps.bin``: which kecamatan and desa of BPS is which of Kemendagri.

Run it when BPS publishes a new bridging (sig.bps.go.id/bridging-kode). It needs nothing
but Python and the list of kode wilayah beside it::

    python deploy/build_wilayah_bps.py relasi.csv

``relasi.csv`` has the columns ``tingkat, kode_bps, kode_kemendagri, nama``. Provinsi and
kab/kota are not taken from it but compared with ``reference/wilayah_bps.csv``, which was
checked by hand. A name is kept only where BPS spells another than Kemendagri does, with
whether the two can be of the same area. The same input gives the same bytes. Sources are in
``reference/SOURCE.md``; the reader is ``domain/wilayah_bps_store.py``.
"""
from __future__ import annotations

import argparse
import csv
import json
import re
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "ckanext-satudata"
sys.path.insert(0, str(ROOT))

from ckanext.satudata.domain import wilayah  # noqa: E402
from ckanext.satudata.domain.errors import UnknownCodeError  # noqa: E402

MAGIC = b"SDBPS1\n"
OUT = ROOT / "ckanext/satudata/reference"
#: Level -> form of its code at BPS; the packed levels.
FORMS = {"kecamatan": re.compile("[0-9]{7}"), "desa_kelurahan": re.compile("[0-9]{10}")}
#: Two spellings of one name are at least so alike (difflib); seen: "Pasi Raja", "Pasie Raja".
ALIKE = 0.75


def comparable(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def is_same_name(one: str, other: str) -> bool:
    """Say whether two spellings can be of one name: alike, or cut off as BPS cuts long ones."""
    one, other = comparable(one), comparable(other)
    return (
        one == other or (bool(one) and (one in other or other in one))
        or SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
    )


def read(path: Path) -> tuple[dict[str, list[tuple[int, int]]], list[str]]:
    """Return level -> pairs of (BPS, Kemendagri) numbers, and the lines of names."""
    pairs: dict[str, list[tuple[int, int]]] = {level: [] for level in FORMS}
    names: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            level, bps, ours = row["tingkat"], row["kode_bps"], row["kode_kemendagri"]
            if level not in FORMS or ours in ("", "-"):
                continue
            if not FORMS[level].fullmatch(bps):
                raise SystemExit(f"{path}: {bps!r} is no code of BPS for a {level}")
            try:
                area = wilayah.get(ours)
            except UnknownCodeError:
                raise SystemExit(f"{path}: {ours!r} is in neither list of Kemendagri") from None
            if area.level != level:
                raise SystemExit(f"{path}: {bps} and {ours} are of different levels")
            pairs[level].append((int(bps), int(ours.replace(".", ""))))
            name = " ".join(row["nama"].split())
            if comparable(name) != comparable(area.name):
                names.append(f"{bps}\t{int(is_same_name(name, area.name))}\t{name}")
    for level, found in pairs.items():
        for side in (0, 1):
            if len({pair[side] for pair in found}) != len(found):
                raise SystemExit(f"{path}: a {level} stands twice; the relation is not one to one")
        found.sort()
    return pairs, sorted(names)


def check(path: Path) -> int:
    """Return in how many codes of provinsi and kab/kota the table checked by hand differs."""
    with (OUT / "wilayah_bps.csv").open(encoding="utf-8", newline="") as file:
        ours = {row["kode"]: row["kode_bps"] for row in csv.DictReader(file) if row["kode_bps"]}
    with path.open(encoding="utf-8", newline="") as file:
        theirs = {row["kode_kemendagri"]: row["kode_bps"] for row in csv.DictReader(file)
                  if row["tingkat"] not in FORMS}
    return len(ours.items() ^ theirs.items())


def differences(values: Iterable[int]) -> bytes:
    """Return numbers as steps from one to the next, which compress to a third."""
    steps, last = array("q"), 0
    for value in values:
        steps.append(value - last)
        last = value
    if sys.byteorder != "little":
        steps.byteswap()
    return steps.tobytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("relation", type=Path, help="the bridging as CSV")
    parser.add_argument("--edition", default="2024-10", help="month of the bridging, YYYY-MM")
    parser.add_argument("--out", type=Path, default=OUT / "wilayah_bps.bin")
    options = parser.parse_args()

    pairs, names = read(options.relation)
    parts = [differences(pair[side] for pair in pairs[level]) for level in FORMS for side in (0, 1)]
    parts.append("\n".join(names).encode())
    header = json.dumps(
        {"edition": options.edition, "sizes": [len(part) for part in parts]}, sort_keys=True
    ).encode()
    body = struct.pack("<I", len(header)) + header + b"".join(parts)
    options.out.write_bytes(MAGIC + zlib.compress(body, 9))
    print(f"{options.out.name}: {options.out.stat().st_size} bytes, "
          + ", ".join(f"{len(found)} {level}" for level, found in pairs.items())
          + f", {len(names)} names of BPS, "
          f"{sum(line.split(chr(9))[1] == '0' for line in names)} of them in doubt; "
          f"{check(options.relation)} differences in provinsi and kab/kota")


if __name__ == "__main__":
    main()
