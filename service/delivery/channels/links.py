"""Acknowledge links: signed, ending by themselves, each good for one deed.

The token is `PAYLOAD.SIGNATURE` in base64url. The payload says which incident, from which channel's
page, for whom, until when; it is readable, and a changed one is no longer signed. What it proves
is that somebody reads the page: GET of the link shows, POST acts.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from service.delivery.errors import BadLink, EndedLink

LIFE = timedelta(hours=24)
PATH = "/a/"
LONGEST = 600

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a token says. `message_id` makes the links of two pages differ; `ends_at` in seconds."""

    incident_id: str
    channel_id: str
    message_id: str
    person: str | None
    ends_at: datetime


class Links:
    """Makes and reads tokens. `sign` answers a keyed signature of a few bytes."""

    def __init__(self, *, sign: Sign, public_url: str) -> None:
        self._sign = sign
        self._public_url = public_url.rstrip("/")

    def address(self, link: Link) -> str:
        """The link as it stands on a page."""
        payload = orjson.dumps(
            [
                link.incident_id,
                link.channel_id,
                link.message_id,
                link.person,
                int(link.ends_at.timestamp()),
            ]
        )
        return f"{self._public_url}{PATH}{_text(payload)}.{_text(self._sign(payload))}"

    def read(self, token: str, *, now: datetime) -> Link:
        """What the token says. Raises BadLink for one that is not ours, EndedLink for an old one.

        The comparison takes the same time wherever the signatures differ.
        """
        body, _, offered = token.partition(".")
        try:
            if len(token) > LONGEST:
                raise ValueError("longer than any of ours")
            payload = _bytes(body)
            # Base64 has several ways to write the same bytes; only the one that we write is used.
            if not hmac.compare_digest(self._sign(payload), _bytes(offered)):
                raise ValueError("not signed by us")
            if body != _text(payload):
                raise ValueError("not as we write it")
            link = _link(orjson.loads(payload))
        except (ValueError, TypeError, binascii.Error) as error:
            raise BadLink("this link is not one of ours, or was changed on its way") from error
        if now >= link.ends_at:
            raise EndedLink(f"this link ended at {link.ends_at.isoformat()}; open the console")
        return link


def _link(values: Any) -> Link:
    incident_id, channel_id, message_id, person, ends = values
    return Link(
        incident_id=incident_id,
        channel_id=channel_id,
        message_id=message_id,
        person=person,
        ends_at=datetime.fromtimestamp(ends, tz=UTC),
    )


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
