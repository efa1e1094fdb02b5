"""Tables for spreadsheets: each value comes back, and none of them runs."""
from __future__ import annotations

import csv

import pytest

from ckanext.satudata.domain.csv_line import csv_line


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert next(csv.reader([csv_line([text])]))[0][0] == "'"


def test_all_else_comes_back_as_it_is() -> None:
    values = ["", "Dinas, \"Kesehatan\"", "a=b", -3, 2.5, None]
    [read] = csv.reader([csv_line(values)])
    assert read == ["", 'Dinas, "Kesehatan"', "a=b", "-3", "2.5", ""]
