"""Names of evasions."""

import pytest

from nlp.text.evasion import Evasion, evasion


@pytest.mark.parametrize(
    ("surface", "term", "expected"),
    [
        ("爆炸", "爆炸", None),
        ("爆\u200b炸", "爆炸", Evasion.ZERO_WIDTH),
        ("ＲＥＣＡＬＬ", "recall", Evasion.WIDTH),
        ("産品質量", "产品质量", Evasion.TRADITIONAL),
        ("騙\u200b子", "骗子", Evasion.ZERO_WIDTH),
        ("坑坑坑", "坑坑", Evasion.REPEAT),
        ("Recall", "recall", Evasion.CASE),
        ("no  refund", "no refund", None),
    ],
)
def test_evasion(surface: str, term: str, expected: Evasion | None) -> None:
    assert evasion(surface, term=term) is expected
