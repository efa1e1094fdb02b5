"""A recap of puskesmas: who is asked, what they send, and what becomes of it."""
from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from werkzeug.datastructures import FileStorage
from workflow_cast import Cast, Data, call

from ckanext.satudata.inspection import job, store

MONTHS = ("Januari", "Februari", "Maret")
HEAD = ("Bulan", "Jumlah Balita", "Jumlah Stunting")


def units(count: int) -> list[Data]:
    return [{"code": f"P{number:04d}", "name": f"Puskesmas Contoh {number}",
             "phone": f"0812{number:08d}", "email": f"pkm{number}@contoh.go.id"}
            for number in range(1, count + 1)]


def begin(cast: Cast, count: int = 3, dataset: Data | None = None, **more: Any) -> Data:
    dataset = dataset or cast.make(resources=[])
    return call("satudata_recap_create", cast.kepala, **{
        "id": dataset["id"], "title": "Balita stunting 2025", "unit_kind": "Puskesmas",
        "units": units(count), **more})


def sheet(number: int, head: tuple[str, ...] = HEAD, **cells: str) -> bytes:
    """Return a table as a puskesmas sends it; ``cells``: what stands instead, by month."""
    rows = [{"Bulan": month, "Jumlah Balita": str(100 + 7 * number + at),
             "Jumlah Stunting": str(10 + number % 5 + at)} for at, month in enumerate(MONTHS)]
    for row in rows:
        if row["Bulan"] in cells:
            row["Jumlah Balita"] = cells[row["Bulan"]]
    lines = [";".join(head), *(";".join(row[name] for name in head) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def send(recap: Data, code: str, content: bytes, name: str = "laporan.csv",
         worker: bool = True) -> Data:
    """Hand in as the unit does by its link; a worker reads it."""
    unit = next(each for each in recap["units"] if each["code"] == code)
    made = tk.get_action("satudata_intake_create")({"ignore_auth": True}, {
        "id": recap["package_id"], "way": "tautan", "link_id": unit["link_id"],
        "upload": FileStorage(io.BytesIO(content), filename=name)})
    if worker:
        read(made["id"])
    return made


def read(setoran: str) -> None:
    """Let a worker read what was handed in."""
    for each in store.waiting(f"setoran/{setoran}"):
        job.run(each.id)
    model.Session.expire_all()


def shown(cast: Cast, recap: Data, who: Any = None) -> Data:
    return call("satudata_recap_show", who or cast.kepala, id=recap["id"])


def stands(board: Data) -> dict[str, str]:
    return {each["code"]: each["stand"] for each in board["units"]}
