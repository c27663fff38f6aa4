"""Text before meaning: normal form, tokens, language."""

from nlp.text.language import Language, detect_language
from nlp.text.normalizer import NormalText, normalize
from nlp.text.search_tokens import Reach, SearchPhrase, reach, search_phrases, search_tokens
from nlp.text.tokenizer import CharacterTokenizer, JiebaTokenizer, Tokenizer

__all__ = [
    "CharacterTokenizer",
    "JiebaTokenizer",
    "Language",
    "NormalText",
    "Reach",
    "SearchPhrase",
    "Tokenizer",
    "detect_language",
    "normalize",
    "reach",
    "search_phrases",
    "search_tokens",
]
