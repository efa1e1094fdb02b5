"""What CKAN's own tables hold of data that is deleted: resources, views, texts, old activities."""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import plugin_loaded
from ckanext.harvest.model import HarvestObject, HarvestObjectExtra

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.purging import Kind
from ckanext.satudata.purging.family import VERSIONS, Family, sha256_of
from ckanext.satudata.purging.model import Purge
from ckanext.satudata.shared.types import Purge as Order

__all__ = ["TITLE", "Done", "forget", "is_public"]

#: In the place of a title that is deleted; data, so not translated.
TITLE = "Data yang dimusnahkan"
#: Of a dataset whose text goes, the fields that decide who may read it.
_STAYS = ("access_rights", "jenis_data", "prioritas_tahun")
_TEXTS = ("notes", "author", "author_email", "maintainer", "maintainer_email", "url", "version")


@dataclass
class Done:
    """What was taken out of the database, and what has to go outside of it.

    :ivar tables: ids of resources whose tables go
    :ivar legacy: ids of resources whose file lies under their id
    :ivar left: ids of packages that are public again and were not touched
    """

    counts: dict[str, int] = field(default_factory=dict[str, int])
    tables: set[str] = field(default_factory=set[str])
    legacy: set[str] = field(default_factory=set[str])
    left: list[str] = field(default_factory=list[str])

    def count(self, word: str, number: int) -> None:
        """Add to how many of something went."""
        self.counts[word] = self.counts.get(word, 0) + number


def is_public(package_id: str) -> bool:
    """Tell whether everybody may read a dataset now."""
    package = model.Session.get(model.Package, package_id)
    return package is not None and package.state == "active" and not package.private


def forget(purge: Purge, family: Family, order: Order) -> Done:
    """Take what was chosen out of CKAN's tables, in the running transaction.

    A dataset that is public again has been approved again: what it says and gives now is not
    touched, and the report says so.
    """
    done = Done()
    for identifier in sorted(order.packages):
        package = model.Session.get(model.Package, identifier)
        if package is None:
            continue
        public = is_public(identifier)
        if public:
            done.left.append(identifier)
        else:
            _forget_files(package, purge, family, order, done)
            if _text_goes(identifier, purge, family, order):
                _forget_text(package)
                done.count(N_("isian"), 1)
        _forget_activities(package, _approved_again(family) if public else None, done)
    _forget_harvested(order.packages, done)
    model.Session.flush()
    return done


def _forget_files(
    package: model.Package, purge: Purge, family: Family, order: Order, done: Done
) -> None:
    newest = _newest(family)
    drafts = {each for piece in purge.chosen if piece["kind"] == Kind.DRAF.value
              for each in piece["resources"]}
    tables = {each for piece in purge.chosen if piece["kind"] == Kind.TABEL.value
              and newest in piece["numbers"] for each in piece["resources"]}
    named = order.unhashed | drafts | tables
    resources = model.Session.scalars(
        sa.select(model.Resource).where(model.Resource.package_id == package.id)).all()
    hit: set[str] = set()
    for each in resources:
        sha256, origin = sha256_of(each), (each.extras or {}).get("asal_resource_id")
        if not (sha256 in order.hashes if sha256 else each.id in named or origin in named):
            continue
        if not sha256 and each.url_type == "upload":
            done.legacy.add(each.id)
        _strip(each)
        hit.add(each.id)
    if not hit:
        return
    done.tables |= hit
    done.count(N_("berkas"), len(hit))
    done.count(N_("tampilan"), model.Session.execute(sa.delete(model.ResourceView).where(
        model.ResourceView.resource_id.in_(hit))).rowcount)
    model.Session.execute(sa.delete(model.TaskStatus).where(model.TaskStatus.entity_id.in_(hit)))
    package.metadata_modified = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


def _strip(resource: model.Resource) -> None:
    """Leave of a resource that it was there: name and place, nothing to open."""
    resource.url, resource.url_type, resource.hash, resource.cache_url = "", None, "", None
    resource.size = resource.mimetype = resource.last_modified = None
    kept = {"asal_resource_id", "jenis_berkas"}
    resource.extras = {key: value for key, value in (resource.extras or {}).items()
                       if key in kept}


def _newest(family: Family) -> int | None:
    return model.Session.scalar(sa.select(sa.func.max(VERSIONS.c.number)).where(
        VERSIONS.c.package_id == family.package_id))


def _text_goes(identifier: str, purge: Purge, family: Family, order: Order) -> bool:
    """Tell whether a package says what was chosen, and not something written since."""
    newest = _newest(family)
    drafts = any(piece["kind"] == Kind.DRAF.value for piece in purge.chosen)
    if identifier == family.package_id and family.began_again(purge.withdrawn_at):
        return False
    if identifier == family.package_id and newest is not None:
        return newest in order.texts
    return drafts or newest in order.texts


def _forget_text(package: model.Package) -> None:
    package.title, package.name = TITLE, package.id
    for name in _TEXTS:
        setattr(package, name, "")
    package.extras = {key: value for key, value in (package.extras or {}).items() if key in _STAYS}
    for each in package.resources_all:
        each.name = each.description = ""
    tags = list(model.Session.scalars(sa.select(model.PackageTag.tag_id).where(
        model.PackageTag.package_id == package.id)))
    model.Session.execute(sa.delete(model.PackageTag).where(
        model.PackageTag.package_id == package.id))
    used = sa.select(model.PackageTag.tag_id).where(model.PackageTag.tag_id.in_(tags))
    model.Session.execute(sa.delete(model.Tag).where(
        model.Tag.id.in_(tags), model.Tag.vocabulary_id.is_(None), model.Tag.id.not_in(used))
        .execution_options(synchronize_session=False))


def _approved_again(family: Family) -> dt.datetime | None:
    moments = [each.published_at for each in family.rows if each.published_at is not None]
    return max(moments, default=None)


def _forget_activities(package: model.Package, until: dt.datetime | None, done: Done) -> None:
    """Empty what activities kept of the dataset; that something was done, and by whom, stays.

    :param until: only those before; ``None``: all
    """
    if not plugin_loaded("activity"):
        return
    from ckanext.activity.model import Activity

    mine = model.Session.query(Activity).filter(Activity.object_id == package.id)
    if until is not None:
        mine = mine.filter(
            Activity.timestamp < until.astimezone(dt.timezone.utc).replace(tzinfo=None))
    number = 0
    for each in mine:
        each.data = _emptied(each.data, package)
        number += 1
    done.count(N_("riwayat"), number)


def _emptied(data: Any, package: model.Package) -> dict[str, Any]:
    shown = {"id": package.id, "name": package.name, "title": package.title, "type": package.type}
    actor = data.get("actor") if isinstance(data, dict) else None
    return {"package": shown, **({"actor": actor} if actor else {})}


def _forget_harvested(packages: Collection[str], done: Done) -> None:
    objects = list(model.Session.scalars(
        sa.select(HarvestObject.id).where(HarvestObject.package_id.in_(packages))))
    if not objects:
        return
    for table, values in (
            (HarvestObject, {"content": ""}), (HarvestObjectExtra, {"value": ""})):
        column = table.id if table is HarvestObject else table.harvest_object_id
        model.Session.execute(sa.update(table).where(column.in_(objects)).values(**values)
                              .execution_options(synchronize_session=False))
    done.count(N_("catatan panen"), len(objects))


