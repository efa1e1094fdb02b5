"""``satudata-inspect FILE...``: what the portal would say about a file, without the portal.

Offline: nothing of CKAN is imported and nothing is asked of any server. Exit status: 0 clean,
1 findings that block, 2 a file was refused (or the command was wrong).
"""
from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection import terminal
from ckanext.satudata.domain.inspection.notes import N_

__all__ = ["CLEAN", "FOUND", "REFUSED", "compact", "main"]

CLEAN, FOUND, REFUSED = 0, 1, 2
#: Numbers whose text JSON cannot hold.
_CASTS = {"integer": int, "year": int, "number": float}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    several = len(options.files) > 1
    order = _order(parser, options)
    status = CLEAN
    reports: list[Mapping[str, Any]] = []
    for name in options.files:
        path = Path(name)
        if not path.is_file():
            parser.error(f"tidak ada berkas {name}")
        with TemporaryDirectory(prefix="satudata-inspect-") as folder:
            report = _inspect(path, Path(folder), order)
            reports.append(report)
            if options.frictionless:
                from ckanext.satudata.domain.inspection import interchange

                _print(json.dumps(interchange.frictionless(report),
                                  ensure_ascii=False, allow_nan=False))
            elif options.json:
                _print(json.dumps(compact(report, name, Path(folder), options.rows),
                                  ensure_ascii=False, allow_nan=False))
            else:
                _print(terminal.text(report, colour=_colourful(sys.stdout)))
            if options.xlsx:
                _keep_annotated(report, Path(folder), Path(options.xlsx), path, several)
        status = max(status, _status(report))
    if options.html:
        from ckanext.satudata.domain.inspection.report_html import page

        Path(options.html).write_text(page(reports), encoding="utf-8")
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="satudata-inspect",
        description="Membaca berkas data mentah, mengusulkan tabel rapi, dan mencatat yang perlu "
                    "diperbaiki. Bekerja tanpa jaringan.",
        epilog="Status keluar: 0 bersih, 1 ada yang wajib diperbaiki, 2 berkas ditolak.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="berkas yang diperiksa")
    parser.add_argument("--schema", metavar="S", help="Table Schema (JSON) yang harus dipenuhi")
    parser.add_argument("--recipe", metavar="R", help="koreksi yang disimpan (JSON)")
    parser.add_argument("--home", metavar="KODE", default="",
                        help="kode wilayah pemerintah daerah, misalnya 36.04")
    parser.add_argument("--json", action="store_true",
                        help="satu objek JSON per berkas, satu baris tiap berkas")
    parser.add_argument("--frictionless", action="store_true",
                        help="laporan dalam bentuk laporan frictionless (JSON)")
    parser.add_argument("--rows", action="store_true",
                        help="semua baris tabel rapi, bukan 20 baris pertama (dengan --json)")
    parser.add_argument("--html", metavar="OUT", help="tulis laporan sebagai satu halaman HTML")
    parser.add_argument("--xlsx", metavar="OUT",
                        help="tulis Excel bertanda; sebuah folder bila berkasnya beberapa")
    return parser


def _order(parser: argparse.ArgumentParser, options: argparse.Namespace) -> dict[str, Any]:
    if options.home and not wilayah.exists(options.home):
        parser.error(f"kode wilayah {options.home} tidak ada")
    return {
        "settings": _read(parser, options.recipe) if options.recipe else None,
        "schema": _read(parser, options.schema) if options.schema else None,
        "facts": {"home": options.home} if options.home else {},
        "previous": None, "annotated": bool(options.xlsx),
    }


def _read(parser: argparse.ArgumentParser, name: str) -> dict[str, Any]:
    try:
        found = json.loads(Path(name).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        parser.error(f"{name} tidak dapat dibaca sebagai JSON: {error}")
    if not isinstance(found, dict):
        parser.error(f"{name} bukan objek JSON")
    return dict(found)  # pyright: ignore[reportUnknownArgumentType]


def _inspect(path: Path, out: Path, order: Mapping[str, Any]) -> dict[str, Any]:
    from ckanext.satudata.domain.inspection import sandbox
    from ckanext.satudata.domain.inspection.notes import RefusedFile

    try:
        return sandbox.inspect(path, path.name, out, dict(order))
    except RuntimeError as error:  # a mistake of ours: the other files still get their turn
        sys.stderr.write(f"{path}: {error}\n")
        from ckanext.satudata.domain.inspection import report

        return report.refusal(path.name, RefusedFile("failed", N_(
            "Pemeriksaan berkas ini gagal karena kesalahan program, bukan karena berkas Anda. "
            "Simpan tabelnya sebagai XLSX atau CSV lalu coba lagi.")),
            bytes_=path.stat().st_size)


def _status(report: Mapping[str, Any]) -> int:
    if report["refused"]:
        return REFUSED
    return FOUND if report["counts"]["wajib"] else CLEAN


def compact(
    report: Mapping[str, Any], file: str, out: Path, all_rows: bool = False
) -> dict[str, Any]:
    """Return what ``--json`` prints of a report: plain texts, the rows as objects.

    :param out: the folder of the result files, read for all rows
    """
    return {
        "file": file,
        "tables": [{
            "sheet": table["sheet"], "title": table["title"], "range": table["range"],
            "columns": [{name: column[name] for name in
                         ("name", "type", "unit", "source_header", "role", "reference")}
                        for column in table["columns"]],
            "n_rows": table["n_rows"],
            "rows": _all_rows(out / table["files"]["csv"], table) if all_rows else table["rows"],
            "changes": [{"cell": change["cell"], "what": change["what"]["text"],
                         "why": change["why"]["text"], "certain": change["certain"],
                         "step": change["step"], "count": change["count"]}
                        for change in table["changes"]],
            "questions": [{"key": question["key"], "column": question["column"],
                           "cell": question["cell"], "count": question["count"],
                           "text": question["text"]["text"],
                           "choices": {choice["code"]: choice["label"]["text"]
                                       for choice in question["choices"]},
                           "answer": question["answer"]} for question in table["questions"]],
            "about": table["about"], "fingerprint": table["fingerprint"],
        } for table in report["tables"]],
        "findings": [{
            "code": finding["code"], "principle": finding["principle"],
            "severity": finding["severity"], "sheet": finding["sheet"],
            "column": finding["column"], "row": finding["row"],
            "message": finding["message"]["text"], "how": finding["how"]["text"],
            "cell": finding["cell"], "value": finding["value"], "table": finding["table"],
            "proposed": finding["proposed"],
        } for finding in report["findings"]],
        "counts": report["counts"], "scores": report["scores"],
        "remarks": [remark["text"] for remark in report["remarks"]],
        "refused": report["refused"]["text"] if report["refused"] else None,
    }


def _all_rows(path: Path, table: Mapping[str, Any]) -> list[dict[str, Any]]:
    from ckanext.satudata.domain.inspection.flow import mask

    casts = {column["name"]: _CASTS.get(column["type"]) for column in table["columns"]}
    hidden: Mapping[str, str] = table.get("masked") or {}
    truth = {column["name"] for column in table["columns"] if column["type"] == "boolean"}

    def value(name: str, text: str) -> Any:
        if text == "":
            return None
        if name in hidden:
            return mask(text, hidden[name])
        if name in truth:
            return text.lower() == "true"
        cast = casts[name]
        return cast(text) if cast else text

    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: value(name, text or "") for name, text in row.items()}
                for row in csv.DictReader(file)]


def _keep_annotated(
    report: Mapping[str, Any], folder: Path, target: Path, path: Path, several: bool
) -> None:
    made = folder / report.get("files", {}).get("annotated", "-")
    if several or target.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        target = target / f"{path.stem}-bertanda.xlsx"
    if made.is_file():
        shutil.copyfile(made, target)
    elif not report["refused"]:
        sys.stderr.write(f"{path}: Excel bertanda tidak dibuat; berkasnya terlalu besar.\n")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _colourful(stream: TextIO) -> bool:
    import os

    return stream.isatty() and "NO_COLOR" not in os.environ
