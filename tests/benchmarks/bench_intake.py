"""Prints what handing in takes beside the stock part that does the same, in one run.

    ./deploy/benchmark intake

Goals: a page of handing in under 300 ms; nothing over twice the stock part, but for an upload: in
pieces that are kept one by one it takes longer than in one body, and is to be no slower than a line
of 50 Mbit/s; one that broke off at half sends no piece twice.

Uploads go over HTTP to the running portal: by tus in pieces of the browser's size, and as
``resource_create`` with the file in its body. Tables, recaps and pages are measured inside CKAN
(``worker_intake.py``), the stock CKAN's in its own installation; what no CKAN is needed for, here.
"""
from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "live"))
from bench_inspection import SCHEMA, _rows, _text

GOAL_RATIO, GOAL_MS = 2.0, 300.0
MEGABYTES, PIECE = 100, 1024 * 1024
#: Bytes a second of the line that an upload must not be slower than.
LINE = 50_000_000 / 8
ROUNDS = 3
TEMPLATES = (31, 1_000, 20_000)
UNITS = (31, 2_000)
PART_FIELDS = [{"name": "bulan", "type": "string"}, {"name": "balita", "type": "integer"},
               {"name": "stunting", "type": "integer"}]


def part_rows(number: int) -> str:
    """Return what a unit sent, as a clean CSV: a row a month."""
    return "bulan,balita,stunting\n" + "".join(
        f"Bulan {month},{100 + 7 * number + month},{10 + number % 50 + month}\n"
        for month in range(1, 13))


def _line(what: str, ours: float, stock: float | None = None, unit: str = "s") -> bool:
    """Print one comparison; tell whether it is within its goal."""
    ratio = f"{ours / stock:8.2f}" if stock else ""
    print(f"{what:34}{ours:10.3f}{f'{stock:10.3f}' if stock else '':10} {unit:3}{ratio}",
          flush=True)
    return (not stock or unit == "ms" or ours / stock <= GOAL_RATIO) and (
        unit != "ms" or ours <= GOAL_MS)


def _seconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


# ---------------------------------------------------------------------------------------- uploads


class Client:
    """Somebody who hands in over HTTP, on one connection while it holds."""

    def __init__(self, url: str, token: str) -> None:
        self.address, self.token = urllib.parse.urlsplit(url).netloc, token
        self.line = http.client.HTTPConnection(self.address, timeout=300)
        self.sent = 0

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.sent += len(body)
        self.line.request(method, path, body, {
            "Authorization": self.token, "Tus-Resumable": "1.0.0", **named})
        answer = self.line.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        return answer

    def tus(self, content: bytes, cut: int = 0) -> None:
        """Upload in pieces.

        :param cut: break off in the middle of the piece behind this byte, once
        """
        path = self.ask("POST", "/unggah", Upload_Length=str(len(content)),
                        Upload_Metadata="filename dWt1ci5jc3Y=").headers["Location"]
        path = urllib.parse.urlsplit(path).path
        at = 0
        while at < len(content):
            piece = content[at:at + PIECE]
            if cut and at >= cut:
                at, cut = self._broken(path, at, piece), 0
                continue
            at = int(self.ask(
                "PATCH", path, piece, Upload_Offset=str(at),
                Content_Type="application/offset+octet-stream").headers["Upload-Offset"])
        self.ask("DELETE", path)

    def _broken(self, path: str, at: int, piece: bytes) -> int:
        """Send half a piece, lose the line, and return where the portal says it stands."""
        line = http.client.HTTPConnection(self.address, timeout=300)
        line.putrequest("PATCH", path)
        for name, value in (("Authorization", self.token), ("Tus-Resumable", "1.0.0"),
                            ("Upload-Offset", str(at)), ("Content-Length", str(len(piece))),
                            ("Content-Type", "application/offset+octet-stream")):
            line.putheader(name, value)
        half = piece[:len(piece) // 2]
        line.endheaders(half)
        self.sent += len(half)
        line.close()
        time.sleep(0.5)
        return int(self.ask("HEAD", path).headers["Upload-Offset"])

    def stock(self, package_id: str, content: bytes) -> str:
        """Upload as CKAN's API takes it; return the id of the file."""
        mark = uuid.uuid4().hex
        fields = {"package_id": package_id, "name": "Ukur", "url": "ukur.csv"}
        body = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items())
        body += (f'--{mark}\r\nContent-Disposition: form-data; name="upload"; filename="ukur.csv"'
                 f"\r\nContent-Type: text/csv\r\n\r\n").encode() + content
        answer = self.ask("POST", "/api/3/action/resource_create", body + f"\r\n--{mark}--\r\n"
                          .encode(), Content_Type=f"multipart/form-data; boundary={mark}")
        return json.loads(answer.body)["result"]["id"]


def uploads(status: dict[str, Any]) -> bool:
    """Upload the same amount in both ways, in turn, and once over a line that breaks."""
    from stock_portal import Portal

    portal = Portal(status["url"], status["ini"], status["python"])
    portal.sign_in("admin")
    name = f"ukur-{uuid.uuid4().hex[:8]}"
    organization = portal.call("organization_create", name=name, title="Ukur")
    dataset = portal.call("package_create", name=name, title="Ukur", owner_org=organization["id"])
    seconds: dict[str, list[float]] = {"tus": [], "stock": []}
    client = Client(portal.url, portal.token)
    try:
        for _ in range(ROUNDS):
            content, other = (os.urandom(MEGABYTES * 1_000_000) for _ in range(2))
            seconds["tus"].append(_seconds(lambda content=content: client.tus(content)))
            seconds["stock"].append(_seconds(
                lambda other=other: client.stock(dataset["id"], other)))
        content, client.sent = os.urandom(MEGABYTES * 1_000_000), 0
        client.tus(content, cut=len(content) // 2)
        twice = client.sent - len(content)
    finally:
        portal.call("dataset_purge", id=dataset["id"])
        portal.call("organization_purge", id=organization["id"])
    took, stock = (statistics.median(seconds[way]) for way in ("tus", "stock"))
    _line(f"upload of {MEGABYTES} MB", took, stock)
    print(f"{'cut at half: bytes sent twice':34}{twice:10}")
    return MEGABYTES * 1_000_000 / took >= LINE and twice <= PIECE


# --------------------------------------------------------------------------------- without a CKAN


def templates(folder: Path) -> bool:
    """Make templates beside plain workbooks of the same rows, to fill and as they were last year.

    Of few rows the time goes into a child process and the guide: their goal is a page's time.
    """
    import pandas as pd

    from ckanext.satudata.domain.intake import template

    roles = {"kode_wilayah": "kode", "nama": "wilayah", "tahun": "waktu", "jumlah": "ukuran",
             "nilai": "ukuran"}
    columns = [{"name": each["name"], "type": each["type"], "title": "", "unit": None,
                "role": roles.get(each["name"], "dimensi"), "reference": None}
               for each in SCHEMA["fields"]]
    met = True
    for count in TEMPLATES:
        path = _text(folder / f"{count}.csv", _rows(count, 0))
        frame = pd.read_csv(path, dtype={"kode_wilayah": str})
        order = {"dataset": "ukur", "title": "Ukur", "open": True,
                 "out": str(folder / "templat.xlsx"), "table": {
                     "csv": str(path), "columns": columns, "public": False, "masked": []}}
        seconds: dict[str, list[float]] = {"ours": [], "stock": []}
        rows = 0
        for number in range(ROUNDS + 1):
            began = time.perf_counter()
            rows = template.make(order)["rows"]
            ours = time.perf_counter() - began
            stock = _seconds(lambda frame=frame: _plain(folder / "pandas.xlsx", frame))
            if number:  # the first loads what both need
                seconds["ours"].append(ours)
                seconds["stock"].append(stock)
        took = statistics.median(seconds["ours"])
        met &= _line(f"template, {rows} rows / pandas", took,
                     statistics.median(seconds["stock"])) or 1000 * took <= GOAL_MS
    return met


def _plain(path: Path, frame: Any) -> None:
    import pandas as pd

    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name in ("Isi data", "Tahun lalu"):
            frame.to_excel(book, sheet_name=name, index=False)


def recaps(folder: Path) -> bool:
    """Join the tables of units beside ``pandas.concat`` of the same files."""
    import pandas as pd

    from ckanext.satudata.domain.intake.recap.merging import merge
    from ckanext.satudata.domain.intake.recap.parts import Part, Unit

    met, now = True, dt.datetime.now(dt.timezone.utc)
    for count in UNITS:
        units = [Unit(f"P{number:04d}", f"Puskesmas {number}") for number in range(count)]
        parts = [Part(unit, folder / f"{unit.code}.csv", {"fields": PART_FIELDS}, now)
                 for unit in units]
        for number, each in enumerate(parts):
            each.path.write_text(part_rows(number), encoding="utf-8")

        def plain(parts: list[Part] = parts) -> None:
            pd.concat([pd.read_csv(each.path, dtype=str, keep_default_na=False).assign(
                kode=each.unit.code, nama=each.unit.name) for each in parts]).to_csv(
                    folder / "pandas.csv", index=False)

        def ours(parts: list[Part] = parts, units: list[Unit] = units) -> None:
            merge(parts, units, "Puskesmas").write(folder / "rekap.csv")

        seconds = [(_seconds(ours), _seconds(plain)) for _ in range(ROUNDS + 1)][1:]
        met &= _line(f"recap of {count} units / pandas", *(
            statistics.median(each) for each in zip(*seconds, strict=True)))
    return met


# ------------------------------------------------------------------------------------ inside CKAN


def inside(args: argparse.Namespace) -> bool:
    """Measure tables, recaps and pages in our CKAN and the stock one."""
    from bench_workflow import worker

    def asked(ini: str, *words: str) -> dict[str, float]:
        return {name: statistics.median(values) for name, values in worker(
            ini, *words, script="worker_intake.py").items()}

    ours, stock = asked(args.ours, "table", str(args.rows)), asked(
        args.stock, "table-stock", str(args.rows))
    met = True
    for name, value in ours.items():
        beside = stock.get(name.split(",")[0])
        met &= _line(f"{args.rows} rows {name}", value / 1000, beside and beside / 1000) or (
            name != "in all")
    for count in UNITS:
        for name, value in asked(args.ours, "recap", str(count)).items():
            _line(f"recap of {count}: {name}", value / 1000)
    page = asked(args.stock, "pages-stock", str(args.calls))["dataset page"]
    for name, value in asked(args.ours, "pages", str(args.calls)).items():
        met &= _line(f"{name} / dataset page", value, page, "ms")
    return met


def main() -> int:
    """Measure and print; the exit code says whether every goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", help="ini file of our portal")
    parser.add_argument("--stock", help="ini file of the stock CKAN")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=20)
    args = parser.parse_args()
    status = json.loads(os.environ.get("SATUDATA_TEST_STATUS", "{}"))
    if not (args.ours and args.stock):
        from bench_portal import installations

        args.ours, args.stock = installations()
    print(f"{'':34}{'ours':>10}{'stock':>10}{'':4}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        met = uploads(status) if status else True
        met &= templates(Path(folder)) & recaps(Path(folder)) & inside(args)
    return int(not met)


if __name__ == "__main__":
    raise SystemExit(main())
