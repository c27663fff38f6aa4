"""Errors of delivery. Failing to send is none: it is an outcome, and is kept.

ServiceError
├── InvalidInput
│   └── BadSecret        a signing secret that cannot be used; the text never repeats it
└── Unauthenticated
    └── BadSignature     a webhook that none of our secrets has signed, or one too old
"""

from __future__ import annotations

from service.errors import InvalidInput, Unauthenticated


class BadSecret(InvalidInput):
    code = "bad_secret"


class BadSignature(Unauthenticated):
    code = "bad_signature"
