"""How it is said: letters, links and delivery."""
