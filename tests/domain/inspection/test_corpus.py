"""Unseen-like files: how many come out as a statistician would publish them, without a touch.

The scoreboard (``pytest -s``) names each file that does not, and why.
"""
from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from corpus import FILES, Built, Made
from corpus.judge import answers_to, judge, judge_tables

#: Share of the files that come out right; never to be lowered.
WITHOUT_A_TOUCH = 0.90
ANSWERED = 0.90
LANES = 2


def _order(built: Built, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    facts = {"home": built.expected.home, **built.expected.facts}
    return {"limits": None, "settings": settings, "facts": facts, "previous": None,
            "schema": None}


def _inspected(file: Made, folder: Path) -> tuple[Made, list[str], list[str] | None]:
    """Return what is wrong with a file as handed in, and once its questions are answered."""
    from ckanext.satudata.domain.inspection import sandbox

    built = file.build()
    folder.mkdir()
    path = folder / file.name
    path.write_bytes(built.data)

    def inspect(out: Path, settings: dict[str, Any] | None = None) -> dict[str, Any]:
        out.mkdir()
        return sandbox.inspect(path, file.name, out, _order(built, settings))

    try:
        report = inspect(folder / "first")
        wrong = judge(built.expected, report, folder / "first")
        if built.expected.answered is None:
            return file, wrong, None
        recipe, missing = answers_to(built.expected, report.get("tables", []))
        again = inspect(folder / "answered", recipe)
        left = judge_tables([built.expected.answered, *built.expected.or_answered],
                            again.get("tables", []), folder / "answered")
    except Exception as error:  # one file must not hide the others
        return file, [f"{type(error).__name__}: {error}"[:200]], None
    return file, wrong, missing + left


@pytest.fixture(scope="module")
def judged(
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[Made, list[str], list[str] | None]]:
    folder = tmp_path_factory.mktemp("corpus")
    with ThreadPoolExecutor(LANES) as lanes:
        return list(lanes.map(lambda pair: _inspected(pair[1], folder / str(pair[0])),
                              enumerate(FILES)))


def _scoreboard(lines: list[tuple[Made, list[str]]]) -> tuple[float, str]:
    right = sum(not wrong for _, wrong in lines)
    told = [f"{right} of {len(lines)} right"]
    for file, wrong in lines:
        told.append(f"{'+' if not wrong else '-'} {file.name}")
        told.extend(f"      {each}" for each in wrong)
    return right / max(len(lines), 1), "\n".join(told)


def test_unseen_files_come_out_right_without_a_touch(
    judged: list[tuple[Made, list[str], list[str] | None]],
) -> None:
    share, told = _scoreboard([(file, wrong) for file, wrong, _ in judged])
    print(told)
    assert share >= WITHOUT_A_TOUCH, told


def test_unseen_files_come_out_right_once_their_questions_are_answered(
    judged: list[tuple[Made, list[str], list[str] | None]],
) -> None:
    share, told = _scoreboard([(file, left) for file, _, left in judged if left is not None])
    print(told)
    assert share >= ANSWERED, told
