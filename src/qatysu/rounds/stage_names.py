"""Names of stages in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.regulation import Stage

STAGE_NAMES: dict[str, str | Promise] = {
    Stage.PREPARATION: _("Preparation"),
    Stage.IDEAS: _("Collecting ideas"),
    Stage.SESSIONS: _("Project sessions"),
    Stage.COUNCIL: _("Expert Council"),
    Stage.CAMPAIGN: _("Campaign"),
    Stage.VOTING: _("Voting stage"),
    Stage.AUDIT: _("Check of the count"),
    Stage.RESULTS: _("Publication of results"),
    Stage.AWARD: _("Award ceremony"),
    Stage.WORKS: _("Construction"),
    Stage.CLOSING: _("Closing of the round"),
}
