"""Measure the packed kode wilayah: load, memory, look-up, search. Prints figures only.

    python tests/benchmarks/bench_wilayah.py

Goals (issue 3): load under 0.5 s, memory under 60 MB a process, look-up of any
code under 10 microseconds, search under 30 ms. The dictionary of objects that
the packed form replaces is measured in the same run.
"""
from __future__ import annotations

import gc
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

QUERIES = (
    "s", "se", "serang", "kab. serang", "kramatwatu serang", "kramat watu", "a", "baru",
    "kota agung", "Kel. Serang, Kec. Serang, Kota Serang", "36.04", "3604", "91.01", "zzzz",
    "tidak ada nama seperti ini sama sekali", "a b c d e f g h i j k l", "e" * 200,
    "sukamaju, a", "desa baru, baru, baru",
)


def rss() -> float:
    """Return the resident memory of this process in MB."""
    with open("/proc/self/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def packed() -> None:
    before = rss()
    start = time.perf_counter()
    from ckanext.satudata.domain import wilayah

    wilayah.get("36.04")
    print(f"load for look-up                {(time.perf_counter() - start) * 1e3:8.1f} ms")
    start = time.perf_counter()
    wilayah.search("serang")
    print(f"first search (folds the names)  {(time.perf_counter() - start) * 1e3:8.1f} ms")
    gc.collect()
    print(f"memory, look-up and search      {rss() - before:8.1f} MB")

    codes = [*wilayah.codes(), *wilayah.retired_codes()]
    random.Random(0).shuffle(codes)
    for name, call in (("get", wilayah.get), ("exists", wilayah.exists)):
        start = time.perf_counter()
        for code in codes:
            call(code)
        each = (time.perf_counter() - start) / len(codes) * 1e6
        print(f"{name} of {len(codes)} codes, mean  {each:12.2f} us")
    slowest = max(_best(lambda c=code: wilayah.get(c)) for code in codes[:5000])
    print(f"get, slowest of 5000 codes      {slowest * 1e6:8.2f} us")

    times = {query: _best(lambda q=query: wilayah.search(q)) * 1e3 for query in QUERIES}
    for query, took in times.items():
        print(f"search {query[:36]:38}{took:7.2f} ms")
    print(f"search, median {statistics.median(times.values()):.2f} ms, "
          f"slowest {max(times.values()):.2f} ms")
    took = _best(lambda: wilayah.suggest("36.04.21")) * 1e6
    print(f"suggest                         {took:8.1f} us")


def dictionary() -> None:
    """The plain way, for comparison: one object a code in a dictionary."""
    from ckanext.satudata.domain import wilayah

    wilayah.get("36.04")
    gc.collect()
    before = rss()
    table = {code: wilayah.get(code) for code in wilayah.codes()}
    gc.collect()
    print(f"memory as {len(table)} objects      {rss() - before:8.1f} MB")


def _best(call: Callable[[], object], times: int = 5) -> float:
    best = 1e9
    for _ in range(times):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


if __name__ == "__main__":
    if sys.argv[1:] == ["dictionary"]:
        dictionary()
    else:
        packed()
        subprocess.run([sys.executable, __file__, "dictionary"], check=True)
