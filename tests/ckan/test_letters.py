"""The surat pengantar: number, date and a scan that only those concerned can fetch."""
from __future__ import annotations

import io
from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.satudata.workflow import letters

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index")


def scan(content: bytes, name: str = "surat.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def test_a_scan_is_kept_by_what_it_is_not_by_its_name() -> None:
    kept = letters.keep(scan(b"%PDF-1.7 isi", "../../etc/surat.exe"))
    assert (kept["jenis"], kept["ukuran"]) == ("application/pdf", 12)
    assert "/" not in kept["nama"]
    answer = letters.response(kept)
    assert answer.data == b"%PDF-1.7 isi"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert letters.keep(scan(b"%PDF-1.7 isi"))["sha256"] == kept["sha256"]


@pytest.mark.parametrize("content", [b"<html>", b"MZ", b"", b"%PDF-" + b"x" * letters.MAX_BYTES])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(tk.ValidationError):
        letters.keep(scan(content))


def test_what_is_no_file_is_refused() -> None:
    with pytest.raises(tk.ValidationError):
        letters.keep("/etc/passwd")


def test_the_letter_stays_with_the_submission(org: str) -> None:
    boss: dict[str, Any] = factories.SysadminWithToken()
    made = tk.get_action("package_create")(
        {"user": boss["name"]}, {"title": "Data", "owner_org": org})
    shown = tk.get_action("satudata_submission_show")({"user": boss["name"]}, {"id": made["id"]})
    with pytest.raises(tk.ValidationError) as refused:  # the draft has gaps: the letter is read
        tk.get_action("satudata_submission_transition")({"user": boss["name"]}, {
            "id": made["id"], "transition": "ajukan", "expected_version": shown["version"],
            "letter": '{"nomor": "400/1", "tanggal": "20-11-2026"}',
            "letter_upload": scan(b"%PDF-1.7")})
    assert set(refused.value.error_dict) == {"metadata"}
