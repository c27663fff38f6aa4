"""Replay figures: posts a second and peak memory, each stream in a process of its own.

    python bench/replay.py [STREAM.jsonl[.gz] CONFIG|-]...

Without arguments the bundled demo. Each stream is replayed three times; medians are printed.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
from pathlib import Path

RUNS = 3


def measured(stream: Path, config: str) -> tuple[float, float, int]:
    """(posts a second, peak MiB, incidents) of one replay."""
    command = [sys.executable, "-m", "service", "replay", str(stream), "--json"]
    if config != "-":
        command += ["--config", config]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if not done.stdout:
        sys.exit(done.stderr)
    answer = json.loads(done.stdout)
    peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    return answer["totals"]["posts_per_second"], peak, len(answer["incidents"])


def main() -> None:
    pairs = list(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    if not pairs:
        from service.demo import config_path, stream_path

        pairs = [(str(stream_path()), str(config_path()))]
    print(f"{'stream':<36} {'posts/s':>8} {'peak MiB':>9} {'incidents':>9}")
    for stream, config in pairs:
        rows = [measured(Path(stream), config) for _ in range(RUNS)]
        speed = statistics.median(row[0] for row in rows)
        print(f"{Path(stream).name:<36} {speed:>8.0f} {rows[-1][1]:>9.0f} {rows[-1][2]:>9}")


if __name__ == "__main__":
    main()
