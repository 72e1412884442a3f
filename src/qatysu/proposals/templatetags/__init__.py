"""Tags of proposals."""
