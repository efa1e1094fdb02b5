"""Number formats of a workbook, as far as they show a value otherwise than it is stored."""
from __future__ import annotations

from xml.etree.ElementTree import Element

__all__ = ["cell_formats", "known"]

#: Formats every spreadsheet knows by number (ECMA-376 part 1, 18.8.30).
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm",
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0",
}


def known(number: int, named: dict[int, str]) -> str:
    """Return a format by its number; empty for General and text, which show what is stored."""
    code = named.get(number) or BUILT_IN.get(number, "")
    return "" if code.strip().lower() in ("general", "@", "standard") else code


def cell_formats(styles: Element | None) -> list[str]:
    """Return the number format of each cell style (``s``) of ``styles.xml``."""
    if styles is None:
        return []
    named: dict[int, str] = {}
    for each in styles.iter("numFmt"):
        number = each.get("numFmtId", "")
        if number.isdigit():
            named[int(number)] = each.get("formatCode", "")
    for cells in styles:
        if cells.tag == "cellXfs":
            return [known(int(each.get("numFmtId", "0") or 0), named) for each in cells
                    if each.tag == "xf"]
    return []
