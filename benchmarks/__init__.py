"""What the budgets of the architecture cost here: each a ratio of two things measured in the same run."""
