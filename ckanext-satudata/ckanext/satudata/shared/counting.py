"""How often something was asked for lately, counted in Valkey for all processes."""
from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
import redis
from ckan.lib.redis import connect_to_redis

__all__ = ["counted"]

log = logging.getLogger(__name__)


def counted(name: str, seconds: int) -> tuple[int, int]:
    """Count one more under a name; return how many there are and how long they count.

    With Valkey down nobody is counted, and none there are.
    """
    key = f"ckan:{tk.config['ckan.site_id']}:satudata:{name}"
    try:
        pipe = connect_to_redis().pipeline()
        pipe.set(key, 0, ex=seconds, nx=True)
        pipe.incr(key)
        pipe.ttl(key)
        _made, count, left = pipe.execute()
    except redis.RedisError:
        log.warning("Not counted without Valkey: %s", name.partition(":")[0], exc_info=True)
        return 0, 0
    return int(count), max(int(left), 1)
