"""Templates that were made lately, by what they were made of: no one waits for the same twice.

Valkey remembers which stored bytes they are. Nothing refers to those, so that the collector takes
them in time; a template is then made anew.
"""
from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import ckan.plugins.toolkit as tk
import redis
from ckan.lib.redis import connect_to_redis
from redis.exceptions import LockError

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.refusals import Overtaken
from ckanext.satudata.shared.signals import purging, withdrawn
from ckanext.satudata.shared.types import Purge, Purged

__all__ = ["alone", "digest", "forget", "on_purging", "on_withdrawn", "recall", "remember"]

log = logging.getLogger(__name__)

_SECONDS = 7 * 24 * 3600
#: How long whoever makes one may take (its child ends before), and how long others wait for that.
_MAKING, _WAITING = 240, 20


def digest(order: Mapping[str, Any]) -> str:
    """Return the key of what a template is made of."""
    return hashlib.sha256(json.dumps(order, sort_keys=True, default=str).encode()).hexdigest()


def recall(package_id: str, key: str) -> dict[str, Any] | None:
    """Return what :func:`remember` was given, if its bytes are still stored."""
    try:
        found = json.loads(connect_to_redis().hget(_name(package_id), key) or b"null")
    except (redis.RedisError, ValueError):
        log.warning("No template is remembered without Valkey", exc_info=True)
        return None
    return found if isinstance(found, dict) and blobs.exists(str(found.get("sha256"))) else None


def remember(package_id: str, key: str, made: Mapping[str, Any]) -> None:
    """Keep which bytes a template is."""
    try:
        pipe = connect_to_redis().pipeline()
        pipe.hset(_name(package_id), key, json.dumps(dict(made)))
        pipe.expire(_name(package_id), _SECONDS)
        pipe.execute()
    except redis.RedisError:
        log.warning("No template is remembered without Valkey", exc_info=True)


@contextmanager
def alone(package_id: str) -> Iterator[None]:
    """Let one request at a time make templates of a dataset, in any process; others wait.

    A recap sends the same link to many who open it at the same hour, and each template is made by
    a process of its own: together they would take every core. Who waited looks whether the other
    made theirs.

    :raises Overtaken: 409; it takes long
    """
    lock = None
    try:
        lock = connect_to_redis().lock(
            f"{_name(package_id)}:dibuat", timeout=_MAKING, blocking_timeout=_WAITING)
        held = lock.acquire()
    except redis.RedisError:
        log.warning("Templates are made side by side without Valkey", exc_info=True)
        held, lock = True, None
    if not held:
        raise Overtaken("state", "dibuat", tk._(
            "Templat data ini sedang disiapkan. Coba lagi sebentar lagi."))
    try:
        yield
    finally:
        if lock is not None:
            with suppress(LockError, redis.RedisError):  # it took longer, or Valkey went away
                lock.release()


def forget(package_id: str) -> frozenset[str]:
    """Forget the templates of a dataset; return the hashes of their bytes."""
    try:
        found = connect_to_redis().hvals(_name(package_id))
        connect_to_redis().delete(_name(package_id))
    except redis.RedisError:
        log.warning("Templates of %s may still be stored", package_id, exc_info=True)
        return frozenset()
    return frozenset(str(json.loads(each)["sha256"]) for each in found)


@purging.connect
def on_purging(package_id: str, what: Purge) -> Purged:
    """Delete the templates of a dataset: they may show rows that leaked."""
    found = forget(package_id)
    return Purged({N_("templat isian"): len(found)} if found else {}, found)


@withdrawn.connect
def on_withdrawn(package_id: str, **_more: Any) -> None:
    """Make templates anew of what is public next."""
    forget(package_id)


def _name(package_id: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:templat:{package_id}"
