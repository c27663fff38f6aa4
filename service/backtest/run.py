"""A back-test from its scene to its answer: rehearse what is in force, then the candidate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from playbooks import ContentErrors, Library, document_of, lay_rules
from service.backtest.budget import Proposal, propose
from service.backtest.comparison import Comparison, compare
from service.backtest.model import Candidate, Rehearsal, Rehearse, Reread, Scene, Tell
from service.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a back-test found. `proposed` is a rehearsal of the proposal, where there is one."""

    scene: Scene
    candidate: Candidate
    before: Rehearsal
    after: Rehearsal
    comparison: Comparison
    proposal: Proposal | None = None
    proposed: Rehearsal | None = None


async def run_backtest(
    scene: Scene, candidate: Candidate, *, rehearse: Rehearse, reread: Reread, tell: Tell
) -> Outcome:
    """Play the scene with the rules in force and with the candidate's.

    A candidate that changes nothing is not played twice. Raises InvalidInput for rules and rows
    that are refused, and whatever `tell` raises.
    """
    library = candidate_library(scene.library, candidate)
    taped = candidate.budget is not None
    is_same = library.rules == scene.library.rules and candidate.lexicon is None
    before = await rehearse(
        scene.posts,
        scene.stage,
        scene.library,
        taped=taped and is_same,
        tell=partial(tell, "current"),
    )
    after, posts = before, scene.posts
    if candidate.lexicon is not None:
        posts = await reread(
            scene.posts, scene.stage, candidate.lexicon, tell=partial(tell, "lexicon")
        )
    if not is_same:
        after = await rehearse(
            posts, scene.stage, library, taped=taped, tell=partial(tell, "candidate")
        )
    outcome = Outcome(
        scene=scene,
        candidate=candidate,
        before=before,
        after=after,
        comparison=compare(before.incidents, after.incidents),
    )
    if candidate.budget is None:
        return outcome
    tell("budget", 0, 1)
    proposal = propose(after, candidate.budget, labels=scene.labels, zone=scene.stage.zone)
    if not proposal.chosen:
        return replace(outcome, proposal=proposal)
    entries = [document_of(entry, place="proposal") for entry in proposal.entries]
    proposed = await rehearse(
        posts,
        scene.stage,
        lay_rules(library, entries),
        taped=False,
        tell=partial(tell, "proposal"),
    )
    return replace(outcome, proposal=proposal, proposed=proposed)


def candidate_library(library: Library, candidate: Candidate) -> Library:
    """The rules in force with the candidate's over them.

    Raises InvalidInput with (file:line:column, message) of every mistake.
    """
    try:
        return lay_rules(library, candidate.rules)
    except ContentErrors as error:
        raise InvalidInput(
            "\n".join(str(problem) for problem in error.errors),
            errors=[
                (f"{problem.file}:{problem.line}:{problem.column}", problem.message)
                for problem in error.errors
            ],
        ) from error
