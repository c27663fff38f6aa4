"""Errors of signing in and of keeping secrets.

ServiceError
├── Unauthenticated
│   └── BadCredentials      wrong name, password, key or session; never says which
├── Forbidden               (service.errors) the roles of the principal do not allow it
└── KeyRingError (500 keyring)
    ├── WrongKeys           these keys are not the ones that the stored data was made with
    └── Undecipherable      a stored secret that none of our keys opens
"""

from __future__ import annotations

from service.errors import ServiceError, Unauthenticated


class BadCredentials(Unauthenticated):
    code = "bad_credentials"


class KeyRingError(ServiceError):
    code = "keyring"


class WrongKeys(KeyRingError):
    code = "wrong_keys"


class Undecipherable(KeyRingError):
    code = "undecipherable"
