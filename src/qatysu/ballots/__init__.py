"""The voting path: slate, codes, casting. A ballot names a handle, never a person."""
