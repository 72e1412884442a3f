"""Discussion and followers of the demonstration round."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from qatysu.core.regulation import Role
from qatysu.proposals.models import Comment, Follow, Proposal
from qatysu.web.demo.proposals import Cast
from qatysu.web.demo.shapes import Remark


def write_remarks(rows: Sequence[Proposal], remarks: Sequence[Remark], cast: Cast, now: datetime) -> None:
    """Store remarks of residents and the answers of the Project Centre, a few hours later."""
    coach = cast.roles[Role.COACH]
    questions = [
        Comment(
            proposal=rows[remark.idea - 1],
            author=cast.authors[(i * 4 + 3) % len(cast.authors)],
            language=remark.language,
            text=remark.text,
            at=now - timedelta(days=remark.days_ago, hours=i % 5),
        )
        for i, remark in enumerate(remarks)
    ]
    Comment.objects.bulk_create(questions)
    Comment.objects.bulk_create(
        Comment(
            proposal=question.proposal,
            parent=question,
            author=coach,
            is_staff=True,
            language=remark.language,
            text=remark.answer,
            at=question.at + timedelta(hours=3),
        )
        for question, remark in zip(questions, remarks, strict=True)
        if remark.answer
    )


def write_follows(rows: Sequence[Proposal], cast: Cast, now: datetime, rng: random.Random) -> None:
    """Let authors and the demonstration's resident follow some projects."""
    pairs = [(row, person) for row in rows for person in rng.sample(list(cast.authors), rng.randint(1, 6))]
    pairs += [(row, cast.roles[Role.RESIDENT]) for row in rows[:2]]
    Follow.objects.bulk_create(
        Follow(proposal=row, account=person, at=now - timedelta(hours=rng.randint(2, 200))) for row, person in pairs
    )
