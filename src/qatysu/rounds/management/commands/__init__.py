"""Commands for the console of the machine."""
