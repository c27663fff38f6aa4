"""What an analysis says of itself."""

from nlp import load_analyzer
from nlp.analysis import Analysis, CopyKey

KEY = CopyKey(exact="", simhash=0, bands=())


def test_an_analysis_without_hits_is_calm() -> None:
    calm = Analysis(language="zh", normal="", tokens=(), copy_key=KEY)
    assert (calm.severity, calm.categories, calm.scenario) == (0, (), None)


def test_only_counted_hits_count() -> None:
    analysis = load_analyzer(backends=()).analyze("手机没有发生爆炸")
    assert all(hit.suppressed_by for hit in analysis.hits)
    assert analysis.severity == 0
