"""Standard Webhooks 1.0 signatures, symmetric (`v1`): HMAC-SHA256 over id, timestamp and body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from service.delivery.errors import BadSecret, BadSignature

PREFIX = "whsec_"
TOLERANCE = timedelta(minutes=5)
_SHORTEST, _LONGEST = 24, 64  # bytes, of the specification


def generate_secret() -> str:
    """A new secret of 32 random bytes, as `whsec_` and base64."""
    return PREFIX + base64.b64encode(randomness.token_bytes(32)).decode("ascii")


def decode_secret(secret: str) -> bytes:
    """The key inside a serialised secret; raises BadSecret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSecret(f"a signing secret is {PREFIX} and base64; this one is not") from error
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise BadSecret(
            f"a signing secret holds {_SHORTEST} to {_LONGEST} bytes; this one holds {len(key)}"
        )
    return key


def sign(secrets: Sequence[str], *, message_id: str, at: datetime, body: bytes) -> str:
    """The `webhook-signature` header: one signature a secret, newest first, for rotation.

    `at` is the instant of the attempt, as `webhook-timestamp` has it in whole seconds.
    Raises BadSecret.
    """
    return " ".join(
        _signature(decode_secret(secret), message_id, _seconds(at), body) for secret in secrets
    )


def signed_headers(
    secrets: Sequence[str], *, message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """The three headers of a webhook; without a secret the signature is left out."""
    headers = {"webhook-id": message_id, "webhook-timestamp": str(_seconds(at))}
    if secrets:
        headers["webhook-signature"] = sign(secrets, message_id=message_id, at=at, body=body)
    return headers


def verify(
    secrets: Sequence[str],
    *,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    tolerance: timedelta = TOLERANCE,
) -> None:
    """Raise BadSignature unless one of `secrets` signed this body at an instant near `now`.

    `headers` has lower-case names. Takes the same time wherever a signature differs.
    """
    try:
        id_, stamp = headers["webhook-id"], headers["webhook-timestamp"]
        offered = headers["webhook-signature"].split()
    except KeyError as error:
        raise BadSignature(f"the header {error.args[0]} is missing") from error
    if not (stamp.isascii() and stamp.isdigit()):
        raise BadSignature("webhook-timestamp is not a whole number of seconds")
    if abs(_seconds(now) - int(stamp)) > tolerance.total_seconds():
        raise BadSignature(f"webhook-timestamp is more than {tolerance} away from now")
    matches = [
        hmac.compare_digest(
            _signature(decode_secret(secret), id_, int(stamp), body).encode(), each.encode()
        )
        for secret in secrets
        for each in offered
    ]
    if not any(matches):
        raise BadSignature("no signature is by a secret of ours")


def _signature(key: bytes, id_: str, seconds: int, body: bytes) -> str:
    signed = b".".join([id_.encode(), str(seconds).encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
