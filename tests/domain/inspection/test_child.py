"""The child process in which files of strangers are read: whatever happens there, we live."""
from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.domain.inspection import child, template
from ckanext.satudata.domain.inspection.notes import RefusedFile

BOUNDS = child.Bounds(wall_seconds=30, seconds=20)


@pytest.fixture(params=[False, True], ids=["fresh", "forked"])
def ready(request: pytest.FixtureRequest) -> bool:
    """Whether the child is forked of the template; it is bound as a fresh one is."""
    template._kept.asked, template._kept.given_up = 1, False
    return request.param


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
from ckanext.satudata.domain.inspection import child, template
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
SEEN = []
def leave(order):
    SEEN.append(order["name"])
    os.environ["LEFT"] = "1"
    from ckanext.satudata.domain.inspection.checks import registry
    sys.modules["pandas"], registry.all_checks = None, None
    return [os.getppid(), SEEN]
def look(order):
    import pandas
    import resource
    from ckanext.satudata.domain.inspection.checks import registry
    return {"seen": SEEN, "left": "LEFT" in os.environ, "checks": len(registry.all_checks()) > 50,
            "held": sorted(os.readlink(f"/proc/self/fd/{each}").partition(":")[0]
                           for each in os.listdir("/proc/self/fd")[:3]),
            "open": len(os.listdir("/proc/self/fd")),
            "memory": resource.getrlimit(resource.RLIMIT_AS)}
def parent(order): return os.getppid()
def kill_parent(order):
    if "forked" in open(order["path"]).read():
        open(order["path"], "w").write("fresh")
        os.kill(os.getppid(), 9)
        loop(order)
    return "fresh"
def much(order): return "x" * 200_000
def write(order):
    with open(order["path"], "wb") as out:
        for _ in range(40): out.write(bytes(1_000_000))
'''


def test_it_answers_tells_how_far_it_is_and_what_it_took(work: str, ready: bool) -> None:
    heard = list[int]()
    ended = child.ask(f"{work}:echo", {"a": ["é", 1]}, BOUNDS, heard.append, ready)
    assert ended.answer["got"] == {"a": ["é", 1]}
    assert heard == [10, 60]
    assert 0 < (ended.cpu_seconds or 0) < 5
    assert 1_000_000 < (ended.peak_bytes or 0) < (300_000_000 if ready else 100_000_000)


def test_it_gets_no_secret_of_the_parent_and_searches_no_folder(
    work: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ready: bool
) -> None:
    (tmp_path / "json.py").write_text("open('dijalankan', 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CKAN_SQLALCHEMY_URL", "postgresql://rahasia")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer: Any = child.run(f"{work}:echo", {}, BOUNDS, ready=ready)
    assert not [name for name in answer["environment"] if "CKAN" in name or "PYTHON" in name]
    assert str(tmp_path) not in answer["path"] and "" not in answer["path"]
    assert not (tmp_path / "dijalankan").exists()


def test_a_refusal_comes_through_as_it_was_said(work: str, ready: bool) -> None:
    with pytest.raises(RefusedFile) as refused:
        child.run(f"{work}:refuse", {}, BOUNDS, ready=ready)
    assert (refused.value.code, str(refused.value)) == ("uji", "Sel B7 rusak.")


@pytest.mark.parametrize(("what", "bounds", "code"), [
    ("memory", BOUNDS, "too_much_memory"),
    ("crash", BOUNDS, "too_much_memory"),
    ("loop", child.Bounds(seconds=1, wall_seconds=30), "too_slow"),
    ("sleep", child.Bounds(wall_seconds=0.3), "too_slow"),
])
def test_who_takes_too_much_is_ended_and_told(
    work: str, what: str, bounds: child.Bounds, code: str, ready: bool
) -> None:
    started = time.monotonic()
    with pytest.raises(RefusedFile) as refused:
        child.run(f"{work}:{what}", {}, bounds, ready=ready)
    assert refused.value.code == code
    assert time.monotonic() - started < 15


def test_it_writes_no_file_beyond_its_bound(work: str, tmp_path: Path, ready: bool) -> None:
    with pytest.raises(RefusedFile):
        child.run(f"{work}:write", {"path": str(tmp_path / "x")},
                  child.Bounds(file_bytes=10_000_000), ready=ready)
    assert (tmp_path / "x").stat().st_size <= 10_000_000


def test_an_error_of_ours_is_an_error_and_no_refusal(work: str, ready: bool) -> None:
    with pytest.raises(RuntimeError, match="broke") as error:
        child.run(f"{work}:broken", {}, BOUNDS, ready=ready)
    assert "rahasia" not in str(error.value)


def test_an_answer_that_is_too_long_is_no_answer(work: str, ready: bool) -> None:
    assert len(child.run(f"{work}:much", {}, BOUNDS, ready=ready)) == 200_000
    with pytest.raises((RefusedFile, RuntimeError)):
        child.run(f"{work}:much", {}, child.Bounds(answer_bytes=1_000), ready=ready)


def test_the_reader_needs_no_parser_to_be_loaded() -> None:
    code = ("import sys; from ckanext.satudata.domain.inspection import reader; "
            "print(sorted({'pyarrow', 'numpy', 'pandas', 'lxml'} & set(sys.modules)))")
    import subprocess

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.fixture
def forked(work: str) -> str:
    template.give_up()
    template._kept.asked, template._kept.given_up = 1, False
    return work


def test_a_file_before_changes_nothing_for_the_next(forked: str) -> None:
    first = child.run(f"{forked}:leave", {"name": "a"}, BOUNDS, ready=True)
    assert child.run(f"{forked}:leave", {"name": "b"}, BOUNDS, ready=True) == [first[0], ["b"]]
    assert template._kept.process is not None and first[0] == template._kept.process.pid
    looked = child.run(f"{forked}:look", {}, child.Bounds(memory_bytes=1_500_000_000), ready=True)
    assert (looked["seen"], looked["left"], looked["checks"]) == ([], False, True)
    assert looked["memory"] == [1_500_000_000, 1_500_000_000]
    # its order, its answer, what it says for the log; and the folder it looks at
    assert looked["held"][1:] == ["pipe", "pipe"] and looked["open"] == 4


def test_several_at_once_and_one_of_them_ended_disturb_no_other(forked: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def one(number: int) -> Any:
        bounds = child.Bounds(wall_seconds=2) if number == 2 else BOUNDS
        what = "sleep" if number == 2 else "echo"
        return child.ask(f"{forked}:{what}", {"number": number}, bounds, None, True)

    child.run(f"{forked}:parent", {}, BOUNDS, ready=True)
    with ThreadPoolExecutor(6) as pool:
        ended = list(pool.map(one, range(6)))
    assert ended[2].refused is not None and ended[2].refused.code == "too_slow"
    assert [each.answer["got"]["number"] for at, each in enumerate(ended) if at != 2] == [
        0, 1, 3, 4, 5]
    assert not template._kept.given_up


def test_a_template_that_is_lost_costs_nobody_an_answer(forked: str, tmp_path: Path) -> None:
    before = child.run(f"{forked}:parent", {}, BOUNDS, ready=True)
    os.kill(before, 9)
    assert template._kept.process is not None
    template._kept.process.wait()
    again = child.run(f"{forked}:parent", {}, BOUNDS, ready=True)
    assert again not in (before, os.getpid())
    (tmp_path / "a").write_text("forked")
    assert child.run(
        f"{forked}:kill_parent", {"path": str(tmp_path / "a")}, BOUNDS, ready=True) == "fresh"
    assert child.run(f"{forked}:parent", {}, BOUNDS, ready=True) == os.getpid()  # once is enough


def test_it_starts_with_the_second_file_and_ends_with_its_process(forked: str) -> None:
    import subprocess

    code = ("import os; from ckanext.satudata.domain.inspection import child\n"
            f"a, b = (child.run('{forked}:parent', {{}}, ready=True) for _ in range(2))\n"
            "assert a == os.getpid() != b; pid = os.fork()\n"
            f"if not pid: c = child.run('{forked}:parent', {{}}, ready=True)\n"
            "if not pid: os._exit(0 if c == os.getpid() else 1)\n"
            "assert os.waitpid(pid, 0)[1] == 0; os.kill(b, 0); print(b, flush=True); os._exit(0)")
    pid = int(subprocess.check_output([sys.executable, "-c", code], text=True))
    ends = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and _state(pid) != "Z" and time.monotonic() < ends:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists() or _state(pid) == "Z"


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
