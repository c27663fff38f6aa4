"""What the pages after the fire share: departments, people, classes of causes, pages of lists."""

from __future__ import annotations

from collections.abc import Mapping

from service.bootstrap import Container
from service.console.i18n import Language, Words
from service.reviews import Department, load_cause_classes

_DEPARTMENTS = 200


def causes_of(words: Words) -> dict[str, str]:
    """Classes of root causes by id, in the order in which they are shown."""
    english = words.language is Language.EN
    return {item.id: item.en if english else item.zh for item in load_cause_classes().causes}


async def departments_of(container: Container) -> dict[str, Department]:
    """Departments by id, those out of use too."""
    found = await container.reviewing.departments.page(limit=_DEPARTMENTS)
    return {item.id: item for item in found.items}


def named(names: Mapping[str, Department], department_id: str) -> str:
    """What a department is called; one that was deleted by its id."""
    found = names.get(department_id)
    return department_id if found is None else found.name
