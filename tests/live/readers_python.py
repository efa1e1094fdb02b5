"""An environment with a reader's software in it, made once for all runs."""
from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def python_with(name: str) -> Path:
    """Return the Python of an environment with what ``<name>.txt`` beside this file names.

    It is made when it is missing.
    """
    wanted = HERE / f"{name}.txt"
    mark = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("SATUDATA_CACHE") or Path.home() / ".cache" / "satudata")
    folder = cache / f"{name}-{mark}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        for command in ([sys.executable, "-m", "venv", "--clear", folder],
                        [python, "-m", "pip", "install", "-q", "-r", wanted]):
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr[-3000:]
        (folder / "whole").touch()
    return python
