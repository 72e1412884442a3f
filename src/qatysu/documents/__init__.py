"""Normative documents of a round: texts in two languages, generated where the rules speak, discussed, approved, published."""
