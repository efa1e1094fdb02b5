"""Prints what versions cost: a switch, what its readers notice, and reading when nothing happens.

Beside them the red button: how long until page, API, files, rows, RDF and search are all gone.

Goals: publishing a version of a dataset with three files and 100,000 rows takes under 300 ms, the
index included, of which readers of its table are told to wait under 50 ms; ``tarik_darurat`` takes
under a second; reading a page takes at most 1.05 of the same page without what versions add, call
by call in turn in one process.
"""
from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "live"))

GOALS_MS = {"switch, index included": 300.0, "switch, readers wait": 50.0,
            "tarik darurat, until all is gone": 1000.0}
GOAL_RATIO = 1.05
WITHOUT = " without versions"


def main() -> int:
    """Measure and print; the exit code says whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", help="ini file of our portal")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=100)
    args = parser.parse_args()
    if not args.ours:
        from bench_portal import installations

        args.ours, _stock = installations()
    return int(not (absolute(args) & ratios(args)))


def absolute(args: argparse.Namespace) -> bool:
    """Print the times with a goal in milliseconds."""
    from bench_workflow import worker

    times = {**worker(args.ours, "switch", str(args.rows), script="worker_versions.py"),
             **worker(args.ours, "stop", str(args.rows), script="worker_versions.py"),
             **worker(args.ours, "copy", str(10 * args.rows), script="worker_versions.py")}
    met = True
    print(f"{'':40}{'median ms':>10}{'best ms':>10}{'goal':>8}")
    for key, values in times.items():
        goal = GOALS_MS.get(key)
        middle = statistics.median(values)
        met &= goal is None or middle <= goal
        print(f"{key:40}{middle:10.1f}{min(values):10.1f}{goal or '':>8}")
    return met


def ratios(args: argparse.Namespace) -> bool:
    """Print reading beside reading without versions."""
    from bench_workflow import worker

    times = worker(args.ours, "reads", str(args.calls), script="worker_versions.py")
    met = True
    print(f"\n{'':40}{'ms':>10}{'without':>10}{'ratio':>8}")
    for key in times:
        if key.endswith(WITHOUT):
            continue
        # The fifth of the calls that nothing else on the machine disturbed.
        ours, plain = (statistics.quantiles(times[name], n=5)[0] for name in (key, key + WITHOUT))
        met &= ours / plain <= GOAL_RATIO
        print(f"{key:40}{ours:10.2f}{plain:10.2f}{ours / plain:8.3f}")
    return met


if __name__ == "__main__":
    sys.exit(main())
