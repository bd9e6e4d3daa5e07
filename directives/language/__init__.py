"""The directive language: from a file that mirrors the paper to values, and from values to assignments."""
