"""Rules as people write them: YAML of one rule, of several, or of a section `rules`."""

from __future__ import annotations

from playbooks import Document, read_document
from service.errors import InvalidInput

SECTION = "rules"
LONGEST = 200_000
"""Characters."""


def written_rules(text: str, *, file: str) -> tuple[Document, ...]:
    """The rules of a text, each with its places; what they say is checked where they are laid.

    Raises InvalidInput with every mistake as (file:line:column, message), also for no rule at all.
    """
    if len(text) > LONGEST:
        said = f"{len(text):,} characters; at most {LONGEST:,}"
        raise InvalidInput(f"{file}: {said}", errors=[(f"{file}:1:1", said)])
    whole, problems = read_document(text, place=file)
    if whole is None or problems:
        raise InvalidInput(
            "\n".join(str(problem) for problem in problems),
            errors=[
                (f"{problem.file}:{problem.line}:{problem.column}", problem.message)
                for problem in problems
            ],
        )
    if isinstance(whole.data, dict) and set(whole.data) == {SECTION}:
        whole = whole.part((SECTION,))
    if isinstance(whole.data, list):
        rules = tuple(whole.part((place,)) for place in range(len(whole.data)))
    else:
        rules = () if whole.data is None else (whole,)
    if not rules:
        said = "there is no rule here: write `id`, `tier`, `when` and so on, as `key: value` lines"
        raise InvalidInput(f"{file}: {said}", errors=[(f"{file}:1:1", said)])
    return rules
