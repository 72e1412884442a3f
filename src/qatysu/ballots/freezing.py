"""The ballot of a round is fixed once: slate, keys, log and manifest come together or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.ballots.keys import (
    MadeKeys,
    discard_unused_keys,
    make_log_key,
    make_promise_key,
    make_round_keys,
    open_key,
    round_keys,
)
from qatysu.ballots.logs import origin_of
from qatysu.ballots.manifest import cadence, manifest_of
from qatysu.ballots.models import Ballot, Slate, SlateEntry
from qatysu.bulletin.commands import create_log, submit, submit_all
from qatysu.bulletin.models import Log
from qatysu.coaching.models import Passport
from qatysu.core.errors import Conflict, Frozen, Invalid
from qatysu.core.regulation import Action
from qatysu.ledger.entries import BadEntry, encode
from qatysu.ledger.leaf import cast_entry, commitment, nonce
from qatysu.proposals.models import Proposal, State
from qatysu.rounds import commands as rounds
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.rule_params import conflict_groups
from qatysu.rounds.touching import touch


def freeze_slate(*, actor: Any, round: Round, now: datetime) -> Slate:
    """Fix the ballot of a round: admitted projects, limits, constitution, round key. Nothing of it changes afterwards.

    Raises Frozen when it is frozen already, Invalid when nothing is admitted, a cost is missing or nobody could vote.
    """
    authorize(actor, Action.FREEZE_SLATE, round, now=now)
    name = str(round)
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=round.pk)
        if Slate.objects.filter(round=locked).exists():
            raise Frozen("slate_frozen")
        admitted = list(Proposal.objects.filter(round=locked, state=State.ADMITTED).order_by("number"))
        constitution = Constitution.objects.get(round=locked)
        _check_freezable(admitted, constitution)
        rounds.freeze_constitution(locked, now)
        constitution.refresh_from_db()
        keys = make_round_keys(name, origin_of(name))
        try:
            locked.constitution = constitution
            log = _begin_log(locked, constitution, keys.vkey)
            passports = passports_of(admitted)
            slate = _write_slate(locked, constitution, admitted, passports, log, keys.key_digest, now)
            _submit_manifest(slate, admitted, keys, passports)
            record(
                actor=actor, action="freeze_slate", now=now, place=name, target=f"slate:{slate.pk}", digest=slate.digest
            )
            touch(locked)
        except BaseException:
            discard_unused_keys(name)
            raise
    return slate


def _check_freezable(admitted: Sequence[Proposal], constitution: Constitution) -> None:
    if not admitted:
        raise Invalid("nothing_admitted")
    if any(not proposal.cost_tenge for proposal in admitted):
        raise Invalid("admitted_without_cost")
    if not constitution.methods:
        raise Invalid("no_eligibility_method")
    if len(admitted) < constitution.min_choices:
        raise Invalid("fewer_projects_than_choices")
    if {code for group in conflict_groups(constitution) for code in group.projects} - {proposal.code for proposal in admitted}:
        raise Invalid("conflict_off_ballot")


def _begin_log(round_: Round, constitution: Constitution, vkey: str) -> Log:
    if Log.objects.filter(origin=origin_of(str(round_))).exists():
        raise Conflict("log_exists")
    min_batch, max_delay_s = cadence(constitution)
    return create_log(vkey=vkey, min_batch=min_batch, max_delay_s=max_delay_s)


def passports_of(projects: Sequence[Proposal]) -> dict[int, str]:
    """Digest of the latest passport of each project that has one, by its key; one query."""
    rows = Passport.objects.filter(workspace__proposal__in=projects).order_by("number")
    return dict(rows.values_list("workspace__proposal_id", "digest"))


def _submit_manifest(slate: Slate, projects: Sequence[Proposal], keys: MadeKeys, passports: Mapping[int, str]) -> None:
    fields = manifest_of(slate.round, slate.origin, projects, slate.max_choices, keys, passports)
    try:
        raw = encode(fields)
    except BadEntry as problem:
        raise Invalid("manifest", text=str(problem)) from None
    assert slate.log is not None  # noqa: S101  # reason: made just before
    submit(slate.log, raw, is_voters=False)


def _write_slate(
    round_: Round,
    constitution: Constitution,
    admitted: Sequence[Proposal],
    passports: Mapping[int, str],
    log: Log,
    key_digest: str,
    now: datetime,
) -> Slate:
    slate = Slate.objects.create(
        round=round_,
        log=log,
        origin=log.origin,
        min_choices=constitution.min_choices,
        max_choices=min(constitution.max_choices, len(admitted)),
        max_attempts=constitution.max_attempts,
        digest=slate_digest(round_, constitution, admitted, passports),
        key_digest=key_digest,
        frozen_at=now,
    )
    SlateEntry.objects.bulk_create(
        SlateEntry(
            slate=slate, code=p.code, proposal=p, title=p.title, cost_tenge=p.cost_tenge or 0, passport=passports.get(p.pk, "")
        )
        for p in admitted
    )
    return slate


def slate_digest(
    round_: Round, constitution: Constitution, admitted: Sequence[Proposal], passports: Mapping[int, str] = MappingProxyType({})
) -> str:
    """SHA-256 (hex) over the constitution and the projects with their costs, titles and, where there are any, passports."""
    lines = [[each.code, each.cost_tenge, each.title, *filter(None, (passports.get(each.pk),))] for each in admitted]
    body = json.dumps([str(round_), constitution.digest, lines], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


@transaction.atomic
def adopt_log(*, round: Round, now: datetime) -> int:
    """Give a round that was frozen before logs existed its log, with the ballots that it has; returns their number.

    For the operator's command line. Raises Conflict ``log_exists``, and ``ballot_differs`` when a stored ballot does not give the
    leaf hash that was computed from its commitment.
    """
    slate = Slate.objects.select_for_update(of=("self",)).select_related("round__constitution", "round__city").get(round=round)
    if slate.log_id is not None:
        raise Conflict("log_exists")
    name, constitution = str(slate.round), slate.round.constitution
    keys = MadeKeys(round_keys(name).digest, make_log_key(name, slate.origin), make_promise_key(name, slate.origin))
    log = _begin_log(slate.round, constitution, keys.vkey)
    slate.log = log
    Slate.objects.filter(pk=slate.pk).update(log=log)
    rows = list(slate.entries.select_related("proposal__category").order_by("pk"))
    passports = {row.proposal_id: row.passport for row in rows if row.passport}
    _submit_manifest(slate, [row.proposal for row in rows], keys, passports)
    secret, entries = open_key(name), []
    for ballot in Ballot.objects.filter(round=slate.round).iterator():
        hidden = commitment(
            slate.origin, ballot.handle, ballot.attempt, nonce(secret, ballot.handle, ballot.attempt), ballot.choices
        )
        entries.append((cast_entry(ballot.handle, ballot.attempt, hidden), bytes(ballot.leaf)))
    if submit_all(log, [raw for raw, _ in entries], is_voters=True) != [leaf for _, leaf in entries]:
        raise Conflict("ballot_differs")
    record(actor=None, action="adopt_log", now=now, place=name, target=f"slate:{slate.pk}", ballots=len(entries))
    return len(entries)
