"""Sentiment by words, until a model is there."""

from nlp.sentiment.lexical import LexicalSentiment, load_sentiment

__all__ = ["LexicalSentiment", "load_sentiment"]
