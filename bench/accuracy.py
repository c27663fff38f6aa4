"""Accuracy of what ships, over the labelled dev rows: per domain with intervals, per head.

    python -m bench.accuracy [--data DIR] [--model DIR] [--json FILE]

The whole analyser answers, as it would a caller. Weibo's emoticon tags, which gave that corpus its
labels, are removed. Intent and scenario have no public corpus: their cross-validated figures are in
the model card and are not computed anew here.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.dev_figures import (
    heads,
    overall_calibration,
    printed_heads,
    printed_two_labels,
    probabilities_of,
    two_labels,
)
from bench.real_texts import DEFAULT_DATA
from bench.shipped import analyzer_over, shipped_backend
from nlp import Analysis, Analyzer, NlpError
from nlp.training.corpora import read_rows
from nlp.training.errors import BadCorpus
from nlp.training.evaluation import printed, shown, table

_BATCH = 1024


def answered(analyzer: Analyzer, texts: Sequence[str]) -> list[Analysis]:
    """The analyses in order, with progress on a terminal."""
    analyses: list[Analysis] = []
    for start in range(0, len(texts), _BATCH):
        analyses += analyzer.analyze_batch(texts[start : start + _BATCH])
        if sys.stderr.isatty():
            end = "\r" if len(analyses) < len(texts) else "\n"
            print(f"{len(analyses)} of {len(texts)} rows", end=end, file=sys.stderr)
    return analyses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--model", type=Path, help="another served folder than the shipped one")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    try:
        report = _report(arguments.data, arguments.model)
    except (BadCorpus, NlpError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1, ensure_ascii=False), "utf-8")


def _report(data: Path, model: Path | None) -> dict[str, Any]:
    all_rows = shown(read_rows(data, "dev"))
    analyzer = analyzer_over(shipped_backend(model))
    analyses = answered(analyzer, [row.text for row in all_rows])
    rows, said, missing = probabilities_of(all_rows, analyses)
    domains, each, pairs = table(rows, said), heads(rows, said), two_labels(rows, said)
    calibration = overall_calibration(rows, said)
    degraded = sorted({name for analysis in analyses for name in analysis.degraded})
    print(printed(domains), printed_two_labels(pairs), printed_heads(each), sep="\n\n")
    print(f"\nover all heads: ECE {100 * calibration:.2f} %")
    for task, count in missing.items():
        print(f"{task}: {count} rows got no answer and are left out")
    versions = ", ".join(analyzer.versions.values())
    print(f"degraded: {', '.join(degraded) or 'nothing'}; versions: {versions}")
    print("intent, scenario: cross-validated in nlp/models/*/MODEL_CARD.md, not repeated here")
    return {
        "domains": [asdict(line) for line in domains],
        "two_labels": [asdict(pair) for pair in pairs],
        "heads": [asdict(head) for head in each],
        "calibration": calibration,
        "unanswered": dict(missing),
        "degraded": degraded,
        "versions": dict(analyzer.versions),
    }


if __name__ == "__main__":
    main()
