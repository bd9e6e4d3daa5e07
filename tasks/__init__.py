"""Who owes what and what was done: pure rules, and the ledger that keeps them."""
