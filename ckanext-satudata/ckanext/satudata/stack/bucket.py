"""Files in S3 instead of the home's folder, where the environment names a bucket."""
from __future__ import annotations

import importlib.util
import os
from urllib.parse import urlsplit

from ckanext.satudata.stack.config import MAX_MEGABYTES
from ckanext.satudata.stack.errors import StackError

__all__ = ["given"]

STEP = "Files in S3"
NAME = "s3"


def given() -> dict[str, str]:
    """Return what the ini has to say, nothing where no bucket is named.

    The folder stays known beside it, so that ``ckan satudata files copy --from resources --to s3``
    finds what lies there. Keys are not written: boto3 looks for ``AWS_ACCESS_KEY_ID`` and
    ``AWS_SECRET_ACCESS_KEY`` itself, and what is in no file leaks from none.

    :raises StackError: the address is none, or the package that speaks S3 is missing
    """
    bucket = os.environ.get("SATUDATA_S3_BUCKET")
    if not bucket:
        return {}
    endpoint = os.environ.get("SATUDATA_S3_ENDPOINT", "")
    if endpoint and (urlsplit(endpoint).scheme not in {"http", "https"}
                     or not urlsplit(endpoint).hostname):
        raise StackError(STEP, f"SATUDATA_S3_ENDPOINT = {endpoint!r} is no address.",
                         "Write it whole, as https://s3.example.go.id")
    if importlib.util.find_spec("boto3") is None:
        raise StackError(STEP, "SATUDATA_S3_BUCKET is set and the package boto3 is missing.",
                         "Install it: pip install 'ckanext-satudata[portal,s3]'")
    storage = f"ckan.files.storage.{NAME}"
    return {
        "ckan.files.default_storages.resource": NAME,
        f"{storage}.type": "satudata:s3",
        f"{storage}.bucket": bucket,
        f"{storage}.endpoint": endpoint,
        f"{storage}.region": os.environ.get("SATUDATA_S3_REGION", ""),
        # Most servers that are not AWS know a bucket by its path only.
        f"{storage}.addressing": "path" if endpoint else "auto",
        f"{storage}.path": os.environ.get("SATUDATA_S3_PREFIX", ""),
        f"{storage}.initialize": "true",
        f"{storage}.max_size": str(MAX_MEGABYTES * 1024 * 1024),
    }
