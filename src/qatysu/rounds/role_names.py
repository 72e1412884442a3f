"""Names of roles in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.regulation import Role

ROLE_NAMES: dict[Role, Promise] = {
    Role.VISITOR: _("Visitor"),
    Role.RESIDENT: _("Resident"),
    Role.CAPTAIN: _("Captain of a team"),
    Role.TEAM_MEMBER: _("Member of a team"),
    Role.COACH: _("Coach of the Project Centre"),
    Role.CENTRE_LEAD: _("Head of the Project Centre"),
    Role.CONSULTANT: _("Consultant"),
    Role.SPECIALIST: _("Invited specialist"),
    Role.EXPERT: _("Member of the Expert Council"),
    Role.CHAIR: _("Chair of the Expert Council"),
    Role.SECRETARY: _("Secretary of the Expert Council"),
    Role.AKIMAT_OFFICER: _("Officer of the akimat"),
    Role.AKIMAT_APPROVER: _("Approver in the akimat"),
    Role.FUNDER: _("Funder"),
    Role.COORDINATOR: _("Coordinator of the programme"),
    Role.EDITOR: _("Editor"),
    Role.IMPLEMENTER: _("Implementer of works"),
    Role.COMMISSION: _("Member of the acceptance commission"),
    Role.MENTOR: _("Mentor"),
    Role.OPERATOR: _("Operator of the portal"),
}
