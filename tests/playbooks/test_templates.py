from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import Library, TemplateError, render
from playbooks.schema import Template
from playbooks.templates import body_problems, fill, split_template, used_variables


def template(body: str) -> Template:
    return Template.model_validate(
        {
            "id": "a.b",
            "title": {"zh": "题"},
            "kind": "answer",
            "variables": {"brand": {"zh": "品牌"}, "note": {"zh": "附注", "required": False}},
            "body": body,
        }
    )


def test_fills_in_variables(library: Library) -> None:
    holding = library.template("product_quality.holding")
    text = render(holding, {"brand": "云杉", "contact": "电话 400"})
    assert text == "云杉已看到，正在核实。电话 400"


def test_an_optional_variable_may_be_left_out(library: Library) -> None:
    assert render(library.template("product_quality.holding"), {"brand": "云杉"}).endswith("核实。")


def test_every_wrong_variable_is_named() -> None:
    with pytest.raises(
        TemplateError, match=r"a\.b: give a value for brand; .*not know colour"
    ) as e:
        render(template("{{ brand }}"), {"brand": " ", "colour": "红"})
    assert (e.value.missing, e.value.unknown) == (("brand",), ("colour",))


def test_a_missing_variable_alone_is_named() -> None:
    with pytest.raises(TemplateError, match=r"^template a\.b: give a value for brand$"):
        render(template("{{ brand }}"), {})


def test_an_unknown_variable_alone_is_named() -> None:
    with pytest.raises(TemplateError, match=r"^template a\.b: it does not know x$"):
        render(template("{{ brand }}"), {"brand": "云杉", "x": ""})


@given(st.text(max_size=30).filter(lambda value: bool(value.strip())))
def test_a_value_is_put_in_as_it_is(value: str) -> None:
    assert render(template("<{{ brand }}>"), {"brand": value}) == f"<{value}>"


def test_a_value_is_never_expanded() -> None:
    assert render(template("{{brand}}"), {"brand": "{{ note }}", "note": "x"}) == "{{ note }}"


def test_undeclared_variables_and_odd_braces_have_places() -> None:
    problems = body_problems(
        template("{{ brand }}\n {{ colour }} {{ 1x }}\n}}"), place="t.md", first_line=9
    )
    assert [str(problem) for problem in problems] == [
        "t.md:10:2: `colour` is not declared under `variables`",
        "t.md:10:15: write a variable as `{{ name }}`",
        "t.md:10:21: write a variable as `{{ name }}`",
        "t.md:11:1: write a variable as `{{ name }}`",
    ]


def test_used_variables() -> None:
    assert used_variables(template("{{ brand }} {{brand}}")) == {"brand"}


def test_split() -> None:
    parts, problems = split_template("---\nid: a\n---\n\n\ntext\n", place="t")
    assert problems == []
    assert parts is not None
    assert (parts.header.data, parts.body, parts.body_line) == ({"id": "a"}, "text", 6)
    assert parts.header.values[("id",)] == (2, 5)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "t:1:1: the first line must be `---`"),
        ("id: a\n", "t:1:1: the first line must be `---`"),
        ("---\nid: a\n", "t:1:1: the front matter has no closing `---` line"),
        ("---\nid: [\n---\nx\n", "t:2:"),
    ],
)
def test_what_has_no_front_matter(text: str, problem: str) -> None:
    parts, problems = split_template(text, place="t")
    assert parts is None
    assert str(problems[0]).startswith(problem)


def test_a_draft_keeps_what_is_not_known_yet() -> None:
    template = _DRAFT.model_copy(update={"body": "{{ brand }}：{{ fact }}（{{ aside }}）"})

    assert fill(template, {"brand": "{{ fact }}"}) == "{{ fact }}：{{ fact }}（）"


def test_a_draft_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TemplateError, match="weather"):
        fill(_DRAFT, {"weather": "晴"})


_DRAFT = Template.model_validate(
    {
        "id": "draft",
        "title": {"zh": "草稿"},
        "kind": "update",
        "variables": {
            "brand": {"zh": "品牌"},
            "fact": {"zh": "事实"},
            "aside": {"zh": "补充", "required": False},
        },
        "body": "{{ brand }}",
    }
)
