"""Any schedule of calls, cancellations and failures: each caller gets its own answer, or error."""

import asyncio
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.batching import Batcher, Limits, Overloaded
from tests.support.gated_stages import GatedStages, Piece

LIMITS = Limits(batch_tokens=128, max_wait_s=0.0, most_items=6, most_tokens=600)


@dataclass(frozen=True)
class Move:
    """A call; how many turns of the loop pass before it, and after how many more it hangs up."""

    shapes: list[tuple[str, int, int]]
    patient: bool
    pause: int
    patience: int | None


NAMES = st.sampled_from(["ok"] * 9 + ["bad-prepare", "bad-infer", "bad-finish"])
MOVES = st.builds(
    Move,
    shapes=st.lists(st.tuples(NAMES, st.integers(1, 160), st.integers(0, 6)), max_size=5),
    patient=st.booleans(),
    pause=st.integers(0, 3),
    patience=st.none() | st.integers(0, 12),
)


@settings(max_examples=60)
@given(st.lists(MOVES, max_size=12))
def test_every_caller_gets_its_own_answer_and_nothing_hangs(moves: list[Move]) -> None:
    asyncio.run(asyncio.wait_for(_play(moves), 20))


async def _play(moves: list[Move]) -> None:
    stages = GatedStages()
    line: Batcher[str, str, Piece, str, str] = Batcher(stages, now=lambda: 0.0, limits=LIMITS)
    calls = [asyncio.create_task(_call(line, place, move)) for place, move in enumerate(moves)]
    await asyncio.gather(*calls)
    await line.aclose()
    sizes = [
        [int(item.partition(":")[2].partition("*")[0]) for item in of] for of in stages.inferred
    ]
    for batch in sizes:
        assert len(batch) == 1 or len(batch) * max(16, *batch) <= LIMITS.batch_tokens
    assert all(len(job) <= 32 for job in stages.prepared)


async def _call(line: Batcher[str, str, Piece, str, str], place: int, move: Move) -> None:
    items = [
        f"{name}-{place}-{number}:{size}*{parts}"
        for number, (name, size, parts) in enumerate(move.shapes)
    ]
    for _ in range(move.pause):
        await asyncio.sleep(0.0005)
    task = asyncio.create_task(line.submit(items, patient=move.patient))
    if move.patience is not None:
        for _ in range(move.patience):
            await asyncio.sleep(0)
        task.cancel()
    [outcome] = await asyncio.gather(task, return_exceptions=True)
    if isinstance(outcome, asyncio.CancelledError):
        assert move.patience is not None
    elif isinstance(outcome, Overloaded):
        assert not move.patient
    elif isinstance(outcome, RuntimeError):
        assert any(item in str(outcome) and item.startswith("bad-") for item in items)
    else:
        assert outcome == [item.upper() for item in items]
        failing = [shape for shape in move.shapes if shape[0].startswith("bad-")]
        assert all(name == "bad-infer" and parts == 0 for name, _, parts in failing)
