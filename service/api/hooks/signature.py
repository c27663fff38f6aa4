"""Proofs of webhooks that come in: what can be told by headers alone, and then by the body.

Every comparison takes the same time wherever the two differ.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from crawlers.sources.webhook import Proof
from service.delivery.errors import BadSecret, BadSignature
from service.delivery.signing import verify

_MILLISECONDS_FROM = 100_000_000_000
_LONGEST = 1_000


class Proving(Protocol):
    """How a sender proves itself, as `WebhookSettings` of sources have it."""

    @property
    def proof(self) -> Proof: ...
    @property
    def secrets(self) -> tuple[str, ...]: ...
    @property
    def signature_header(self) -> str: ...
    @property
    def timestamp_header(self) -> str | None: ...
    @property
    def tolerance_s(self) -> int: ...


def check_headers(settings: Proving, headers: Mapping[str, str], *, now: datetime) -> bool:
    """Whether the proof is complete without the body. Raises BadSignature for one that cannot
    become right, so that the body of a stranger is not even read. `headers` are in lower case.
    """
    if settings.proof is Proof.BEARER:
        scheme, _, offered = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not _is_one_of(offered.strip(), settings.secrets):
            raise BadSignature("send the source's secret as `Authorization: Bearer …`")
        return True
    if settings.proof is Proof.STANDARD:
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            if not 0 < len(headers.get(name, "")) <= _LONGEST:
                raise BadSignature(f"the header {name} is missing, or too long")
        _check_instant(headers["webhook-timestamp"], settings, "webhook-timestamp", now)
        return False
    if not 0 < len(headers.get(settings.signature_header.lower(), "")) <= _LONGEST:
        raise BadSignature(f"the header {settings.signature_header} is missing, or too long")
    if settings.timestamp_header is not None:
        stamp = headers.get(settings.timestamp_header.lower(), "")
        _check_instant(stamp, settings, settings.timestamp_header, now)
    return False


def check_body(
    settings: Proving, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> None:
    """Raise BadSignature unless a secret of the source signed this body within the tolerance."""
    if settings.proof is Proof.STANDARD:
        try:
            verify(
                settings.secrets,
                headers=headers,
                body=body,
                now=now,
                tolerance=timedelta(seconds=settings.tolerance_s),
            )
        except BadSecret as error:
            raise BadSignature("the source's secret is none of Standard Webhooks") from error
        return
    offered = headers[settings.signature_header.lower()].strip()
    offered = offered.removeprefix("sha256=").removeprefix("v1=")
    signed = body
    if settings.timestamp_header is not None:
        signed = headers[settings.timestamp_header.lower()].strip().encode() + b"." + body
    good = False
    for secret in settings.secrets:
        digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
        for form in (digest.hex(), base64.b64encode(digest).decode("ascii")):
            shown = offered.lower() if len(offered) == len(digest) * 2 else offered
            good |= hmac.compare_digest(shown.encode(), form.encode())
    if not good:
        raise BadSignature(f"{settings.signature_header} is by no secret of this source")


def _is_one_of(offered: str, secrets: tuple[str, ...]) -> bool:
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(offered.encode("utf-8", "replace"), secret.encode())
    return found


def _check_instant(stamp: str, settings: Proving, header: str, now: datetime) -> None:
    text = stamp.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise BadSignature(f"{header} is not a whole number of seconds since 1970")
    seconds = int(text)
    if seconds >= _MILLISECONDS_FROM:
        seconds //= 1_000
    if abs(now.astimezone(UTC).timestamp() - seconds) > settings.tolerance_s:
        raise BadSignature(f"{header} is more than {settings.tolerance_s} s away from now")
