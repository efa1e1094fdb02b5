"""Which people stand behind an audience, at this moment."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from ckanext.satudata.domain.notices import Audience, Telling, tellings
from ckanext.satudata.domain.roles import Permission, Role, may
from ckanext.satudata.domain.workflow import PUBLIC, State
from ckanext.satudata.notices.reading import Story, has_moved_on
from ckanext.satudata.shared.actor import actor_of, holders, people_among, permitted
from ckanext.satudata.shared.audit import Event

__all__ = ["listeners", "may_read"]

Find = Callable[[Story], "list[str]"]


def _permitted(permission: Permission) -> Find:
    return lambda story: permitted(permission, story.subject)


_FIND: Mapping[Audience, Find] = {
    Audience.AUTHORS: lambda story: sorted(story.authors),
    Audience.PRODUSEN: _permitted(Permission.ISI),
    Audience.CONFIRMERS: lambda story: (
        permitted(Permission.KONFIRMASI, story.subject) if story.on_behalf else []),
    Audience.INSPECTORS: _permitted(Permission.PERIKSA),
    Audience.INSPECTOR: lambda story: [story.inspector] if story.inspector else [],
    Audience.CONVEYORS: _permitted(Permission.TERUSKAN),
    Audience.PEMBINA: _permitted(Permission.PERIKSA_PEMBINA),
    # With a date set the clock publishes; nobody needs to act.
    Audience.PUBLISHERS: lambda story: (
        [] if story.release_at else permitted(Permission.TERBITKAN, story.subject)),
    Audience.PPID: lambda story: holders(Role.PPID),
    Audience.KOORDINATOR: lambda story: holders(Role.KOORDINATOR_FORUM),
}


def listeners(event: Event, story: Story) -> dict[str, Telling]:
    """Return who hears of an event, each with the line that concerns them most.

    Left out: who did it, who may not read it (any more), who is asked to do what somebody has
    done meanwhile, and CKAN's site user, which brought data in by a command.
    """
    heard: dict[str, Telling] = {}
    moved_on = has_moved_on(event, story)
    for each in tellings(event.transition or event.kind, event.to_state or ""):
        if each.task and moved_on:
            continue
        for person in _FIND[each.audience](story):
            if not (each.not_authors and person in story.authors):
                heard.setdefault(person, each)
    heard.pop(event.actor_id or "", None)
    return {person: heard[person] for person in sorted(people_among(heard))
            if may_read(person, story)}


def may_read(person: str, story: Story) -> bool:
    """Tell whether a user is active and may know of this submission."""
    actor = actor_of(person)
    if not actor.id:
        return False
    if story.state in {state.value for state in PUBLIC}:
        return True
    # The PPID answers for a leak in what they could not read before.
    stopped = story.state == State.DITARIK and may(actor, Permission.TARIK_DARURAT, story.subject)
    return stopped or may(actor, Permission.BACA, story.subject)
