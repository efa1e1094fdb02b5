"""Who may write what, in which state: the law of the guards, written down by hand.

As ``workflow_law``: nothing of it is read from ``domain/``, so that a slip there shows.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from guard_world import CSV
from workflow_law import CONFLICT, FORBIDDEN, Person, Words, reads
from workflow_world import WALIDATA, World

Data = dict[str, Any]
DONE = "done"
NOBODY: Words = frozenset()
#: The OPD's own, and the walidata's side on its behalf.
WRITERS: Words = frozenset({"produsen", "agen", "walidata", "pendukung"})
#: Whoever may discard a draft.
OWNERS: Words = frozenset({"produsen", "agen"})
DRAFT: Words = frozenset({"draf"})
EDITABLE: Words = frozenset({"draf", "dikembalikan"})
#: Of a version that was replaced the next one is public.
ENDED: Words = frozenset({"ditarik", "dibatalkan"})
INSPECTED = {"diperiksa_walidata": frozenset({"walidata", "pendukung"}),
             "diperiksa_pembina": frozenset({"pembina"}),
             "dikembalikan_pembina": frozenset({"walidata"})}


@dataclass(frozen=True)
class Write:
    """One action that writes, as it is asked for.

    :param states: where it goes through
    :param who: for whom, beside sysadmins
    :param told: who is told of the state (409) elsewhere; everybody else is not let in (403)
    :param sysadmin: whether sysadmins may
    """

    action: str
    data: Callable[[World, Data], Data]
    states: Words = EDITABLE
    who: Words = WRITERS
    told: Words = WRITERS
    sysadmin: bool = True


def answer(write: Write, person: Person, state: str) -> str:
    """Return what a person gets who writes in a state."""
    if state in write.states:
        allowed = (person.sysadmin and write.sysadmin) or person.roles & write.who
        return DONE if allowed else FORBIDDEN
    told = (person.sysadmin and write.sysadmin) or person.roles & write.told
    return CONFLICT if told else FORBIDDEN


def _id(world: World, things: Data) -> Data:
    return {"id": world.package["id"]}


def _file(world: World, things: Data) -> Data:
    return {"id": things["file"]}


def _table(**more: Any) -> Callable[[World, Data], Data]:
    return lambda world, things: {"resource_id": things["table"], "force": True, **more}


#: Content: every action that changes what a dataset holds.
CONTENT = (
    Write("package_update", lambda w, t: {**t["shown"], "notes": "lain"}),
    Write("package_patch", lambda w, t: {"id": w.package["name"], "notes": "lain"}),
    Write("package_revise", lambda w, t: {
        "match": {"id": w.package["id"]}, "update": {"notes": "lain"}}),
    Write("package_resource_reorder", lambda w, t: {**_id(w, t), "order": [t["table"], t["file"]]}),
    Write("resource_create", lambda w, t: {
        "package_id": w.package["id"], "url": "https://data.example/b.csv"}),
    Write("resource_update", lambda w, t: {**_file(w, t), "url": "https://data.example/c.csv"}),
    Write("resource_patch", lambda w, t: {**_file(w, t), "name": "lain"}),
    Write("resource_delete", _file),
    Write("resource_view_create", lambda w, t: {
        "resource_id": t["file"], "view_type": "text_view", "title": "Lain"}),
    Write("resource_view_update", lambda w, t: {
        "id": t["view"], "resource_id": t["file"], "title": "Lain"}),
    Write("resource_view_delete", lambda w, t: {"id": t["view"]}),
    Write("resource_view_reorder", lambda w, t: {
        "id": t["file"], "resource_id": t["file"], "order": [t["view"]]}),
    Write("resource_create_default_resource_views", lambda w, t: {
        "resource": {"id": t["file"], "package_id": w.package["id"]}}),
    Write("package_create_default_resource_views", lambda w, t: {"package": t["shown"]}),
    Write("member_create", lambda w, t: {
        "id": "kosong", "object": w.package["id"], "object_type": "package",
        "capacity": "public"}),
    Write("member_delete", lambda w, t: {
        "id": "tema", "object": w.package["id"], "object_type": "package"}),
    Write("group_create", lambda w, t: {"name": "baru", "packages": [_id(w, t)]}),
    Write("organization_create", lambda w, t: {"name": "dinas-baru", "packages": [_id(w, t)]}),
    Write("group_update", lambda w, t: {
        "id": "kosong", "name": "kosong", "packages": [_id(w, t)]}),
    Write("group_patch", lambda w, t: {"id": "tema", "packages": []}),
    Write("group_delete", lambda w, t: {"id": "tema"}),
    Write("group_purge", lambda w, t: {"id": "tema"}, who=NOBODY),
    Write("tag_delete", lambda w, t: {"id": t["tag"]}, who=NOBODY),
    Write("datastore_create", _table(fields=CSV)),
    Write("datastore_upsert", _table(records=[{"kecamatan": "Anyar", "jumlah": 9}])),
    Write("datastore_delete", _table(filters={"jumlah": 77})),
    Write("datastore_records_delete", _table(filters={"jumlah": 77})),
    Write("datastore_run_triggers", lambda w, t: {"resource_id": t["table"]}, who=NOBODY),
)

#: Governance: what would publish, hide, remove, move or hand out.
GOVERNANCE = (
    Write("package_patch", lambda w, t: {**_id(w, t), "private": not t["private"]},
          states=NOBODY),
    Write("package_delete", _id, states=EDITABLE | ENDED, who=OWNERS, told=OWNERS),
    Write("dataset_purge", _id, states=EDITABLE | ENDED, who=NOBODY, told=NOBODY),
    # The walidata may move a dataset by an edit; CKAN's own action asks for memberships.
    Write("package_patch", lambda w, t: {**_id(w, t), "owner_org": w.organizations[WALIDATA]},
          states=DRAFT, who=frozenset({"walidata"})),
    Write("package_owner_org_update", lambda w, t: {**_id(w, t), "organization_id": WALIDATA},
          states=DRAFT, who=NOBODY),
    Write("bulk_update_public", lambda w, t: {"datasets": [w.package["id"]], "org_id": t["org"]},
          states=NOBODY, told=NOBODY, sysadmin=False),
    Write("bulk_update_private", lambda w, t: {"datasets": [w.package["id"]], "org_id": t["org"]},
          states=NOBODY, told=NOBODY, sysadmin=False),
    Write("bulk_update_delete", lambda w, t: {"datasets": [w.package["id"]], "org_id": t["org"]},
          states=NOBODY, told=NOBODY, sysadmin=False),
    Write("package_collaborator_create", lambda w, t: {
        **_id(w, t), "user_id": "tamu", "capacity": "editor"},
        states=NOBODY, told=NOBODY, sysadmin=False),
    Write("package_relationship_create", lambda w, t: {
        "subject": t["other"], "object": w.package["id"], "type": "links_to"},
        states=NOBODY, told=NOBODY, sysadmin=False),
    Write("resource_view_clear", lambda w, t: {"view_types": ["text_view"]},
          states=NOBODY, told=NOBODY, sysadmin=False),
    Write("activity_create", lambda w, t: {
        "user_id": "tamu", "object_id": w.package["id"], "activity_type": "new package"},
        states=NOBODY, told=NOBODY, sysadmin=False),
    Write("api_token_create", lambda w, t: {"user": t["token_of"], "name": "lain"},
          states=NOBODY, told=NOBODY, sysadmin=False),
)

#: The inspection's own writes, by the state in which each side inspects.
FINDING = {"principle": "metadata", "severity": "sebaiknya", "message": "Definisi belum jelas."}
INSPECTION = (
    ("satudata_finding_create", lambda w, t: {"id": t["submission"], **FINDING}),
    ("satudata_finding_resolve", lambda w, t: {"id": t["finding"]}),
    ("satudata_checklist_update", lambda w, t: {
        "id": t["submission"], "expected_version": t["version"],
        "checklist": {"metadata": {"hasil": "memenuhi"}}}),
)


def inspects(person: Person, state: str) -> str:
    """Return what a person gets who notes something while inspecting."""
    if not reads(person, state):
        return FORBIDDEN
    ever = frozenset[str]().union(*INSPECTED.values())
    if state in INSPECTED:
        return DONE if person.sysadmin or person.roles & INSPECTED[state] else FORBIDDEN
    return CONFLICT if person.sysadmin or person.roles & ever else FORBIDDEN


def answers(person: Person, state: str) -> str:
    """Return what a person gets who answers a catatan that the OPD was given."""
    if not person.sysadmin and not person.roles & frozenset({"produsen", "agen", "pejabat"}):
        return FORBIDDEN
    return DONE if state in EDITABLE else CONFLICT
