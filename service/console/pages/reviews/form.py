"""The 5-Why form: questions, answers, where it can be seen, and what the cause was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nicegui import ui

from service.auth import Principal
from service.bootstrap import Container
from service.console.forms import Form, Stored, Values
from service.console.pages.aftermath import causes_of
from service.console.pages.incident import safe_address
from service.console.pages.reviews import place
from service.console.panels import pairs
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.errors import InvalidInput
from service.reviews import EvidenceKind, EvidenceLink, Review, Why
from service.reviews import Form as WhyForm
from service.reviews.form import LINKS_MAX, TEXT_MAX, WHYS_MAX
from service.reviews.lifecycle import WHYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a form may point to: frozen posts with how they begin, steps with their names."""

    posts: Mapping[str, str]
    steps: Mapping[str, str]


class FormOfWhys:
    """Draws the form of an open review, and saves what was sent."""

    def __init__(
        self, container: Container, visit: Visit, review: Review, grounds: Grounds, *, main: bool
    ) -> None:
        """`main` is whether saving is what the page is there for now."""
        self._container = container
        self._visit = visit
        self._review = review
        self._grounds = grounds
        self._main = main
        self._rows = min(WHYS_MAX, max(WHYS, len(review.form.whys) + 1))

    def draw(self) -> None:
        """The fields, five whys at least, and always one more than there are."""
        words, review = self._visit.words, self._review
        form = Form(
            self._visit,
            f"review-{review.id}",
            stored=self._stored(review),
            save=self._save,
            reread=self._read,
        )
        form.said, form.after = words("reviews.saved"), place.address(review.id)
        with form:
            for row in range(self._rows):
                plain(words("reviews.why_number", number=row + 1), "h3")
                path = f"whys.{row}"
                form.text(f"{path}.question", words("reviews.question"), longest=TEXT_MAX)
                form.long_text(f"{path}.answer", words("reviews.answer"), longest=TEXT_MAX, rows=2)
                hint = "" if row else words("reviews.evidence_hint")
                given = len(review.form.whys[row].evidence) if row < len(review.form.whys) else 0
                label = words("reviews.evidence")
                form.lines(f"{path}.evidence", label, hint=hint, rows=min(8, max(2, given)))
            form.text(
                "stopped_early",
                words("reviews.stopped_early"),
                hint=words("reviews.stopped_early_hint"),
                longest=TEXT_MAX,
            )
            plain(words("reviews.cause"), "h3")
            form.long_text("root_cause", words("reviews.root_cause"), longest=TEXT_MAX, rows=2)
            form.choice(
                "cause_class",
                words("reviews.cause_class"),
                causes_of(words),
                required=False,
            )
            form.submit(words("reviews.save"), main=self._main)

    async def _read(self, principal: Principal) -> Stored:
        file = await self._container.reviewing.desk.file(principal, self._review.id)
        return self._stored(file.review)

    def _stored(self, review: Review) -> Stored:
        values: dict[str, object] = {
            "stopped_early": review.form.stopped_early or "",
            "root_cause": review.form.root_cause or "",
            "cause_class": review.form.cause_class or "",
        }
        for row, why in enumerate(review.form.whys):
            values[f"whys.{row}.question"] = why.question
            values[f"whys.{row}.answer"] = why.answer
            values[f"whys.{row}.evidence"] = tuple(item.ref for item in why.evidence)
        return Stored(values=values, version=review.version)

    async def _save(self, principal: Principal, values: Values) -> None:
        whys, rows = [], []
        for row in range(self._rows):
            question = values.text(f"whys.{row}.question")
            answer = values.text(f"whys.{row}.answer")
            refs = values.lines(f"whys.{row}.evidence")
            if question or answer or refs:
                evidence = tuple(self._link(ref) for ref in refs)
                whys.append(Why(question=question, answer=answer, evidence=evidence))
                rows.append(row)
        form = WhyForm(
            whys=tuple(whys),
            stopped_early=values.optional("stopped_early"),
            root_cause=values.optional("root_cause"),
            cause_class=values.optional("cause_class"),
        )
        try:
            await self._container.reviewing.desk.save(
                principal, self._review.id, form, version=values.version
            )
        except InvalidInput as error:
            found = [self._told(path, said, rows) for path, said in error.errors]
            raise InvalidInput(self._visit.words("reviews.refused"), errors=found) from error

    def _told(self, path: str, said: str, rows: Sequence[int]) -> tuple[str, str]:
        """Rows that were left empty are not sent: the mistake stands at the row as it is seen."""
        head, _, rest = path.partition(".")
        number, _, field = rest.partition(".")
        if head == "whys" and number.isdigit() and int(number) < len(rows):
            words = self._visit.words
            if field in ("question", "answer"):
                said = words("reviews.both")
            elif field == "evidence":
                said = words("reviews.too_many_links", most=LINKS_MAX)
            elif field.startswith("evidence."):
                said = words("reviews.no_such_evidence")
            path = f"whys.{rows[int(number)]}.{field}"
        return path, said

    def _link(self, ref: str) -> EvidenceLink:
        """An address, a step of the incident, or else a frozen post."""
        kind = EvidenceKind.POST
        if "://" in ref:
            kind = EvidenceKind.URL
        elif ref in self._grounds.steps:
            kind = EvidenceKind.STEP
        return EvidenceLink(kind=kind, ref=ref)


def draw_answers(visit: Visit, review: Review, grounds: Grounds) -> None:
    """The form as it was filled in, to be read."""
    words, form = visit.words, review.form
    if not form.whys:
        plain(words("reviews.nothing_yet"), "p", "soft")
    for row, why in enumerate(form.whys, start=1):
        plain(f"{words('reviews.why_number', number=row)} {why.question}", "h3", "foreign")
        plain(why.answer, "p", "quote foreign")
        for item in why.evidence:
            _draw_link(visit, review, item, grounds)
    causes = causes_of(words)
    pairs(
        [
            (words("reviews.root_cause"), form.root_cause or "–"),
            (words("reviews.cause_class"), causes.get(form.cause_class or "", "–")),
            (words("reviews.stopped_early"), form.stopped_early or "–"),
        ]
    )


def _draw_link(visit: Visit, review: Review, item: EvidenceLink, grounds: Grounds) -> None:
    with ui.element("p").classes("small"):
        if item.kind is EvidenceKind.URL:
            safe = safe_address(item.ref)
            if safe is None:
                plain(item.ref, classes="foreign")
                return
            link(safe, safe, "foreign").props('target="_blank" rel="noopener noreferrer"')
        elif item.kind is EvidenceKind.STEP:
            plain(f"{visit.words('reviews.step')} {grounds.steps.get(item.ref, item.ref)}")
        else:
            link(f"{BASE}/incidents/{review.incident_id}?tab=evidence", item.ref, "code")
            plain(f" {grounds.posts.get(item.ref, '')}", classes="soft foreign")
