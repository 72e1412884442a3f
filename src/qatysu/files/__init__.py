"""Uploads: sniffed, limited, re-encoded, stored apart from their names."""
