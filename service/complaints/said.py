"""What people record as said: by us to the person, and by the person of us; checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.complaints.hand import Opened, link, words
from service.complaints.model import Answer, AnswerKind, Rating
from service.errors import InvalidInput
from service.incidents.words import is_line

_CHANNEL_MAX = 64
_SAID_BY_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a person published or said: where, when (None: now), and in which words."""

    channel: str
    text: str
    url: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A rating as the person gave it: `csat` 1 to 5, `nps` 0 to 10, at least one of them.

    `said_by` is who said it, without a name: the customer, their daughter; `said_at` None: now.
    """

    csat: int | None = None
    nps: int | None = None
    words: str | None = None
    said_by: str | None = None
    said_at: datetime | None = None


def answer_of(opened: Opened, kind: AnswerKind, published: Published) -> Answer:
    """The record of it. Raises InvalidInput."""
    channel = published.channel.strip()
    if not is_line(channel) or len(channel) > _CHANNEL_MAX:
        raise InvalidInput(
            "say where it was published",
            errors=[("channel", f"1 to {_CHANNEL_MAX} characters, such as weibo or phone")],
        )
    return Answer(
        kind=kind,
        round=opened.complaint.round,
        channel=channel,
        url=link("url", published.url),
        text=words("text", published.text),
        published_at=_past("published_at", published.published_at, opened),
        at=opened.now,
        by=opened.principal.id,
    )


def rating_of(opened: Opened, said: Said) -> Rating:
    """The record of it. Raises InvalidInput with every mistake."""
    wrong = []
    if said.csat is None and said.nps is None:
        wrong.append(("csat", "give csat, nps or both"))
    if said.csat is not None and not 1 <= said.csat <= 5:
        wrong.append(("csat", f"from 1 to 5; {said.csat} given"))
    if said.nps is not None and not 0 <= said.nps <= 10:
        wrong.append(("nps", f"from 0 to 10; {said.nps} given"))
    if said.said_by is not None and not _is_short(said.said_by.strip()):
        wrong.append(("said_by", f"1 to {_SAID_BY_MAX} characters, and no name"))
    if wrong:
        raise InvalidInput("this is no rating", errors=wrong)
    return Rating(
        round=opened.complaint.round,
        csat=said.csat,
        nps=said.nps,
        words=words("words", said.words, needed=False),
        said_by=None if said.said_by is None else said.said_by.strip(),
        said_at=_past("said_at", said.said_at, opened),
        at=opened.now,
        by=opened.principal.id,
    )


def _is_short(said_by: str) -> bool:
    return is_line(said_by) and len(said_by) <= _SAID_BY_MAX


def _past(name: str, instant: datetime | None, opened: Opened) -> datetime:
    """An instant since the post and not ahead. Raises InvalidInput."""
    if instant is None:
        return opened.now
    earliest = min(opened.complaint.posted_at, opened.complaint.opened_at)
    if not earliest <= instant <= opened.now:
        raise InvalidInput(
            f"{name} cannot be: the post is of {earliest.isoformat()}, and now it is "
            f"{opened.now.isoformat()}",
            errors=[(name, "between the post and now")],
        )
    return instant
