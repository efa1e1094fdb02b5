"""API actions of all rooms. What is not in ``__all__`` is not registered."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckanext.satudata.access.action import (
    satudata_access_grant_create,
    satudata_access_grant_list,
    satudata_access_grant_revoke,
    satudata_download_list,
)
from ckanext.satudata.access.previews import resource_view_list
from ckanext.satudata.access.request_action import (
    satudata_access_request_answer,
    satudata_access_request_create,
    satudata_access_request_list,
    satudata_access_request_show,
)
from ckanext.satudata.access.searching import resource_search
from ckanext.satudata.berita_acara.action import (
    satudata_berita_acara_cancel,
    satudata_berita_acara_check,
    satudata_berita_acara_confirm,
    satudata_berita_acara_create,
    satudata_berita_acara_issue,
    satudata_berita_acara_list,
    satudata_berita_acara_refuse,
    satudata_berita_acara_show,
    satudata_berita_acara_update,
)
from ckanext.satudata.data_induk.action import (
    satudata_data_induk_list,
    satudata_data_induk_show,
)
from ckanext.satudata.entry_sheets.grid_action import (
    satudata_grid_discard,
    satudata_grid_show,
    satudata_grid_submit,
    satudata_grid_update,
)
from ckanext.satudata.entry_sheets.paste import satudata_paste_submit
from ckanext.satudata.entry_sheets.template_action import satudata_template_create
from ckanext.satudata.federation.action import harvest_source_reindex
from ckanext.satudata.federation.feed.action import (
    dcat_catalog_search,
    dcat_catalog_show,
    dcat_dataset_show,
)
from ckanext.satudata.federation.quality.action import satudata_mqa_list, satudata_mqa_show
from ckanext.satudata.inspection.action import (
    satudata_inspection_list,
    satudata_inspection_run,
    satudata_inspection_show,
    satudata_recipe_show,
    satudata_recipe_update,
)
from ckanext.satudata.intake.action import (
    satudata_intake_accept,
    satudata_intake_correct,
    satudata_intake_create,
    satudata_intake_discard,
    satudata_intake_list,
    satudata_intake_restore,
    satudata_intake_show,
)
from ckanext.satudata.links.action import (
    satudata_upload_link_check,
    satudata_upload_link_create,
    satudata_upload_link_extend,
    satudata_upload_link_list,
    satudata_upload_link_revoke,
)
from ckanext.satudata.metadata.action import satudata_completeness_show, satudata_dataset_copy
from ckanext.satudata.metadata.file_merging import resource_update
from ckanext.satudata.metadata.rows import package_create, package_update
from ckanext.satudata.notices.action import (
    satudata_notice_list,
    satudata_notice_read,
    satudata_notice_settings_show,
    satudata_notice_settings_update,
)
from ckanext.satudata.planning.action import (
    satudata_data_prioritas_list,
    satudata_jadwal_rilis_list,
)
from ckanext.satudata.purging.action import (
    satudata_purge_cancel,
    satudata_purge_list,
    satudata_purge_show,
    satudata_withdrawal_explain,
)
from ckanext.satudata.recap.action import (
    satudata_recap_accept,
    satudata_recap_close,
    satudata_recap_create,
    satudata_recap_list,
    satudata_recap_merge,
    satudata_recap_remind,
    satudata_recap_show,
    satudata_recap_update,
)
from ckanext.satudata.roles import entry
from ckanext.satudata.roles.action import (
    satudata_role_grant,
    satudata_role_list,
    satudata_role_revoke,
)
from ckanext.satudata.tables import reading
from ckanext.satudata.tables.reading import datastore_info, datastore_search
from ckanext.satudata.tables.writing import (
    datastore_create,
    datastore_delete,
    datastore_run_triggers,
    datastore_upsert,
)
from ckanext.satudata.tidying.action import (
    satudata_tidy_accept,
    satudata_tidy_update,
)
from ckanext.satudata.uploads.action import satudata_upload_claim
from ckanext.satudata.usage.action import satudata_usage_list, satudata_usage_show
from ckanext.satudata.versions.action import (
    satudata_citation_show,
    satudata_version_list,
    satudata_version_show,
)
from ckanext.satudata.versions.diff_action import satudata_revision_changes, satudata_version_diff
from ckanext.satudata.visibility import optional
from ckanext.satudata.visibility.behind import package_autocomplete
from ckanext.satudata.visibility.gatherings import (
    group_list,
    group_list_authz,
    group_show,
    member_list,
    organization_list,
    organization_show,
    recounting,
)
from ckanext.satudata.visibility.harvests import (
    harvest_source_list,
    harvest_source_show_status,
)
from ckanext.satudata.visibility.names import package_collaborator_list, unfollow_dataset
from ckanext.satudata.visibility.references import (
    current_package_list_with_resources,
    dataset_followee_list,
    followee_list,
    package_search,
)
from ckanext.satudata.visibility.relationships import (
    package_relationships_list,
    package_show,
)
from ckanext.satudata.visibility.words import (
    format_autocomplete,
    tag_autocomplete,
    tag_list,
    tag_search,
    tag_show,
)
from ckanext.satudata.vocabulary.action import satudata_vocabulary_show, satudata_wilayah_search
from ckanext.satudata.vocabulary.editing_action import (
    satudata_vocabulary_create,
    satudata_vocabulary_import,
    satudata_vocabulary_import_accept,
    satudata_vocabulary_undo,
    satudata_vocabulary_update,
    satudata_vocabulary_usage,
    satudata_vocabulary_version_list,
    satudata_vocabulary_version_show,
)
from ckanext.satudata.workflow.action import (
    satudata_revision_start,
    satudata_submission_list,
    satudata_submission_show,
    satudata_submission_transition,
    satudata_submission_transition_bulk,
)
from ckanext.satudata.workflow.findings import (
    satudata_checklist_update,
    satudata_finding_answer,
    satudata_finding_create,
    satudata_finding_resolve,
)
from ckanext.satudata.workflow.timeline import satudata_submission_timeline

organization_list_for_user = recounting(entry.organization_list_for_user)

__all__: list[str] = [
    "current_package_list_with_resources",
    "dataset_followee_list",
    "datastore_create",
    "datastore_delete",
    "datastore_info",
    "datastore_run_triggers",
    "datastore_search",
    "datastore_upsert",
    "dcat_catalog_search",
    "dcat_catalog_show",
    "dcat_dataset_show",
    "followee_list",
    "format_autocomplete",
    "group_list",
    "group_list_authz",
    "group_show",
    "harvest_source_list",
    "harvest_source_reindex",
    "harvest_source_show_status",
    "member_list",
    "organization_list",
    "organization_list_for_user",
    "organization_show",
    "package_autocomplete",
    "package_collaborator_list",
    "package_create",
    "package_relationships_list",
    "package_search",
    "package_show",
    "package_update",
    "resource_search",
    "resource_update",
    "resource_view_list",
    "satudata_access_grant_create",
    "satudata_access_grant_list",
    "satudata_access_grant_revoke",
    "satudata_access_request_answer",
    "satudata_access_request_create",
    "satudata_access_request_list",
    "satudata_access_request_show",
    "satudata_berita_acara_cancel",
    "satudata_berita_acara_check",
    "satudata_berita_acara_confirm",
    "satudata_berita_acara_create",
    "satudata_berita_acara_issue",
    "satudata_berita_acara_list",
    "satudata_berita_acara_refuse",
    "satudata_berita_acara_show",
    "satudata_berita_acara_update",
    "satudata_checklist_update",
    "satudata_citation_show",
    "satudata_completeness_show",
    "satudata_data_induk_list",
    "satudata_data_induk_show",
    "satudata_data_prioritas_list",
    "satudata_dataset_copy",
    "satudata_download_list",
    "satudata_finding_answer",
    "satudata_finding_create",
    "satudata_finding_resolve",
    "satudata_grid_discard",
    "satudata_grid_show",
    "satudata_grid_submit",
    "satudata_grid_update",
    "satudata_inspection_list",
    "satudata_inspection_run",
    "satudata_inspection_show",
    "satudata_intake_accept",
    "satudata_intake_correct",
    "satudata_intake_create",
    "satudata_intake_discard",
    "satudata_intake_list",
    "satudata_intake_restore",
    "satudata_intake_show",
    "satudata_jadwal_rilis_list",
    "satudata_mqa_list",
    "satudata_mqa_show",
    "satudata_notice_list",
    "satudata_notice_read",
    "satudata_notice_settings_show",
    "satudata_notice_settings_update",
    "satudata_paste_submit",
    "satudata_purge_cancel",
    "satudata_purge_list",
    "satudata_purge_show",
    "satudata_recap_accept",
    "satudata_recap_close",
    "satudata_recap_create",
    "satudata_recap_list",
    "satudata_recap_merge",
    "satudata_recap_remind",
    "satudata_recap_show",
    "satudata_recap_update",
    "satudata_recipe_show",
    "satudata_recipe_update",
    "satudata_revision_changes",
    "satudata_revision_start",
    "satudata_role_grant",
    "satudata_role_list",
    "satudata_role_revoke",
    "satudata_submission_list",
    "satudata_submission_show",
    "satudata_submission_timeline",
    "satudata_submission_transition",
    "satudata_submission_transition_bulk",
    "satudata_template_create",
    "satudata_tidy_accept",
    "satudata_tidy_update",
    "satudata_upload_claim",
    "satudata_upload_link_check",
    "satudata_upload_link_create",
    "satudata_upload_link_extend",
    "satudata_upload_link_list",
    "satudata_upload_link_revoke",
    "satudata_usage_list",
    "satudata_usage_show",
    "satudata_version_diff",
    "satudata_version_list",
    "satudata_version_show",
    "satudata_vocabulary_create",
    "satudata_vocabulary_import",
    "satudata_vocabulary_import_accept",
    "satudata_vocabulary_show",
    "satudata_vocabulary_undo",
    "satudata_vocabulary_update",
    "satudata_vocabulary_usage",
    "satudata_vocabulary_version_list",
    "satudata_vocabulary_version_show",
    "satudata_wilayah_search",
    "satudata_withdrawal_explain",
    "tag_autocomplete",
    "tag_list",
    "tag_search",
    "tag_show",
    "unfollow_dataset",
]


def registered() -> dict[str, Callable[..., Any]]:
    """Return what the plugin registers: ``__all__``, and chains of plugins that are loaded."""
    return {name: globals()[name] for name in __all__} | optional.actions() | reading.optional()
