"""Who else has a form open: said, so that people talk to each other; it decides nothing.

Kept in Valkey only, for half an hour, and left out where Valkey is away: saving merges anyhow.
"""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import ckan.plugins.toolkit as tk
import flask
import redis
from ckan.lib.redis import connect_to_redis

from ckanext.satudata import config
from ckanext.satudata.metadata.writers import Writer
from ckanext.satudata.shared import moment

__all__ = ["closes", "opens"]

_LASTS = 30 * 60
#: Named to a reader, the newest.
_MOST = 3


def opens(what: str) -> list[Writer]:
    """Note that this person opened a form; return who else has, since when, the newest first.

    :param what: id of the dataset or resource
    """
    person = _person()
    if not person:
        return []
    now = int(moment.now().timestamp())
    try:
        kept = connect_to_redis()
        kept.zremrangebyscore(_key(what), 0, now - _LASTS)
        found = kept.zrevrange(_key(what), 0, _MOST, withscores=True)
        kept.zadd(_key(what), {person: now})
        kept.expire(_key(what), _LASTS)
    except redis.RedisError:
        return []
    others = [_named(each.decode(), int(at)) for each, at in found if each.decode() != person]
    return [each for each in others if each is not None][:_MOST]


def closes(what: str) -> None:
    """Note that this person saved the form."""
    person = _person()
    if person:
        try:
            connect_to_redis().zrem(_key(what), person)
        except redis.RedisError:
            return


def _named(user_id: str, at: int) -> Writer | None:
    user = model.Session.get(model.User, user_id)
    if user is None or user.state != model.State.ACTIVE:
        return None
    local = dt.datetime.fromtimestamp(at, config.zona_waktu())
    return Writer(user.display_name,
                  str(tk._("pukul {time}").format(time=local.strftime("%H.%M"))))


def _person() -> str:
    if not flask.has_request_context():
        return ""
    return str(getattr(tk.current_user, "id", None) or "")


def _key(what: str) -> str:
    return f"satudata:{tk.config['ckan.site_id']}:menyunting:{what}"
