"""When it runs: Prefect, and nothing but Prefect."""
