"""The tables of causes are read with every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.causes import read_tables
from nlp.errors import BadTable

CAUSE = "late\tservice_aftersales\t送货太慢\tLate\n"
TERM = "late\t超时\t外卖超时\t准时\tslow\n"


def write(folder: Path, *, causes: str = CAUSE, terms: str = TERM) -> Path:
    (folder / "causes.tsv").write_text(f"cause\tscenario\tzh\ten\n{causes}", encoding="utf-8")
    (folder / "terms.tsv").write_text(f"cause\tquery\thit\tmiss\treason\n{terms}", encoding="utf-8")
    return folder


def test_a_good_pair_of_tables(tmp_path: Path) -> None:
    causes, terms = read_tables(write(tmp_path))
    assert [(cause.id, cause.scenario) for cause in causes] == [("late", "service_aftersales")]
    assert [(term.cause, str(term.query)) for term in terms] == [("late", "超时")]


@pytest.mark.parametrize(
    ("causes", "terms", "said"),
    [
        ("late\tservice_aftersales\n", TERM, "causes.tsv:2: four columns"),
        (CAUSE + CAUSE, TERM, "causes.tsv:3: cause 'late' is there already"),
        (CAUSE.replace("late", "Late!"), TERM, "small letters and _"),
        (CAUSE.replace("service_aftersales", "weather"), TERM, "no scenario 'weather'"),
        (CAUSE.replace("\tLate", "\t"), TERM, "in Chinese and in English"),
        (CAUSE, TERM + "late\t慢\n", "terms.tsv:3: five columns"),
        (CAUSE, TERM + "lost\t慢\ta\tb\tc\n", "no cause 'lost'"),
        (CAUSE, TERM + "late\t(慢\ta\tb\tc\n", "terms.tsv:3: query, column"),
        (CAUSE, "", "no row for the cause 'late'"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, causes: str, terms: str, said: str) -> None:
    with pytest.raises(BadTable) as caught:
        read_tables(write(tmp_path, causes=causes, terms=terms))
    assert said in str(caught.value)
