"""Changes of rules in words: against the preset, against last year, by an amendment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qatysu.rounds.models import Constitution
from qatysu.web.views.studio_rules_form import RulesForm, said

#: (label, old value, new value) in words.
Change = tuple[str, str, str]


def in_words(constitution: Constitution, changes: Mapping[str, Any]) -> list[Change]:
    """(label, old value, new value) of each rule, as the form words them."""
    form = RulesForm(instance=constitution)
    return [(str(form.fields[name].label), said(form, name, old), said(form, name, new)) for name, (old, new) in changes.items()]
