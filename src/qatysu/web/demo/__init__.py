"""The demonstration of SPEC 17: three cities, five rounds, one account per role. Loaded by ``qatysu demo``."""
