"""Findings over the emotion matrix of content that loads."""

from __future__ import annotations

from collections.abc import Iterator

from playbooks.content_files import MATRIX_FILE
from playbooks.emotion_matrix import matrix_problems
from playbooks.issues import Issue, error
from playbooks.library import Library
from playbooks.mistakes import Mistake


def response_issues(library: Library) -> Iterator[Issue]:
    """What the matrix cannot mean: a tier without an answer, a wording outside its own register."""
    if library.responses is not None:
        for problem in matrix_problems(library.responses, library.tiers):
            yield error(MATRIX_FILE, Mistake.BAD_VALUE, problem, path=("responses",))
