from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import ContentErrors
from service.bootstrap import library_of, overlays_of
from service.settings import load_settings


def test_without_overlays_it_is_what_ships() -> None:
    assert library_of(load_settings({})).tiers.id == "brand"


def test_the_national_levels_by_name() -> None:
    library = library_of(load_settings({"FENGSUI_CONTENT_OVERLAYS": "national"}))
    assert library.tiers.ids == ("blue", "yellow", "orange", "red")


def test_the_last_overlay_lies_on_top(tmp_path: Path) -> None:
    folder = tmp_path / "over"
    folder.mkdir()
    text = (overlays_of(["national"])[0] / "tiers.yaml").read_text(encoding="utf-8")
    (folder / "tiers.yaml").write_text(text.replace("id: national", "id: ours"), encoding="utf-8")
    settings = load_settings({"FENGSUI_CONTENT_OVERLAYS": f" national, {folder} ,"})
    assert settings.content_overlays == ("national", str(folder))
    assert library_of(settings).tiers.id == "ours"


def test_a_folder_that_is_not_there_is_refused() -> None:
    with pytest.raises(ContentErrors, match="there is no such folder"):
        library_of(load_settings({"FENGSUI_CONTENT_OVERLAYS": "./national"}))
