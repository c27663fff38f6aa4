"""Who somebody is, what they may do, and the keys that keep people's names private."""

from __future__ import annotations

from service.auth.account import User
from service.auth.errors import BadCredentials, KeyRingError, RoleMissing, Undecipherable, WrongKeys
from service.auth.handles import Handle, Handles, mask_name
from service.auth.keys import ApiKey, ApiKeys, NewApiKey
from service.auth.passwords import Passwords
from service.auth.principal import SYSTEM, Principal, PrincipalKind
from service.auth.privacy import KeyRing
from service.auth.reencryption import reencrypt
from service.auth.roles import PERMISSIONS, Action, Resource, Role, allows
from service.auth.sessions import Session, Sessions
from service.auth.sign_in import SignIn
from service.auth.users import NewPassword, Users

__all__ = [
    "PERMISSIONS",
    "SYSTEM",
    "Action",
    "ApiKey",
    "ApiKeys",
    "BadCredentials",
    "Handle",
    "Handles",
    "KeyRing",
    "KeyRingError",
    "NewApiKey",
    "NewPassword",
    "Passwords",
    "Principal",
    "PrincipalKind",
    "Resource",
    "Role",
    "RoleMissing",
    "Session",
    "Sessions",
    "SignIn",
    "Undecipherable",
    "User",
    "Users",
    "WrongKeys",
    "allows",
    "mask_name",
    "reencrypt",
]
