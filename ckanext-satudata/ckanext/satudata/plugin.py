"""The one plugin: blankets and interfaces, no logic.

It stays a file (CKAN finds ``i18n/`` beside it) and stands before ``dcat`` in
``ckan.plugins``: the first registered route wins.
"""
from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import DefaultTranslation
from ckanext.dcat.interfaces import IDCATURIGenerator

from ckanext.satudata import cli, helpers, views
from ckanext.satudata import config as options
from ckanext.satudata.access import (  # outbox, receivers, timed tasks
    log,  # noqa: F401
    mail,  # noqa: F401
    reminders,  # noqa: F401
    withholding,  # noqa: F401
)
from ckanext.satudata.data_induk import claiming as data_induk  # noqa: F401  (a receiver, outbox)
from ckanext.satudata.entry_sheets import (
    grid_purged,  # noqa: F401  (receivers, a timed task)
    template_cache,  # noqa: F401  (receivers)
)
from ckanext.satudata.federation import site, uris
from ckanext.satudata.federation.feed import marking
from ckanext.satudata.federation.feed import settling as feed_settling  # noqa: F401  (outbox)
from ckanext.satudata.federation.feed import timed as feed_timed  # noqa: F401  (timed tasks)
from ckanext.satudata.files import s3, uploader
from ckanext.satudata.inspection import job as inspections  # noqa: F401  (timed tasks)
from ckanext.satudata.inspection import purged as purged_inspections  # noqa: F401  (receivers)
from ckanext.satudata.inspection import written as inspected
from ckanext.satudata.intake import forgetting  # noqa: F401  (timed tasks)
from ckanext.satudata.intake import purged as purged_intakes  # noqa: F401  (receivers)
from ckanext.satudata.intake import service as intakes  # noqa: F401  (timed tasks)
from ckanext.satudata.links import purged as purged_links  # noqa: F401  (receivers, timed tasks)
from ckanext.satudata.logic import action, auth, validators
from ckanext.satudata.metadata.index import index_fields
from ckanext.satudata.notices import access as access_notices  # noqa: F401  (outbox)
from ckanext.satudata.notices import delivery, digest, job  # noqa: F401  (outbox, timed tasks)
from ckanext.satudata.notices import handed_in as handed_in_notices  # noqa: F401  (outbox)
from ckanext.satudata.pages import compressing
from ckanext.satudata.pages import settings as pages_config
from ckanext.satudata.pages.facets import SatuDataFacets
from ckanext.satudata.purging import timed as purges  # noqa: F401  (timed tasks, a receiver)
from ckanext.satudata.recap import mail as recap_mail  # noqa: F401  (outbox)
from ckanext.satudata.recap import purged as purged_recaps  # noqa: F401  (a receiver)
from ckanext.satudata.shared import left_out, masked_logs, row_addresses, startup
from ckanext.satudata.tables import moving  # noqa: F401  (its kinds of outbox message)
from ckanext.satudata.tables import pool as datastore_pool
from ckanext.satudata.tidying import following as tidied  # noqa: F401  (outbox, a receiver)
from ckanext.satudata.tidying import purged as purged_tidied  # noqa: F401  (a receiver)
from ckanext.satudata.tidying import tables as tidy_tables  # noqa: F401  (outbox)
from ckanext.satudata.uploads import timed as expiring_uploads  # noqa: F401  (timed tasks)
from ckanext.satudata.usage import timed as usage_timed  # noqa: F401  (timed tasks, a receiver)
from ckanext.satudata.versions import diff_draft, purged, record  # noqa: F401  (their receivers)
from ckanext.satudata.versions import stored_files as version_files  # noqa: F401  (references)
from ckanext.satudata.visibility import announcing, references  # noqa: F401  (their receivers)
from ckanext.satudata.vocabulary import current as vocabularies
from ckanext.satudata.workflow import (
    examples,  # noqa: F401  (a door)
    following,  # noqa: F401  (a door)
    guards,
    hooks,
    labels,
    moving_in,  # noqa: F401  (a door)
    stored_files,  # noqa: F401  (references)
    timed,  # noqa: F401  (timed tasks)
    watch,
)
from ckanext.satudata.workflow import (
    purged as purged_submissions,  # noqa: F401  (a receiver)
)


@tk.blanket.actions(lambda: guards.guarded(action.registered()))
@tk.blanket.auth_functions(auth)
@tk.blanket.validators(validators)
@tk.blanket.helpers(helpers)
@tk.blanket.blueprints(views.get_blueprints)
@tk.blanket.cli(cli.get_commands)
@tk.blanket.config_declarations
class SatuDataPlugin(SatuDataFacets, DefaultTranslation, p.SingletonPlugin):
    """Satu Data Indonesia on CKAN."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(p.IFacets)
    p.implements(p.IFiles, inherit=True)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(p.ITranslation)
    p.implements(p.IUploader, inherit=True)
    p.implements(IDCATURIGenerator, inherit=True)

    def i18n_domain(self) -> str:
        return "ckanext-satudata"

    # IConfigurer
    def update_config(self, config: Any) -> None:
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "satudata")
        pages_config.update(config)
        datastore_pool.update(config)
        site.update(config)

    # IConfigurable
    def configure(self, config: Any) -> None:
        startup.check(config, options.wilayah())
        options.check_calendar()
        options.check_documents()
        options.bentuk_nasional()
        guards.check()
        watch.watch()
        marking.watch()
        masked_logs.install()
        vocabularies.install()

    # IMiddleware
    def make_middleware(self, app: Any, config: Any) -> Any:
        compressing.install(app)
        row_addresses.install(app)
        return app

    # IFiles
    def files_get_storage_adapters(self) -> dict[str, Any]:
        return {"satudata:s3": s3.S3Storage}

    # IPackageController
    def before_dataset_index(self, dataset_dict: dict[str, Any]) -> dict[str, Any]:
        return index_fields(references.index_fields(dataset_dict))

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        hooks.after_create(context, pkg_dict)
        inspected.written(pkg_dict["id"])

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        hooks.after_update(context, pkg_dict)
        left_out.note_deleted(pkg_dict["id"])
        diff_draft.written(pkg_dict["id"])
        inspected.written(pkg_dict["id"])

    # IPermissionLabels
    def get_dataset_labels(self, dataset_obj: Any) -> list[str]:
        return labels.dataset_labels(dataset_obj)

    def get_user_dataset_labels(self, user_obj: Any) -> list[str]:
        return labels.user_labels(user_obj)

    # IUploader
    def get_resource_uploader(self, data_dict: dict[str, Any]) -> Any:
        return uploader.get_resource_uploader(data_dict)

    # IDCATURIGenerator
    def dataset_uri(self, dataset_dict: dict[str, Any], default_uri: str) -> str:
        return uris.dataset_uri(dataset_dict, default_uri)
