"""Prints what the workflow costs: a step, the inbox over 50,000 submissions, the guards.

Three goals: a step takes at most 60 ms without the index, the inbox (action and page) at most
150 ms over 50,000 submissions, and the guards cost anonymous readers at most 5 % of what stock
CKAN takes for ``package_show`` and ``package_search``. That cost is the difference between the
portal as it is and the same portal with stock CKAN's labels and auth function, call by call in
turn in one process. Beside it, for the reader, our time as a ratio to the stock CKAN, whose
schema is another.
"""
from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "live"))

GOALS_MS = {"step": 60.0, "inbox action": 150.0, "inbox page": 150.0}
GOAL_SHARE = 0.05


def worker(
    ini: str, *words: str, script: str = "worker_workflow.py"
) -> dict[str, list[float]]:
    """Run the worker in a process of its own and return its times."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(Path(__file__).with_name(script)), ini, *words],
        capture_output=True, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            return json.loads(line.removeprefix("RESULT "))
    raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")


def main() -> int:
    """Measure and print; the exit code says whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", help="ini file of our portal")
    parser.add_argument("--stock", help="ini file of the stock CKAN")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--submissions", type=int, default=50_000)
    args = parser.parse_args()
    if not (args.ours and args.stock):
        from bench_portal import installations

        args.ours, args.stock = installations()
    return int(not (absolute(args) & ratios(args)))


def absolute(args: argparse.Namespace) -> bool:
    """Print the times with a goal in milliseconds."""
    times: dict[str, list[float]] = {}
    for words in (["steps", "20"], ["inbox", str(args.submissions)]):
        times |= worker(args.ours, *words)
    met = True
    print(f"{'':34}{'median ms':>10}{'worst ms':>10}{'goal':>8}")
    for key, values in times.items():
        goal = next((each for name, each in GOALS_MS.items() if key.startswith(name)), None)
        middle = statistics.median(values)
        met = met and (goal is None or middle <= goal)
        print(f"{key:34}{middle:10.1f}{max(values):10.1f}{goal or '':>8}")
    return met


def ratios(args: argparse.Namespace) -> bool:
    """Print what anonymous readers pay."""
    times: dict[str, dict[str, list[float]]] = {"ours": {}, "stock": {}}
    for _ in range(args.rounds):
        for kind in times:
            for key, values in worker(getattr(args, kind), "reads", kind).items():
                times[kind].setdefault(key, []).extend(values)
    met = True
    print(f"{'':34}{'ours ms':>10}{'no guard':>10}{'stock ms':>10}{'cost':>8}{'goal':>8}"
          f"{'ours/stock':>12}")
    for action in ("package_show", "package_search"):
        bare = statistics.median(times["ours"][f"{action} unguarded"])
        ours = statistics.median(times["ours"][action])
        stock = statistics.median(times["stock"][action])
        cost = (ours - bare) / stock
        met = met and cost <= GOAL_SHARE
        print(f"{action:34}{ours:10.2f}{bare:10.2f}{stock:10.2f}{cost:8.1%}{GOAL_SHARE:8.0%}"
              f"{ours / stock:12.2f}")
    return met


if __name__ == "__main__":
    raise SystemExit(main())
