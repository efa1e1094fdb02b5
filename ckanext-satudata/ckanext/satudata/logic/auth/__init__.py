"""Auth functions of all rooms. What is not in ``__all__`` is not registered."""
from __future__ import annotations

from ckanext.satudata.access.auth import (
    datastore_info,
    datastore_search,
    datastore_search_sql,
    satudata_access_grant_create,
    satudata_access_grant_list,
    satudata_access_grant_revoke,
    satudata_download_list,
    satudata_file_open,
)
from ckanext.satudata.access.previews import resource_view_show
from ckanext.satudata.berita_acara.auth import (
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
from ckanext.satudata.metadata.auth import satudata_completeness_show, satudata_dataset_copy
from ckanext.satudata.notices.auth import (
    satudata_notice_list,
    satudata_notice_read,
    satudata_notice_settings_show,
    satudata_notice_settings_update,
)
from ckanext.satudata.purging.auth import (
    satudata_purge_cancel,
    satudata_purge_list,
    satudata_purge_show,
    satudata_withdrawal_explain,
)
from ckanext.satudata.roles.auth import (
    satudata_role_grant,
    satudata_role_list,
    satudata_role_revoke,
)
from ckanext.satudata.roles.entry import (
    package_change_state,
    package_create,
    package_delete,
    package_update,
    resource_delete,
)
from ckanext.satudata.versions.auth import satudata_version_list, satudata_version_show
from ckanext.satudata.visibility.auth import (
    am_following_dataset,
    dataset_follower_count,
    follow_dataset,
    harvest_object_list,
    harvest_object_show,
    package_show,
    task_status_show,
)
from ckanext.satudata.vocabulary.auth import satudata_vocabulary_show, satudata_wilayah_search
from ckanext.satudata.workflow.auth import (
    satudata_checklist_update,
    satudata_finding_answer,
    satudata_finding_create,
    satudata_finding_resolve,
    satudata_revision_start,
    satudata_submission_list,
    satudata_submission_show,
    satudata_submission_timeline,
    satudata_submission_transition,
    satudata_submission_transition_bulk,
)

__all__: list[str] = [
    "am_following_dataset",
    "dataset_follower_count",
    "datastore_info",
    "datastore_search",
    "datastore_search_sql",
    "follow_dataset",
    "harvest_object_list",
    "harvest_object_show",
    "package_change_state",
    "package_create",
    "package_delete",
    "package_show",
    "package_update",
    "resource_delete",
    "resource_view_show",
    "satudata_access_grant_create",
    "satudata_access_grant_list",
    "satudata_access_grant_revoke",
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
    "satudata_download_list",
    "satudata_file_open",
    "satudata_finding_answer",
    "satudata_finding_create",
    "satudata_finding_resolve",
    "satudata_notice_list",
    "satudata_notice_read",
    "satudata_notice_settings_show",
    "satudata_notice_settings_update",
    "satudata_purge_cancel",
    "satudata_purge_list",
    "satudata_purge_show",
    "satudata_revision_start",
    "satudata_role_grant",
    "satudata_role_list",
    "satudata_role_revoke",
    "satudata_submission_list",
    "satudata_submission_show",
    "satudata_submission_timeline",
    "satudata_submission_transition",
    "satudata_submission_transition_bulk",
    "satudata_version_list",
    "satudata_version_show",
    "satudata_vocabulary_show",
    "satudata_wilayah_search",
    "satudata_withdrawal_explain",
    "task_status_show",
]
