"""Reading small tables."""

from pathlib import Path

from nlp.data_files import data_file, rows


def test_rows_keep_their_line_numbers(tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    table.write_bytes("\ufeffa\tb\r\n# note\r\n\r\n一\t二\r\n".encode())
    assert list(rows(table)) == [(4, ["一", "二"])]


def test_every_variant_table_has_rows() -> None:
    for name in ("t2s", "contextual", "negations", "degrees"):
        assert list(rows(data_file("variants", f"{name}.tsv")))
