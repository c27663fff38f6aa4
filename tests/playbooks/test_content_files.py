from __future__ import annotations

from pathlib import Path

import pytest

from playbooks.content_files import SIZE_LIMIT, overlay_folder, read_files, version_of
from tests.playbooks.sample import FILES, write_content


def test_reads_every_file_in_order(tmp_path: Path) -> None:
    files, problems = read_files(write_content(tmp_path))
    assert problems == []
    assert [file.name for file in files] == sorted(FILES)
    template = next(file for file in files if file.folder == "templates")
    assert template.stem == "product_quality.holding"


def test_the_package_has_content() -> None:
    files, problems = read_files(None)
    assert problems == []
    assert "tiers.yaml" in {file.name for file in files}


def test_hidden_files_and_foreign_folders_are_left_alone(tmp_path: Path) -> None:
    write_content(tmp_path, {"rules/.swp": "x", "alternatives/tiers.yaml": "x"})
    files, problems = read_files(tmp_path)
    assert problems == []
    assert [file.name for file in files] == sorted(FILES)


def test_unreadable_files_are_problems_with_their_place(tmp_path: Path) -> None:
    write_content(tmp_path, {"rules/readme.txt": "x", "rules/big.yaml": " " * (SIZE_LIMIT + 1)})
    (tmp_path / "rules" / "folder.yaml").mkdir()
    (tmp_path / "rules" / "gbk.yaml").write_bytes(b"id: x\nname: \xc9\xd5\n")
    problems = {str(problem) for problem in read_files(tmp_path)[1]}
    assert problems == {
        f"{tmp_path}/rules/readme.txt:0:0: only .yaml files belong here",
        f"{tmp_path}/rules/folder.yaml:0:0: only .yaml files belong here",
        f"{tmp_path}/rules/big.yaml:0:0: larger than {SIZE_LIMIT} bytes",
        f"{tmp_path}/rules/gbk.yaml:2:1: not UTF-8: save the file as UTF-8",
    }


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    _, problems = read_files(tmp_path / "nowhere")
    assert [problem.message for problem in problems] == ["there is no such folder"]


def test_an_overlay_replaces_its_namesake(tmp_path: Path) -> None:
    write_content(tmp_path / "base")
    over = tmp_path / "over" / "rules"
    over.mkdir(parents=True)
    (over / "burst.yaml").write_text("id: burst\n", encoding="utf-8")
    files, _ = read_files(tmp_path / "base", overlays=[tmp_path / "over"])
    assert {file.name: file.text for file in files}["rules/burst.yaml"] == "id: burst\n"
    assert len(files) == len(FILES)


def test_the_version_depends_on_words_and_not_on_the_folder(tmp_path: Path) -> None:
    one, _ = read_files(write_content(tmp_path / "one"))
    same, _ = read_files(write_content(tmp_path / "two"))
    other, _ = read_files(write_content(tmp_path / "three", {"rules/burst.yaml": "id: x"}))
    assert version_of(one) == version_of(same) != version_of(other)


def test_windows_line_ends_and_marks_make_no_difference(tmp_path: Path) -> None:
    one, _ = read_files(write_content(tmp_path / "one"))
    write_content(tmp_path / "two")
    path = tmp_path / "two" / "tiers.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert version_of(read_files(tmp_path / "two")[0]) == version_of(one)


def test_an_overlay_that_ships_goes_by_its_name() -> None:
    shipped = overlay_folder("national")
    assert (shipped / "tiers.yaml").is_file()


@pytest.mark.parametrize("name", ["./national", "/srv/national", "tiers", "..", "."])
def test_any_other_overlay_goes_by_its_path(name: str) -> None:
    assert overlay_folder(name) == Path(name)
