"""What the browser is told about every answer of the console."""

from __future__ import annotations

import pytest

from tests.support.console_scene import ConsoleScene


@pytest.mark.parametrize("path", ["/console/sign-in", "/console/assets/console.js"])
async def test_nothing_may_be_loaded_from_or_framed_by_another_site(scene: ConsoleScene, path: str):
    answer = await (await scene.http()).get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_names_no_address_of_another_site(scene: ConsoleScene):
    page = (await (await scene.http()).get("/console/sign-in")).text
    assert "//cdn" not in page
    assert "https://" not in page.replace('xmlns="http', "")
