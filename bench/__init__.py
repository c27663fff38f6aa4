"""Figures: what is measured on real texts, printed for people and kept as JSON."""
