"""Facts of a frozen slate that casting needs, read once per process: they can never change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from qatysu.ballots.keys import RoundKeys, round_keys
from qatysu.ballots.manifest import cadence
from qatysu.ballots.models import Slate
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.ledger.leaf import ballot_order, canonical_choices, voter_handle
from qatysu.rounds.models import Constitution, Round


@dataclass(frozen=True, slots=True)
class Box:
    """The frozen ballot of a round."""

    round_id: int
    log_id: int
    name: str
    origin: str
    max_delay_s: int
    codes: tuple[str, ...]
    min_choices: int
    max_choices: int
    max_attempts: int
    key_digest: str
    random_order: bool

    def keys(self) -> RoundKeys:
        """Keys of the round. Raises Conflict when the file is not the one the slate was frozen with."""
        keys = round_keys(self.name)
        if keys.digest != self.key_digest:
            raise Conflict("round_key_foreign")
        return keys

    def handle(self, voter_id: str) -> str:
        """The handle under which this voter's ballots are stored."""
        return voter_handle(self.keys().voter, self.origin, voter_id)

    def order(self, voter_id: str) -> tuple[str, ...]:
        """Codes in the order in which this voter sees them (recorded: recomputable from the handle and the round key)."""
        if not self.random_order:
            return self.codes
        return ballot_order(self.keys().order, self.handle(voter_id), self.codes)

    def check(self, choices: list[str]) -> str:
        """Canonical JSON of ``choices``. Raises Invalid: none, too_few, too_many, repeated, unknown_project."""
        if not choices:
            raise Invalid("no_choice", field="choice", most=self.max_choices)
        if len(set(choices)) != len(choices):
            raise Invalid("choice_repeated", field="choice")
        if not set(choices) <= set(self.codes):
            raise Invalid("unknown_project", field="choice")
        if len(choices) < self.min_choices:
            raise Invalid("too_few_choices", field="choice", least=self.min_choices, chosen=len(choices))
        if len(choices) > self.max_choices:
            raise Invalid("too_many_choices", field="choice", most=self.max_choices, chosen=len(choices))
        return canonical_choices(choices)


@lru_cache(maxsize=64)
def _load(round_id: int, log_id: int, _digest: str, _key_digest: str) -> Box:
    # The digests are there for the cache: another slate, or another key, is another box.
    slate = Slate.objects.select_related("round__city", "round__constitution").get(round_id=round_id)
    return Box(
        round_id=round_id,
        log_id=log_id,
        name=str(slate.round),
        origin=slate.origin,
        max_delay_s=cadence(slate.round.constitution)[1],
        codes=tuple(slate.entries.values_list("code", flat=True)),
        min_choices=slate.min_choices,
        max_choices=slate.max_choices,
        max_attempts=slate.max_attempts,
        key_digest=slate.key_digest,
        random_order=slate.round.constitution.ballot_order == Constitution.Order.RANDOM,
    )


def box_of(round_: Round) -> Box:
    """The frozen ballot of the round; one cheap query.

    Raises NotFound while the slate is not frozen, Conflict ``no_log`` for one from before there were logs.
    """
    found = Slate.objects.filter(round=round_).values_list("log_id", "digest", "key_digest").first()
    if found is None:
        raise NotFound("slate")
    if found[0] is None:
        raise Conflict("no_log")
    return _load(round_.pk, *found)
