"""`fengsui drill`: a score sheet from stream and script; an installation's drills by command."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import structlog

from service.auth import SYSTEM
from service.cli import main
from service.cli.drill_shown import print_drill
from service.cli.opening import opened
from service.demo import config_path
from service.settings import load_settings
from tests.service.cli.stream import tail
from tests.support.drill_scene import tape
from tests.support.process import Finished, Role, Shell

SCRIPT = """
people:
  - {id: anna, name: 安娜, roles: [responder, lead]}
acts:
  - {at: 3m, by: anna, act: acknowledge}
  - {at: 10m, by: anna, act: done, step: first_response, note: 已回}
  - {at: 20m, by: anna, act: done, step: none_such}
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    """The beginning of the last crisis of the bundled stream, read by words alone."""
    folder = tmp_path_factory.mktemp("drill")
    script = folder / "acts.yaml"
    script.write_text(SCRIPT, encoding="utf-8")
    stream = tail(folder / "tail.jsonl", lines=300)
    arguments = ["drill", stream, "--config", config_path(), "--script", script, "--hours", "2"]
    handlers = logging.getLogger().handlers[:]
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FENGSUI_DATA_DIR", str(folder / "data"))
        patch.setenv("FENGSUI_ENCODER", "lexical")
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main([*map(str, arguments), "--json"])
    yield Finished(int(str(ended.value.code)), out.getvalue(), err.getvalue())
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def answer(finished: Finished) -> dict[str, Any]:
    assert finished.code == 0, finished.err
    found: dict[str, Any] = json.loads(finished.out)
    return found


def test_the_sheet_has_what_the_script_did(answer: dict[str, Any]) -> None:
    assert (answer["state"], answer["virtual"]) == ("done", True)
    incident = answer["sheet"]["incidents"][0]
    clocks = {clock["step"]: clock for clock in incident["clocks"]}
    assert clocks["acknowledge"]["took_s"] == 180
    assert clocks["acknowledge"]["done_by"] == {"id": "anna", "name": "安娜"}
    assert clocks["first_response"]["verdict"] == "in_time"
    assert incident["missed"]
    assert incident["pages"]["sent"] > 0


def test_what_was_refused_is_told(answer: dict[str, Any], finished: Finished) -> None:
    assert {item["step"] for item in answer["refused"]} == {"none_such"}
    assert "acts of the script were refused" in finished.err


def test_people_read_it_too(answer: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    print_drill(answer)
    shown = capsys.readouterr().out
    assert "【演练】" in shown
    assert "安娜" in shown
    assert "deadlines kept" in shown
    hostile = answer | {"stream": "a\x1b[31m", "channels": [], "reason": "x\ny", "sheet": None}
    print_drill(hostile)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "nobody was paged" in shown
    assert "no score sheet yet" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--virtual", "--speed", "2"], "leave one of the two out"),
        (["--show", "x", "--stop", "y"], "each stand alone"),
        (["--show", "x", "--speed", "1"], "each stand alone"),
        (["--monitor", "tea"], "give --speed too"),
        (["--config", "."], "belongs to a STREAM"),
        (["--show", "latest"], "there was no drill yet"),
        (["--stop", "drl_none"], "there is no drill"),
    ],
)
def test_what_cannot_be_meant_is_refused(installed: Shell, arguments: list[str], said: str) -> None:
    done = installed("drill", *arguments)
    assert done.code == 2
    assert said in done.err


def test_a_script_is_for_virtual_drills(installed: Shell, tmp_path: Path) -> None:
    script = tmp_path / "acts.yaml"
    script.write_text(SCRIPT, encoding="utf-8")
    done = installed("drill", "--speed", "1", "--script", script)
    assert done.code == 2
    assert "live, people act" in done.err


def test_a_drill_of_the_installation_is_shown_stopped_and_cleared(
    installed: Shell, data: Path
) -> None:
    drill_id = asyncio.run(begin(data))
    assert json.loads(installed("drill", "--show", "latest", "--json").out)["id"] == drill_id
    early = installed("drill", "--clear", drill_id, "--yes")
    assert early.code == 2
    assert "stop it first" in early.err
    assert "stopped" in installed("drill", "--stop", drill_id).out

    kept = installed("drill", "--clear", drill_id, stdin=b"n\n")
    assert kept.code == 130
    cleared = installed("drill", "--clear", drill_id, stdin=b"y\n")
    assert cleared.code == 0
    assert "its sheet stays" in cleared.out


async def begin(data: Path) -> str:
    settings = load_settings({"FENGSUI_DATA_DIR": str(data)})
    async with opened(settings) as container:
        drill = await container.drills.begin(SYSTEM, stream="test", speed=1, tape=tape())
    return drill.id


def test_a_live_one_is_waited_for_until_somebody_stops_it(
    installed: Shell, data: Path, tmp_path: Path
) -> None:
    """No service runs here: that nobody plays it is as well as not, the tape is there."""
    log = tmp_path / "drill.log"
    stream = tail(tmp_path / "tail.jsonl", lines=300)
    arguments = ["drill", str(stream), "--config", str(config_path()), "--speed", "60", "--json"]
    variables = {"FENGSUI_DATA_DIR": str(data), "FENGSUI_ENCODER": "lexical"}
    live = Role(arguments, variables, log)
    try:
        for _ in range(600):
            if "is on;" in log.read_text(encoding="utf-8"):
                break
            time.sleep(0.2)
        stopped = json.loads(installed("drill", "--stop", "latest", "--json").out)
        assert live.wait() == 0
    finally:
        live.kill()
    assert (stopped["state"], stopped["speed"]) == ("stopped", 60.0)
    assert stopped["moves"] > 0
    told = log.read_text(encoding="utf-8")
    assert "nobody is paged" in told
    assert json.loads(told.splitlines()[-1])["id"] == stopped["id"]
