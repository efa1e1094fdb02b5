"""``satudata-inspect`` works on a machine that has neither the portal nor a network."""
from __future__ import annotations

import json
import subprocess
import sys

import openpyxl
import pytest

from ckanext.satudata.domain.inspection import cli

CLEAN = "kecamatan,tahun,jumlah_penduduk\nKramatwatu,2024,102\nCiruas,2024,88\nAnyar,2024,75\n"
BROKEN = "kode_wilayah,tahun,persen_vaksin\n36.04.05,2024,12.5\n36.04.99,2024,130\n"


def write(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def run(*arguments):
    """Run the command as people do, in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "ckanext.satudata.domain.inspection", *arguments],
                          capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr
    return done


def test_a_clean_file_is_said_to_be_clean(tmp_path):
    done = run(write(tmp_path, "penduduk.csv", CLEAN), "--json", "--home", "36.04")
    said = json.loads(done.stdout)
    assert done.returncode == 0, said["findings"]
    (table,) = said["tables"]
    assert said["refused"] is None and table["n_rows"] == 3 and table["range"] == "A1:C4"
    assert table["rows"][0]["kode_wilayah"] == "36.04.05"
    assert table["rows"][0]["jumlah_penduduk"] == 102
    assert {"name", "type", "unit", "source_header"} <= set(table["columns"][0])
    assert {"cell", "what", "why", "certain"} <= set(table["changes"][0])


def test_what_blocks_ends_with_1_and_says_where(tmp_path):
    done = run(write(tmp_path, "vaksin.csv", BROKEN), "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    place = {(each["column"], each["row"]) for each in said["findings"]
             if each["severity"] == "wajib"}
    assert {("kode_wilayah", 2), ("persen_vaksin", 2)} <= place
    assert all(isinstance(each["message"], str) and each["message"] for each in said["findings"])


def test_the_report_is_read_by_those_who_read_frictionless(tmp_path):
    done = run(write(tmp_path, "vaksin.csv", BROKEN), "--frictionless")
    said = json.loads(done.stdout)
    assert done.returncode == 1 and not said["valid"]
    assert said["tasks"][0]["errors"][0]["rowNumber"] and not said["errors"]
    done = run(write(tmp_path, "nul.csv", b"a,b\x00\x00\x00,c\n" * 50), "--frictionless")
    said = json.loads(done.stdout)
    assert done.returncode == 2 and said["errors"][0]["type"] == "source-error"


def test_a_refused_file_ends_with_2_and_a_reason(tmp_path):
    done = run(write(tmp_path, "nul.csv", b"a,b\x00\x00\x00,c\n" * 50), "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 2 and said["tables"] == [] and said["refused"]


def test_several_files_one_line_each_and_the_worst_status(tmp_path):
    done = run(write(tmp_path, "a.csv", CLEAN), write(tmp_path, "b.csv", BROKEN), "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"].rpartition("/")[2] for line in lines] == ["a.csv", "b.csv"]
    assert done.returncode == 1


def test_all_rows_on_request_with_their_types(tmp_path):
    rows = "".join(f"Desa {at},2024,{at}.5\n" for at in range(60))
    path = write(tmp_path, "panjang.csv", "nama_pasar,tahun,harga\n" + rows)
    few, many = (json.loads(run(path, "--json", *more).stdout)["tables"][0]["rows"]
                 for more in ((), ("--rows",)))
    assert len(few) == 20 and len(many) == 60 and many[:20] == few
    assert many[59]["harga"] == 59.5


def test_page_and_workbook_are_written(tmp_path):
    page, book = tmp_path / "laporan.html", tmp_path / "bertanda.xlsx"
    done = run(write(tmp_path, "vaksin.csv", BROKEN), "--html", str(page), "--xlsx", str(book))
    assert done.returncode == 1 and "Wajib diperbaiki" in done.stdout
    assert "Wajib diperbaiki" in page.read_text("utf-8")
    assert openpyxl.load_workbook(book).sheetnames[0] == "Catatan pemeriksaan"
    # Mended and handed in again, it is read as it was.
    again = json.loads(run(str(book), "--json").stdout)
    assert [table["range"] for table in again["tables"]] == ["A1:C3"]


@pytest.mark.parametrize("arguments", [
    ["tidak-ada.csv"], ["{file}", "--schema", "{file}"], ["{file}", "--home", "99.99"], []])
def test_a_wrong_command_is_explained(tmp_path, arguments, capsys):
    path = write(tmp_path, "a.csv", CLEAN)
    with pytest.raises(SystemExit) as ended:
        cli.main([each.format(file=path) for each in arguments])
    assert ended.value.code == 2 and "satudata-inspect" in capsys.readouterr().err


def test_nothing_of_ckan_is_imported(tmp_path):
    code = ("import sys; from ckanext.satudata.domain.inspection import cli; "
            f"cli.main([{write(tmp_path, 'a.csv', CLEAN)!r}, '--json', '--rows']); "
            "sys.exit(any(name == 'ckan' or name.startswith(('ckan.', 'flask', 'sqlalchemy')) "
            "for name in sys.modules))")
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL,
                          timeout=120, check=False).returncode == 0
