"""Guards: chained actions that keep ``domain/guards.py`` whoever calls, sysadmin or code.

CKAN skips auth functions for sysadmins and under ``ignore_auth``, so these stand in the actions
themselves, outermost, over CKAN's and every plugin's. Reads are not wrapped: they cost nothing.

A content write takes the row lock of the version it changes before anything else and holds it
until CKAN commits, so that a decision about that version waits, and sees what was written.
"""
from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ckan.logic.action
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.exceptions import CkanConfigurationException

from ckanext.satudata import config
from ckanext.satudata.domain.guards import ACTIONS, Entry, Kind, OtherActionError, parse_others
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.workflow import guard_find, hooks
from ckanext.satudata.workflow.guard_call import Call, hold, through_door
from ckanext.satudata.workflow.guard_rules import RULES

__all__ = ["check", "guarded", "registered"]

_UNKNOWN = N_(
    "Tindakan “{name}” belum digolongkan di portal ini, jadi tidak dijalankan. Pengelola server "
    "dapat mencantumkannya di ckanext.satudata.tindakan_lain.")

Action = Callable[..., Any]


def guarded(own: Mapping[str, Action]) -> dict[str, Action]:
    """Return what our plugin registers: its own actions, and a guard over every write.

    Called by CKAN once all plugins are loaded, so the other plugins' actions can be seen; one
    that nobody classified is replaced by a refusal.

    :param own: our actions, chained ones among them, which stay under the guard
    """
    entries = {**parse_others(config.tindakan_lain()), **ACTIONS}
    found = dict(own)
    for name, original in registered(own).items():
        entry = entries.get(name)
        if entry is None:
            found[name] = _refusal(name, original, chained=name not in own or _chains(own[name]))
        elif entry.kind in (Kind.CONTENT, Kind.GOVERNANCE):
            found[name] = _guard(name, entry, original, own.get(name))
    return found


def check() -> None:
    """Read the operator's list once, so that a slip stops the start and opens nothing.

    :raises CkanConfigurationException: naming the line and what to write
    """
    try:
        parse_others(config.tindakan_lain())
    except OtherActionError as error:
        raise CkanConfigurationException(
            f"ckanext.satudata.tindakan_lain: {error}. Example: "
            "ckanext.satudata.tindakan_lain = showcase_list:read showcase_create:neutral"
        ) from error


def registered(own: Mapping[str, Action]) -> dict[str, Action]:
    """Return every action there is, CKAN's, all plugins' and ours, as it is below the chains."""
    found: dict[str, Action] = dict(_core())
    for plugin in p.PluginImplementations(p.IActions):
        if plugin.name == "satudata":
            continue
        for name, action in plugin.get_actions().items():
            if name not in found or not _chains(action):
                found[name] = action
    for name, action in own.items():
        if not _chains(action):
            found[name] = action
    return found


def _core() -> Iterator[tuple[str, Action]]:
    for module in pkgutil.iter_modules(ckan.logic.action.__path__):
        loaded = importlib.import_module(f"{ckan.logic.action.__name__}.{module.name}")
        yield from authz.get_local_functions(loaded)


def _chains(action: Action) -> bool:
    return bool(getattr(action, "chained_action", False))


def _dress(guard: Action, original: Action, *, chained: bool) -> Action:
    """Let a guard carry the help of what it guards; GET calls no guarded action."""
    if chained:
        tk.chained_action(guard)
    guard.auth_audit_exempt = True  # type: ignore[attr-defined]  # the action below is audited
    # CKAN copies what is in __dict__ to the partial it registers, and help_show reads that.
    guard.__dict__["__doc__"] = original.__doc__
    return guard


def _refusal(name: str, original: Action, *, chained: bool) -> Action:
    def refused(*_args: Any) -> Any:
        raise tk.NotAuthorized(tk._(_UNKNOWN).format(name=name))

    if getattr(original, "side_effect_free", False):
        tk.side_effect_free(refused)  # GET is refused with the same words as POST
    return _dress(refused, original, chained=chained)


def _guard(name: str, entry: Entry, original: Action, ours: Action | None) -> Action:
    def guard(next_action: Action, context: Any, data_dict: dict[str, Any]) -> Any:
        below = next_action if ours is None else functools.partial(ours, next_action)
        return _run(Call(name, entry, below, context, data_dict))

    return _dress(guard, original, chained=True)


def _run(call: Call) -> Any:
    with through_door(call.context) as open_:
        if open_:
            return call.proceed()
    guard_find.hide_names(call.entry, call.data_dict, call.context)
    if not call.entry.noted:
        return _hold_and_proceed(call)
    if call.context.get("defer_commit"):
        return _note(call, _hold_and_proceed(call))
    with unit_of_work():
        return _note(call, _hold_and_proceed(call))


def _hold_and_proceed(call: Call) -> Any:
    if call.entry.kind is Kind.CONTENT:
        call.packages = guard_find.packages(call.entry, call.data_dict)
        hold(call, call.packages)
    with RULES[call.entry.rule](call):
        return call.proceed()


def _note(call: Call, result: Any) -> Any:
    for each in call.packages:
        hooks.content_written(call.context, each)
    return result
