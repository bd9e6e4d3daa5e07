"""What is ordered, to whom, by when: the office's directive files and the language they are written in."""
