"""A rule as text: a new one, or the overlay of one that is there, with mistakes at line:column."""

from __future__ import annotations

from collections.abc import Mapping

import yaml
from nicegui import ui

from playbooks import Document
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.rules import place
from service.console.pages.rules.one import text_of
from service.console.session import Visit
from service.console.theme import link
from service.errors import InvalidInput
from service.rules import RuleRecord, rule_id_of, written_rules

FIELD = "text"
_LONGEST = 100_000
_EXAMPLE = """id: my_rule
name: {zh: 我的规则, en: My rule}
kind: crisis
scenarios: any
tier: yellow
mode: shadow
when:
  all:
    - {fact: negative_1h, at_least: 12}
    - {fact: negative_share_1h, at_least: 0.5}
why: {zh: 为什么要有它, en: Why there is such a rule}
"""


def register(board: Board) -> None:
    """The page `/new-rule`; with `?of=<id>` for a rule that is there."""
    rules = board.container.rules

    @console_page(board, place.PLACE, "/new-rule")
    async def write(visit: Visit) -> None:
        (await visit.principal()).require(Action.EDIT, Resource.RULE)
        words = visit.words
        await rules.directory.refresh()
        wanted = visit.query.get("of", "")[:64]
        record = rules.directory.get(wanted) if wanted else None

        async def reread(_principal: Principal) -> Stored:
            await rules.directory.refresh()
            if record is None:
                return Stored(values={FIELD: _EXAMPLE}, version=0)
            now = rules.directory.get(record.id)
            return Stored(values={FIELD: _written(text_of(now))}, version=now.version)

        async def save(principal: Principal, values: Values) -> None:
            try:
                written = written_rules(values.text(FIELD), file=FIELD)
                _check_one(visit, written, record)
                await rules.desk.write(principal, written[0], version=values.version)
            except InvalidInput as error:
                raise _at_the_field(error, visit) from error
            await rules.directory.refresh()

        title = words("rules.write.title" if record is None else "rules.as_text")
        with heading(visit, title, hint=words("rules.write.hint")):
            link(place.LIST, words("rules.back"), "act")
        name = f"rule-text-{wanted or 'new'}"
        with ui.element("section").classes("panel"):
            form = Form(
                visit,
                name,
                stored=await reread(await visit.principal()),
                save=save,
                reread=None if record is None else reread,
            )
        form.said, form.after = words("rules.tune.saved"), place.LIST
        with form:
            form.long_text(
                FIELD, words("rules.write.text"), required=True, longest=_LONGEST, rows=22
            )
            form.control(FIELD).classes("code")
            form.submit(words("rules.write.save"))


def _check_one(visit: Visit, written: tuple[Document, ...], record: RuleRecord | None) -> None:
    said = ""
    if len(written) != 1:
        said = visit.words("rules.write.one_rule")
    elif record is not None and rule_id_of(written[0]) != record.id:
        said = visit.words("rules.write.its_id", id=record.id)
    if said:
        raise InvalidInput(said, errors=[(FIELD, said)])


def _written(data: Mapping[str, object]) -> str:
    """Data as YAML, in the order in which it stands."""
    return str(yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False))


def _at_the_field(error: InvalidInput, visit: Visit) -> InvalidInput:
    """`text:3:5` as a place that people find."""
    told = []
    for path, message in error.errors:
        parts = path.split(":")
        if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
            at = visit.words("rules.write.place", line=parts[1], column=parts[2])
            told.append((FIELD, f"{at} {message}"))
        else:
            told.append((FIELD, message))
    return InvalidInput(error.detail, errors=told)
