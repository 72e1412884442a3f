"""LEDGER threats 2 to 5: replayed codes, guessed codes, pumping of messages, finding out who has an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qatysu.core.errors import Invalid, NotAllowed, TooMany
from qatysu.identity import codes, limits
from qatysu.identity.contact import Contact, parse_contact
from qatysu.identity.models import Account, RateCount, SignInCode
from qatysu.outbox.models import Message
from tests.identity.conftest import NONCE, NOW, other_than

Ask = Callable[..., str]
Enter = Callable[..., Any]


def refusal(enter: Enter, code: str, **more: Any) -> str:
    with pytest.raises(Invalid) as caught:
        enter(code, **more)
    return caught.value.reason


def test_right_code_opens_an_account_once(ask: Ask, enter: Enter, contact: Contact) -> None:
    account = enter(ask())
    assert (account.phone_hash, account.language, account.name) == (contact.hash, "ru", "")
    assert enter(ask(NOW + timedelta(minutes=1)), NOW + timedelta(minutes=1)) == account
    assert Account.objects.count() == 1


def test_code_is_stored_as_a_keyed_hash_only(ask: Ask) -> None:
    code = ask()
    row = SignInCode.objects.values().get()
    assert all(code not in str(value) for key, value in row.items() if key not in {"id", "sent_at", "expires_at"})


# Threat 2


def test_threat_2_a_spent_code_is_refused(ask: Ask, enter: Enter) -> None:
    code = ask()
    enter(code)
    assert refusal(enter, code) == "code_over"


def test_threat_2_a_code_works_in_the_asking_browser_only(ask: Ask, enter: Enter) -> None:
    code = ask()
    assert refusal(enter, code, nonce="another browser") == "code_over"
    assert enter(code).pk


def test_threat_2_a_code_works_for_its_own_address_only(ask: Ask, enter: Enter) -> None:
    assert refusal(enter, ask(), to=parse_contact("+77019999999")) == "code_over"


def test_threat_2_a_code_ends_after_five_minutes(ask: Ask, enter: Enter) -> None:
    code = ask()
    assert refusal(enter, code, now=NOW + codes.LIFE) == "code_over"


def test_threat_2_a_new_code_ends_the_older_one(ask: Ask, enter: Enter) -> None:
    old = ask()
    later = NOW + timedelta(seconds=31)
    new = ask(later)
    if old != new:
        assert refusal(enter, old, now=later) == "code_wrong"
    assert enter(new, now=later).pk


# Threat 3


def test_threat_3_the_sixth_try_with_the_right_code_fails(ask: Ask, enter: Enter) -> None:
    code = ask()
    wrong = other_than(code)
    for left in (4, 3, 2, 1):
        with pytest.raises(Invalid) as caught:
            enter(wrong)
        assert (caught.value.reason, caught.value.params) == ("code_wrong", {"tries_left": left})
    assert refusal(enter, wrong) == "code_over"
    assert refusal(enter, code) == "code_over"


def test_threat_3_the_fifth_try_may_be_right(ask: Ask, enter: Enter) -> None:
    code = ask()
    for _ in range(4):
        refusal(enter, other_than(code))
    assert enter(code).pk


def test_threat_3_new_codes_and_browsers_do_not_reset_the_counter_of_an_address(ask: Ask, enter: Enter) -> None:
    for minute in (0, 1):
        now = NOW + timedelta(minutes=minute)
        code = ask(now, nonce=f"browser {minute}")
        for _ in range(5):
            refusal(enter, other_than(code), now=now, nonce=f"browser {minute}")
    now = NOW + timedelta(minutes=2)
    code = ask(now, nonce="browser 2")
    with pytest.raises(TooMany) as caught:
        enter(code, now=now, nonce="browser 2")
    assert caught.value.retry_after_s == 58 * 60


def test_threat_3_the_counter_lives_in_the_database(ask: Ask, enter: Enter, contact: Contact) -> None:
    refusal(enter, other_than(ask()))
    assert RateCount.objects.get(key=limits.key_of(limits.TRY_ADDRESS, contact.hash)).count == 1


def test_threat_3_a_network_that_guesses_is_stopped(db: None, enter: Enter) -> None:
    for n in range(100):
        refusal(enter, "000000", to=parse_contact(f"+7701{n:07d}"))
    with pytest.raises(TooMany):
        enter("000000", to=parse_contact("+77015550000"))
    assert refusal(enter, "000000", to=parse_contact("+77015550000"), ip="10.0.0.2") == "code_over"


def test_right_tries_are_not_counted(ask: Ask, enter: Enter, contact: Contact) -> None:
    enter(ask())
    assert RateCount.objects.get(key=limits.key_of(limits.TRY_ADDRESS, contact.hash)).count == 0


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12 34", "\x00" * 6, "9" * 10_000])
def test_what_is_not_six_digits_costs_no_try(ask: Ask, enter: Enter, typed: str) -> None:
    ask()
    assert refusal(enter, typed) == "code_format"
    assert SignInCode.objects.get().tries == 0


def test_digits_may_be_written_with_spaces_or_in_another_script(ask: Ask, enter: Enter) -> None:
    code = ask()
    arabic = "".join(chr(0x0660 + int(digit)) for digit in code)
    assert enter(f" {arabic[:3]} {arabic[3:]} ").pk


# Threat 4


def test_threat_4_one_code_in_half_a_minute(ask: Ask) -> None:
    ask()
    with pytest.raises(TooMany) as caught:
        ask(NOW + timedelta(seconds=10), nonce="another browser", ip="10.9.9.9")
    assert (caught.value.reason, caught.value.retry_after_s) == ("send-pause", 20)
    assert Message.objects.count() == 1


def test_threat_4_five_codes_an_hour_for_one_address(ask: Ask) -> None:
    for minute in range(5):
        ask(NOW + timedelta(minutes=minute))
    with pytest.raises(TooMany):
        ask(NOW + timedelta(minutes=6))
    ask(NOW + timedelta(minutes=61))


def test_threat_4_sends_stay_within_the_budget_of_a_day(ask: Ask, settings: Any) -> None:
    settings.CODES_PER_DAY = 7
    refused = 0
    for n in range(20):
        try:
            ask(to=parse_contact(f"+7701{n:07d}"), ip=f"10.0.0.{n}")
        except TooMany:
            refused += 1
    assert (Message.objects.count(), refused) == (7, 13)


def test_threat_4_a_refused_network_does_not_use_up_the_quota_of_others(ask: Ask) -> None:
    for n in range(60):
        ask(to=parse_contact(f"+7701{n:07d}"))
    victim = parse_contact("+77015550000")
    for _ in range(10):
        with pytest.raises(TooMany):
            ask(to=victim)
    assert ask(to=victim, ip="10.0.0.2")


def test_threat_4_foreign_numbers_get_nothing(db: None) -> None:
    for number in ("+44 7911 123456", "+7 912 345 67 89", "+1 900 555 0100", "+882 16 123456"):
        with pytest.raises(Invalid):
            parse_contact(number)
    assert Message.objects.count() == 0


# Threat 5


def test_threat_5_asking_for_a_code_does_the_same_work_for_known_and_unknown(ask: Ask, enter: Enter) -> None:
    def queries(to: Contact) -> list[str]:
        RateCount.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            ask(NOW + timedelta(hours=2), to=to)
        return [query["sql"].split(" ")[0] for query in captured.captured_queries]

    enter(ask())
    known, unknown = parse_contact("+77011234542"), parse_contact("+77017654321")
    assert queries(known) == queries(unknown)


def test_code_state_counts_down(ask: Ask, enter: Enter, contact: Contact) -> None:
    code = ask()
    assert codes.code_state(contact=contact, nonce=NONCE, now=NOW) == codes.CodeState(5, 30, True)
    refusal(enter, other_than(code))
    later = NOW + timedelta(seconds=31)
    assert codes.code_state(contact=contact, nonce=NONCE, now=later) == codes.CodeState(4, 0, True)
    assert codes.code_state(contact=contact, nonce="x", now=later) == codes.CodeState(0, 0, False)


def test_a_blocked_account_stays_out(ask: Ask, enter: Enter) -> None:
    Account.objects.filter(pk=enter(ask()).pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        enter(ask(NOW + timedelta(minutes=1)), now=NOW + timedelta(minutes=1))
