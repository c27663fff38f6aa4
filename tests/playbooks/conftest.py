"""The sample content, loaded once."""

from __future__ import annotations

import pytest

from playbooks import Library, load_library
from tests.playbooks.sample import write_content


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return load_library(write_content(tmp_path_factory.mktemp("content")))
