"""Every rule: what it does, for which tier it asks, and at which bounds."""

from __future__ import annotations

from playbooks import Kind
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import short_time
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.rules import place
from service.console.session import BASE, Visit
from service.console.theme import link, plain, tier_badge
from service.rules import RuleOrigin, RuleRecord, RuleState


def register(board: Board) -> None:
    """The page `/rules`."""
    directory = board.container.rules.directory

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(_principal: Principal, query: ListQuery) -> Rows[RuleRecord]:
            await directory.refresh()
            found = [item for item in directory.records() if _wanted(item, query)]
            if query.sort:
                found.sort(key=lambda item: _key(board, item, query.sort))
                if query.descending:
                    found.reverse()
            rows = Rows.cut(found, query)
            await board.names.learn(*(item.overlay.author for item in found if item.overlay))
            return rows

        with heading(visit, words("rules.title"), hint=words("rules.hint")):
            if visit.may(Action.EDIT, Resource.RULE):
                link(place.WRITE, words("rules.write.title"), "act act-main")
            link(f"{BASE}/backtests", words("backtests.title"), "act")
        listing = Listing(
            visit,
            columns=_columns(board, visit),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.rule_address(item.id),
            filters=_filters(board, visit),
            empty=(words("rules.empty"), words("rules.empty_hint")),
        )
        await listing.draw()


def _wanted(record: RuleRecord, query: ListQuery) -> bool:
    rule, sought = record.rule, query.text("q").casefold()
    if query.one("state") not in (None, record.state.value):
        return False
    if query.one("origin") not in (None, record.origin.value):
        return False
    if rule is None:
        named = (record.id,)
        return query.one("tier") is query.one("kind") is None and _holds(sought, named)
    scenario = query.one("scenario")
    return (
        query.one("tier") in (None, rule.tier)
        and query.one("kind") in (None, rule.kind.value)
        and (scenario is None or rule.reads(scenario))
        and _holds(sought, (record.id, rule.name.zh, rule.name.en or ""))
    )


def _holds(sought: str, texts: tuple[str, ...]) -> bool:
    return any(sought in text.casefold() for text in texts)


def _key(board: Board, record: RuleRecord, column: str) -> tuple[object, ...]:
    tiers = board.container.library.tiers.ids
    if column == "tier":
        rank = -1 if record.rule is None else tiers.index(record.rule.tier)
        return (-rank, record.id)
    if column == "changed":
        at = 0.0 if record.overlay is None else record.overlay.updated_at.timestamp()
        return (-at, record.id)
    order = list(RuleState)
    return (order.index(record.state), record.id)


def _columns(board: Board, visit: Visit) -> tuple[Column[RuleRecord], ...]:
    words, names = visit.words, board.scenario_names(visit.words)
    tiers = board.container.library.tiers.tiers

    def name(record: RuleRecord) -> None:
        plain(place.name_of(words, record), "div", "strong foreign rule-name")
        plain(record.id, "div", "soft small code")

    def tier(record: RuleRecord) -> None:
        if record.rule is not None:
            tier_badge(words, tiers, record.rule.tier)

    def state(record: RuleRecord) -> None:
        plain(place.state_of(words, record.state), "div", "nowrap")
        if record.problems:
            plain(f"⚠ {words('rules.unreadable')}", "div", "late small")

    def bounds(record: RuleRecord) -> None:
        if record.rule is not None:
            for told in place.bounds_of(words, record.rule):
                plain(told, "div", "small")

    def scenarios(record: RuleRecord) -> str:
        return "–" if record.rule is None else place.scenarios_of(words, record.rule, names)

    def changed(record: RuleRecord) -> str:
        overlay = record.overlay
        if overlay is None:
            return words.choice("rules.origins", record.origin.value)
        at = short_time(overlay.updated_at, visit.zone)
        return f"{board.names.of(overlay.author)} · {at}"

    return (
        Column("name", words("rules.name"), name),
        Column("state", words("rules.state"), state, sortable=True),
        Column("tier", words("rules.tier"), tier, sortable=True),
        Column("scenarios", words("rules.scenario"), scenarios),
        Column("bounds", words("rules.bounds"), bounds),
        Column("changed", words("rules.changed"), changed, sortable=True),
    )


def _filters(board: Board, visit: Visit) -> tuple[Containing | OneOf, ...]:
    words = visit.words
    tiers = board.container.library.tiers.tiers
    return (
        Containing("q", words("rules.search")),
        OneOf(
            "state",
            words("rules.state"),
            {item.value: words.choice("rules.states", item.value) for item in RuleState},
        ),
        OneOf(
            "tier", words("rules.tier"), {tier.id: words.of(tier.name) for tier in reversed(tiers)}
        ),
        OneOf("scenario", words("rules.scenario"), board.scenario_names(words)),
        OneOf(
            "origin",
            words("rules.origin"),
            {item.value: words.choice("rules.origins", item.value) for item in RuleOrigin},
        ),
        OneOf(
            "kind",
            words("rules.kind"),
            {item.value: words.choice("kind", item.value) for item in Kind},
        ),
    )
