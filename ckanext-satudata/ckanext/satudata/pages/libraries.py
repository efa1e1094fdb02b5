"""Where libraries lie that pages load in the browser; ``stack/vendor.py`` builds them."""
from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import ckan.plugins.toolkit as tk

__all__ = ["satudata_library"]

_MANIFEST = Path(__file__).parents[1] / "public" / "satudata" / "vendor" / "vendor.json"


def satudata_library(library: str, file: str) -> str:
    """Return the address of a library's file, another one with each version.

    So browsers may keep it as long as they like. Where nothing was built the address answers 404,
    and the page goes without as it does without JavaScript.

    :param library: its name in ``package.json``; ``file``: the name of one that is served
    """
    version = _versions().get(library, "")
    return tk.h.url_for_static(f"/satudata/vendor/{library}/{file}", **({"v": version} if version
                                                                       else {}))


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    try:
        made = json.loads(_MANIFEST.read_text())
    except OSError:
        return {}
    return {name: each["version"] for name, each in made["libraries"].items()}
