"""Create or update datasets from a plan: each dataset wholly or not at all.

Everything goes through CKAN's actions (authorisation, validation, index); what
is ours is the order. Files are read first, then metadata, files and datastore
tables are prepared without a commit on either database, then the CKAN database
commits, then the datastore. A failure before leaves the old; a crash between the
two commits leaves a table that does not say the file's hash, which the next run
sees and mends.
"""
from __future__ import annotations

import hashlib
import logging
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import ckan.lib.munge as munge
import ckan.logic as logic
import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib import search, uploader
from werkzeug.datastructures import FileStorage

from ckanext.satudata.domain.errors import WorkflowError
from ckanext.satudata.domain.loading.folder import read_path
from ckanext.satudata.domain.loading.limits import DEFAULT, Limits
from ckanext.satudata.domain.loading.plan import DatasetPlan, Plan
from ckanext.satudata.domain.loading.problems import N_, LoadError, Problem
from ckanext.satudata.loading import files, publication, shapes
from ckanext.satudata.loading.compare import VOLATILE, content, file_name
from ckanext.satudata.loading.refusals import from_validation
from ckanext.satudata.loading.report import CHANGED, CREATED, FAILED, UNCHANGED, Outcome, Report
from ckanext.satudata.shared import db, filling, moment

__all__ = ["load", "load_plan"]

log = logging.getLogger(__name__)

Progress = Callable[[int, int, Outcome], None]


def load(
    path: Path,
    user: str,
    organization: str | None = None,
    dry_run: bool = False,
    limits: Limits = DEFAULT,
    progress: Progress | None = None,
    online: bool = False,
) -> Report:
    """Load a folder or file; what is new is a draft that nobody but its producer sees.

    :param user: name of the user in whose name it is done; authorisation is checked.
    :param organization: for what names none.
    :param dry_run: say what would happen; nothing is written, in any store.
    :param online: it stood online before this portal: public at once, and marked as inspected
        by nobody; see :mod:`~ckanext.satudata.loading.publication`.
    :raises LoadError: if nothing of PATH can be used.
    """
    plan = read_path(path, shapes.shape_of, organization, limits)
    return load_plan(
        plan, user, dry_run=dry_run, limits=limits, progress=progress, online=online)


def load_plan(
    plan: Plan,
    user: str,
    dry_run: bool = False,
    limits: Limits = DEFAULT,
    progress: Progress | None = None,
    online: bool = False,
    only_new: bool = False,
    ours: bool = False,
) -> Report:
    """Load all datasets of a plan; one that fails does not stop the others.

    :param only_new: leave what is there as it is, whatever the plan says.
    :param ours: the caller wrote the files itself, and indexes what is new once it is done with
        it.
    """
    report = Report(problems=list(plan.problems), dry_run=dry_run)
    try:
        for number, dataset in enumerate(plan.datasets, 1):
            author = dataset.author or user
            outcome = Outcome(dataset.title, dataset.identifier, files=len(dataset.files))
            with moment.at(dataset.since):
                _one(_Loading(dataset, author, dry_run, limits, outcome, online, only_new,
                              ours))
            report.outcomes.append(outcome)
            if progress:
                progress(number, len(plan.datasets), outcome)
    finally:
        if not dry_run and any(o.action in (CREATED, CHANGED) for o in report.outcomes):
            search.commit()
    return report


def _one(loading: _Loading) -> None:
    start = time.monotonic()
    plan, user, outcome = loading.plan, loading.user, loading.outcome
    try:
        loading.run()
    except LoadError as error:
        outcome.problems.append(error.problem)
    except tk.ValidationError as error:
        outcome.problems.extend(from_validation(plan, error.error_dict))
    except WorkflowError as error:
        outcome.problems.append(Problem(plan.place, error.message, error.values))
    except tk.NotAuthorized as error:
        outcome.problems.append(Problem(plan.place, N_(
            "pengguna {user} tidak berhak ({error})."), {"user": user, "error": str(error)}))
    except (sa.exc.SQLAlchemyError, OSError, search.SearchError) as error:
        outcome.problems.append(Problem(plan.place, N_(
            "gagal disimpan ({error}). Tidak ada yang berubah; jalankan lagi perintah ini."),
            {"error": str(error).splitlines()[0][:300]}))
    except Exception as error:
        log.exception("load of %s", plan.identifier)
        outcome.problems.append(Problem(plan.place, N_(
            "gagal karena kesalahan program ({error}). Tidak ada yang berubah."),
            {"error": f"{type(error).__name__}: {error}"[:300]}))
    if outcome.problems and outcome.id is None:
        outcome.action = FAILED
        model.Session.rollback()  # the next dataset starts afresh
    outcome.seconds = time.monotonic() - start


class _Loading:
    """One dataset on its way in."""

    def __init__(self, plan: DatasetPlan, user: str, dry_run: bool, limits: Limits,
                 outcome: Outcome, online: bool, only_new: bool, ours: bool) -> None:
        self.plan, self.user, self.dry_run = plan, user, dry_run
        self.limits, self.outcome = limits, outcome
        self.online, self.only_new, self.ours = online, only_new, ours
        self.key: dict[str, Any] = {}  # of the door, once it is open

    def run(self) -> None:
        """Prepare outside any transaction, then write in one."""
        online = publication.asked(self.plan) and self.online
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="satudata-muat-")))
            existing = self._existing()
            if existing is not None and self.only_new:
                self.outcome.action, self.outcome.name = UNCHANGED, existing["name"]
                return
            model.Session.rollback()  # reading files takes long: hold no transaction meanwhile
            owner = self._owner(existing)
            prepared = self._prepare(existing, folder)
            streams = {
                item.sha256: stack.enter_context(item.plan.path.open("rb"))
                for item in prepared if item.new_content
            } if not self.dry_run else {}
            door = publication.door(existing, online, self.user)
            action, identifier = self._write(owner, existing, prepared, streams, door)
        self._index(action, identifier)
        self.outcome.action = action
        if online and action != FAILED:
            publication.publish(
                self.plan, self.outcome, existing, identifier, self.user, self.dry_run)

    def context(self, **more: Any) -> dict[str, Any]:
        """Return a context whose action neither commits nor indexes."""
        return {"user": self.user, "defer_commit": True, "return_id_only": True, **self.key,
                **more}

    def _existing(self) -> dict[str, Any] | None:
        column = model.Package.extras["identifier"].astext
        condition = column == self.plan.identifier
        if not shapes.has_identifier(self.plan.type):
            condition = model.Package.name == self._name()
        query = model.Session.query(model.Package.id).filter(
            condition, model.Package.type == self.plan.type,
            model.Package.state.in_(["active", "draft"]))
        found = [row[0] for row in query.limit(2)]
        if len(found) > 1:
            raise LoadError(self.plan.place_of("identifier"), N_(
                "ada dua dataset dengan identifier {identifier} di portal. Hapus salah satunya."),
                identifier=self.plan.identifier)
        if not found:
            return None
        return tk.get_action("package_show")(
            {"user": self.user, "use_cache": False, "for_update": False}, {"id": found[0]})

    def _owner(self, existing: dict[str, Any] | None) -> str:
        wanted = self.plan.organization
        if not wanted:
            if existing and existing.get("owner_org"):
                return existing["owner_org"]
            raise LoadError(self.plan.place_of("organization"), N_(
                "produsen data belum disebut. Isi kolom organization atau jalankan dengan --org."))
        query = model.Session.query(model.Group.id).filter(
            model.Group.is_organization.is_(True), model.Group.state == "active")
        for condition in (model.Group.name == wanted, model.Group.id == wanted,
                          sa.func.lower(model.Group.title) == wanted.lower()):
            found = [row[0] for row in query.filter(condition).limit(2)]
            if len(found) == 1:
                return found[0]
            if found:
                raise LoadError(self.plan.place_of("organization"), N_(
                    "ada beberapa organisasi berjudul {name}. Tulis nama alamatnya."), name=wanted)
        raise LoadError(self.plan.place_of("organization"), N_(
            "organisasi {name} tidak ada di portal. Buat dulu organisasinya atau perbaiki "
            "namanya."),
            name=wanted)

    def _prepare(self, existing: dict[str, Any] | None, folder: Path) -> list[files.Prepared]:
        resources = list((existing or {}).get("resources", []))
        filled = filling.content_of(resource["id"] for resource in resources)
        prepared = []
        for plan in self.plan.files:
            wanted = munge.munge_filename(Path(plan.name).name)
            match = next((r for r in resources if file_name(r) == wanted), None)
            if match:
                resources.remove(match)
            held = filled.get(match["id"]) if match else None
            item = files.prepare(
                plan, match, held.sha256 if held else None, folder, self.limits, self.ours)
            if held and not item.reading:
                self.outcome.rows += held.rows
            if item.reading:
                self.outcome.rows += item.reading.rows
                self.outcome.problems.extend(item.reading.problems)
                self.outcome.remarks.extend(item.reading.remarks)
                if item.reading.reason:
                    reason = item.reading.reason
                    self.outcome.remarks.append(
                        (N_("tanpa tabel: {reason}"), {"reason": reason.text()}))
            prepared.append(item)
        return prepared

    def _write(
        self, owner: str, existing: dict[str, Any] | None, prepared: list[files.Prepared],
        streams: dict[str, Any], door: publication.OpenDoor,
    ) -> tuple[str, str]:
        with filling.Filling() as tables:
            with db.unit_of_work(keep=not self.dry_run), ExitStack() as way:
                db.lock("muat", self.plan.identifier)
                if existing is None:
                    if self._existing() is not None:
                        raise LoadError(self.plan.place, N_(
                            "dataset ini sedang dimuat oleh proses lain. Jalankan lagi nanti."))
                    action, package_id = CREATED, self._create(owner, prepared, streams)
                else:
                    action, package_id = self._update(
                        owner, existing, prepared, streams, lambda: way.enter_context(door()))
                changed = [item for item in prepared if item.reading]
                if not self.dry_run and changed:
                    self._fill(tables, changed, package_id)
                    if any(item.reading and item.reading.is_table for item in changed):
                        action = CHANGED if action == UNCHANGED else action
            if not self.dry_run:
                self.outcome.id = package_id
                try:
                    tables.commit()
                except sa.exc.SQLAlchemyError as error:
                    self.outcome.problems.append(Problem(self.plan.place, N_(
                        "metadata dan berkas tersimpan, tetapi tabelnya belum ({error}). "
                        "Jalankan lagi perintah ini."),
                        {"error": str(error).splitlines()[0][:300]}))
                    action = FAILED
        return action, package_id

    def _create(self, owner: str, prepared: list[files.Prepared], streams: dict[str, Any]) -> str:
        data = dict(self.plan.fields, type=self.plan.type, owner_org=owner)
        if shapes.has_identifier(self.plan.type):
            data["identifier"] = self.plan.identifier
        data["name"] = self._free_name()
        uploads = []
        for item in prepared:
            item.resource["id"] = str(uuid.uuid4())
            if not self.dry_run:
                self._attach(item, streams)
                uploads.append((item, uploader.get_resource_uploader(item.resource)))
            else:
                item.resource["url"] = munge.munge_filename(Path(item.plan.name).name)
                item.resource["url_type"] = "upload"
        for item, upload in uploads:
            item.resource.setdefault("size", upload.filesize)
            if getattr(upload, "mimetype", None):
                item.resource.setdefault("mimetype", upload.mimetype)
        data["resources"] = [item.resource for item in prepared]
        package_id = tk.get_action("package_create")(self.context(), data)
        for item, upload in uploads:
            self._check_upload(item)
            upload.upload(item.resource["id"], uploader.get_max_resource_size())
        self.outcome.name = data["name"]
        return package_id

    def _update(self, owner: str, existing: dict[str, Any], prepared: list[files.Prepared],
                streams: dict[str, Any], open_door: Callable[[], dict[str, Any]],
                ) -> tuple[str, str]:
        wanted = dict(self.plan.fields, owner_org=owner)
        new = [item for item in prepared if item.existing is None]
        self.outcome.name = existing["name"]
        if not new and not self._differs(existing, wanted, prepared):
            return UNCHANGED, existing["id"]
        data = {key: value for key, value in existing.items() if key not in VOLATILE}
        if "tag_string" in wanted:
            data.pop("tags", None)
        data.update(wanted)
        by_id = {item.existing["id"]: item for item in prepared if item.existing}
        resources = []
        for resource in existing["resources"]:
            item = by_id.get(resource["id"])
            resources.append(item.resource if item else resource)
        for item in new:
            item.resource["id"] = str(uuid.uuid4())
            item.resource.setdefault("url", munge.munge_filename(Path(item.plan.name).name))
            resources.append(item.resource)
        if not self.dry_run:
            for item in prepared:
                if item.new_content:
                    self._attach(item, streams)
        data["resources"] = resources
        self.key = open_door()
        context = self.context(changed_entities={"packages": {existing["id"]}})
        tk.get_action("package_update")(context, data)
        if not self.dry_run:
            for item in prepared:
                if item.new_content:
                    self._check_upload(item)
        model.Session.flush()
        after = tk.get_action("package_show")(
            {"user": self.user, "use_cache": False}, {"id": existing["id"]})
        if content(after) == content(existing) and not (
            self.dry_run and any(item.new_content for item in prepared)
        ):
            model.Session.rollback()
            return UNCHANGED, existing["id"]
        return CHANGED, existing["id"]

    def _differs(self, existing: dict[str, Any], wanted: dict[str, Any],
                 prepared: list[files.Prepared]) -> bool:
        """Compare as cheaply as possible; a difference in form only is sorted out by CKAN."""
        for name, value in wanted.items():
            stored = existing.get(name)
            if name == "tag_string":
                stored = sorted(tag["name"] for tag in existing.get("tags", []))
                value = sorted(tag.strip() for tag in str(value).split(",") if tag.strip())
            if not files.same(stored, value):
                return True
        return any(
            item.new_content or any(
                not files.same((item.existing or {}).get(key), value)
                for key, value in item.resource.items())
            for item in prepared
        )

    def _attach(self, item: files.Prepared, streams: dict[str, Any]) -> None:
        stream = streams[item.sha256]
        stream.seek(0)
        for key in ("mimetype", "size", "hash"):
            item.resource.pop(key, None)
        item.resource["upload"] = FileStorage(stream, Path(item.plan.name).name)

    def _check_upload(self, item: files.Prepared) -> None:
        """Refuse bytes that changed while we worked: the table would not match the file."""
        if item.resource.get("hash") not in (None, item.sha256):
            raise LoadError(
                item.plan.place, N_("berkas berubah saat sedang dimuat. Jalankan lagi.")
            )

    def _fill(
        self, tables: filling.Filling, changed: list[files.Prepared], package_id: str
    ) -> None:
        model.Session.flush()
        for item in changed:
            assert item.reading is not None
            if item.reading.is_table:
                assert item.reading.csv is not None
                tables.fill({"user": self.user}, item.resource["id"], files.columns(item),
                            item.reading.csv, filling.Content(item.sha256, item.reading.rows))
                if (item.existing or {}).get("datastore_active"):
                    continue
                # CKAN makes a table's view only where its own loaders filled the table.
                tk.get_action("resource_create_default_resource_views")(
                    self.context(), {"resource": item.resource, "package": {"id": package_id},
                                     "create_datastore_views": True})
            elif item.existing and item.existing.get("datastore_active"):
                tables.remove({"user": self.user}, item.resource["id"])

    def _index(self, action: str, package_id: str) -> None:
        if self.dry_run or self.ours or action not in (CREATED, CHANGED, FAILED):
            return
        try:
            logic.index_update_package({"user": self.user}, package_id, defer_commit=True)
        except search.SearchError as error:
            self.outcome.problems.append(Problem(self.plan.place, N_(
                "tersimpan, tetapi belum terindeks ({error}). Jalankan: "
                "ckan search-index rebuild {name}"),
                {"error": str(error)[:200], "name": self.outcome.name}))

    def _name(self) -> str:
        given = self.plan.fields.get("name") or munge.munge_title_to_name(self.plan.title)
        name = given[:90].strip("-_")
        return name if len(name) > 1 else f"dataset-{name}".strip("-")  # CKAN wants two characters

    def _free_name(self) -> str:
        """Return a name for the page; a taken one gets the identifier's digest, not a counter."""
        name = self._name()
        taken = model.Session.query(model.Package.id).filter_by(name=name).first()
        if not taken or self.plan.fields.get("name"):
            return name
        digest = hashlib.sha256(self.plan.identifier.encode()).hexdigest()[:8]
        return f"{name}-{digest}"
