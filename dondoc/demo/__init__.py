"""The demonstration: a real directive played on a virtual clock through the flows, the mail and the pages of production."""
