"""A back-test from its scene to its answer: rehearse what is in force, then the candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from playbooks import document_of
from service.backtest.budget import Proposal, propose
from service.backtest.comparison import Comparison, compare
from service.backtest.model import Candidate, Rehearsal, Rehearse, Reread, Scene, Tell
from service.backtest.proposed import entries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a back-test found. `proposed` is a rehearsal of the proposal, where there is one, and
    `entries` are the rules' section of a file that makes it so when it is applied."""

    scene: Scene
    candidate: Candidate
    before: Rehearsal
    after: Rehearsal
    comparison: Comparison
    proposal: Proposal | None = None
    entries: tuple[Mapping[str, Any], ...] = ()
    proposed: Rehearsal | None = None


async def run_backtest(
    scene: Scene, candidate: Candidate, *, rehearse: Rehearse, reread: Reread, tell: Tell
) -> Outcome:
    """Play the scene with the rules in force and with the candidate's.

    A candidate that changes nothing is not played twice. Raises InvalidInput for rules and rows
    that are refused, and whatever `tell` raises.
    """
    library = scene.rules.replacing(candidate.rules)
    taped = candidate.budget is not None
    is_same = library.rules == scene.rules.library.rules and candidate.lexicon is None
    before = await rehearse(
        scene.posts,
        scene.stage,
        scene.rules.library,
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
    proposal = propose(
        after,
        candidate.budget,
        labels=scene.labels,
        zone=scene.stage.zone,
        tell=partial(tell, "budget"),
    )
    if not proposal.chosen:
        return replace(outcome, proposal=proposal)
    entries = entries_of(proposal.chosen, candidate.rules, library=library, rules=scene.rules)
    documents = [document_of(dict(entry), place="proposal") for entry in entries]
    proposed = await rehearse(
        posts,
        scene.stage,
        scene.rules.replacing(documents),
        taped=False,
        tell=partial(tell, "proposal"),
    )
    return replace(outcome, proposal=proposal, entries=entries, proposed=proposed)
