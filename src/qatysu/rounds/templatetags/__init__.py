"""Words of rounds for templates."""
