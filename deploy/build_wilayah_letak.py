"""Build ``reference/wilayah_letak.csv``: where each provinsi and kabupaten/kota lies.

Run it when boundaries change. It needs nothing but Python::

    python deploy/build_wilayah_letak.py batas_kabkota.geojson

The GeoJSON has a feature a kabupaten/kota with its Kemendagri code in ``kode``
(WGS 84, degrees). A box is rounded outwards and a centre to the nearest 0.001
degree (about 100 m): the boundaries it comes from are simplified by more. A
provinsi is made of its kabupaten/kota. The same input gives the same bytes.
Sources are in ``reference/SOURCE.md``; the reader is ``domain/wilayah_letak.py``.
"""
from __future__ import annotations

import argparse
import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "ckanext-satudata/ckanext/satudata/reference"
COLUMNS = ("kode", "barat", "selatan", "timur", "utara", "bujur", "lintang")
#: Papua Barat Daya in the boundaries has codes from before its law was carried out; the names are
#: those of the list in force.
CODES = {"96.04": "96.02", "96.05": "96.03", "96.09": "96.04", "96.10": "96.05", "92.71": "96.71"}
Ring = list[list[float]]


def moments(ring: Ring) -> tuple[float, float, float]:
    """Return the signed area of a ring and its first moments, by the shoelace formula."""
    area = east = north = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross
        east += (x1 + x2) * cross
        north += (y1 + y2) * cross
    return area / 2, east / 6, north / 6


def placed(code: str, found: Iterable[Ring]) -> list[str]:
    """Return the row of an area: its box and the centre of its surface.

    A hole turns the other way round than what it lies in, so that signs do the rest.
    """
    every = list(found)
    points = [point for ring in every for point in ring]
    area, east, north = (sum(each) for each in zip(*map(moments, every), strict=True))
    west_to_east, south_to_north = zip(*points, strict=True)
    low = [math.floor(min(each) * 1000) / 1000 for each in (west_to_east, south_to_north)]
    high = [math.ceil(max(each) * 1000) / 1000 for each in (west_to_east, south_to_north)]
    return [code, *(f"{each:.3f}" for each in (*low, *high, east / area, north / area))]


def turned(geometry: dict[str, Any]) -> Iterator[Ring]:
    """Return the rings, outer ones against the clock and holes with it (RFC 7946)."""
    found = geometry["coordinates"]
    for polygon in [found] if geometry["type"] == "Polygon" else found:
        for position, ring in enumerate(polygon):
            outer, left = position == 0, moments(ring)[0] > 0
            yield ring if outer == left else ring[::-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("boundaries", type=Path)
    features = json.loads(parser.parse_args().boundaries.read_text("utf-8"))["features"]
    areas: dict[str, list[Ring]] = defaultdict(list)
    for feature in features:
        code = feature["properties"]["kode"]
        code = CODES.get(code, code)
        for owner in (code, code.split(".")[0]):
            areas[owner].extend(turned(feature["geometry"]))
    with (OUT / "wilayah_letak.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(placed(code, areas[code]) for code in sorted(areas))
    print(f"{len(areas)} areas")


if __name__ == "__main__":
    main()
