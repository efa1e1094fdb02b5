"""Build ``reference/wilayah.bin``, the packed list of kode wilayah.

Run it when Kemendagri issues a new list. It needs nothing but Python::

    npm pack idn-area-data@4.0.1
    python deploy/build_wilayah.py idn-area-data-4.0.1.tgz \\
        --retired permendagri_72_2019_base.csv \\
        --compare kode_wilayah_kepmendagri_2025.csv

``--retired`` is an older list (``code,name`` without header): what it has and
the new list lacks is carried as a retired code. ``--compare`` is another
transcription of the same decree: differences are printed, never merged.
The same input gives the same bytes. Sources, licences and the rules for names
are in ``reference/SOURCE.md``; the reader is ``domain/wilayah_store.py``.
"""
from __future__ import annotations

import argparse
import csv
import io
import json
import re
import struct
import tarfile
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

MAGIC = b"SDWIL1\n"
OUT = Path(__file__).resolve().parent.parent / "ckanext-satudata/ckanext/satudata/reference"
CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
LEVEL_OF_LENGTH = {2: 1, 5: 2, 8: 3, 13: 4}
TABLES = ("provinces", "regencies", "districts", "villages")
TYPE = re.compile(r"^(kabupaten administrasi|kota administrasi|kabupaten|kota)\b\s*", re.I)


def key(code: str) -> int:
    """Return the digits of a dotted code, filled with zeros to ten: hierarchical order."""
    digits = code.replace(".", "")
    return int(digits) * 10 ** (10 - len(digits))


def parent(code: str) -> str:
    return code.rpartition(".")[0]


def clean(name: str) -> str:
    """Mend what is a slip of the transcription, and nothing else.

    A double quote stands for an apostrophe (``Ra"as``); a dot or star at the end
    and doubled blanks are left over from the printed table.
    """
    name = " ".join(name.replace('"', "'").replace("’", "'").split())
    return name if re.search(r"\b[A-Z]\.$", name) else name.rstrip(" .*")


def clean_old(name: str) -> str:
    """Write a name of the older list, which has capitals and "KAB.", as the new one does."""
    name = clean(name)
    if name.startswith(("KAB.", "KAB ", "KOTA ")):
        return re.sub(r"^KAB[. ]\s*", "KABUPATEN ", name).title()
    return name


def comparable(name: str) -> str:
    """Reduce a name to what must be equal for a successor to be the same area."""
    name = TYPE.sub("", name)
    return re.sub(r"[^a-z0-9]", "", name.lower())


def read_package(path: Path) -> dict[str, str]:
    """Return code -> name of all four levels of an idn-area-data tarball."""
    names: dict[str, str] = {}
    with tarfile.open(path) as tar:
        for table in TABLES:
            member = tar.extractfile(f"package/data/{table}.csv")
            if member is None:
                raise SystemExit(f"{path}: package/data/{table}.csv is missing")
            for row in csv.DictReader(io.TextIOWrapper(member, "utf-8", newline="")):
                names[row["code"]] = clean(row["name"])
    check(names, path)
    return names


def read_pairs(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in csv.reader(file) if CODE.fullmatch(row[0])}


def check(names: dict[str, str], path: Path) -> None:
    for code, name in names.items():
        if not CODE.fullmatch(code):
            raise SystemExit(f"{path}: {code!r} is no code")
        if parent(code) and parent(code) not in names:
            raise SystemExit(f"{path}: {code} has no parent {parent(code)}")
        if not name or not name.isprintable():
            raise SystemExit(f"{path}: {code} has the name {name!r}")


def successors(old: dict[str, str], new: dict[str, str]) -> dict[str, str]:
    """Return retired code -> code of the same area today, only where it is beyond doubt.

    Beyond doubt: exactly one code that the old list did not have bears the same
    name under the same parent (or the parent's successor), and only one retired
    code claims it. A kabupaten may also have moved to a new province.
    """
    added: dict[tuple[str, str], list[str]] = defaultdict(list)
    added_kabupaten: dict[str, list[str]] = defaultdict(list)
    for code in new.keys() - old.keys():
        added[parent(code), comparable(new[code])].append(code)
        if LEVEL_OF_LENGTH[len(code)] == 2:
            added_kabupaten[comparable(new[code]) + ("k" if code[3] >= "7" else "")].append(code)
    found: dict[str, str] = {}
    for code in sorted(old.keys() - new.keys(), key=lambda each: (len(each), each)):
        if LEVEL_OF_LENGTH[len(code)] == 2:
            same = added_kabupaten[comparable(old[code]) + ("k" if code[3] >= "7" else "")]
        else:
            home = found.get(parent(code), parent(code))
            same = added[home, comparable(old[code])]
        if len(same) == 1:
            found[code] = same[0]
    claims: dict[str, int] = defaultdict(int)
    for successor in found.values():
        claims[successor] += 1
    return {code: successor for code, successor in found.items() if claims[successor] == 1}


def columns(
    names: dict[str, str], retired: dict[str, str], heirs: dict[str, str]
) -> Iterator[bytes]:
    for level in (1, 2, 3, 4):
        codes = sorted((c for c in names if LEVEL_OF_LENGTH[len(c)] == level), key=key)
        yield from _pair(codes, names)
    codes = sorted(retired, key=key)
    yield from _pair(codes, retired)
    yield _numbers(key(heirs[code]) if code in heirs else 0 for code in codes)
    # A padded key alone does not tell 91.01 from 91.01.00: the level goes with it.
    yield bytes(LEVEL_OF_LENGTH[len(code)] for code in codes)


def _pair(codes: list[str], names: dict[str, str]) -> Iterator[bytes]:
    yield _numbers(key(code) for code in codes)
    yield "\n".join(names[code] for code in codes).encode("utf-8")


def _numbers(values: Iterable[int]) -> bytes:
    numbers = array("Q", values)
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        numbers.byteswap()
    return numbers.tobytes()


def write(path: Path, about: dict[str, object], parts: list[bytes]) -> None:
    header = json.dumps({**about, "sizes": [len(part) for part in parts]}, sort_keys=True).encode()
    body = struct.pack("<I", len(header)) + header + b"".join(parts)
    path.write_bytes(MAGIC + zlib.compress(body, 9))


def compare(names: dict[str, str], other: dict[str, str]) -> None:
    print(f"codes only here: {len(names.keys() - other.keys())}")
    print(f"codes only there: {len(other.keys() - names.keys())}")
    differing = [c for c in sorted(names.keys() & other.keys()) if names[c] != other[c].strip()]
    print(f"names that differ: {len(differing)}")
    for code in differing:
        print(f"  {code}: {names[code]!r} / {other[code]!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="tarball of idn-area-data")
    parser.add_argument("--retired", type=Path, help="older list, code,name")
    parser.add_argument("--compare", type=Path, help="other transcription, code,name")
    parser.add_argument("--decree", default="Kepmendagri 300.2.2-2138/2025")
    parser.add_argument("--decree-date", default="2025-04-25")
    parser.add_argument("--retired-decree", default="Permendagri 72/2019")
    parser.add_argument("--out", type=Path, default=OUT / "wilayah.bin")
    options = parser.parse_args()

    names = read_package(options.package)
    older = read_pairs(options.retired) if options.retired else {}
    old = {code: clean_old(name) for code, name in older.items()}
    retired = {code: name for code, name in old.items() if code not in names}
    heirs = successors(old, names)
    about = {
        "decree": options.decree,
        "decree_date": options.decree_date,
        "retired_decree": options.retired_decree,
        "source": options.package.name.removesuffix(".tgz"),
    }
    write(options.out, about, list(columns(names, retired, heirs)))
    print(f"{options.out.name}: {options.out.stat().st_size} bytes, {len(names)} codes in force, "
          f"{len(retired)} retired, {len(heirs)} of them with a successor")
    if options.compare:
        compare(names, read_pairs(options.compare))


if __name__ == "__main__":
    main()
