"""Errors of delivery. Failing to send is none: it is an outcome, and is kept.

ServiceError
├── InvalidInput
│   └── BadSecret        a signing secret that cannot be used; the text never repeats it
├── NotFound
│   └── BadLink          an acknowledge link that is not ours
├── Conflict
│   └── EndedLink        an acknowledge link past its time
└── Unauthenticated
    └── BadSignature     a webhook that none of our secrets has signed, or one too old
"""

from __future__ import annotations

from service.errors import Conflict, InvalidInput, NotFound, Unauthenticated


class BadSecret(InvalidInput):
    code = "bad_secret"


class BadLink(NotFound):
    code = "bad_link"


class EndedLink(Conflict):
    code = "ended_link"


class BadSignature(Unauthenticated):
    code = "bad_signature"
