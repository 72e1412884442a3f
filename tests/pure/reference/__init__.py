"""The outcome rules a second time: from docs/outcome-rules.md alone, slow and as plain as the papers.

Voters stand one by one, numbers are ``Fraction``, sets are tried one by one. Nothing here is taken from
``qatysu.rules`` but the shapes of what is read.
"""
