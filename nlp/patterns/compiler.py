"""Pattern files to compiled rules, noting every name that is missing and form that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.patterns.document import Document, Place
from nlp.patterns.form import Slot, orders, parse_form
from nlp.patterns.rule import CompiledCondition, CompiledRule
from nlp.patterns.schema import Condition, PatternFile, RuleSpec, SharedFile, WordClass
from nlp.patterns.vocabulary import LONGEST_EXPRESSION, VocabularyDraft

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class _Members:
    words: frozenset[str]
    allow: frozenset[str]


class PatternCompiler:
    """Compiles one pattern: its own names first, then the shared ones."""

    def __init__(
        self,
        pattern: PatternFile,
        document: Document,
        *,
        shared: SharedFile,
        draft: VocabularyDraft,
        terms: Mapping[str, Iterable[str]],
    ) -> None:
        self._pattern = pattern
        self._document = document
        self._classes = {**shared.classes, **pattern.classes}
        self._expressions = {**shared.expressions, **pattern.expressions}
        self._guards = {**shared.guards, **pattern.guards}
        self._draft = draft
        self._terms = terms
        self._numbers: dict[str, int] = {}

    def rules(self) -> list[tuple[CompiledRule, tuple[str, ...]]]:
        """Each rule with the words of its anchor; mistakes go to the document."""
        found = []
        for index, spec in enumerate(self._pattern.rules):
            place: Place = ("rules", index)
            try:
                found.append(self._rule(spec))
            except ValueError as error:
                self._document.issue((*place, "form"), f"rule {spec.id!r}: {error}")
        return found

    def check_guards(self) -> None:
        """Compiles the file's own guards too, so that one that no rule uses is not left broken."""
        for name in self._pattern.guards:
            try:
                self._condition(name, self._guards[name])
            except ValueError as error:
                self._document.issue(("guards", name), f"guard {name!r}: {error}")

    def _rule(self, spec: RuleSpec) -> tuple[CompiledRule, tuple[str, ...]]:
        slots = parse_form(spec.form)
        anchor = next(slot for slot in slots if slot.anchor)
        words = self._draft.words(self._slot(anchor))
        if not words:
            raise ValueError("the anchor must be words, not an expression; mark another slot")
        sequences = tuple(
            (
                tuple((self._slot(slot), slot.gap) for slot in order),
                next(at for at, slot in enumerate(order) if slot.anchor),
            )
            for order in orders(slots, any_order=spec.any_order)
        )
        for name in spec.ignore:
            if name not in self._pattern.unless:
                raise ValueError(f"it ignores {name!r}, which the pattern's `unless` does not have")
        needs = tuple(self._condition("needs", need) for need in spec.needs)
        wanted = {number for sequence, _ in sequences for number, _ in sequence}
        wanted.update(need.word_class for need in needs)
        names = [name for name in (*self._pattern.unless, *spec.unless) if name not in spec.ignore]
        rule = CompiledRule(
            pattern=self._pattern.id,
            id=spec.id,
            sequences=sequences,
            scope=spec.scope,
            needs=needs,
            guards=tuple(self._condition(name, self._guard(name)) for name in dict.fromkeys(names)),
            required=sum(1 << number for number in wanted if self._draft.words(number)),
        )
        return rule, words

    def _guard(self, name: str) -> Condition:
        if name not in self._guards:
            raise ValueError(f"there is no guard {name!r}; known are {', '.join(self._guards)}")
        return self._guards[name]

    def _condition(self, name: str, spec: Condition) -> CompiledCondition:
        number = self._number(spec.of)
        words = self._draft.words(number)
        return CompiledCondition(
            name=name,
            word_class=number,
            where=spec.where,
            scope=spec.scope,
            within=spec.within,
            lifted_by=None if spec.lifted_by is None else self._number(spec.lifted_by),
            lifted_in=spec.lifted_in,
            longest=max(map(len, words), default=LONGEST_EXPRESSION),
        )

    def _slot(self, slot: Slot) -> int:
        return self._draft.add(slot.words) if slot.name is None else self._number(slot.name)

    def _number(self, name: str) -> int:
        known = self._numbers.get(name)
        if known is None:
            known = self._numbers[name] = self._resolved(name)
        return known

    def _resolved(self, name: str) -> int:
        if name in self._expressions:
            return self._draft.add_expression(self._expressions[name])
        members = self._members(name, 0)
        if not members.words:
            raise ValueError(f"class {name!r} has no words")
        return self._draft.add(members.words, allow=members.allow)

    def _members(self, name: str, depth: int) -> _Members:
        spec: WordClass | None = self._classes.get(name)
        if spec is None:
            raise ValueError(f"there is no class or expression {name!r}; add it to `classes`")
        if depth > _DEEPEST:
            raise ValueError(f"class {name!r} includes itself, or is nested too deeply")
        words, allow = set(spec.words), set(spec.allow)
        for category in spec.lexicon:
            words.update(self._terms.get(category, ()))
        for other in spec.include:
            members = self._members(other, depth + 1)
            words |= members.words
            allow |= members.allow
        return _Members(frozenset(words), frozenset(allow))
