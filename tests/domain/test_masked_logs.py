"""What our logs say of addresses that are keys."""
from __future__ import annotations

import logging

import pytest

from ckanext.satudata.shared import masked_logs

KEY = "Ab-_" * 10 + "xyz"


@pytest.mark.parametrize(("said", "kept"), [
    (f' 200 /setor/{KEY} render time 0.031 seconds', " 200 /setor/… render time 0.031 seconds"),
    (f'10.0.0.1 "GET /setor/{KEY}/{KEY}/bertanda.xlsx?a=1 HTTP/1.1" 200 5 12ms',
     '10.0.0.1 "GET /setor/…?a=1 HTTP/1.1" 200 5 12ms'),
    (f'"GET /en/setor/{KEY[:-2]} HTTP/1.1" 404', '"GET /en/setor/… HTTP/1.1" 404'),
    (f"Exception on /akses/permohonan/{KEY}/berkas/x [GET]",
     "Exception on /akses/permohonan/…/berkas/x [GET]"),
    ("/akses/permohonan/0b3f1e8a-0000-4000-8000-000000000000", None),
    (f'"PATCH /unggah/{KEY[:32]} HTTP/1.1" 204', '"PATCH /unggah/… HTTP/1.1" 204'),
    ('"POST /unggah HTTP/1.1" 201', None),
    ("/dataset/setor/tautan 100%", None),
])
def test_a_key_is_masked_and_all_else_stays(said: str, kept: str | None) -> None:
    assert masked_logs.masked(said) == (said if kept is None else kept)


def test_what_gunicorn_and_ckan_log_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    masked_logs.install()
    masked_logs.install()
    caplog.set_level("INFO")
    logging.getLogger("gunicorn.access").info('%(r)s %(s)s', {"r": f"GET /setor/{KEY}", "s": 200})
    logging.getLogger("ckan.config.middleware.flask_app").info(" %s %s", 200, f"/setor/{KEY}")
    assert [each.getMessage() for each in caplog.records] == ["GET /setor/… 200", " 200 /setor/…"]
