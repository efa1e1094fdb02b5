"""What S3 and the way to it answer, as errors of ours; details go to the log, not to people."""
from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ckan.lib import files

from ckanext.satudata.shared.storage_errors import (
    StorageAwayError,
    StorageFullError,
    StorageRefusedError,
)

__all__ = ["translated"]

log = logging.getLogger(__name__)

_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
#: AWS has no word for it; these are MinIO's, Ceph's and those of clouds with quotas.
_FULL = frozenset({
    "InsufficientCapacity", "InsufficientStorage", "QuotaExceeded", "StorageQuotaExceeded",
    "XMinioAdminBucketQuotaExceeded", "XMinioStorageFull"})
_REFUSED = frozenset({
    "403", "AccessDenied", "AllAccessDisabled", "ExpiredToken", "InvalidAccessKeyId",
    "InvalidBucketName", "NoSuchBucket", "PermanentRedirect", "SignatureDoesNotMatch"})
_NO_ROOM = 507


@contextmanager
def translated(storage: Any, location: str) -> Iterator[None]:
    """Turn errors of the client into ours.

    :raises MissingFileError: nothing lies there
    :raises StorageTroubleError: in words
    """
    from botocore import exceptions as client

    try:
        yield
    except client.ClientError as error:
        raise _of(error, storage, location) from error
    except (client.NoCredentialsError, client.PartialCredentialsError,
            client.ParamValidationError) as error:
        raise _logged(StorageRefusedError, storage, location, error) from error
    except (client.BotoCoreError, client.HTTPClientError) as error:
        raise _logged(StorageAwayError, storage, location, error) from error


def _of(error: Any, storage: Any, location: str) -> Exception:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in _MISSING:
        return files.exc.MissingFileError(storage, location)
    if code in _FULL or status == _NO_ROOM:
        return _logged(StorageFullError, storage, location, error)
    if code in _REFUSED:
        return _logged(StorageRefusedError, storage, location, error)
    return _logged(StorageAwayError, storage, location, error)


def _logged(kind: type[Exception], storage: Any, location: str, error: Exception) -> Exception:
    text = f"Storage {storage.settings.name}, {location or 'bucket'}: {error}"
    log.error(text)
    return kind(text)
