"""The child process in which files of strangers are read: whatever happens there, we live."""
from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.domain.inspection import child
from ckanext.satudata.domain.inspection.notes import RefusedFile

BOUNDS = child.Bounds(wall_seconds=30, seconds=20)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Stand a module of the test beside those of ours, for the child searches nothing else."""
    folder = Path(child.__file__).parent
    module = folder / f"uji_{os.getpid()}_{tmp_path.name[-4:]}.py"
    module.write_text(WORK)
    try:
        yield f"ckanext.satudata.domain.inspection.{module.stem}"  # type: ignore[misc]
    finally:
        module.unlink()


WORK = '''
import os, sys
from ckanext.satudata.domain.inspection import child
from ckanext.satudata.domain.inspection.notes import RefusedFile
def echo(order):
    print("sampah di keluaran")
    for percent in (10, 60):
        child.tell(percent)
    return {"got": order, "environment": sorted(os.environ), "path": sys.path}
def refuse(order): raise RefusedFile("uji", "Sel {cell} rusak.", cell="B7")
def memory(order): return len(bytearray(3_000_000_000))
def loop(order):
    while True: pass
def sleep(order):
    import time
    time.sleep(60)
def crash(order): os.abort()
def broken(order): raise KeyError("rahasia")
def much(order): return "x" * 200_000
def write(order):
    with open(order["path"], "wb") as out:
        for _ in range(40): out.write(bytes(1_000_000))
'''


def test_it_answers_tells_how_far_it_is_and_what_it_took(work: str) -> None:
    heard = list[int]()
    ended = child.ask(f"{work}:echo", {"a": ["é", 1]}, BOUNDS, heard.append)
    assert ended.answer["got"] == {"a": ["é", 1]}
    assert heard == [10, 60]
    assert 0 < (ended.cpu_seconds or 0) < 5 and 1_000_000 < (ended.peak_bytes or 0) < 100_000_000


def test_it_gets_no_secret_of_the_parent_and_searches_no_folder(
    work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("open('dijalankan', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CKAN_SQLALCHEMY_URL", "postgresql://rahasia")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer: Any = child.run(f"{work}:echo", {}, BOUNDS)
    assert not [name for name in answer["environment"] if "CKAN" in name or "PYTHON" in name]
    assert str(tmp_path) not in answer["path"] and "" not in answer["path"]
    assert not (tmp_path / "dijalankan").exists()


def test_a_refusal_comes_through_as_it_was_said(work: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        child.run(f"{work}:refuse", {}, BOUNDS)
    assert (refused.value.code, str(refused.value)) == ("uji", "Sel B7 rusak.")


@pytest.mark.parametrize(("what", "bounds", "code"), [
    ("memory", BOUNDS, "too_much_memory"),
    ("crash", BOUNDS, "too_much_memory"),
    ("loop", child.Bounds(seconds=1, wall_seconds=30), "too_slow"),
    ("sleep", child.Bounds(wall_seconds=0.3), "too_slow"),
])
def test_who_takes_too_much_is_ended_and_told(
    work: str, what: str, bounds: child.Bounds, code: str
) -> None:
    started = time.monotonic()
    with pytest.raises(RefusedFile) as refused:
        child.run(f"{work}:{what}", {}, bounds)
    assert refused.value.code == code
    assert time.monotonic() - started < 15


def test_it_writes_no_file_beyond_its_bound(work: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedFile):
        child.run(f"{work}:write", {"path": str(tmp_path / "x")},
                  child.Bounds(file_bytes=10_000_000))
    assert (tmp_path / "x").stat().st_size <= 10_000_000


def test_an_error_of_ours_is_an_error_and_no_refusal(work: str) -> None:
    with pytest.raises(RuntimeError, match="broke") as error:
        child.run(f"{work}:broken", {}, BOUNDS)
    assert "rahasia" not in str(error.value)


def test_an_answer_that_is_too_long_is_no_answer(work: str) -> None:
    assert len(child.run(f"{work}:much", {}, BOUNDS)) == 200_000
    with pytest.raises((RefusedFile, RuntimeError)):
        child.run(f"{work}:much", {}, child.Bounds(answer_bytes=1_000))


def test_the_reader_needs_no_parser_to_be_loaded() -> None:
    code = ("import sys; from ckanext.satudata.domain.inspection import reader; "
            "print(sorted({'pyarrow', 'numpy', 'pandas', 'lxml'} & set(sys.modules)))")
    import subprocess

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
