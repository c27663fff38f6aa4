"""The contract of post stores is no test module by name, yet its failures should explain."""

import pytest

pytest.register_assert_rewrite("tests.contracts")
