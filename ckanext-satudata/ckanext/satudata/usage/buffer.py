"""Numbers on their way: counted in Valkey at each request, taken to PostgreSQL by the clock.

One round trip of a tenth of a millisecond, where a row of its own would cost a commit and let all
readers of a popular file wait for one lock. What is lost: with a Valkey that dies what it had not
written to its disk (one second, as the portal's own runs), without Valkey what is asked meanwhile.

Keys are made of ids that stand in the database, never of what somebody sent, and all expire.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
import secrets
import time
import uuid
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ckanext.satudata.domain.usage import DOUBLE_CLICK, Key

__all__ = ["Heap", "count", "drop", "in_valkey", "take"]

log = logging.getLogger(__name__)

#: Seconds for which numbers wait for a PostgreSQL or a scheduler that is away.
_WAITS = 14 * 24 * 3600
#: Different numbers in one heap: beyond, only those that are in it go on.
_MOST = 200_000
#: Seconds for which a process knows the salt, and in which nothing is counted after a failure.
_KNOWN, _AWAY = 60.0, 10.0

#: KEYS: mark of the person and what they used, the open heap. ARGV: seconds of a mark, what was
#: used, how many a heap holds, seconds a heap waits. A mark is made anew each time.
_COUNT = """
local seen = redis.call('EXISTS', KEYS[1])
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
if seen == 1 then return 0 end
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[3])
    and redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
redis.call('EXPIRE', KEYS[2], ARGV[4])
return 1
"""
#: KEYS: the open heap, the closed one, the list of closed ones. ARGV: name of the closed one,
#: seconds. Closing and writing down the name is one step, so that no heap is forgotten.
_TAKE = """
if redis.call('EXISTS', KEYS[1]) == 1 then
    redis.call('RENAME', KEYS[1], KEYS[2])
    redis.call('SADD', KEYS[3], ARGV[1])
    redis.call('EXPIRE', KEYS[3], ARGV[2])
end
return redis.call('SMEMBERS', KEYS[3])
"""

#: Seconds an answer waits for Valkey.
_PATIENCE = 0.5

_client: redis.Redis | None = None
_salt: tuple[str, float, bytes] = ("", 0.0, b"")
_away_until = 0.0


@dataclass(frozen=True)
class Heap:
    """Numbers that are closed: nothing is added any more.

    :param id: of its own for ever
    """

    id: str
    numbers: dict[Key, int]


def in_valkey() -> redis.Redis:
    """Return a client that tries once and not for long: a page must not wait for its figures."""
    global _client
    if _client is None:
        _client = redis.Redis.from_url(str(tk.config["ckan.redis.url"]),
                                       retry=Retry(NoBackoff(), 0), socket_timeout=_PATIENCE)
    return _client


def count(key: Key, person: str) -> bool:
    """Count one use, unless the same person used the same a moment ago; tell whether it counts.

    :param person: what tells one from another, kept for half a minute as a digest whose salt is
        thrown away after the day
    """
    global _away_until
    if time.monotonic() < _away_until:
        return False
    try:
        client = in_valkey()
        used = key.written()
        mark = hmac.new(_salt_of(client, key.day), f"{person}\n{used}".encode(), hashlib.sha256)
        return bool(client.register_script(_COUNT)(
            keys=[_key("sekali", mark.hexdigest()[:32]), _key("terbuka")],
            args=[int(DOUBLE_CLICK.total_seconds()), used, _MOST, _WAITS]))
    except redis.RedisError:
        _away_until = time.monotonic() + _AWAY
        log.warning("Use is not counted without Valkey", exc_info=True)
        return False


def take() -> list[Heap]:
    """Close the open heap; return all closed ones, those left behind by a crash among them.

    :raises redis.RedisError: Valkey is away
    """
    client, name = in_valkey(), uuid.uuid4().hex
    found = client.register_script(_TAKE)(
        keys=[_key("terbuka"), _key("tertutup", name), _key("tertutup")], args=[name, _WAITS])
    return [_heap(client, each.decode()) for each in sorted(found)]


def drop(heap: Heap) -> None:
    """Forget a heap that is in PostgreSQL.

    :raises redis.RedisError: Valkey is away
    """
    pipe = in_valkey().pipeline()
    pipe.delete(_key("tertutup", heap.id))
    pipe.srem(_key("tertutup"), heap.id)
    pipe.execute()


def _heap(client: redis.Redis, name: str) -> Heap:
    numbers: dict[Key, int] = {}
    for field, number in client.hgetall(_key("tertutup", name)).items():  # type: ignore[union-attr]
        try:
            numbers[Key.read(field.decode())] = int(number)
        except ValueError:
            log.error("Valkey holds a number of use that nobody wrote: %r", field[:200])
    return Heap(name, numbers)


def _salt_of(client: redis.Redis, day: dt.date) -> bytes:
    """Return the salt of a day: the same in all processes, and in no backup of the database."""
    global _salt
    name, until, salt = _salt
    if name == day.isoformat() and time.monotonic() < until:
        return salt
    key = _key("garam", day.isoformat())
    client.set(key, secrets.token_bytes(32), ex=26 * 3600, nx=True)
    salt = client.get(key) or b""
    _salt = (day.isoformat(), time.monotonic() + _KNOWN, bytes(salt))  # type: ignore[arg-type]
    return _salt[2]


def _key(*parts: str) -> str:
    return ":".join(("ckan", str(tk.config["ckan.site_id"]), "satudata:pemakaian", *parts))
