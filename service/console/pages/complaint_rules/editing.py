"""A complaint rule as a form, or one that is not there yet, with a trial beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from crawlers import Channel
from nlp.lexicon import CATEGORIES
from playbooks import Role
from service.auth import Action, Principal, Resource
from service.complaints import ComplaintRule, ComplaintRuleDraft
from service.complaints.rule import Counting, Evidence, Reason, shipped_rule
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.forms import Form, Stored, Values
from service.console.pages.complaint_rules import place
from service.console.pages.complaint_rules.trial import MOST_TEXTS, Tried, try_rule
from service.console.pages.oncall.overview import Names
from service.console.pages.oncall.roles import target_of
from service.console.panels import small_table
from service.console.session import Visit
from service.console.theme import plain, put
from service.errors import InvalidInput
from service.oncall.model import Target, TargetKind

_MINUTES = ("warn_answer_min", "warn_response_min", "warn_resolution_min", "escalate_min")


class RuleForm:
    """Draws the form, saves what was sent, and tries what stands in it."""

    def __init__(
        self,
        board: Board,
        visit: Visit,
        *,
        names: Names,
        monitors: Mapping[str, str],
        rule: ComplaintRule | None,
    ) -> None:
        self._board = board
        self._visit = visit
        self._names = names
        self._monitors = monitors
        self._rule = rule
        self._rules = board.container.complaints.rules
        self._tried: ui.element | None = None
        self._made = ""

    @property
    def version(self) -> int | None:
        """The version that the form shows; it moves on when the form is saved."""
        return None if self._rule is None else self._rule.version

    def draw(self) -> None:
        """The fields of the rule; what it does to sample texts below."""
        visit, words, rule = self._visit, self._visit.words, self._rule
        name = "complaint-rule-new" if rule is None else f"complaint-rule-{rule.id}"
        form = Form(
            visit,
            name,
            stored=_stored(rule),
            save=self._save,
            reread=None if rule is None else partial(self._read, rule.id),
        )
        form.said = words("complaint_rules.saved")
        if rule is None:
            form.after = self._lead_on
        with form:
            if rule is None:
                hint = words("complaint_rules.id_hint")
                form.text("id", words("complaint_rules.id"), hint=hint, required=True, longest=64)
            form.text("name", words("complaint_rules.name"), required=True, longest=200)
            form.yes("enabled", words("complaint_rules.enabled"))
            self._draw_matching(form)
            self._draw_authors(form)
            self._draw_clocks(form)
            self._draw_trial(form)
            if visit.may(Action.EDIT, Resource.COMPLAINT_RULE):
                form.submit(words("complaint_rules.save"))
            else:
                plain(words("complaint_rules.may_not"), "p", "soft")

    def _draw_matching(self, form: Form) -> None:
        words, rule = self._visit.words, self._rule or shipped_rule()
        evidence = {
            item.value: words.choice("complaint_rules.evidence", item.value) for item in Evidence
        }
        form.choice("needs", words("complaint_rules.needs"), evidence)
        hint = words("complaint_rules.confidence_hint")
        form.number("confidence", words("complaint_rules.confidence"), hint=hint, required=True)
        known = dict.fromkeys((*shipped_rule().categories, *rule.categories, *sorted(CATEGORIES)))
        form.many(
            "categories",
            words("complaint_rules.categories"),
            {name: words.choice("category", name) for name in known},
        )
        with ui.element("details").classes("more"):
            plain(words("complaint_rules.narrower"), "summary")
            hint = words("complaint_rules.monitors_hint")
            every = dict.fromkeys(rule.monitors) | dict(self._monitors)
            monitors = {name: label or name for name, label in every.items()}
            form.many("monitors", words("complaint_rules.monitors"), monitors, hint=hint)
            hint = words("complaint_rules.scenarios_hint")
            scenarios = self._board.scenario_names(words)
            form.many("scenarios", words("complaint_rules.scenarios"), scenarios, hint=hint)
            channels = {item.value: words.choice("channel", item.value) for item in Channel}
            form.many("channels_left_out", words("complaint_rules.left_out"), channels)

    def _draw_authors(self, form: Form) -> None:
        words = self._visit.words
        form.number("followers_from", words("complaint_rules.followers_from"), required=True)
        hint = words("complaint_rules.followers_to_hint")
        form.number("followers_to", words("complaint_rules.followers_to"), hint=hint)
        form.yes("verified", words("complaint_rules.verified"))
        form.yes("shares", words("complaint_rules.shares"))
        form.number("max_age_h", words("complaint_rules.max_age_h"), required=True)
        hint = words("complaint_rules.per_hour_hint")
        form.number("per_hour", words("complaint_rules.per_hour"), hint=hint, required=True)

    def _draw_clocks(self, form: Form) -> None:
        words, targets = self._visit.words, self._targets()
        form.choice("owner", words("complaint_rules.owner"), targets)
        hint = words("complaint_rules.deputy_hint")
        form.choice("deputy", words("complaint_rules.deputy"), targets, hint=hint, required=False)
        counting = {
            item.value: words.choice("complaint_rules.countings", item.value) for item in Counting
        }
        form.choice("counting", words("complaint_rules.counting"), counting)
        form.text("opens", words("complaint_rules.opens"), kind="time", required=True)
        form.text("closes", words("complaint_rules.closes"), kind="time", required=True)
        form.text("zone", words("complaint_rules.zone"), required=True, longest=64)
        for path in _MINUTES:
            form.number(path, words(f"complaint_rules.{path}"), required=True)

    def _draw_trial(self, form: Form) -> None:
        words = self._visit.words
        hint = words("complaint_rules.samples_hint", most=MOST_TEXTS)
        form.lines("samples", words("complaint_rules.samples"), hint=hint)
        with ui.element("div").classes("line"):
            pressed = put(ui.element("button"), type="button", data_key="try-rule")
        pressed.classes("act").on(
            "click",
            self._try,
            js_handler="(event) => emit(window.fengsui.collect(event.currentTarget.form))",
        )
        with pressed:
            plain(words("complaint_rules.try"))
        self._tried = put(ui.element("div"), role="status", aria_live="polite").classes("stack")

    async def _try(self, event: GenericEventArguments) -> None:
        visit, raw = self._visit, event.args if isinstance(event.args, dict) else {}
        values = Values(raw, words=visit.words, zone=visit.zone, version=None)
        found: list[Tried] = []

        async def tried(principal: Principal) -> None:
            principal.require(Action.READ, Resource.COMPLAINT_RULE)
            rule, reader = self._draft(values), self._board.container.reader
            found.extend(await try_rule(reader, rule, values.lines("samples"), now=visit.now()))

        if not await attempt(visit, tried) or self._tried is None:
            return
        self._tried.clear()
        with self._tried:
            self._draw_tried(found)

    def _draw_tried(self, found: list[Tried]) -> None:
        words = self._visit.words
        opening = sum(item.reason is Reason.MATCHED for item in found)
        told = words("complaint_rules.tried", opening=opening, of=len(found))
        plain(told, "p", "strong")
        heads = ("text", "verdict", "encoder", "words")
        small_table(
            [words(f"complaint_rules.head.{name}") for name in heads],
            [
                (
                    item.text,
                    partial(self._draw_reason, item.reason),
                    "–" if item.confidence is None else f"{item.confidence:.0%}",
                    words("list.comma").join(
                        words.choice("category", name) for name in item.categories
                    )
                    or "–",
                )
                for item in found
            ],
            caption=told,
        )

    def _draw_reason(self, reason: Reason) -> None:
        opens = reason is Reason.MATCHED
        told = self._visit.words.choice("complaint_rules.reasons", reason.value)
        plain(f"{'✓' if opens else '–'} {told}", classes="done" if opens else "soft")

    def _targets(self) -> Mapping[str, str]:
        """Whom a rule may name; the ones that it names now are among them."""
        words, rule = self._visit.words, self._rule or shipped_rule()
        found = [
            *(Target(kind=TargetKind.ROLE, id=role.value) for role in Role),
            *(Target(kind=TargetKind.PERSON, id=name) for name in self._names.people),
            *(Target(kind=TargetKind.ROTA, id=name) for name in self._names.rotas),
            *(Target(kind=TargetKind.CHANNEL, id=name) for name in self._names.channels),
            Target(kind=TargetKind.EVERYBODY),
            *(item for item in (rule.owner, rule.deputy) if item is not None),
        ]
        return {str(item): self._names.of(item, words) for item in found}

    async def _read(self, rule_id: str, _principal: Principal) -> Stored:
        self._rule = await self._rules.get(rule_id)
        return _stored(self._rule)

    async def _save(self, principal: Principal, values: Values) -> None:
        draft = self._draft(values)
        version = 0 if self._rule is None else values.version
        await self._rules.put(principal, draft, version=version)
        self._made = draft.id

    async def _lead_on(self) -> None:
        said = self._visit.words("complaint_rules.saved")
        go(self._visit, place.address(self._made), said=said)

    def _draft(self, values: Values) -> ComplaintRuleDraft:
        words, deputy = self._visit.words, values.optional("deputy")
        confidence = values.number("confidence")
        return ComplaintRuleDraft(
            id=values.text("id") if self._rule is None else self._rule.id,
            name=values.text("name"),
            enabled=values.yes("enabled"),
            monitors=values.many("monitors"),
            scenarios=values.many("scenarios"),
            confidence=-1.0 if confidence is None else confidence / 100,
            categories=values.many("categories"),
            needs=Evidence(values.text("needs")),
            channels_left_out=values.many("channels_left_out"),
            followers_from=_whole(values, "followers_from"),
            followers_to=values.whole("followers_to"),
            verified=values.yes("verified"),
            shares=values.yes("shares"),
            max_age_h=_whole(values, "max_age_h"),
            per_hour=_whole(values, "per_hour"),
            owner=target_of(values.text("owner")),
            deputy=None if deputy is None else target_of(deputy),
            counting=Counting(values.text("counting")),
            opens=_time(values, "opens", words("complaint_rules.no_time")),
            closes=_time(values, "closes", words("complaint_rules.no_time")),
            zone=values.text("zone"),
            warn_answer_min=_whole(values, "warn_answer_min"),
            warn_response_min=_whole(values, "warn_response_min"),
            warn_resolution_min=_whole(values, "warn_resolution_min"),
            escalate_min=_whole(values, "escalate_min"),
        )


def _stored(rule: ComplaintRule | None) -> Stored:
    """What the form begins with: the rule, or for a new one what the shipped one has."""
    begun = shipped_rule() if rule is None else rule
    values: dict[str, object] = {
        name: getattr(begun, name)
        for name in ("monitors", "scenarios", "categories", "channels_left_out")
    }
    for name in ("enabled", "verified", "shares"):
        values[name] = getattr(begun, name)
    for name in ("followers_from", "followers_to", "max_age_h", "per_hour", "zone", *_MINUTES):
        values[name] = getattr(begun, name)
    values |= {
        "name": "" if rule is None else rule.name,
        "needs": begun.needs.value,
        "confidence": f"{begun.confidence * 100:g}",
        "owner": str(begun.owner),
        "deputy": "" if begun.deputy is None else str(begun.deputy),
        "counting": begun.counting.value,
        "opens": f"{begun.opens:%H:%M}",
        "closes": f"{begun.closes:%H:%M}",
    }
    return Stored(values=values, version=None if rule is None else rule.version)


def _whole(values: Values, path: str) -> int:
    """A whole number; where nothing was typed one that the rules refuse, with their bounds."""
    number = values.whole(path)
    return -1 if number is None else number


def _time(values: Values, path: str, said: str) -> time:
    try:
        return time.fromisoformat(values.text(path))
    except ValueError as error:
        raise InvalidInput(said, errors=[(path, said)]) from error
