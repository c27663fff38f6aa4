"""What a risk comes to: the score with its working, and the money with its rates of exchange."""

from __future__ import annotations

from nicegui import ui

from service.console.format import measure
from service.console.pages.risks import place
from service.console.panels import pairs, small_table
from service.console.session import Visit
from service.console.theme import plain
from service.risks import Entry, Formula
from service.risks.model import MONEY


def draw_score(visit: Visit, formula: Formula, entry: Entry) -> None:
    """Each coefficient with its weight, and the formula with the numbers put in."""
    words, score = visit.words, entry.assessment.score
    with ui.element("section").classes("panel stack"):
        plain(words("risks.score"), "h2")
        with ui.element("div").classes("line"):
            plain(place.band_name(words, formula, score.band), classes="state strong")
            plain(f"{measure(float(score.value))} / 25", classes="strong")
        small_table(
            [words(f"risks.{name}") for name in ("coefficient", "level", "weighs", "points")],
            [
                (
                    words.choice("risks.fields", part.name),
                    str(part.coefficient),
                    f"{part.weight * 100:.0f}%",
                    f"{part.points}",
                )
                for part in score.parts
            ],
            caption=words("risks.score"),
            numbers=3,
        )
        likelihood = place.chance_name(words, formula, score.likelihood)
        pairs([(words("risks.likelihood"), likelihood), (words("risks.working"), score.working)])


def draw_money(visit: Visit, entry: Entry, reporting: str) -> None:
    """Amounts as they were given and in the reporting currency, and what they come to a year."""
    words, found, draft = visit.words, entry.assessment, entry.risk.draft
    with ui.element("section").classes("panel stack"):
        plain(words("risks.money"), "h2")
        rows: list[tuple[str, str, str]] = []
        for name in MONEY:
            converted = found.money[name]
            worth = None if converted is None else converted.amount
            given = place.money(getattr(draft, name))
            label = words.choice("risks.fields", name)
            rows.append((label, given, place.amount(worth, reporting)))
        for key, value in (
            ("expected_loss", found.expected_loss),
            ("cost", found.cost),
            ("balance", found.balance),
        ):
            rows.append((words(f"risks.{key}"), "", place.amount(value, reporting)))
        head = (words("risks.what"), words("risks.given"), words("risks.in", currency=reporting))
        small_table(head, rows, caption=words("risks.money"), numbers=2)
        if found.balance is None:
            plain(f"▲ {words('risks.no_rate')}", "p", "soon")
        elif found.balance < 0:
            plain(f"▲ {words('risks.dearer')}", "p", "soon")
        used = {
            item.rate.currency: item.rate
            for item in found.money.values()
            if item is not None and item.rate is not None
        }
        for rate in used.values():
            said = words(
                "risks.rate",
                currency=rate.currency,
                rate=f"{rate.rate:f}",
                reporting=reporting,
                day=rate.day.isoformat(),
                origin=rate.origin,
            )
            plain(said, "p", "soft small foreign")
