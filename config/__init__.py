"""With what it runs and how it is wired: settings, clock, composition."""
