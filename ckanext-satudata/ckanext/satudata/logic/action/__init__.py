"""API actions of all rooms. What is not in ``__all__`` is not registered."""
from __future__ import annotations

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
from ckanext.satudata.federation.action import (
    dcat_catalog_search,
    dcat_catalog_show,
    dcat_dataset_show,
    harvest_source_reindex,
)
from ckanext.satudata.metadata.action import satudata_completeness_show, satudata_dataset_copy
from ckanext.satudata.metadata.rows import package_create, package_update
from ckanext.satudata.notices.action import (
    satudata_notice_list,
    satudata_notice_read,
    satudata_notice_settings_show,
    satudata_notice_settings_update,
)
from ckanext.satudata.roles.action import (
    satudata_role_grant,
    satudata_role_list,
    satudata_role_revoke,
)
from ckanext.satudata.roles.entry import organization_list_for_user
from ckanext.satudata.vocabulary.action import satudata_vocabulary_show, satudata_wilayah_search
from ckanext.satudata.workflow.action import (
    satudata_submission_list,
    satudata_submission_show,
    satudata_submission_timeline,
    satudata_submission_transition,
    satudata_submission_transition_bulk,
)
from ckanext.satudata.workflow.findings import (
    satudata_checklist_update,
    satudata_finding_answer,
    satudata_finding_create,
    satudata_finding_resolve,
)

__all__: list[str] = [
    "dcat_catalog_search",
    "dcat_catalog_show",
    "dcat_dataset_show",
    "harvest_source_reindex",
    "organization_list_for_user",
    "package_create",
    "package_update",
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
    "satudata_completeness_show",
    "satudata_dataset_copy",
    "satudata_finding_answer",
    "satudata_finding_create",
    "satudata_finding_resolve",
    "satudata_notice_list",
    "satudata_notice_read",
    "satudata_notice_settings_show",
    "satudata_notice_settings_update",
    "satudata_role_grant",
    "satudata_role_list",
    "satudata_role_revoke",
    "satudata_submission_list",
    "satudata_submission_show",
    "satudata_submission_timeline",
    "satudata_submission_transition",
    "satudata_submission_transition_bulk",
    "satudata_vocabulary_show",
    "satudata_wilayah_search",
]
