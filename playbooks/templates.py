"""Statement drafts: a front matter, a text with `{{ variable }}`, and nothing that could run.

Values are put in once and as they are: a value that looks like a variable stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playbooks.document import Document, Mark, read_document
from playbooks.errors import ContentProblem, TemplateError
from playbooks.mistakes import Mistake
from playbooks.schema import Template

_RULE = "---"
_VARIABLE = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,63})\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateText:
    """A template file cut in two; `body_line` is the line of the file on which the body starts."""

    header: Document
    body: str
    body_line: int


def split_template(text: str, *, place: str) -> tuple[TemplateText | None, list[ContentProblem]]:
    """Cut the front matter from the body; None with the problems when there is none."""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _RULE:
        return None, [_unheaded(place, "the first line must be `---`")]
    ends = [number for number, line in enumerate(lines) if line.rstrip() == _RULE and number]
    if not ends:
        return None, [_unheaded(place, "the front matter has no closing `---` line")]
    end = ends[0]
    header, problems = read_document("\n".join(lines[1:end]), place=place, first_line=2)
    if header is None:
        return None, problems
    body = "\n".join(lines[end + 1 :])
    lead = len(body) - len(body.lstrip("\n"))
    return (
        TemplateText(header=header, body=body.strip(), body_line=end + 2 + lead),
        problems,
    )


def body_problems(template: Template, *, place: str, first_line: int) -> list[ContentProblem]:
    """Variables that the header does not declare, and braces that make no variable."""
    problems = []
    for match in _VARIABLE.finditer(template.body):
        if match[1] not in template.variables:
            mark = _mark(template.body, match.start(), first_line)
            message = f"`{match[1]}` is not declared under `variables`"
            code = Mistake.UNDECLARED_VARIABLE
            problems.append(ContentProblem(place, *mark, message, code=code))
    for match in _BRACES.finditer(_VARIABLE.sub(lambda found: " " * len(found[0]), template.body)):
        mark = _mark(template.body, match.start(), first_line)
        message = "write a variable as `{{ name }}`"
        problems.append(ContentProblem(place, *mark, message, code=Mistake.BAD_VARIABLE))
    return problems


def used_variables(template: Template) -> frozenset[str]:
    """Names that the text asks for."""
    return frozenset(_names(template.body))


def render(template: Template, values: Mapping[str, str]) -> str:
    """The statement with its variables filled in; optional ones that are not given become empty.

    Raises TemplateError naming every required variable without a value (blank is none), and every
    value that the template does not know.
    """
    missing = tuple(
        name
        for name, variable in template.variables.items()
        if variable.required and not values.get(name, "").strip()
    )
    unknown = tuple(sorted(set(values) - set(template.variables)))
    if missing or unknown:
        raise TemplateError(template.id, missing=missing, unknown=unknown)
    return _VARIABLE.sub(lambda match: values.get(match[1], ""), template.body)


def _unheaded(place: str, message: str) -> ContentProblem:
    return ContentProblem(place, 1, 1, message, code=Mistake.NO_FRONT_MATTER)


def fill(template: Template, values: Mapping[str, str]) -> str:
    """A draft: what is known is put in, a required variable without a value stays as it is written.

    Optional ones that are not given become empty. Raises TemplateError naming every value that the
    template does not know.
    """
    unknown = tuple(sorted(set(values) - set(template.variables)))
    if unknown:
        raise TemplateError(template.id, missing=(), unknown=unknown)

    def put(match: re.Match[str]) -> str:
        value = values.get(match[1], "")
        is_open = not value.strip() and template.variables[match[1]].required
        return f"{{{{ {match[1]} }}}}" if is_open else value

    return _VARIABLE.sub(put, template.body)


def _names(body: str) -> Iterator[str]:
    return (match[1] for match in _VARIABLE.finditer(body))


def _mark(body: str, offset: int, first_line: int) -> Mark:
    before = body[:offset]
    return first_line + before.count("\n"), offset - (before.rfind("\n") + 1) + 1
