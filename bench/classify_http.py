"""Classifying over HTTP against `transformers.pipeline` with the same weights, texts and cores.

    python -m bench.classify_http [--data DIR] [--model DIR] [--fp32 WORK/RUN] [--json FILE]

Starts `fengsui serve` on loopback as it ships, asks for every component, and takes the pipeline,
which does the sentiment alone, in turns with it. Medians of the rounds; no text is sent twice.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.baseline import Answered, Baseline, NoBaseline, baseline
from bench.http_figures import Case, NothingAnswered, Row, bodies, printed, row_of
from bench.http_load import Outcome, Plan
from bench.memory import resident
from bench.real_texts import DEFAULT_DATA, Supply, TooFewTexts, real_texts
from bench.served import ROOT, NoServer, Served, served
from nlp.training.errors import BadCorpus

_CHARACTERS = 50
_WARM_UP = 256


CASES = (
    Case(name="1 caller", callers=1, texts=320),
    Case(name=f"1 caller, {_CHARACTERS} characters", callers=1, texts=320, characters=_CHARACTERS),
    Case(name="8 callers", callers=8, texts=640),
    Case(name="64 callers", callers=64, texts=1024, against=1),
    Case(name="1 caller, 32 items", callers=1, texts=1024, items=32, against=32),
    Case(name="8 callers, 32 items", callers=8, texts=1024, items=32, against=32),
)


def measure(
    server: Served,
    texts: Supply,
    pipeline: Baseline | None,
    *,
    cases: Sequence[Case],
    rounds: int,
) -> tuple[list[Row], list[str]]:
    """The median row of each case, and what the answers called degraded."""
    degraded: set[str] = set()
    seen: dict[str, list[Row]] = {case.name: [] for case in cases}
    for number in range(rounds):
        for case in cases:
            if case.characters is None:
                chosen = texts.take(case.texts)
            else:
                chosen = texts.take_han(case.texts, characters=case.characters)
            # Who begins changes with the round, so that neither always finds the machine warm.
            pipeline_first = case.against is not None and number % 2 == 1
            compared = _compared(pipeline, chosen, case) if pipeline_first else None
            outcome = ask(server, chosen, callers=case.callers, items=case.items)
            if not pipeline_first:
                compared = _compared(pipeline, chosen, case)
            degraded |= set(outcome.degraded)
            seen[case.name].append(row_of(case, outcome, compared))
            print(f"round {number + 1}: {case.name}", file=sys.stderr)
    return [Row.median(rows) for rows in seen.values()], sorted(degraded)


def ask(
    server: Served,
    texts: Sequence[str],
    *,
    callers: int,
    items: int,
    components: Sequence[str] = (),
) -> Outcome:
    """Send the texts from a process of its own."""
    plan = Plan(
        port=server.port,
        token=server.token,
        callers=callers,
        bodies=bodies(texts, items=items, components=components),
    )
    done = subprocess.run(
        [sys.executable, "-m", "bench.http_load"],
        cwd=ROOT,
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NoServer(f"the load broke off: {done.stderr[-2000:]}")
    return Outcome(**json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--model", type=Path, help="another served folder than the shipped one")
    parser.add_argument("--fp32", type=Path, help="the run's folder that training left")
    parser.add_argument("--torch-python", default=sys.executable, help="interpreter with [torch]")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the texts; for a try")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    try:
        report = _report(arguments)
    except (BadCorpus, NoBaseline, NoServer, NothingAnswered, TooFewTexts) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1, ensure_ascii=False), "utf-8")


def _report(arguments: argparse.Namespace) -> dict[str, Any]:
    texts = real_texts(arguments.data)
    with ExitStack() as stack:
        server = stack.enter_context(served(_variables(arguments.model)))
        before = resident(server.pid)
        pipeline = None
        try:
            pipeline = stack.enter_context(baseline(arguments.fp32, python=arguments.torch_python))
        except NoBaseline as error:
            print(f"the pipeline is not measured: {error}")
        _warm_up(server, texts, pipeline)
        loaded = resident(server.pid)
        cases = [case.scaled(arguments.scale) for case in CASES]
        rows, degraded = measure(server, texts, pipeline, cases=cases, rounds=arguments.rounds)
        after = resident(server.pid)
    print(printed(rows))
    print(f"medians of {arguments.rounds} rounds; {pipeline.about if pipeline else 'no pipeline'}")
    print(f"degraded: {', '.join(degraded) or 'nothing'}")
    print(
        f"server's memory, MiB: {before.now:.0f} started, {loaded.now:.0f} warm, "
        f"{after.now:.0f} at the end, {after.peak:.0f} at most"
    )
    memory = {"started": before.now, "warm": loaded.now, "end": after.now, "peak": after.peak}
    return {"rows": [asdict(row) for row in rows], "degraded": degraded, "memory_mib": memory}


def _warm_up(server: Served, texts: Supply, pipeline: Baseline | None) -> None:
    chosen = texts.take(_WARM_UP)
    ask(server, chosen[: _WARM_UP // 2], callers=16, items=1)
    ask(server, chosen[_WARM_UP // 2 :], callers=2, items=32)
    if pipeline is not None:
        pipeline.run(chosen[:32], batch_size=1)
        pipeline.run(chosen, batch_size=32)


def _compared(pipeline: Baseline | None, texts: Sequence[str], case: Case) -> Answered | None:
    if pipeline is None or case.against is None:
        return None
    return pipeline.run(texts, batch_size=case.against)


def _variables(model: Path | None) -> dict[str, str]:
    """The quota a key lifted: one key stands for many callers here."""
    chosen = {} if model is None else {"FENGSUI_ENCODER_PATH": str(model.resolve())}
    return {"FENGSUI_CLASSIFY_PER_MINUTE": "0", **chosen}


if __name__ == "__main__":
    main()
