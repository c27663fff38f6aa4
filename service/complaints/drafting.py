"""Replies: drafted from a template and what the person feels, and linted like statements.

Nothing is published here: a draft is text for a person, who answers where the complaint is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from playbooks import Library, TemplateError
from playbooks.emotion_matrix import Advice, advise
from playbooks.schema import Emotion, Intensity, Template, Text
from playbooks.statements import Linted, known_values
from playbooks.templates import fill
from service.auth import Action, Principal, Resource
from service.complaints import records, repository
from service.complaints.hand import Hand, words
from service.complaints.model import Complaint
from service.errors import InvalidInput
from service.incidents import repository as incident_rows
from service.statements import Linter

FAMILY = "complaint."
_MOODS = Path(__file__).with_name("moods.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How a register begins and ends when it speaks to one person."""

    register: str
    opening: Text
    closing: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWanted:
    """A reply to draft: from a template with values, or one's own text to be looked at.

    `emotion` and `intensity` None are those of the post.
    """

    template: str | None = None
    values: Mapping[str, str] | None = None
    text: str | None = None
    lang: str = "zh"
    emotion: str | None = None
    intensity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A draft with what the lint found, and how to answer such a mood (None: not known)."""

    text: str
    template: str | None
    lang: str
    variables: Mapping[str, str]
    linted: Linted
    advice: Advice | None


class Replies:
    """Drafts and looks; writes nothing."""

    def __init__(self, hand: Hand, *, library: Library, linter: Linter) -> None:
        self._hand = hand
        self._library = library
        self._linter = linter

    def templates(self) -> tuple[Template, ...]:
        """Those for answering one person."""
        found = self._library.templates
        return tuple(found[name] for name in sorted(found) if name.startswith(FAMILY))

    async def draft(self, principal: Principal, complaint_id: str, wanted: ReplyWanted) -> Reply:
        """A reply to a complaint. Raises Forbidden, NotFound, InvalidInput with every mistake."""
        principal.require(Action.WORK, Resource.COMPLAINT)
        async with self._hand.database.read() as connection:
            complaint = await repository.get(connection, complaint_id)
            monitor = complaint.monitor_id
            principal.require(Action.WORK, Resource.COMPLAINT, monitor=monitor)
            answers = await records.answers_of(connection, complaint_id)
            tier = self._library.tiers.ids[0]
            if complaint.incident_id is not None:
                incident = await incident_rows.find(connection, complaint.incident_id)
                tier = tier if incident is None else incident.tier
        advice = self._advice(complaint, wanted, tier)
        template = self._template(wanted.template)
        lang = wanted.lang if template is None else template.lang
        values = self._values(complaint, template, advice, principal, lang) | dict(
            wanted.values or {}
        )
        if wanted.text is not None:
            text = words("text", wanted.text) or ""
        elif template is not None:
            text = _filled(template, values)
        else:
            raise InvalidInput(
                "name a template, or write the text", errors=[("text", "neither is there")]
            )
        said = [complaint.text or "", complaint.id, *(answer.text or "" for answer in answers)]
        known = known_values((*said, *values.values()))
        linted = self._linter.judge(
            text,
            await self._linter.read(text),
            scenario=complaint.scenario,
            template=template,
            lang=lang,
            known=known,
            advice=advice,
            now=self._hand.clock.now(),
        )
        return Reply(
            text=text,
            template=wanted.template,
            lang=lang,
            variables=values,
            linted=linted,
            advice=advice,
        )

    def _template(self, name: str | None) -> Template | None:
        if name is None:
            return None
        template = self._library.templates.get(name)
        if template is None:
            known = ", ".join(item.id for item in self.templates())
            raise InvalidInput(
                f"there is no template {name!r}", errors=[("template", f"such as {known}")]
            )
        return template

    def _advice(self, complaint: Complaint, wanted: ReplyWanted, tier: str) -> Advice | None:
        problems = [
            (name, f"one of {', '.join(known)}")
            for name, given, known in (
                ("emotion", wanted.emotion, list(Emotion)),
                ("intensity", wanted.intensity, list(Intensity)),
            )
            if given is not None and given not in known
        ]
        if problems:
            raise InvalidInput("this mood is not known", errors=problems)
        emotion = wanted.emotion or complaint.emotion
        intensity = wanted.intensity or complaint.intensity or Intensity.MARKED.value
        matrix = self._library.responses
        if matrix is None or emotion is None:
            return None
        return advise(
            matrix,
            emotion=emotion,
            intensity=Intensity(intensity),
            tier=tier,
            follows=self._library.tiers.follows,
        )

    def _values(
        self,
        complaint: Complaint,
        template: Template | None,
        advice: Advice | None,
        principal: Principal,
        lang: str,
    ) -> dict[str, str]:
        """What is known of the template's variables without asking anybody."""
        if template is None:
            return {}
        values = {"ticket": complaint.id, "handler": principal.name}
        if advice is not None:
            mood = moods().get(advice.register.id)
            parts: Advice | Mood = advice if mood is None else mood
            values |= {"opening": _in(parts.opening, lang), "closing": _in(parts.closing, lang)}
        return {name: value for name, value in values.items() if name in template.variables}


@cache
def moods() -> Mapping[str, Mood]:
    """By register."""
    rows = yaml.safe_load(_MOODS.read_text(encoding="utf-8"))
    return {mood.register: mood for mood in TypeAdapter(list[Mood]).validate_python(rows)}


def _in(text: Text, lang: str) -> str:
    return (text.en or text.zh) if lang == "en" else text.zh


def _filled(template: Template, values: Mapping[str, str]) -> str:
    """The text; lines that only an empty variable stood on are left out."""
    try:
        text = fill(template, values)
    except TemplateError as error:
        known = ", ".join(template.variables)
        raise InvalidInput(
            str(error), errors=[(f"values.{name}", f"one of {known}") for name in error.unknown]
        ) from error
    return "\n\n".join(part.rstrip() for part in text.split("\n\n") if part.strip())
