from __future__ import annotations

from pathlib import Path

import pytest

from service.auth import SYSTEM, Principal
from service.errors import Forbidden
from service.monitors import BadConfig, Brands, Channels, Importer, Monitors, Sources

CONFIG = """\
brands:
  - id: tea
    name: 青岚茶饮
    aliases: [青岚, QingLan]
monitors:
  - id: tea
    query: 青岚 | qinglan
    brand: tea
sources:
  - id: news
    kind: rss
    settings:
      url: https://news.example/feed
    secrets:
      headers: {authorization: Bearer x}
channels:
  - id: ops
    kind: webhook
    url: https://hooks.example/x
    minimum_tier: orange
"""


async def refused(importer: Importer, path: Path) -> list[tuple[str, str]]:
    with pytest.raises(BadConfig) as error:
        await importer.apply(SYSTEM, path)
    return [(place.replace(f"{path}:", ""), message) for place, message in error.value.errors]


def write(folder: Path, text: str, name: str = "config.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


CHAIN = """\
channels:
  - {id: ops, kind: webhook, url: "https://hooks.example/x", settings: {fallback: night}}
  - {id: night, kind: webhook, url: "https://hooks.example/y", settings: {fallback: boss}}
  - {id: boss, kind: webhook, url: "https://hooks.example/z"}
"""


async def test_a_fallback_may_stand_below_what_it_stands_in_for(
    importer: Importer, tmp_path: Path
) -> None:
    applied = await importer.apply(SYSTEM, write(tmp_path, CHAIN))
    assert applied.created == ("channels/boss", "channels/night", "channels/ops")


async def test_a_circle_of_fallbacks_is_refused(importer: Importer, tmp_path: Path) -> None:
    await importer.apply(SYSTEM, write(tmp_path, CHAIN))
    circle = CHAIN.replace('z"}', 'z", settings: {fallback: ops}}')
    ((place, message),) = await refused(importer, write(tmp_path, circle))
    assert (place, "a circle: " in message) == ("4", True)


async def test_everything_is_made(
    importer: Importer,
    tmp_path: Path,
    brands: Brands,
    monitors: Monitors,
    sources: Sources,
    channels: Channels,
) -> None:
    applied = await importer.apply(SYSTEM, write(tmp_path, CONFIG))
    assert applied.created == ("brands/tea", "monitors/tea", "sources/news", "channels/ops")
    assert (await monitors.get("tea")).brand_id == "tea"
    assert (await brands.get("tea")).aliases == ("青岚", "QingLan")
    assert (await sources.get("news")).secret_names == ("headers",)
    assert (await channels.get("ops")).minimum_tier == "orange"
    assert list(applied.new_secrets) == ["ops"]


async def test_applying_again_changes_nothing(importer: Importer, tmp_path: Path) -> None:
    path = write(tmp_path, CONFIG)
    await importer.apply(SYSTEM, path)
    applied = await importer.apply(SYSTEM, path)
    assert (applied.created, applied.changed, len(applied.unchanged)) == ((), (), 4)


async def test_only_what_differs_is_changed(importer: Importer, tmp_path: Path) -> None:
    await importer.apply(SYSTEM, write(tmp_path, CONFIG))
    applied = await importer.apply(SYSTEM, write(tmp_path, CONFIG.replace("orange", "red")))
    assert (applied.changed, len(applied.unchanged)) == (("channels/ops",), 3)


async def test_a_folder_is_one_whole_whatever_the_order_of_its_files(
    importer: Importer, tmp_path: Path
) -> None:
    write(tmp_path, "monitors: [{id: m, name: x, query: 青岚, brand: b}]", "a.yaml")
    write(tmp_path, "brands: [{id: b}]", "b.yml")
    write(tmp_path, "not read", "notes.txt")
    applied = await importer.apply(SYSTEM, tmp_path)
    assert applied.created == ("brands/b", "monitors/m")


async def test_every_mistake_is_named_with_its_line_and_nothing_is_changed(
    importer: Importer, tmp_path: Path, brands: Brands
) -> None:
    text = """\
brands:
  - id: good
monitors:
  - id: m1
    query: "青岚 ("
    brand: none
  - id: m2
    query: 1
    colour: red
  - just text
channels:
  - id: c
    kind: pigeon
sources:
  - id: s
    kind: rss
    settings:
      url: 7
"""
    found = await refused(importer, write(tmp_path, text))
    assert [place for place, _ in found] == ["5", "6", "8", "9", "10", "17", "13"]
    assert found[0][1].startswith("query: column ")
    assert (await brands.page()).items == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules: {}", ("1", "rules is a list")),
        ("monitor: []", ("1", "no section 'monitor'")),
        ("- x", ("1", "not sections")),
        ("brands: {}", ("1", "is a list")),
        ("brands:\n- id: a\n  id: b\n", ("3", "stands here twice")),
        ("brands: [\n", ("2", "not YAML")),
        ("brands: [&x {id: a}, *x]", ("1", "no aliases")),
        ("brands: [{id: !!python/name:os.system }]", ("1", "not YAML")),
        ("brands: [{id: a, name: 2024-13-45}]", None),
        ("brands: [{id: a}, {id: a}]", ("1", "'a' is used at")),
        ("\x00", None),
        pytest.param("[" * 100_000, ("1", "too deep"), id="deep"),
    ],
)
async def test_mistakes_of_form(
    importer: Importer, tmp_path: Path, text: str, expected: tuple[str, str] | None
) -> None:
    (problem,) = await refused(importer, write(tmp_path, text))
    if expected is not None:
        assert problem[0] == expected[0]
        assert expected[1] in problem[1]


async def test_what_cannot_be_read_is_named(importer: Importer, tmp_path: Path) -> None:
    (missing,) = await refused(importer, tmp_path / "none.yaml")
    assert "no such file" in missing[1]
    (empty,) = await refused(importer, tmp_path)
    assert "no .yaml file" in empty[1]
    (tmp_path / "latin.yaml").write_bytes(b"brands: [{id: a, name: \xe9}]")
    write(tmp_path, "#" * 1_000_001, "large.yaml")
    large, latin = await refused(importer, tmp_path)
    assert "larger than" in large[1]
    assert "cannot be read" in latin[1]


async def test_an_empty_file_says_nothing(importer: Importer, tmp_path: Path) -> None:
    applied = await importer.apply(SYSTEM, write(tmp_path, "# later\n"))
    assert (applied.created, applied.changed, applied.unchanged) == ((), (), ())


async def test_who_may_not_edit_changes_nothing(
    importer: Importer, tmp_path: Path, analyst: Principal, brands: Brands
) -> None:
    with pytest.raises(Forbidden, match="may not edit source"):
        await importer.apply(analyst, write(tmp_path, CONFIG))
    assert (await brands.page()).items == ()
