"""Measure the comparison of two versions of a table against ``pandas.merge``: time and memory.

    ./deploy/benchmark diff, or python tests/benchmarks/bench_diff.py [ROWS]

Two CSV files of ten columns with random keys in random order; 1 % of the rows changed, 0.5 %
came and 0.5 % went. Ours finds the key by itself, counts, samples and writes the full list, in a
child process; pandas is given the key and only counts. Each run is a process of its own, in
alternating rounds.
"""
from __future__ import annotations

import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
HEADER = ["kode", "tahun", "wilayah", "jumlah", "rata", "jk", "umur", "catatan", "tanggal",
          "satuan"]
WAYS = ("ours", "pandas")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), count)
        seconds: dict[str, list[float]] = {way: [] for way in WAYS}
        memory: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            for way in WAYS:
                done = subprocess.run([sys.executable, __file__, way, folder],
                                      capture_output=True, check=True)
                answer = json.loads(done.stdout)
                assert answer["found"] == [count // 100, count // 200, count // 200], answer
                seconds[way].append(answer["seconds"])
                memory[way].append(answer["megabytes"])
    for way in WAYS:
        print(f"{way:8} {statistics.median(seconds[way]):7.1f} s  {max(memory[way]):7.0f} MB")
    ours, stock = (statistics.median(seconds[way]) for way in WAYS)
    print(f"ours / pandas {ours / stock:.2f}")


def _write(folder: Path, count: int) -> None:
    dice = random.Random(5)
    moved, changed = count // 200, count // 100
    keys = dice.sample(range(10**9), count + moved)
    rows = [[f"K{key:09d}", str(2015 + key % 11), f"Desa {key % 300}, Timur",
             str(dice.randrange(10**6)), f"{dice.random() * 1000:.2f}", "LP"[key % 2],
             str(key % 100), f'catatan "{key % 5000}"' if key % 10 else "",
             f"20{10 + key % 15:02d}-{1 + key % 12:02d}-{1 + key % 28:02d}", "orang"]
            for key in keys]
    for name, first in (("lama", 0), ("baru", moved)):
        chosen = list(range(first, first + count))
        dice.shuffle(chosen)
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(HEADER)
            for number in chosen:
                row = rows[number]
                if name == "baru" and moved <= number < moved + changed:
                    row = [*row]
                    row[3 + number % 3] += "1"
                writer.writerow(row)


def _ours(folder: Path) -> list[int]:
    from ckanext.satudata.domain.versions.tables import Source, compare

    with tempfile.TemporaryDirectory() as work:
        found = compare(Source(folder / "lama.csv", "lama.csv", "CSV"),
                        Source(folder / "baru.csv", "baru.csv", "CSV"), Path(work))
    return [found["rows"][name] for name in ("changed", "removed", "added")]


def _pandas(folder: Path) -> list[int]:
    import pandas as pd

    old, new = (pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
                for name in ("lama", "baru"))
    both = old.merge(new, on="kode", how="outer", suffixes=("_lama", "_baru"), indicator=True)
    kept = both[both["_merge"] == "both"]
    differs = pd.concat([kept[f"{name}_lama"] != kept[f"{name}_baru"] for name in HEADER[1:]],
                        axis=1).any(axis=1)
    return [int(differs.sum()), *(int((both["_merge"] == side).sum())
                                  for side in ("left_only", "right_only"))]


def _measure(way: str, folder: Path) -> None:
    start = time.perf_counter()
    found = (_ours if way == "ours" else _pandas)(folder)
    took = time.perf_counter() - start
    who = resource.RUSAGE_CHILDREN if way == "ours" else resource.RUSAGE_SELF
    json.dump({"found": found, "seconds": took,
               "megabytes": resource.getrusage(who).ru_maxrss / 1024}, sys.stdout)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        _measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
