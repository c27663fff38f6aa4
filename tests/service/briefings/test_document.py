"""The forms of a briefing: every number and quote is a link in them, and none stands without."""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import docx
import pytest
from lxml import html

from service.briefings import Language, Prose, SectionId, briefing_view, document
from service.documents import Form, written
from tests.support.briefing_scene import ANALYST, MORNING, NOON, BriefingScene

URL = "https://fengsui.example"


async def full(scene: BriefingScene, **named: Any) -> str:
    """The id of a briefing that has something in every section."""
    await scene.posts(40, at=NOON - timedelta(days=1), sentiment="positive")
    await scene.posts(60, sentiment="negative")
    await scene.posts(5, at=NOON + timedelta(hours=1), copy_group="spread")
    incident = await scene.crisis(title="<b>晨屿</b> & 茶")
    await scene.step(incident, "first_response", due_at=MORNING + timedelta(hours=3))
    return (await scene.prepare(**named)).id


async def view_of(
    scene: BriefingScene, briefing_id: str, *, to_write: bool = False
) -> dict[str, Any]:
    found = await scene.desk.get(ANALYST, briefing_id)
    return briefing_view(
        found.briefing,
        found.quotes,
        zone=scene.container.settings.zone,
        public_url=URL,
        to_write=to_write,
    )


@pytest.mark.parametrize("language", Language)
async def test_no_number_stands_in_the_page_without_a_link(
    scene: BriefingScene, language: Language
) -> None:
    view = await view_of(scene, await full(scene, language=language))
    tree = html.fromstring(written(view, document, Form.HTML, made_at=scene.clock.now()))

    for place in tree.xpath("//style | //header | //title | //nav | //a"):
        tail, place.tail = place.tail, None
        parent = place.getparent()
        before = place.getprevious()
        if before is not None:
            before.tail = f"{before.tail or ''} {tail or ''}"
        else:
            parent.text = f"{parent.text or ''} {tail or ''}"
        parent.remove(place)
    # What is said beside a quote is when it was published, with its zone: that is the post's own.
    rest = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC\+8", "", tree.text_content())
    assert re.findall(r"[^\n]*\d[^\n]*", rest) == []


async def test_links_lead_to_the_console_and_the_page_asks_for_nothing(
    scene: BriefingScene,
) -> None:
    view = await view_of(scene, await full(scene))
    page = written(view, document, Form.HTML, made_at=scene.clock.now())
    tree = html.fromstring(page)

    links = tree.xpath("//a/@href")
    assert len(links) > 30
    assert [link for link in links if not link.startswith((f"{URL}/console", "#"))] == []
    assert tree.xpath("//script | //img | //link | //iframe | //*[@src] | //form") == []
    assert b"<b>" not in page
    assert b"@media print" in page


async def test_a_document_of_word_has_the_same_links(scene: BriefingScene) -> None:
    view = await view_of(scene, await full(scene))
    made = written(view, document, Form.DOCX, made_at=scene.clock.now())
    links = zipfile.ZipFile(BytesIO(made)).read("word/_rels/document.xml.rels").decode()
    opened = docx.Document(BytesIO(made))

    assert opened.core_properties.title == view["title"]
    assert opened.paragraphs[0].text == "晨屿茶饮日报 2024-03-01"
    page = html.fromstring(written(view, document, Form.HTML, made_at=scene.clock.now()))
    targets = re.findall(r'Target="(https?:[^"]+)"', links)
    assert {unescape(target) for target in targets} == {
        link for link in page.xpath("//a/@href") if not link.startswith("#")
    }
    assert len(opened.tables) >= 6


async def test_prose_stands_in_its_place_with_its_figures_linked(scene: BriefingScene) -> None:
    made = await full(scene)
    prose = Prose(
        lead="昨日声量 {volume.posts}。",
        comments={SectionId.COVERAGE: "<i>没有</i>盲区"},
        order=(SectionId.COVERAGE, SectionId.VOLUME),
        hidden=(SectionId.MOVED,),
    )
    await scene.desk.edit(ANALYST, made, prose)
    view = await view_of(scene, made)
    tree = html.fromstring(written(view, document, Form.HTML, made_at=scene.clock.now()))

    assert [item["id"] for item in view["sections"]][:2] == ["coverage", "volume"]
    assert "moved" not in [item["id"] for item in view["sections"]]
    text = tree.text_content()
    assert "昨日声量 65 条。" in text
    assert "编者注：<i>没有</i>盲区" in text
    (cited,) = tree.xpath("//a[text()='65 条'][contains(@href, 'posts')]/..")[:1]
    assert cited.text_content() == "昨日声量 65 条。"


async def test_hidden_sections_are_shown_to_writers_as_such(scene: BriefingScene) -> None:
    made = await full(scene)
    await scene.desk.edit(ANALYST, made, Prose(hidden=(SectionId.MOVED,)))
    shown = await view_of(scene, made, to_write=True)
    page = written(shown, document, Form.HTML, made_at=scene.clock.now()).decode()

    assert [item["id"] for item in shown["sections"] if item["hidden"]] == ["moved"]
    assert "变动最大的指标" not in page


async def test_readers_are_not_told_what_is_hidden_or_how_it_was_written(
    scene: BriefingScene,
) -> None:
    made = await full(scene)
    hidden = Prose(comments={SectionId.MOVED: "先不发"}, hidden=(SectionId.MOVED,))
    await scene.desk.edit(ANALYST, made, hidden)
    view = await view_of(scene, made)

    assert (view["prose"], view["figures"]) == (None, {})
    assert "先不发" not in str(view)


async def test_every_figure_says_its_value_unit_and_n(scene: BriefingScene) -> None:
    view = await view_of(scene, await full(scene), to_write=True)
    (volume,) = [item for item in view["sections"] if item["id"] == "volume"]
    first = volume["pieces"][0]["items"][0]

    assert first["id"] == "volume.posts"
    assert (first["figure"]["text"], first["figure"]["value"]) == ("65 条", 65)
    assert (first["figure"]["unit"], first["figure"]["n"]) == ("posts", 65)
    assert first["change"]["text"] == "+62.5%"
    assert view["figures"]["volume.posts"] == "声量：65 条"
    assert [item["id"] for item in view["headlines"]] == [
        *("house.open", "house.overdue", "volume.posts", "volume.negative_share")
    ]
