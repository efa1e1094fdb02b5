"""Prints what a harvester waits for, ours beside stock ckanext-dcat, and what the feed costs us.

    ./deploy/benchmark feed

Two installations on the same servers, each with the same number of public datasets with three
files, served by gunicorn in turn on the same machine: ours, and a stock CKAN with ckanext-dcat and
its DCAT-AP 3 profile. Ours says about four times as many triples of a dataset; what stock code
takes for our profile is said beside. The stock portal's walk is scaled from pages spread over the
catalog, unless ``--whole``. Seconds are until the last byte of a page came; unpacking and reading
RDF is the harvester's.

Goals: a walk 50 times faster, a page 20 times; an unchanged page within 5 ms; a worker that streams
the largest catalog grows by less than 30 MB; a dataset is described and written within 30 ms; page,
walk, settling and storage of a dataset within 20 % from the smallest catalog to the largest.

The largest catalog is multiplied by SQL: rows of datasets and entries of their own, whose texts
keep the ids of those they were copied from.
"""
from __future__ import annotations

import argparse
import functools
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "live"))
from bench_portal import installations
from bench_workflow import worker
from feed_client import Client, Server, Walk, Watch, serving
from stock_portal import Portal

PAGE = 100
#: What stands once for each dataset, as each of the two writes it.
SIGNS = {
    "ours": {"ttl": b" a dcat:Dataset ", "xml": b"<dcat:Dataset ",
             "jsonld": b'"@type":"dcat:Dataset"'},
    "stock": {"ttl": b" a dcat:Dataset ", "xml": b"<dcat:Dataset ",
              "jsonld": b'"http://www.w3.org/ns/dcat#Dataset"'},
}
GOAL_WALK, GOAL_PAGE, GOAL_SAME_MS, GOAL_SETTLE_MS = 50.0, 20.0, 5.0, 30.0
GOAL_GROWTH_MB, GOAL_DRIFT = 30.0, 0.2

ask = functools.partial(worker, script="worker_feed.py")


class Goals:
    """Lines with a goal, and whether all were met."""

    def __init__(self) -> None:
        self.met = True

    def line(self, what: str, said: str, met: bool | None = None) -> None:
        """Print a line; ``None`` is one without a goal."""
        self.met &= met is not False
        verdict = {None: "", True: "", False: "  MISSED"}[met]
        print(f"{what:44}{said}{verdict}", flush=True)


def main() -> int:
    """Measure and print; the exit code says whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", help="ini file of our portal")
    parser.add_argument("--stock", help="ini file of the stock CKAN")
    parser.add_argument("--datasets", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=10, help="pages of the stock portal a round")
    parser.add_argument("--whole", action="store_true", help="walk the stock portal to its end")
    args = parser.parse_args()
    if not (args.ours and args.stock):
        args.ours, args.stock = installations()
    goals = Goals()
    sizes = (args.datasets // 10, args.datasets, args.datasets * 10)
    with tempfile.TemporaryDirectory() as name, \
            serving(args.ours, Path(name)) as ours, serving(args.stock, Path(name)) as stock:
        seen = []
        for count in sizes:
            ask(args.ours, "fill", "ours", str(count))
            if count <= args.datasets:
                rebuilt(args.ours, count, (1, 4) if count == sizes[0] else (4,))
            else:
                ask(args.ours, "multiply", str(args.datasets), str(count))
            seen.append(one_size(args.ours, ours, count))
            if count == args.datasets:
                ask(args.stock, "fill", "stock", str(count))
                indexed(args.stock)
                compared(args, goals, ours, stock)
                settling(goals, seen[-1]["parts"])
        sized(goals, sizes, seen)
        largest(args.ours, goals, ours, sizes[-1])
    return int(not goals.met)


def portal(ini: str) -> Portal:
    return Portal("", ini, sys.executable)


def indexed(ini: str, processes: int = 4) -> None:
    """Put the stock portal's datasets into Solr."""
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(lambda part: ask(ini, "index", str(part), str(processes)),
                      range(processes)))


def rebuilt(ini: str, count: int, jobs: Sequence[int]) -> None:
    """Describe all datasets anew, and print how fast."""
    for each in jobs:
        said = portal(ini).ckan("satudata", "feed", "rebuild", "--jobs", str(each), timeout=3600)
        seconds = float(re.findall(r"([\d.]+) detik", said)[-1])
        print(f"{f'rebuild of {count:,} with {each} jobs':44}{count / seconds:8.0f} datasets/s",
              flush=True)


# ---------------------------------------------------------------- beside each other
def compared(
    args: argparse.Namespace, goals: Goals, ours: Server, stock: Server
) -> None:
    """Print walks and pages of both, read in alternating rounds."""
    pages = args.datasets // PAGE
    numbers = [1 + each * pages // args.sample for each in range(min(args.sample, pages))]
    print(f"\n{args.datasets:,} datasets, {PAGE} a page; stock: "
          + ("every page" if args.whole else f"{len(numbers)} of {pages} pages a round, scaled"))
    print(f"{'':44}{'ours s':>10}{'stock s':>10}{'ratio':>8}{'goal':>6}{'MB sent':>9}{'stock':>8}")
    for extension in ("ttl", "xml", "jsonld"):
        address = f"/catalog.{extension}"
        for gzip in (True, False):
            walks: dict[str, list[Walk]] = {"ours": [], "stock": []}
            for number in range(args.rounds):
                walks["ours"].append(Client(ours.host, gzip).walk(
                    address, SIGNS["ours"][extension]))
                line, sign = Client(stock.host, gzip), SIGNS["stock"][extension]
                if not args.whole:
                    walks["stock"].append(line.sampled(address, sign, numbers, pages))
                elif not number:
                    walks["stock"].append(line.walk(address, sign))
            if found := {each.datasets for both in walks.values() for each in both} - {
                    args.datasets}:
                raise SystemExit(f"{address}: {found} datasets were read, not {args.datasets}")
            named = f"{extension}, {'gzip' if gzip else 'no gzip'}"
            own, theirs = (sorted(walks[kind], key=lambda each: each.seconds)[len(walks[kind]) // 2]
                           for kind in ("ours", "stock"))
            _ratio(goals, f"walk {named}", own.seconds, theirs.seconds, GOAL_WALK,
                   f"{own.sent / 1e6:9.1f}{theirs.sent / 1e6:8.1f}")
            _ratio(goals, f"page {named}", *(
                statistics.median(second for each in walks[kind] for second in each.pages)
                for kind in ("ours", "stock")), GOAL_PAGE)
    for kind, address in (("search page of 100 for the nation", "/nasional/api/3/action"),):
        times: dict[str, list[float]] = {"ours": [], "stock": []}
        for number in numbers * args.rounds:
            asked = f"/package_search?rows={PAGE}&start={PAGE * (number - 1)}"
            times["ours"].append(Client(ours.host).get(address + asked).seconds)
            times["stock"].append(Client(stock.host).get("/api/3/action" + asked).seconds)
        _ratio(goals, kind, *(statistics.median(times[each]) for each in ("ours", "stock")), None)
    with_our_profile(args, ours)


def _ratio(
    goals: Goals, what: str, ours: float, stock: float, goal: float | None, more: str = ""
) -> None:
    ratio = stock / ours
    goals.line(what, f"{ours:10.3f}{stock:10.2f}{ratio:8.0f}{goal or '':>6}{more}",
               None if goal is None else ratio >= goal)


def with_our_profile(args: argparse.Namespace, ours: Server) -> None:
    """Print what ckanext-dcat's own code takes with our profile, beside our page."""
    times = ask(args.ours, "profile", "3")
    for extension, values in times.items():
        pages = [Client(ours.host).get(f"/catalog.{extension}?page={number}").seconds
                 for number in (1, 2, 3) * 3]
        own, theirs = statistics.median(pages), statistics.median(values) / 1000
        print(f"{f'(page {extension}, stock code, our profile)':44}{own:10.3f}{theirs:10.2f}"
              f"{theirs / own:8.0f}")


# ---------------------------------------------------------------- one catalog
def one_size(ini: str, server: Server, count: int) -> dict[str, Any]:
    """Measure what must not depend on how large the catalog is."""
    line = Client(server.host, gzip=True)
    pages = count // PAGE
    for number in range(1, 9):  # what each worker keeps is made on its first pages
        line.get(f"/catalog.ttl?page={1 + number % pages}")
    read = [line.get(f"/catalog.ttl?page={1 + each * pages // 50 % pages}").seconds
            for each in range(50)]
    with Watch(server) as watch:
        walks = [line.walk("/catalog.ttl", SIGNS["ours"]["ttl"]) for _ in range(3)]
    if {each.datasets for each in walks} != {count}:
        raise SystemExit(f"{[each.datasets for each in walks]} datasets, not {count}")
    parts = ask(ini, "settle", "40")
    return {"page": statistics.median(read), "parts": parts, "stored": ask(ini, "stored"),
            "walk": statistics.median(each.seconds for each in walks) / count,
            "memory": watch.grown()}


def sized(goals: Goals, sizes: Sequence[int], seen: Sequence[dict[str, Any]]) -> None:
    """Print the same of each size of catalog."""
    print(f"\n{'datasets':44}" + "".join(f"{each:>12,}" for each in sizes) + f"{'drift':>8}")
    figures: dict[str, Callable[[dict[str, Any]], float]] = {
        "page of 100 (ttl, gzip), ms": lambda one: 1000 * one["page"],
        "walk, µs a dataset": lambda one: 1e6 * one["walk"],
        "settling one dataset, ms": lambda one: _middle(one, "settling one dataset"),
        "stored bytes a dataset": lambda one: one["stored"]["entry"][0],
        "worker after the walk, MB": lambda one: one["memory"][2],
    }
    for name, of in figures.items():
        values = [of(each) for each in seen]
        drift = values[-1] / values[0] - 1
        goals.line(name, "".join(f"{each:12,.1f}" for each in values) + f"{drift:8.0%}",
                   drift <= GOAL_DRIFT)


def _middle(one: dict[str, Any], name: str) -> float:
    return statistics.median(one["parts"][name])


def settling(goals: Goals, parts: dict[str, list[float]]) -> None:
    """Print what one publication costs the feed, and where it goes."""
    print(f"\n{'feed work of one publication':44}{'median ms':>10}{'worst ms':>10}{'goal':>6}")
    for name, values in parts.items():
        goal = GOAL_SETTLE_MS if name == "settling one dataset" else None
        middle = statistics.median(values)
        goals.line(name, f"{middle:10.1f}{max(values):10.1f}{goal or '':>6}",
                   None if goal is None else middle <= goal)


# ---------------------------------------------------------------- the largest catalog
def largest(ini: str, goals: Goals, server: Server, count: int) -> None:
    """Print what a catalog of this size answers, and what a worker needs for that."""
    print(f"\n{count:,} entries")
    line = Client(server.host, gzip=True)
    for what, address in (
        ("unchanged page, ms", f"/catalog.ttl?page={count // PAGE // 2}"),
        ("unchanged dataset, ms", "/dataset/ukur-7.ttl"),
        ("unchanged /data.json, ms", "/data.json?page=3"),
    ):
        etag = line.get(address).headers["ETag"]
        took = [1000 * line.get(address, 304, If_None_Match=etag).seconds for _ in range(200)]
        goal = GOAL_SAME_MS if "page" in what else None
        goals.line(what, f"{statistics.median(took):10.2f}  (95 of 100 within "
                   f"{statistics.quantiles(took, n=20)[-1]:.2f})",
                   None if goal is None else statistics.median(took) <= goal)
    for what, address in (
        ("/data.json, a page of 2,000, s", "/data.json?page=2"),
        ("national search, first 100, s", "/nasional/api/3/action/package_search?rows=100"),
        ("national search, last 100, s",
         f"/nasional/api/3/action/package_search?rows=100&start={count - PAGE}"),
    ):
        took = [line.get(address).seconds for _ in range(10)]
        answer = line.get(address)
        goals.line(what, f"{statistics.median(took):10.3f}  ({answer.sent / 1e6:.2f} MB sent, "
                   f"{len(answer.body) / 1e6:.2f} MB read)")
    goals.line("(of it, the ranges of data.json, ms)",
               f"{statistics.median(ask(ini, 'ranges', '2000')['ranges']):10.1f}")
    for address in ("/catalog.nt.gz", "/catalog.jsonl.gz"):
        with Watch(server) as watch:
            seconds, size = line.drain(address)
        before, most, after = watch.grown()
        goals.line(f"{address}, s",
                   f"{seconds:10.1f}  ({size / 1e6:.0f} MB; worker {before:.0f} MB before, "
                   f"{most:.0f} at most, {after:.0f} after)", most - before <= GOAL_GROWTH_MB)
    changed = ask(ini, "change", str(count // 100))
    since = int(changed["before"][0])
    line = Client(server.host, gzip=True)  # gunicorn gave up the other
    for what, more in (("", ""), (" with content", "&content=jsonld")):
        took, lines, sent = _followed(line, f"/catalog/changes?since={since}&limit=10000{more}")
        goals.line(f"changes since N, {lines:,} of them{what}, s",
                   f"{took:10.3f}  ({sent / 1e6:.2f} MB sent)")
    stored = ask(ini, "stored")
    print("bytes of a dataset: " + ", ".join(
        f"{name} {value[0]:,.0f}" for name, value in stored.items()))


def _followed(line: Client, address: str) -> tuple[float, int, int]:
    answer = line.get(address)
    return answer.seconds, answer.body.count(b"\n") - 1, answer.sent


if __name__ == "__main__":
    raise SystemExit(main())
