"""Changes of rules in words: against the preset, against last year, by an amendment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qatysu.rounds.models import Constitution
from qatysu.web.views.studio_rules_form import RulesForm, said, words_of

#: (label, old value, new value) in words.
Change = tuple[str, str, str]


def in_words(constitution: Constitution, changes: Mapping[str, Any]) -> list[Change]:
    """(label, old value, new value) of each rule in ``{name: [old, new]}``, as the form words them; parameters of a rule apart."""
    form, found = RulesForm(instance=constitution), list[Change]()
    for name, (old, new) in changes.items():
        if name == "rule_params":
            found += _params(old or {}, new or {})
        elif name in form.fields:
            found.append((str(form.fields[name].label), said(form, name, old), said(form, name, new)))
    return found


def _params(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [(words_of(name).label, _param(name, old.get(name)), _param(name, new.get(name))) for name in names]


def _param(name: str, value: str | None) -> str:
    return words_of(name).choices.get(value, value) if value else "—"
