"""Text before meaning: normal form, tokens, language."""
