"""The demonstration of SPEC 17: three cities, four rounds, one account per role. Loaded by ``qatysu demo``."""
