"""Tags of the sessions' pages."""
