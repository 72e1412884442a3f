"""``{% load proposals %}``: a proposal's text, plan and state in the reader's words."""

from __future__ import annotations

from django import template

from qatysu.identity.models import Account
from qatysu.proposals import reasons
from qatysu.proposals.models import Proposal, State
from qatysu.proposals.queries import plan_of
from qatysu.proposals.words import Words, words_of
from qatysu.proposals.words import initials as initials_of

register = template.Library()


@register.filter
def words(proposal: Proposal) -> Words:
    """``{% with w=proposal|words %}{{ w.title }}{% endwith %}``."""
    return words_of(proposal)


@register.filter
def plan_name(proposal: Proposal) -> str:
    """Name of the drawing of this proposal."""
    return plan_of(proposal)


@register.filter
def state_label(state: str) -> str:
    """Words for a state."""
    return reasons.state_label(state)


@register.filter
def state_mark(state: str) -> str:
    """Ending of the class ``status--…`` for a state."""
    return reasons.STATE_MARKS[State(state)]


@register.filter
def initials(account: Account | None) -> str:
    """``Л. С.``"""
    return initials_of(account)
