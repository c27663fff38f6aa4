"""Whatever strangers write does nothing, on every place, at a desk and on a telephone."""

from __future__ import annotations

import pytest

from service.auth import Role
from service.console.pages import PLACES
from tests.support.console_samples import sample_path
from tests.support.console_walk import PHONE, Walk
from tests.support.hostile import FAMILIES, HOSTILE

EVERYBODY = tuple(role for role in Role if role is not Role.CLASSIFIER)
PATHS = [path for place in PLACES for path in place.paths]
# What is painted first and what the toolkit then draws, both in the moment in which one follows the
# other: elements and texts, but not what only a script can draw. HTML knows no NUL and no CR.
_PAINTS = r"""
const said = (it) => it.childElementCount ? "" : it.textContent.replace(/[\r\n\0]/g, "");
const shape = (main) => [...main.querySelectorAll("*")]
  .filter((it) => !it.closest(".canvas, .hidden, .q-uploader, time, iframe"))
  .map((it) => `${it.tagName} ${it.className} ${said(it)}`);
new MutationObserver((_, observer) => {
  const living = document.querySelector("#app #main");
  if (living === null) return;
  window.paints = [shape(document.querySelector("#first-paint main")), shape(living)];
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


def test_the_corpus_is_as_large_and_as_varied_as_promised():
    assert len(HOSTILE) >= 200
    assert len(FAMILIES) >= 12


@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", PATHS)
async def test_what_strangers_wrote_does_nothing(walk: Walk, path: str):
    address = await sample_path(walk.scene, path, HOSTILE)
    await walk.sign_in("lin", *EVERYBODY)
    await walk.page.add_init_script(_PAINTS)
    await walk.go(address)
    first, living = await walk.page.evaluate("window.paints")
    assert first == living, "the first paint is not what stays"
    # What is folded away is drawn too, but a browser lays it out only when it is opened.
    await walk.page.evaluate(
        "document.querySelectorAll('main details').forEach(it => { it.open = true; })"
    )
    await walk.page.wait_for_timeout(300)
    await walk.calm()
    await walk.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await walk.calm()
