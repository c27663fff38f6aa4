"""axe-core on every place of the console: nothing serious, in both languages, light and dark.

The gate sees each place in one of the four, the next place in another; `make soak` the other three.
"""

from __future__ import annotations

import pytest

from service.auth import Role
from service.console.pages import PLACES
from tests.support.console_samples import sample_path
from tests.support.console_walk import Walk
from tests.support.hostile import HARMLESS

EVERYBODY = tuple(role for role in Role if role is not Role.CLASSIFIER)
PATHS = [path for place in PLACES for path in place.paths]
TASTES = (("zh", "light"), ("en", "dark"), ("zh", "dark"), ("en", "light"))
SEEN = [
    pytest.param(path, *taste, marks=() if place % len(TASTES) == turn else pytest.mark.soak)
    for place, path in enumerate(PATHS)
    for turn, taste in enumerate(TASTES)
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("path", "language", "theme"), SEEN)
async def test_a_page_is_accessible(walk: Walk, path: str, language: str, theme: str):
    address = await sample_path(walk.scene, path, HARMLESS)
    await walk.sign_in("lin", *EVERYBODY)
    await walk.taste(language=language, theme=theme)
    await walk.go(address)
    await walk.accessible()
    await walk.calm()


@pytest.mark.timeout(300)
async def test_signing_in_is_accessible(walk: Walk):
    for theme in ("light", "dark"):
        await walk.taste(theme=theme)
        await walk.page.goto(f"{walk.base}/console/sign-in")
        await walk.page.locator("input[name=name]").wait_for()
        await walk.accessible()
    await walk.sign_in("lin", Role.VIEWER)
    await walk.go("/password")
    await walk.accessible()


@pytest.mark.timeout(300)
async def test_refusals_are_accessible(walk: Walk):
    await walk.sign_in("lin", Role.VIEWER)
    for path in ("/incidents/inc_none", "/no/such/page"):
        await walk.go(path)
        await walk.accessible()
