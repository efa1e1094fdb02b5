"""The report in frictionless' own shape."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["frictionless"]

def frictionless(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report in the shape of frictionless' own, key by key.

    ``type`` is our code; where a check is one of frictionless' the two are the same, and a report
    of such errors alone is read by its ``Report.from_descriptor``. Errors are the findings that
    block (``wajib``); the others are warnings, so that ``valid`` says the same as the portal. Row
    numbers count the header as row 1, as frictionless does.
    """
    tasks = [_task(report, table) for table in report["tables"]]
    errors: list[dict[str, Any]] = []
    if report["refused"]:
        errors.append(_error("source-error", report["refused"]["text"], []))
    warnings = sum(task["stats"]["warnings"] for task in tasks)
    count = sum(task["stats"]["errors"] for task in tasks) + len(errors)
    return {"valid": count == 0,
            "stats": {"tasks": len(tasks), "errors": count, "warnings": warnings,
                      "seconds": report["seconds"]},
            "warnings": [], "errors": errors, "tasks": tasks}


def _task(report: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    errors: list[dict[str, Any]] = []
    warnings: list[str] = []
    for finding in report["findings"]:
        if finding["table"] != table["number"]:
            continue
        text = f"{finding['message']['text']} {finding['how']['text']}".strip()
        if finding["severity"] != "wajib":
            warnings.append(text)
            continue
        error = _error(finding["code"], finding["message"]["text"], [finding["principle"]])
        error["note"] = finding["how"]["text"]
        if finding["row"] is not None:
            error["rowNumber"] = finding["row"] + 1
            error["cells"] = []
        if finding["column"] is not None:
            error["fieldName"] = finding["column"]
            error["fieldNumber"] = finding["field_position"] or 0
            if finding["row"] is not None:
                error["cell"] = finding["value"] or ""
        errors.append(error)
    name = table["files"]["csv"].removesuffix(".csv")
    return {"name": name, "type": "table", "valid": not errors, "place": report["file"],
            "labels": [column["name"] for column in table["columns"]],
            "stats": {"errors": len(errors), "warnings": len(warnings),
                      "seconds": report["seconds"], "sha256": report["sha256"],
                      "bytes": report["bytes"], "fields": len(table["columns"]),
                      "rows": table["n_rows"]},
            "warnings": warnings, "errors": errors}


def _error(code: str, message: str, tags: list[str]) -> dict[str, Any]:
    return {"type": code, "title": code.replace("-", " ").capitalize(), "description": message,
            "message": message, "tags": tags, "note": message}
