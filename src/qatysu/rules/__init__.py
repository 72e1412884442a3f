"""Outcome rules: who wins, exactly and with a trace. Permissions are never called rules."""
