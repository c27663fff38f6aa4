"""What a complaint is made of: posts, facts, clocks, answers, ratings, all that was done."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from nlp.pii import masked
from service.complaints.model import Answer, ClockRow, Rating
from service.console.format import moment
from service.console.pages.complaints import place
from service.console.pages.complaints.sheet import ComplaintSheet
from service.console.pages.incident.evidence import safe_address
from service.console.panels import Cell, pairs, small_table
from service.console.session import BASE
from service.console.theme import link, plain, put


def draw_thread(page: ComplaintSheet) -> None:
    """What the person wrote, masked; further posts and copies by number."""
    words, complaint = page.words, page.complaint
    with ui.element("section").classes("panel stack"):
        plain(words("complaints.wrote"), "h2")
        if complaint.text is None:
            erased = complaint.erased_at is not None
            plain(words("complaints.erased" if erased else "complaints.no_text"), "p", "soft")
        else:
            plain(masked(complaint.text), "p", "quote foreign")
        with ui.element("div").classes("line small"):
            plain(complaint.source, classes="foreign")
            moment(page.visit, complaint.posted_at)
            if complaint.emotion:
                plain(words.choice("emotion", complaint.emotion), classes="state")
            if complaint.intensity:
                plain(words.choice("intensity", complaint.intensity), classes="soft")
            _draw_seen(page, complaint.url)
        if len(page.file.posts) > 1:
            with put(ui.element("details"), data_key="thread").classes("more"):
                plain(words("complaints.thread", count=len(page.file.posts)), "summary")
                small_table(
                    [
                        words("complaints.part"),
                        words("complaints.posted"),
                        words("complaints.post"),
                    ],
                    [
                        (
                            words.choice("complaints.parts", item.kind.value),
                            partial(moment, page.visit, item.posted_at),
                            item.post_id,
                        )
                        for item in page.file.posts
                    ],
                    caption=words("complaints.thread", count=len(page.file.posts)),
                )


def draw_facts(page: ComplaintSheet, monitors: dict[str, str]) -> None:
    """Where it belongs, and how it came to be."""
    words, complaint = page.words, page.complaint
    scenarios = page.board.scenario_names(words)
    rows: list[tuple[str, Cell]] = [
        (words("complaints.monitor"), monitors.get(complaint.monitor_id, complaint.monitor_id)),
        (
            words("complaints.scenario"),
            scenarios.get(complaint.scenario or "", complaint.scenario or "–"),
        ),
        (words("complaints.opened"), partial(moment, page.visit, complaint.opened_at)),
        (words("complaints.origin"), words.choice("complaints.origins", complaint.origin.value)),
    ]
    if complaint.rule_id is not None:
        address = f"{BASE}/complaint-rules/{complaint.rule_id}"
        rows.append((words("complaints.rule"), partial(link, address, complaint.rule_id)))
    if complaint.incident_id is not None:
        address = f"{BASE}/incidents/{complaint.incident_id}"
        rows.append((words("complaints.incident"), partial(link, address, complaint.incident_id)))
    if complaint.previous_id is not None:
        address = place.address(complaint.previous_id)
        rows.append((words("complaints.previous"), partial(link, address, complaint.previous_id)))
    if complaint.author is not None:
        rows.append((words("complaints.pseudonym"), complaint.author))
    counted = words(
        "complaints.counted",
        round=complaint.round,
        reopened=complaint.reopened,
        disputed=complaint.disputed,
    )
    rows.append((words("complaints.rounds"), counted))
    if complaint.csat is not None:
        rows.append((words("complaints.rate.csat"), f"{complaint.csat} / 5"))
    if complaint.nps is not None:
        rows.append((words("complaints.rate.nps"), f"{complaint.nps} / 10"))
    with ui.element("section").classes("panel stack"):
        plain(words("complaints.facts"), "h2")
        pairs(rows)


def draw_clocks(page: ComplaintSheet) -> None:
    """Every clock of every round: when it was due, and whether it was met."""
    words = page.words
    with ui.element("section").classes("panel stack"):
        plain(words("complaints.three_clocks"), "h2")
        small_table(
            [
                words("complaints.wait"),
                words("complaints.round"),
                words("complaints.due"),
                words("complaints.met"),
            ],
            [
                (
                    place.clock_of(words, row.clock),
                    f"{row.round:,}",
                    partial(moment, page.visit, row.due_at),
                    partial(_draw_met, page, row),
                )
                for row in page.file.clocks
            ],
            caption=words("complaints.three_clocks"),
        )


def _draw_met(page: ComplaintSheet, row: ClockRow) -> None:
    words = page.words
    if row.is_late:
        plain(f"▲ {words('complaints.late')}", "div", "late")
    if row.met_at is not None:
        if not row.is_late:
            plain(f"✓ {words('complaints.in_time')}", "div", "done")
        moment(page.visit, row.met_at)
    elif row.dropped_at is not None:
        plain(f"– {words('complaints.dropped')}", "div", "soft")
    elif row.due_at <= page.visit.now() and not row.is_late:
        plain(f"▲ {words('complaints.late')}", "div", "late")
    else:
        plain(f"… {words('complaints.runs')}", "div", "soft")


def draw_past(page: ComplaintSheet) -> None:
    """What was said to the person and by them, then all that was done, the newest first."""
    words = page.words
    with ui.element("section").classes("panel stack"):
        plain(words("complaints.answers"), "h2")
        if not page.file.answers:
            plain(words("complaints.no_answers"), "p", "soft")
        for answer in page.file.answers:
            _draw_answer(page, answer)
        for rating in page.file.ratings:
            _draw_rating(page, rating)
    with ui.element("section").classes("panel stack"):
        plain(words("complaints.history"), "h2")
        for event in reversed(page.file.history):
            with ui.element("article").classes("post"):
                with ui.element("div").classes("line small"):
                    plain(words.choice("complaints.events", event.kind), classes="strong")
                    plain(page.name_of(event.actor), classes="foreign")
                    moment(page.visit, event.at)
                if event.note:
                    plain(masked(event.note), "p", "foreign")


def _draw_answer(page: ComplaintSheet, item: Answer) -> None:
    words = page.words
    with ui.element("article").classes("post"):
        with ui.element("div").classes("line small"):
            plain(words.choice("complaints.kinds", item.kind.value), classes="state")
            plain(page.name_of(item.by), classes="foreign")
            plain(item.channel, classes="foreign")
            moment(page.visit, item.at)
            _draw_seen(page, item.url)
        told = words("complaints.erased") if item.text is None else masked(item.text)
        plain(told, "p", "quote foreign")


def _draw_rating(page: ComplaintSheet, item: Rating) -> None:
    words = page.words
    with ui.element("article").classes("post"):
        with ui.element("div").classes("line small"):
            plain(words("complaints.rate.title"), classes="state")
            if item.csat is not None:
                plain(f"{words('complaints.rate.csat')} {item.csat} / 5")
            if item.nps is not None:
                plain(f"{words('complaints.rate.nps')} {item.nps} / 10")
            if item.said_by:
                plain(masked(item.said_by), classes="foreign")
            moment(page.visit, item.said_at)
        if item.words:
            plain(masked(item.words), "p", "quote foreign")


def _draw_seen(page: ComplaintSheet, url: str | None) -> None:
    seen = safe_address(url)
    if seen is not None:
        anchor = link(seen, page.words("complaints.see"), "small")
        anchor.props('target="_blank" rel="noopener noreferrer"')
