"""From the report of a file to the catatan of its submission, and what is taken out of a report.

One catatan for each check and column, with the number of cells, not one for each cell: a producer
mends a column, not thousands of cells. The full list is a file.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudata.domain.inspection import flow
from ckanext.satudata.domain.inspection.notes import N_, Severity

__all__ = ["notes", "of_closed", "of_table", "stripped", "unchecked", "without_later_years"]

#: Kinds of files that are data; of the others only personal data is a matter of this.
_FIGURES = frozenset({"", "data"})
_GRAVITY = [each.value for each in Severity]


def notes(report: Mapping[str, Any], kind: str, name: str) -> list[dict[str, Any]]:
    """Return what a report says to the producer, as the signal ``inspected`` takes it.

    :param kind: code of ``jenis_berkas``
    :param name: of the file
    """
    if report.get("refused"):
        refused = report["refused"]
        if kind not in _FIGURES or not flow.expects_table(name):
            if not flow.went_unchecked(str(refused.get("code") or ""), name):
                return []
            return unchecked(refused["said"])
        return [{
            "check": flow.UNREADABLE, "principle": "interoperabilitas", "severity": "wajib",
            "place": {}, "count": 1, "said": {
                "title": flow.UNREADABLE_TITLE, "message": _said(refused["said"]),
                "how": {"template": flow.UNREADABLE_HOW, "values": {}}}}]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in report.get("findings") or []:
        personal = flow.is_personal(each["code"])
        if kind not in _FIGURES and not personal:
            continue
        key = (each["code"], each.get("table"), each.get("sheet") or "", each.get("column") or "")
        if key not in found:
            found[key] = _note(each, _title(report, each["code"]))
        else:
            _more(found[key], each)
    _complete(found, report)
    return sorted(found.values(), key=lambda each: _GRAVITY.index(each["severity"]))


def of_table(notes: list[dict[str, Any]], number: int, first: bool) -> list[dict[str, Any]]:
    """Return what concerns one table of a raw file, whose other tables are files of their own.

    :param first: what is of no table is told with it
    """
    return of_closed([each for each in notes if each["place"].get("table") == number or (
        first and each["place"].get("table") is None)])


def of_closed(notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return catatan of a raw file, which is not published itself.

    What stands beside its tables is worth a look then, no more.
    """
    made = [{**each, "severity": Severity.SARAN.value} if flow.is_beside(each["check"]) else each
            for each in notes]
    return sorted(made, key=lambda each: _GRAVITY.index(each["severity"]))


def without_later_years(
    notes: list[dict[str, Any]], report: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return catatan without those that only say that a new edition is later than the last one.

    The period of the draft is still that of the version before: taking over the file's period,
    the step that follows, settles them. An earlier year is a slip all the same.
    """
    early = {(each.get("table"), each.get("column")) for each in report.get("findings") or []
             if flow.is_outside_period(each["code"]) and not _is_later(each["message"]["values"])}
    return [each for each in notes if not flow.is_outside_period(each["check"])
            or (each["place"].get("table"), each["place"].get("column")) in early]


def _is_later(values: Mapping[str, Any]) -> bool:
    try:
        return int(values["value"]) > int(values["last"])
    except (KeyError, TypeError, ValueError):
        return False


def unchecked(why: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the catatan that a file was not looked into: by our fault, unless said otherwise."""
    return [{
        "check": flow.UNCHECKED, "principle": "standar_data", "severity": "wajib", "place": {},
        "count": 1, "said": {
            "title": flow.UNCHECKED_TITLE,
            "message": _said(why or {"template": flow.UNCHECKED_WHY}),
            "how": {"template": flow.UNCHECKED_HOW, "values": {}}}}]


def _title(report: Mapping[str, Any], code: str) -> str:
    """Return what a check is called, a msgid; its code where that is unknown."""
    return str((report.get("titles") or {}).get(code) or code)


def _note(finding: Mapping[str, Any], title: str) -> dict[str, Any]:
    place = {name: finding[name] for name in ("column", "row", "cell", "sheet", "table")
             if finding.get(name) not in (None, "")}
    return {
        "check": finding["code"], "principle": finding["principle"],
        "severity": finding["severity"], "place": place, "count": 1,
        "said": {"title": title, "message": _said(finding["message"]),
                 "how": _said(finding["how"])}}


def _more(note: dict[str, Any], finding: Mapping[str, Any]) -> None:
    note["count"] += 1
    if _GRAVITY.index(finding["severity"]) < _GRAVITY.index(note["severity"]):
        note["severity"] = finding["severity"]


def _complete(found: Mapping[tuple[Any, ...], dict[str, Any]], report: Mapping[str, Any]) -> None:
    """Take the count of a check from the report where not all its findings are listed.

    Which column the others are in is not told: they go to the last of its catatan.
    """
    totals: Mapping[str, int] = (report.get("counts") or {}).get("by_code") or {}
    for code in {key[0] for key in found}:
        mine = [each for key, each in found.items() if key[0] == code]
        mine[-1]["count"] += max(int(totals.get(code, 0)) - sum(
            each["count"] for each in mine), 0)


def _said(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a sentence as it is kept: what renders it again in another language."""
    given = given or {}
    return {"template": str(given.get("template") or ""), "values": dict(given.get("values") or {})}


def stripped(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report without any value of a cell: of a file that is withdrawn or deleted.

    What was found, how often and where stays.
    """
    made = {name: report[name] for name in (
        "version", "kind", "bytes", "sha256", "encoding", "delimiter", "seconds", "counts",
        "scores", "titles") if name in report}
    made["refused"] = report.get("refused") and {"code": report["refused"]["code"], "said": {
        "template": N_("Isi laporan ini sudah dihapus."), "values": {}}}
    made["tables"] = [{
        "number": each.get("number"), "n_rows": each.get("n_rows"), "range": each.get("range"),
        **{name: [] for name in ("columns", "rows", "marked", "masked", "changes", "questions")},
        "profile": {}, "files": {}}
        for each in report.get("tables") or []]
    made["sheets"] = made["remarks"] = []
    made["findings"] = [{
        "code": each["code"], "principle": each["principle"], "severity": each["severity"],
        "table": each.get("table"), "row": each.get("row"), "cell": each.get("cell"),
        "message": {"template": _title(report, each["code"]), "values": {}}, "how": None}
        for each in report.get("findings") or []]
    return made
