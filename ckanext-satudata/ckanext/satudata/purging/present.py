"""What the page after an emergency withdrawal shows, in words; it decides nothing."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.purging import Kind

__all__ = ["groups", "report"]

_GROUPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("berkas", N_("Berkas"), frozenset({Kind.BERKAS, Kind.TABEL, Kind.TAUTAN})),
    ("isian", N_("Isian: judul, uraian, kata kunci"), frozenset({Kind.ISIAN})),
    ("draf", N_("Yang belum pernah terbit"), frozenset({Kind.DRAF})),
    ("surat", N_("Pindaian surat pengantar"), frozenset({Kind.SURAT})),
)


def groups(
    shown: Mapping[str, Any], ticked: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Group what can be deleted, each piece with its words and whether it is ticked.

    :param ticked: what a refused form had ticked
    """
    others = {each["id"]: each for each in shown["others"]["results"]}
    found: list[dict[str, Any]] = []
    for name, title, kinds in _GROUPS:
        rows = [_piece(each, others, ticked) for each in shown["pieces"] if each["kind"] in kinds]
        if rows:
            found.append({"name": name, "title": tk._(title), "rows": rows})
    return found


def _piece(
    piece: Mapping[str, Any], others: Mapping[str, Any], ticked: Collection[str] | None
) -> dict[str, Any]:
    parts: list[str] = []
    if piece["kind"] == Kind.DRAF.value:
        name = tk._("Draf yang belum terbit")
        if piece["resources"]:
            count = len(piece["resources"])
            parts.append(tk.ungettext("{num} berkas", "{num} berkas", count).format(num=count))
    else:
        name = piece["name"] or (
            tk._("Tanpa nomor") if piece["kind"] == Kind.SURAT.value else tk._("Tanpa nama"))
        parts.append(_versions(piece["numbers"]) if piece["numbers"]
                     else tk._("belum pernah terbit"))
    if piece["kind"] == Kind.TAUTAN.value:
        parts.append(tk._("berkasnya di alamat lain, yang dihapus hanya alamatnya"))
    if piece["format"]:
        parts.append(str(piece["format"]))
    if piece["size"]:
        parts.append(str(tk.h.satudata_size(piece["size"])))
    if not piece.get("public") and piece["kind"] not in (Kind.DRAF.value, Kind.SURAT.value):
        parts.append(tk._("tidak terlihat publik saat ditarik"))
    return {
        "key": piece["key"], "name": name, "facts": " · ".join(parts),
        "ticked": piece["key"] in ticked if ticked is not None else bool(piece.get("chosen")),
        "others": [others[each] for each in piece.get("others") or [] if each in others],
        "hidden": sum(each not in others for each in piece.get("others") or []),
    }


def _versions(numbers: Sequence[int]) -> str:
    given = [str(each) for each in sorted(numbers)]
    if len(given) < 2:
        return tk._("versi {number}").format(number="".join(given))
    return tk._("versi {numbers} dan {last}").format(
        numbers=", ".join(given[:-1]), last=given[-1])


def report(shown: Mapping[str, Any]) -> dict[str, Any] | None:
    """Tell what was deleted and what was not, or ``None`` before it began."""
    kept = shown["report"]
    if not kept:
        return None
    others = {each["id"]: each for each in shown["others"]["results"]}
    holding = sorted({each for one in kept["kept"] for each in one["by"]})
    names = {each["sha256"]: each["name"] for each in shown["pieces"] if each["sha256"]}
    return {
        "counts": [(tk._(word), number) for word, number in kept["counts"].items()],
        "files": kept["deleted"], "tables": len(kept["tables"]),
        "holding": [others[each] for each in holding if each in others],
        "hidden": sum(each not in others for each in holding),
        "failed": [{**each, "name": names.get(each["name"], each["name"][:12])}
                   for each in kept["failed"]],
        "left": bool(kept["left"]),
    }
