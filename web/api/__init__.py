"""The interface for programs: the same numbers and the same acts as the pages, by keys instead of links."""
