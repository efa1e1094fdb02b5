"""Prints our portal's times as ratios to a stock CKAN with scheming and dcat, in one run.

``bench_portal.py --ours INI --stock INI [--rounds 5]``: two installations on the
same servers. Rounds alternate, so that a slow minute of the machine hits both;
each ratio is that of the medians over all rounds.
"""
from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

GOALS = {"package_create": 1.3, "dataset page": 1.2, "search page": 1.2}


def one_round(ini: str, kind: str, datasets: int, pages: int) -> dict[str, list[float]]:
    """Run the worker in a process of its own and return its times."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("worker.py")), ini, kind,
         str(datasets), str(pages)],
        capture_output=True, text=True,
    )
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line.removeprefix("RESULT "))
    raise SystemExit(f"{kind} failed:\n{done.stderr[-2000:]}")


def main() -> int:
    """Measure and print; the exit code says whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", required=True, help="ini file of our portal")
    parser.add_argument("--stock", required=True, help="ini file of the stock CKAN")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--datasets", type=int, default=20)
    parser.add_argument("--pages", type=int, default=15)
    args = parser.parse_args()

    times: dict[str, dict[str, list[float]]] = {"ours": {}, "stock": {}}
    for _ in range(args.rounds):
        for kind in times:
            measured = one_round(getattr(args, kind), kind, args.datasets, args.pages)
            for key, values in measured.items():
                times[kind].setdefault(key, []).extend(values)

    met = True
    print(f"{'':16}{'ours ms':>10}{'stock ms':>10}{'ratio':>8}{'goal':>8}")
    for key, goal in GOALS.items():
        ours, stock = (statistics.median(times[kind][key]) for kind in ("ours", "stock"))
        met = met and ours / stock <= goal
        print(f"{key:16}{ours:10.1f}{stock:10.1f}{ours / stock:8.2f}{goal:8.1f}")
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
