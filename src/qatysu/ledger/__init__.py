"""Pure formats of the verifiable ballot box. No framework, no clock, no randomness."""
