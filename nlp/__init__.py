"""Text to meaning."""
