"""The other end of a letter: agency pages and leaders' pages."""
