"""Files made to hurt the reader end as a refusal that says what they are, soon and small.

Each is read in the child process the portal reads in. Time is counted in seconds of processor, for
the clock also counts what else the machine does.
"""
from __future__ import annotations

from pathlib import Path

import pytest
from hostile_files import HOSTILE

from ckanext.satudata.domain.inspection import child

MEMORY = 200_000_000
BOUNDS = child.Bounds(wall_seconds=30, seconds=10)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_bounds(tmp_path: Path, name: str) -> None:
    write, code = HOSTILE[name]
    path = tmp_path / "berkas"
    write(path)
    ended = child.ask("ckanext.satudata.domain.inspection.reader:look",
                      {"path": str(path), "name": name}, BOUNDS)
    assert ended.refused is not None, ended.answer
    assert (ended.refused.code, ended.code) == (code, 0), str(ended.refused)
    assert ended.cpu_seconds is not None and ended.cpu_seconds < 1.0, ended.cpu_seconds
    assert ended.peak_bytes is not None and ended.peak_bytes < MEMORY, ended.peak_bytes
    said = ended.refused.message.text()
    assert said[0].isupper() and said.endswith(".") and "{" not in said.replace('[{"', "")
