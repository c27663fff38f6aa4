"""Messages of the leaf's errors."""

from nlp.errors import BadQuery, BadTable, TableIssue


def test_a_bad_table_lists_every_place() -> None:
    error = BadTable([TableIssue("a.tsv", 2, "one"), TableIssue("b.tsv", 0, "two")])
    assert str(error) == "a.tsv:2: one\nb.tsv:0: two"


def test_a_bad_query_names_its_column() -> None:
    assert str(BadQuery(7, "no such filter")) == "column 7: no such filter"
