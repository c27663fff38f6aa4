"""Charts: nothing in their options can run, and every one has its numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from service.console.charts import (
    Chart,
    Edge,
    Node,
    Point,
    Series,
    bar,
    funnel,
    heat_map,
    line,
    spread_graph,
)
from service.console.charts.model import label
from tests.support.hostile import FAMILIES, HOSTILE

HEAD = ("环节", "数", "占比")


def every(texts: tuple[str, ...]) -> Iterator[Chart]:
    """One chart of each kind, its labels taken from the texts."""
    values = [float(place) for place, _ in enumerate(texts)]
    series = [Series(text, values) for text in texts[:6]]
    yield line(texts[0], texts, series, unit=texts[-1])
    yield bar(texts[0], texts, series, stacked=True)
    yield heat_map(texts[0], texts, texts[:3], [values] * 3)
    yield funnel(texts[0], list(zip(texts, values, strict=True)), head=HEAD)
    nodes = [Node(id=text, label=text, weight=place) for place, text in enumerate(texts)]
    yield spread_graph(texts[0], nodes, [Edge(texts[0], texts[1])], head=HEAD)


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every key and text of the options, with where it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{path}.{key}!", key
            yield from strings(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item, path)
    elif isinstance(value, str):
        yield path, value


@pytest.mark.parametrize("family", FAMILIES)
def test_no_text_of_a_stranger_becomes_a_key_or_an_expression(family: str):
    harmless = tuple(f"标签{place}" for place in range(len(FAMILIES[family])))
    for safe, attacked in zip(every(harmless), every(FAMILIES[family]), strict=True):
        ours = {key for path, key in strings(safe.options) if path.endswith("!")}
        theirs = {key for path, key in strings(attacked.options) if path.endswith("!")}
        assert theirs == ours
        told = strings(attacked.options)
        run = {text for path, text in told if ".:" in path and not path.endswith("!")}
        assert run
        expressions = ("window.fengsui.colour(", "window.fengsui.font()")
        assert all(any(one in text for one in expressions) for text in run)
        assert not any("owned" in text for text in run)


def test_the_way_of_showing_text_is_the_library_s_own():
    for chart in every(HOSTILE[:40]):
        keys = {key for path, key in strings(chart.options) if path.endswith("!")}
        assert "formatter" not in keys
        assert ":formatter" not in keys
        assert chart.options["tooltip"]["renderMode"] == "richText"
        json.dumps(chart.options)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_is_one_short_line_without_what_is_invisible(text: str):
    said = label(text)
    assert len(said) <= 40
    assert said.encode("utf-8").decode("utf-8") == said
    assert not set(said) & set("\n\r\t\x00\x1b{}|\u202e\u2066\u200b\u2028")


def test_numbers_are_told_beside_the_drawing():
    chart = line("声量", ["8 时", "9 时"], [Series("负面", [3.0, None])], unit="帖")
    assert chart.head == ("帖", "负面")
    assert chart.body == (("8 时", "3"), ("9 时", "–"))
    assert chart.points[0, 1] == Point("负面", "9 时", 1)


def test_every_bar_is_named_slanted_where_names_do_not_fit():
    few = bar("原因", ["漏发"], [Series("帖", [3.0])], each_named=True).options["xAxis"]
    many = [f"Something that went wrong {number}" for number in range(15)]
    values = [Series("posts", [1.0] * 15)]
    crowded = bar("causes", many, values, each_named=True).options["xAxis"]
    assert "rotate" not in few["axisLabel"]
    assert (crowded["axisLabel"]["interval"], crowded["axisLabel"]["hideOverlap"]) == (0, False)
    assert "rotate" not in bar("causes", many, values).options["xAxis"]["axisLabel"]


def test_an_empty_cell_is_not_drawn_and_a_press_finds_its_row_and_column():
    chart = heat_map("何时", ["0", "1"], ["周一", "周二"], [[None, 4.0], [0.0, 2.0]])
    assert chart.options["series"][0]["data"] == [[1, 0, 4.0], [0, 1, 0.0], [1, 1, 2.0]]
    assert chart.points[0, 0] == Point("周一", "1", 0)
    assert chart.body == (("周一", "–", "4"), ("周二", "0", "2"))


def test_a_stage_is_told_with_its_part_of_the_one_before():
    chart = funnel("漏斗", [("帖子", 200.0), ("预警", 10.0), ("事件", None)], head=HEAD)
    assert [row[2] for row in chart.body] == ["–", "5.0%", "–"]


def test_of_many_nodes_the_heaviest_are_drawn_and_all_are_told():
    nodes = [Node(id=str(place), label=f"n{place}", weight=place) for place in range(600)]
    edges = [Edge("0", "599"), Edge("598", "599"), Edge("nobody", "1")]
    chart = spread_graph("传播", nodes, edges, head=HEAD)
    (drawn,) = chart.options["series"]
    assert len(drawn["data"]) == 400
    assert drawn["links"] == [{"source": "1", "target": "0"}]
    assert len(chart.body) == 600
    assert chart.body[599] == ("n599", "599", "n0, n598")
    assert chart.points[0, 0].name == "599"


@pytest.mark.parametrize(
    "make",
    [
        lambda: line("x", ["a"], [Series("s", [1, 2])]),
        lambda: bar("x", ["a", "b"], [Series("s", [1])]),
        lambda: heat_map("x", ["a"], ["r"], [[1], [2]]),
        lambda: heat_map("x", ["a"], ["r"], [[1, 2]]),
    ],
)
def test_values_that_do_not_fit_their_labels_are_an_error(make):
    with pytest.raises(ValueError, match="labels"):
        make()


def test_nothing_to_draw_is_known():
    assert line("x", [], []).is_empty
    assert not line("x", ["a"], [Series("s", [None])]).is_empty
