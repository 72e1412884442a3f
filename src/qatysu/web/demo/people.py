"""People of the demonstration: one account per role and the authors. Nobody here exists; names are a given name or initials."""

from __future__ import annotations

from qatysu.core.regulation import Role

#: Accounts of the start screen, in the order shown.
ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.RESIDENT: ("Айгүл С.", "kk"),
    Role.CAPTAIN: ("Дәурен К.", "kk"),
    Role.TEAM_MEMBER: ("Ольга Н.", "ru"),
    Role.COACH: ("Мадина Т.", "kk"),
    Role.CENTRE_LEAD: ("Сергей В.", "ru"),
    Role.EXPERT: ("Гүлнар Ә.", "kk"),
    Role.CHAIR: ("Ерлан Б.", "kk"),
    Role.SECRETARY: ("Наталья М.", "ru"),
    Role.AKIMAT_OFFICER: ("Қайрат Ж.", "kk"),
    Role.AKIMAT_APPROVER: ("Бауыржан О.", "kk"),
    Role.FUNDER: ("Виктор Л.", "ru"),
    Role.COORDINATOR: ("Жанар И.", "ru"),
    Role.EDITOR: ("Аружан П.", "kk"),
    Role.IMPLEMENTER: ("Марат Д.", "ru"),
    Role.COMMISSION: ("Елена Р.", "ru"),
    Role.MENTOR: ("Тимур А.", "ru"),
    Role.OPERATOR: ("Антон Г.", "ru"),
    Role.CONSULTANT: ("Ирина Ф.", "ru"),
    Role.SPECIALIST: ("Нұрлан Х.", "kk"),
}
#: Authors by initials; a round takes as many as it needs from the front.
INITIALS: tuple[str, ...] = (
    "А. К.",
    "Г. М.",
    "С. Т.",
    "Р. Ж.",
    "Д. О.",
    "Л. С.",
    "М. Б.",
    "Е. Н.",
    "К. А.",
    "В. П.",
    "Н. И.",
    "Ж. Т.",
    "Б. Е.",
    "О. Д.",
    "Т. Қ.",
    "И. Г.",
    "Ә. Р.",
    "З. М.",
    "Ю. В.",
    "Қ. Н.",
    "Ф. А.",
)
