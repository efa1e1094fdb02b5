"""Prints what the kode referensi take: the first page of the 98,000 areas, a concept, autocomplete.

``bench_vocabulary.py [--ini INI] [--url URL] [--rounds 15]``: each question in the process of
the server (its whole WSGI stack, no network) and, where a portal runs, over HTTP; medians.
Then rdflib writing the same page from the same triples / our writer, rounds alternating.
"""
from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import time
import urllib.request
import warnings
from collections.abc import Callable
from datetime import date
from typing import Any

HTML = {"Accept": "text/html"}
#: What is asked, with which headers, and the goal in milliseconds.
QUESTIONS: tuple[tuple[str, str, dict[str, str], float], ...] = (
    *((f"first page of wilayah, {form}", f"/kode-referensi/wilayah.{form}", {}, 100.0)
      for form in ("ttl", "xml", "jsonld", "nt")),
    ("page 300 of wilayah, ttl", "/kode-referensi/wilayah.ttl?page=300", {}, 100.0),
    ("first page of wilayah, json", "/kode-referensi/wilayah.json?page=1", {}, 100.0),
    ("first page of wilayah_bps, ttl", "/kode-referensi/wilayah_bps.ttl", {}, 100.0),
    ("provinces, page for people", "/kode-referensi/wilayah", HTML, 100.0),
    ("concept frekuensi/bulanan, ttl", "/kode-referensi/frekuensi/bulanan.ttl", {}, 20.0),
    ("concept wilayah/36.04, ttl", "/kode-referensi/wilayah/36.04.ttl", {}, 20.0),
    ("concept wilayah/36.04, json", "/kode-referensi/wilayah/36.04.json", {}, 20.0),
    ("autocomplete “kramat”", "/api/3/action/satudata_wilayah_search?q=kramat", {}, 30.0),
    ("autocomplete “s”", "/api/3/action/satudata_wilayah_search?q=s", {}, 30.0),
    ("autocomplete in satuan", "/api/3/action/satudata_vocabulary_show?name=satuan&q=rup&limit=20",
     {}, 30.0),
)


def median_of(call: Callable[[], object], rounds: int) -> float:
    """Return the median time in milliseconds; the first call is not counted."""
    call()
    taken: list[float] = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1e3)
    return statistics.median(taken)


def afresh() -> None:
    """Forget the pages that the process keeps, to measure their making."""
    from ckanext.satudata.vocabulary import machine

    machine._KEPT.clear()  # pyright: ignore[reportPrivateUsage]


def in_process(
    ini: str, kept: bool
) -> Callable[[str, dict[str, str]], Callable[[], object]]:
    """Return what asks the server's application without a network.

    :param kept: whether it may answer with a page it made before
    """
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    client = make_app(load_config(ini))._wsgi_app.test_client()

    def asking(path: str, headers: dict[str, str]) -> Callable[[], object]:
        def ask() -> None:
            if not kept:
                afresh()
            answer = client.get(path, headers=headers)
            assert answer.status_code == 200 and answer.get_data(), path
        return ask
    return asking


def over_http(url: str) -> Callable[[str, dict[str, str]], Callable[[], object]]:
    """Return what asks a running portal."""
    def asking(path: str, headers: dict[str, str]) -> Callable[[], object]:
        def ask() -> None:
            request = urllib.request.Request(url + path, headers=headers)
            with urllib.request.urlopen(request) as answer:
                answer.read()
        return ask
    return asking


def beside_rdflib(rounds: int) -> None:
    """Print rdflib's time for the same page and ours, and their ratio."""
    from rdflib import Graph

    from ckanext.satudata.domain.federation import skos
    from ckanext.satudata.domain.federation.describing import Describer
    from ckanext.satudata.domain.federation.mapping import Site
    from ckanext.satudata.domain.federation.skos.triples import page_triples
    from ckanext.satudata.domain.federation.syntaxes import SYNTAXES, fragment

    scheme = skos.scheme("wilayah", date.today())
    site = Site(url="https://data.contoh.go.id", government="Pemerintah Kabupaten Contoh")
    triples = list(page_triples(scheme, scheme.window(0, 200), site))

    def stock(syntax: str) -> None:
        graph = Graph()
        Describer.bind(graph)
        for triple in triples:
            graph.add(triple)
        graph.serialize(format=syntax)

    print(f"\n{'writing 200 areas, ms':34}{'rdflib':>10}{'ours':>10}{'ratio':>8}")
    for name, syntax in SYNTAXES.items():
        times: dict[str, list[float]] = {"rdflib": [], "ours": []}
        calls: dict[str, Callable[[], Any]] = {
            "rdflib": lambda kind=syntax.rdflib: stock(kind),
            "ours": lambda one=syntax: fragment(one, triples, None)}
        for _ in range(rounds):
            for who, call in calls.items():
                started = time.perf_counter()
                call()
                times[who].append((time.perf_counter() - started) * 1e3)
        stock_ms, ours = (statistics.median(times[who]) for who in ("rdflib", "ours"))
        print(f"{name:34}{stock_ms:10.1f}{ours:10.1f}{stock_ms / ours:8.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    started = json.loads(os.environ.get("SATUDATA_TEST_STATUS", "{}"))
    parser.add_argument("--ini", default=started.get("ini"), required=not started)
    parser.add_argument("--url", default=started.get("url", ""))
    parser.add_argument("--rounds", type=int, default=15)
    args = parser.parse_args()
    warnings.simplefilter("ignore")

    logging.disable(logging.INFO)
    made, here = in_process(args.ini, kept=False), in_process(args.ini, kept=True)
    there = over_http(args.url) if args.url else None
    print(f"{'ms':34}{'made':>10}{'kept':>8}{'by HTTP':>10}{'goal':>8}")
    for name, path, headers, goal in QUESTIONS:
        first, again = (median_of(each(path, headers), args.rounds) for each in (made, here))
        outside = f"{median_of(there(path, headers), args.rounds):10.1f}" if there else ""
        print(f"{name:34}{first:10.1f}{again:8.1f}{outside:>10}{goal:8.0f}")
    whole = median_of(here("/kode-referensi/wilayah.csv", {}), 3)
    print(f"{'whole of wilayah, csv':34}{whole:10.0f}")
    beside_rdflib(min(args.rounds, 5))


if __name__ == "__main__":
    main()
