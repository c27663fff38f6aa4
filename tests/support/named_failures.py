"""A failure is named when it happens: a gate that is cut off has said by then what was wrong."""

from __future__ import annotations

import pytest


class NamedAtOnce:
    """Writes a line for each failure, besides the report at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal is not None:
            crash = getattr(report.longrepr, "reprcrash", None)
            why = str(getattr(crash, "message", report.longrepr)).partition("\n")[0][:200]
            when = f"{report.when}, {report.duration:.0f} s"
            terminal.write_line(f"\n{report.nodeid} ({when}): {why}")
