"""Many entries at once, from a table or a list: tried first, then saved as one version."""

from __future__ import annotations

import asyncio

from fastapi import Response
from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Values
from service.console.page import console_page, heading
from service.console.pages.lexicon import place
from service.console.pages.lexicon.listed import categories
from service.console.session import Visit
from service.console.theme import link, plain
from service.errors import InvalidInput
from service.lexicon import Defaults, Imported, ImportFormat, ImportReport, read_import, table_of

FORM = "lexicon-import"
_LONGEST = 400_000
"""Characters: what a page sends at once. Larger files go through the command."""
_MOST_SHOWN = 100


def register(board: Board) -> None:
    """The page `/lexicon/import`; with `?export` the entries in use as a table."""
    lexicon = board.container.lexicon

    @console_page(board, place.PLACE, "/lexicon/import")
    async def page(visit: Visit) -> Response | None:
        if "export" in visit.query:
            await lexicon.directory.refresh()
            content = table_of(lexicon.live.current.entries)
            headers = {"Content-Disposition": 'attachment; filename="lexicon.tsv"'}
            return Response(content, media_type="text/tab-separated-values", headers=headers)
        (await visit.principal()).require(Action.EDIT, Resource.LEXICON)
        words = visit.words
        with heading(visit, words("lexicon.import.title"), hint=words("lexicon.import.hint")):
            link(place.LIST, words("lexicon.back"), "act")
            link(f"{place.IMPORT}?export", words("lexicon.import.export"), "act")
        Importing(board, visit).draw()
        return None


class Importing:
    """The form, and what its rows would do."""

    def __init__(self, board: Board, visit: Visit) -> None:
        self._desk = board.container.lexicon.desk
        self._directory = board.container.lexicon.directory
        self._visit = visit
        self._report: ImportReport | None = None

    def draw(self) -> None:
        """Fields; the answer comes beneath them."""
        words = self._visit.words
        with ui.element("section").classes("panel"):
            form = Form(self._visit, FORM, save=self._save)
        form.after = self._follow
        with form:
            formats = {
                item.value: words.choice("lexicon.import.formats", item.value)
                for item in ImportFormat
            }
            form.long_text(
                "content",
                words("lexicon.import.content"),
                hint=words("lexicon.import.content_hint"),
                required=True,
                longest=_LONGEST,
                rows=12,
            )
            form.choice("format", words("lexicon.import.format"), formats, required=False)
            form.choice(
                "category",
                words("lexicon.category"),
                categories(self._visit),
                hint=words("lexicon.import.of_words"),
                required=False,
            )
            form.choice(
                "severity",
                words("lexicon.severity.title"),
                place.severities(words),
                hint=words("lexicon.import.of_words"),
                required=False,
            )
            reason = words("lexicon.import.reason_hint")
            form.text("reason", words("lexicon.reason"), hint=reason)
            form.yes("confirm", words("lexicon.import.confirm"))
            form.submit(words("lexicon.import.go"))
        self._shown()

    async def _save(self, principal: Principal, values: Values) -> None:
        imported = await asyncio.to_thread(self._read, values)
        confirmed = values.yes("confirm")
        self._report = None
        try:
            self._report = await self._desk.import_rows(
                principal, imported, reason=values.text("reason"), confirm=confirmed
            )
        except InvalidInput as error:
            lines = [(_field(path), _told(path, message)) for path, message in error.errors]
            raise InvalidInput(error.detail, errors=lines) from error
        finally:
            self._shown.refresh()
        await self._directory.refresh()

    def _read(self, values: Values) -> Imported:
        chosen = values.optional("format")
        severity = values.optional("severity")
        return read_import(
            values.as_typed("content").encode("utf-8", "replace"),
            file="content",
            format=None if chosen is None else ImportFormat(chosen),
            defaults=Defaults(
                category=values.optional("category"),
                severity=None if severity is None else int(severity),
            ),
        )

    async def _follow(self) -> None:
        if self._report is not None and self._report.saved is not None:
            go(self._visit, place.VERSIONS, said=self._visit.words("lexicon.import.done"))

    @ui.refreshable_method
    def _shown(self) -> None:
        report, words = self._report, self._visit.words
        if report is None:
            return
        with ui.element("section").classes("panel stack").props('role="status"'):
            plain(words("lexicon.import.would"), "h2")
            with ui.element("ul").classes("bullets"):
                for name, count in (
                    ("added", len(report.added)),
                    ("changed", len(report.changed)),
                    ("unchanged", len(report.unchanged)),
                    ("skipped", len(report.skipped)),
                    ("errors", len(report.issues)),
                    ("advice", len(report.advice)),
                ):
                    plain(f"{words(f'lexicon.import.{name}')}: {count:,}", "li")
            for name, issues in (
                ("errors", report.issues),
                ("skipped", report.skipped),
                ("advice", report.advice),
            ):
                if not issues:
                    continue
                plain(words(f"lexicon.import.{name}"), "h3", "strong")
                with ui.element("ul").classes("bullets"):
                    for issue in issues[:_MOST_SHOWN]:
                        line = words("lexicon.import.line", number=issue.line)
                        plain(f"{line}: {issue.message}", "li", "foreign")
            if not report.issues and report.saved is None:
                plain(words("lexicon.import.now_confirm"), "p", "strong")


def _field(path: str) -> str:
    return "reason" if path == "reason" else "content"


def _told(path: str, message: str) -> str:
    return message if path == "reason" else f"{path}: {message}"
