"""Writing: a wording from template, incident and advice, linted, as it is then saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library, TemplateError
from playbooks.emotion_matrix import Advice
from playbooks.schema import Emotion, Intensity, StatementKind, Template
from playbooks.statements import Linted, follow
from playbooks.templates import fill
from service.errors import InvalidInput
from service.incidents import Incident
from service.statements.linter import Linter
from service.statements.model import Fact, NewStatement, Statement
from service.statements.surroundings import (
    BrandOf,
    Surroundings,
    known_variables,
    surroundings_of,
    update_templates,
    verified,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a wording says; `variables` are all that were put in, also those from the incident."""

    title: str
    text: str
    variables: Mapping[str, str]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A statement that is not saved yet."""

    wording: Wording
    kind: StatementKind
    lang: str
    template: str | None
    emotion: str | None
    intensity: str | None


class Drafting:
    """Everything between what somebody writes and what is stored; writes nothing itself."""

    def __init__(
        self, *, library: Library, linter: Linter, zone: ZoneInfo, brand_of: BrandOf
    ) -> None:
        self._library = library
        self._linter = linter
        self._zone = zone
        self._brand_of = brand_of
        self._updates = update_templates(library.templates)

    async def around(self, connection: AsyncConnection, incident: Incident) -> Surroundings:
        """What is known around a statement of the incident."""
        return await surroundings_of(connection, incident, self._brand_of, self._updates)

    async def begin(self, around: Surroundings, wanted: NewStatement, *, now: datetime) -> Begun:
        """The first wording. Raises InvalidInput with every mistake."""
        template = self._template_of(wanted)
        kind = template.kind if template else wanted.kind or StatementKind.UPDATE
        lang = template.lang if template else wanted.lang or "zh"
        emotion, intensity = await self._feeling(around, wanted)
        variables = self._variables(around, template, now=now) | dict(wanted.values)
        text = wanted.text
        if text is None:
            if template is None:
                raise InvalidInput(
                    "name a template, or write the text", errors=[("text", "neither is there")]
                )
            advice = self._linter.advice(around.incident, emotion, intensity)
            text = follow(_filled(template, variables), advice, kind=kind, lang=lang)
        title = wanted.title or (template.title.zh if template else around.incident.title)
        return Begun(
            wording=Wording(title=title, text=text, variables=variables, facts=wanted.facts),
            kind=kind,
            lang=lang,
            template=wanted.template,
            emotion=emotion,
            intensity=intensity,
        )

    def refilled(self, statement: Statement, variables: Mapping[str, str]) -> str:
        """The template of a statement filled with other values. Raises InvalidInput."""
        template = self.template(statement)
        if template is None:
            problem = "it was written freely: give the text"
            raise InvalidInput("there is no template to fill", errors=[("values", problem)])
        return _filled(template, variables)

    def template(self, statement: Statement) -> Template | None:
        """The template that it was made from; None also for one that is no longer shipped."""
        return self._library.templates.get(statement.template or "")

    async def lint(
        self,
        around: Surroundings,
        text: str,
        *,
        template: Template | None,
        lang: str,
        facts: tuple[Fact, ...],
        advice: Advice | None,
        now: datetime,
    ) -> Linted:
        """The findings of a text of this incident, with what is known of it now."""
        own = {} if template is None else self._variables(around, template, now=now)
        return self._linter.judge(
            text,
            await self._linter.read(text),
            scenario=around.incident.scenario,
            template=template,
            lang=lang,
            known=verified(around, facts, own, zone=self._zone),
            advice=advice,
            now=now,
        )

    def advice(self, incident: Incident, statement: Statement) -> Advice | None:
        """How the statement's mood is answered in the incident's tier as it is now."""
        return self._linter.advice(incident, statement.emotion, statement.intensity)

    async def advice_now(
        self, around: Surroundings, *, emotion: str | None, intensity: str | None
    ) -> Advice | None:
        """The advice for a mood that is given, or read from the posts."""
        wanted = NewStatement(emotion=emotion, intensity=intensity)
        return self._linter.advice(around.incident, *await self._feeling(around, wanted))

    def _template_of(self, wanted: NewStatement) -> Template | None:
        if wanted.template is None:
            return None
        template = self._library.templates.get(wanted.template)
        if template is None:
            known = ", ".join(sorted(self._library.templates))
            raise InvalidInput(
                f"there is no template {wanted.template!r}",
                errors=[("template", f"one of {known}")],
            )
        return template

    def _variables(
        self, around: Surroundings, template: Template | None, *, now: datetime
    ) -> dict[str, str]:
        if template is None:
            return {}
        return known_variables(around, template, zone=self._zone, now=now)

    async def _feeling(
        self, around: Surroundings, wanted: NewStatement
    ) -> tuple[str | None, str | None]:
        problems = []
        for name, given, known in (
            ("emotion", wanted.emotion, list(Emotion)),
            ("intensity", wanted.intensity, list(Intensity)),
        ):
            if given is not None and given not in known:
                problems.append((name, f"one of {', '.join(known)}"))
        if problems:
            raise InvalidInput("this mood is not known", errors=problems)
        if wanted.emotion is not None:
            return wanted.emotion, wanted.intensity or Intensity.MARKED.value
        mood = await self._linter.mood(around.posts)
        if mood is None:
            return None, None
        intensity = wanted.intensity or self._linter.intensity(mood)
        return mood.emotion, None if intensity is None else str(intensity)


def _filled(template: Template, variables: Mapping[str, str]) -> str:
    try:
        return fill(template, variables)
    except TemplateError as error:
        known = ", ".join(template.variables)
        raise InvalidInput(
            str(error),
            errors=[(f"values.{name}", f"one of {known}") for name in error.unknown],
        ) from error
