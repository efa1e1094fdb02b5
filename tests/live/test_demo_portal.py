"""What a person meets who opens the demo region for the first time."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any


def test_the_portal_says_that_its_figures_are_generated(portal: Any) -> None:
    page = portal.get("/").decode()
    assert 'class="sd-demo"' in page


def test_its_walidata_is_an_organization_of_the_demo(portal: Any) -> None:
    settings = Path(portal.ini).read_text()
    name = re.search(r"^ckanext\.satudata\.walidata = (\S+)$", settings, re.MULTILINE)
    assert name
    found = json.loads(portal.get(f"/api/action/organization_show?id={name[1]}"))
    assert found["success"]


def test_scripts_speak_the_reader_s_language(portal: Any) -> None:
    words = json.loads(portal.get("/api/i18n/id"))
    assert len(words) > 5
