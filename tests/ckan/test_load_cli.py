"""``ckan satudata load`` as a person at a terminal sees it."""
from __future__ import annotations

from pathlib import Path

import pytest
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckan.tests.helpers import CKANCliRunner

pytestmark = pytest.mark.usefixtures("clean_db", "clean_datastore", "clean_index", "with_plugins")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    factories.Organization(name="dinas-coba")
    (tmp_path / "a.csv").write_text("nama,nilai\nA,1\n")
    return tmp_path


def test_the_summary_names_dataset_action_files_and_rows(cli: CKANCliRunner, data: Path) -> None:
    result = cli.invoke(ckan, ["satudata", "load", str(data), "--org", "dinas-coba"])
    assert result.exit_code == 0, result.output
    assert "1 dibuat, 0 diperbarui, 0 tidak berubah, 0 gagal" in result.output
    line = next(line for line in result.output.splitlines() if line.startswith("A  "))
    assert line.split()[:4] == ["A", "dibuat", "1", "1"]


def test_a_failure_makes_the_exit_code_1(cli: CKANCliRunner, data: Path) -> None:
    result = cli.invoke(ckan, ["satudata", "load", str(data)])
    assert result.exit_code == 1
    assert "--org" in result.output


def test_a_path_that_is_not_there_is_said_in_a_line(cli: CKANCliRunner, data: Path) -> None:
    result = cli.invoke(ckan, ["satudata", "load", str(data / "tidak-ada")])
    assert result.exit_code == 1
    assert "tidak-ada: folder atau berkas ini tidak ada" in result.output
    assert "Traceback" not in result.output


def test_a_dry_run_says_so(cli: CKANCliRunner, data: Path) -> None:
    result = cli.invoke(ckan, ["satudata", "load", str(data), "--org", "dinas-coba", "--dry-run"])
    assert result.exit_code == 0
    assert "akan dibuat" in result.output
    assert "Tidak ada yang ditulis" in result.output
