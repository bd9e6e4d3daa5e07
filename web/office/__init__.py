"""The issuer's desk: papers, what waits to be decided, tasks with their history, letters, agencies; for whoever decides of a paper."""
