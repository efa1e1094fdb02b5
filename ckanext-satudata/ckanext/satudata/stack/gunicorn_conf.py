"""gunicorn's settings: two processes of eight threads from one loaded application.

Threads, because two slow harvesters hold two sync workers. Loaded once and forked,
because loading CKAN takes seconds of processor time and 200 MB; so each child has to
drop the database connections it inherited.
"""
from __future__ import annotations

import os
from typing import Any

bind = os.environ.get("SATUDATA_BIND", "127.0.0.1:5000")
workers = int(os.environ.get("SATUDATA_WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("SATUDATA_WEB_THREADS", "8"))
preload_app = True
#: For a silent process, not for a request: with threads the process answers in between.
timeout = 120
graceful_timeout = 15
keepalive = 5
limit_request_line = 8190
forwarded_allow_ips = os.environ.get("SATUDATA_PROXY_IPS", "127.0.0.1")
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
accesslog = "-"
access_log_format = '%(h)s "%(r)s" %(s)s %(b)s %(M)sms'
errorlog = "-"
loglevel = "info"


def post_fork(server: Any, worker: Any) -> None:
    """Give the child connections of its own: two processes on one socket mix their answers."""
    import ckan.model as model
    from ckanext.datastore.backend import postgres as datastore

    model.Session.remove()
    if model.meta.engine is not None:
        model.meta.engine.dispose(close=False)
    for engine in datastore._engines.values():
        engine.dispose(close=False)
