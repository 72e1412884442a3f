"""Append-only trail of deeds: who did what to which object, and why."""
