"""Errors of signing in and of keeping secrets.

ServiceError
├── Unauthenticated
│   └── BadCredentials      wrong name, password, key or session; never says which
├── Forbidden               (service.errors) this principal does not do that
│   └── RoleMissing         none of their roles allows it; `needed` are those that would
└── KeyRingError (500 keyring)
    ├── WrongKeys           these keys are not the ones that the stored data was made with
    └── Undecipherable      a stored secret that none of our keys opens
"""

from __future__ import annotations

from service.auth.roles import Role
from service.errors import Forbidden, ServiceError, Unauthenticated


class BadCredentials(Unauthenticated):
    code = "bad_credentials"


class RoleMissing(Forbidden):
    def __init__(self, detail: str, *, needed: frozenset[Role]) -> None:
        super().__init__(detail)
        self.needed = needed


class KeyRingError(ServiceError):
    code = "keyring"


class WrongKeys(KeyRingError):
    code = "wrong_keys"


class Undecipherable(KeyRingError):
    code = "undecipherable"
