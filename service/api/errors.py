"""Errors that only HTTP knows.

ServiceError
├── UnsupportedMediaType (415 unsupported_media_type)   a body in a form that is not read here
├── KeyInUse (409 in_progress)          the first request with this Idempotency-Key still runs
├── KeyOfAnother (409 idempotency_mismatch)     the key came with another request before
└── InvalidInput (422)
    └── BadJson (422 bad_json)          no JSON, or nested too deep
"""

from __future__ import annotations

from service.errors import Conflict, InvalidInput, ServiceError


class UnsupportedMediaType(ServiceError):
    status = 415
    code = "unsupported_media_type"


class KeyInUse(Conflict):
    code = "in_progress"


class KeyOfAnother(Conflict):
    code = "idempotency_mismatch"


class BadJson(InvalidInput):
    code = "bad_json"
