"""Views of files in a working copy: made like the published ones, given back with their ids.

A view's id stands in links and embedded frames, so a view that was only changed keeps it. The
copy's id is made of the file's and the original's, which says what it stands for.
"""
from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

import ckan.model as model
import sqlalchemy as sa
from ckan.model import ResourceView

__all__ = ["copy", "give"]

_SPACE = uuid.UUID("5d1d3a0e-5f43-4c4e-9d68-3a6f1f0b6f52")


def copy(published: Collection[str], working_copy: str) -> None:
    """Give the files of a new working copy the views of those they stand for.

    :param published: ids of the published files
    :param working_copy: id of the package; what CKAN made there by default is removed
    """
    files = {
        (each.extras or {}).get("asal_resource_id"): each.id
        for each in model.Session.scalars(sa.select(model.Resource).where(
            model.Resource.package_id == working_copy, model.Resource.state == "active"))}
    model.Session.execute(
        sa.delete(ResourceView).where(ResourceView.resource_id.in_(list(files.values()))))
    for each in _views(published):
        if each.resource_id in files:
            target = files[each.resource_id]
            model.Session.add(ResourceView(id=_copied(target, each.id), resource_id=target,
                                           **_said(each)))
    model.Session.flush()


def give(files: Mapping[str, str]) -> None:
    """Let published files have the views that the working copy's files have.

    :param files: id of the copy's file -> id of the published one
    """
    made = {each.id: each for each in _views(files)}
    sources = {target: source for source, target in files.items()}
    for each in _views(files.values()):
        changed = made.pop(_copied(sources[each.resource_id], each.id), None)
        if changed is None:
            model.Session.delete(each)
        else:
            for name, value in _said(changed).items():
                setattr(each, name, value)
            model.Session.delete(changed)
    for each in made.values():
        each.resource_id = files[each.resource_id]
    model.Session.flush()


def _views(resources: Collection[str]) -> list[ResourceView]:
    return list(model.Session.scalars(sa.select(ResourceView).where(
        ResourceView.resource_id.in_(list(resources)))))


def _said(view: ResourceView) -> dict[str, object]:
    return {name: getattr(view, name)
            for name in ("title", "description", "view_type", "order", "config")}


def _copied(resource: str, view: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{resource}/{view}"))
