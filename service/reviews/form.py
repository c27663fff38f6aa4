"""The 5-Why form as people fill it in: checked, trimmed."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.storable import storable
from service.errors import InvalidInput
from service.incidents.words import is_blank
from service.reviews import rows
from service.reviews.causes import load_cause_classes
from service.reviews.model import EvidenceKind, EvidenceLink, Form, Why

WHYS_MAX = 10
LINKS_MAX = 20
TEXT_MAX = 4_000
REF_MAX = 2_000
_SCHEMES = ("https://", "http://")

Problems = list[tuple[str, str]]


async def checked(connection: AsyncConnection, incident_id: str, form: Form) -> Form:
    """The form as it is kept. Raises InvalidInput with every mistake.

    Posts must be frozen with that incident, steps of its run, addresses of the web. It may be
    unfinished: what is missing is said when it is closed.
    """
    problems: Problems = []
    if len(form.whys) > WHYS_MAX:
        problems.append(("whys", f"at most {WHYS_MAX}"))
    whys = tuple(_why(f"whys.{place}", why, problems) for place, why in enumerate(form.whys))
    if form.cause_class is not None and form.cause_class not in load_cause_classes().ids:
        problems.append(("cause_class", f"one of {', '.join(load_cause_classes().ids)}"))
    kept = Form(
        whys=whys,
        stopped_early=words("stopped_early", form.stopped_early, problems),
        root_cause=words("root_cause", form.root_cause, problems),
        cause_class=form.cause_class,
    )
    if not problems:
        problems += await _unknown(connection, incident_id, kept)
    if problems:
        raise InvalidInput("the form cannot be saved like that", errors=problems)
    return kept


def words(path: str, text: str | None, problems: Problems, *, most: int = TEXT_MAX) -> str | None:
    """Trimmed words, None where there are none; too many are added to `problems`."""
    if text is None or is_blank(text):
        return None
    if len(text) > most:
        problems.append((path, f"at most {most} characters; {len(text)} given"))
    kept: str = storable(text.strip())
    return kept


def _why(path: str, why: Why, problems: Problems) -> Why:
    question = words(f"{path}.question", why.question, problems)
    answer = words(f"{path}.answer", why.answer, problems)
    for name, text in (("question", question), ("answer", answer)):
        if text is None:
            problems.append((f"{path}.{name}", "say something"))
    if len(why.evidence) > LINKS_MAX:
        problems.append((f"{path}.evidence", f"at most {LINKS_MAX}"))
    for place, link in enumerate(why.evidence):
        if not _is_fine(link):
            kind = link.kind.value
            problems.append((f"{path}.evidence.{place}", f"no {kind}; addresses begin with http"))
    return Why(question=question or "", answer=answer or "", evidence=why.evidence)


def _is_fine(link: EvidenceLink) -> bool:
    if not 0 < len(link.ref) <= REF_MAX or not link.ref.isprintable():
        return False
    return link.kind is not EvidenceKind.URL or link.ref.startswith(_SCHEMES)


async def _unknown(connection: AsyncConnection, incident_id: str, form: Form) -> Problems:
    links = [
        (f"whys.{number}.evidence.{place}", link)
        for number, why in enumerate(form.whys)
        for place, link in enumerate(why.evidence)
    ]
    named = {kind: {link.ref for _, link in links if link.kind is kind} for kind in EvidenceKind}
    missing = {
        EvidenceKind.POST: await rows.missing_posts(
            connection, incident_id, named[EvidenceKind.POST]
        ),
        EvidenceKind.STEP: await rows.missing_steps(
            connection, incident_id, named[EvidenceKind.STEP]
        ),
    }
    return [
        (path, f"the incident has no {link.kind.value} {link.ref}")
        for path, link in links
        if link.ref in missing.get(link.kind, ())
    ]
