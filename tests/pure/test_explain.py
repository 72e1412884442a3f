"""Sentences say what the step says, in three languages, and nothing else."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import product
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.small import elections, fitting, texts
from tests.pure.test_compare import row

from qatysu.rules import registry
from qatysu.rules.compare import not_binding, note_sentences
from qatysu.rules.explain import Context, outcome_sentence, sentence, step_line, tie_sentence, verdict_word, why
from qatysu.rules.model import Outcome, Phase, Reason, Step, Tallied, Tie, Verdict
from qatysu.rules.params import OWN, stated
from qatysu.rules.wording import LANGUAGES, TABLES, form, joined, say

THRESHOLDS = (0, 10, 11)
NAMES = {"1": "Stadium", "2": "Park", "3": "Well"}
COSTS = {"1": 42, "2": 60, "3": 7}
LACK = {"limit": "roads", "limit_left": 31, "limit_missing": 11}
SHORT = [
    (Reason.CONFLICT, {"by": "2"}, {"missing_votes": 12}),
    (Reason.AFTER_STOP, {"by": "2"}, {"missing_votes": 12, "missing_money": 13}),
    (Reason.AFTER_STOP, {}, {}),
    (Reason.NO_SUPPORT, {}, {}),
    (Reason.SUPPORTERS_LACK, {"supporters": 2, "supporters_hold": Fraction(61, 2)}, {"missing_money": 12}),
    (Reason.SUPPORTERS_LACK, {"supporters_hold": Fraction(61, 2)}, {"missing_money": 12}),
    (Reason.SUPPORTERS_LACK, {}, {}),
    (Reason.NOT_IN_BEST_SET, {}, {"missing_votes": 1}),
    (Reason.DOES_NOT_FIT, {}, {}),
    *((Reason.DOES_NOT_FIT, {**LACK, "limit_kind": kind}, {"missing_votes": 5, "missing_money": 11})
      for kind in ("total", "category", "district", "funders")),
]


def money(amount):
    return f"<{amount}>"


def context(rule="votes", *, by_points=False, **params):
    return Context(rule, {**stated(rule, {}), **params}, NAMES, COSTS, money, by_points)


def step(verdict, reason, phase=Phase.RULE, key=112, **more):
    key = Fraction(key) if key is not None else None
    facts = more.pop("facts", {})
    return Step("1", 3, verdict, reason, phase, 50, 8, key, more.pop("missing_votes", 0), more.pop("missing_money", 0), facts)


def steps():
    """Every kind of step that the rules write."""
    for phase, key in product((Phase.RULE, Phase.COMPLETION, Phase.LEFTOVER), (112, 0, None)):
        yield step(Verdict.FUNDED, Reason.SELECTED, phase, key)
    for phase, (reason, facts, missing) in product((Phase.RULE, Phase.COMPLETION, Phase.LEFTOVER), SHORT):
        yield step(Verdict.NOT_FUNDED, reason, phase, facts=facts, **missing)
    for facts in ({}, {"covered": 40}):
        yield step(Verdict.EXTRA, Reason.PARTIAL, Phase.EXTRA, facts=facts)
    yield step(Verdict.EXTRA, Reason.OTHER_MONEY, Phase.BEFORE)
    for reason in ("", "cost", "The author left."):
        yield step(Verdict.WITHDRAWN, Reason.WITHDRAWN, Phase.BEFORE, facts={"why": reason})
    yield step(Verdict.NOT_FUNDED, Reason.EXCLUDED, Phase.BEFORE, facts={"by": "2"})
    for facts in ({}, {"votes_to_win": 9}, {"votes_to_win": 3}):
        yield step(Verdict.NOT_FUNDED, Reason.BELOW_THRESHOLD, Phase.BEFORE, 8, missing_votes=3, facts=facts)
    for reason, phase in product((Reason.TIED, Reason.BEHIND_TIE), (Phase.RULE, Phase.COMPLETION, Phase.LEFTOVER)):
        yield step(Verdict.UNDECIDED, reason, phase)


def contexts():
    for rule, by_points in product(OWN, (False, True)):
        yield context(rule, by_points=by_points, partial="0.8", min_score="10", min_score_op="gt", parts="category")
        yield context(rule, by_points=by_points, partial="0.8", min_score="11", utility="score", parts="district")
    yield context("equal-shares", utility="cardinality", partial="0.8")


def ties():
    for key, phase, decisive, by, proved in product(
        (Fraction(5), Fraction(1, 3), None), (Phase.RULE, Phase.LEFTOVER), (True, False),
        ("none", "id", "cheaper", "dearer", "decision"), (True, False),
    ):
        yield Tie(("1", "2", "3"), key, phase, decisive, by, proved)


def outcomes():
    """One with winners and extra, one with nothing, one with an open tie."""
    won = [step(Verdict.FUNDED, Reason.SELECTED), step(Verdict.EXTRA, Reason.PARTIAL, Phase.EXTRA, facts={"covered": 5})]
    made = {"rule": "votes", "params": {}, "budget": 50, "counts": {"1": Tallied(112, 112)}}
    yield Outcome(steps=tuple(won), ties=(), **made)
    yield Outcome(steps=tuple(won) * 6, ties=(), **made)
    yield Outcome(steps=(), ties=(), **made)
    yield Outcome(steps=(), ties=(Tie(("1", "2"), None, Phase.RULE, True, "none"),), **made)


def everything(language):
    """All that the functions can say."""
    for made in contexts():
        for each in steps():
            yield sentence(each, made, language)
            yield why(each, made, language)
            yield step_line(each, made, language)
        for tie in ties():
            yield tie_sentence(tie, made, language)
        for outcome in outcomes():
            yield outcome_sentence(outcome, made, language)
    yield not_binding(language)
    notes = tuple(key for key in TABLES["en"] if key.startswith("compare.") and key != "compare.not_binding")
    yield from note_sentences(row(notes=notes, step=5), money, language)


def placeholders(entry):
    forms = (entry,) if isinstance(entry, str) else entry
    return [{name for _, name, _, _ in Formatter().parse(text) if name} for text in forms]


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_texts_with_the_same_placeholders(language):
    assert list(TABLES[language]) == list(TABLES["en"])
    for key, entry in TABLES[language].items():
        assert isinstance(entry, str) == isinstance(TABLES["en"][key], str), key
        assert all(found == placeholders(TABLES["en"][key])[0] for found in placeholders(entry)), key


@pytest.mark.parametrize(("language", "forms"), [("kk", 1), ("ru", 3), ("en", 2)])
def test_every_number_has_its_plural_form(language, forms):
    assert {len(entry) for entry in TABLES[language].values() if isinstance(entry, tuple)} == {forms}
    assert {form(language, n) for n in range(200)} == set(range(forms))


@pytest.mark.parametrize(
    ("n", "text"),
    [(0, "0 голосов"), (1, "1 голос"), (2, "2 голоса"), (4, "4 голоса"), (5, "5 голосов"), (11, "11 голосов"),
     (12, "12 голосов"), (21, "21 голос"), (111, "111 голосов"), (122, "122 голоса"), (1111, "1\u202f111 голосов")],
)
def test_russian_nouns_agree_with_their_number(n, text):
    assert say("ru", "got.votes", n) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_a_finished_sentence(language):
    for text in everything(language):
        assert not re.search(r"[{}]|  |\.\.|None|Fraction", text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_begin_with_the_verdict_and_end_with_a_full_stop(language):
    for made, each in product(contexts(), steps()):
        text = sentence(each, made, language)
        assert text.startswith(verdict_word(each, language) + ": ")
        assert text.endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_unused(language):
    said = "\n".join(everything(language)).lower()
    for key, entry in TABLES[language].items():
        for text in (entry,) if isinstance(entry, str) else entry[-1:]:
            pattern = ".+?".join(re.escape(part[0].lower()) for part in Formatter().parse(text))
            assert re.search(pattern, said), key


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_kazakh_and_russian_have_no_english_left(language):
    shown = {*NAMES.values(), LACK["limit"], "The author left."}
    for text in everything(language):
        rest = re.sub("|".join(map(re.escape, shown)), "", text)
        assert not re.search(r"[a-z]{2,}", rest, re.IGNORECASE), text


def amounts(each, made):
    """Money that a sentence about this step may name."""
    facts = [v for v in each.facts.values() if not isinstance(v, str)]
    found = {each.left_before, each.left_after, each.missing_money, COSTS["1"], *facts}
    return found | ({each.key, 1 / each.key, each.key * COSTS["1"]} if each.key else set())


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_numbers_in_a_sentence_are_those_of_the_step(language, data):
    number = st.integers(200, 10**6)
    made, drawn = data.draw(st.sampled_from(list(contexts()))), data.draw(st.sampled_from(list(steps())))
    facts = {name: data.draw(number) if isinstance(value, int | Fraction) else value for name, value in drawn.facts.items()}
    key = None if drawn.key is None else Fraction(data.draw(number))
    votes, cash = (data.draw(number) if value else 0 for value in (drawn.missing_votes, drawn.missing_money))
    left, after = data.draw(number), data.draw(number)
    each = Step("1", 3, drawn.verdict, drawn.reason, drawn.phase, left, after, key, votes, cash, facts)
    text = sentence(each, made, language)
    named = {Fraction(found) for found in re.findall(r"<(.*?)>", text)}
    assert named <= {Fraction(amount) for amount in amounts(each, made)}
    counted = {int(found.replace("\u202f", "")) for found in re.findall(r"[\d\u202f]+", re.sub("<.*?>", "", text))}
    allowed = {votes, facts.get("supporters"), facts.get("votes_to_win"), *THRESHOLDS, 80, key and int(key)}
    assert counted <= allowed
    if votes and drawn.verdict is Verdict.NOT_FUNDED and facts.get("votes_to_win") != votes:
        assert votes in counted


def test_a_step_without_the_smallest_change_claims_none():
    told = step(Verdict.NOT_FUNDED, Reason.DOES_NOT_FIT, missing_votes=12, facts={**LACK, "limit_kind": "total"})
    silent = step(Verdict.NOT_FUNDED, Reason.DOES_NOT_FIT, facts={**LACK, "limit_kind": "total"})
    lost = "Lost: <31> were left, it costs <42>: <11> too little."
    assert sentence(told, context(), "en") == f"{lost} 12 more votes would have been enough."
    assert sentence(silent, context(), "en") == lost


LOST = step(Verdict.NOT_FUNDED, Reason.DOES_NOT_FIT, missing_votes=1, facts={**LACK, "limit_kind": "category"})
BELOW = step(Verdict.NOT_FUNDED, Reason.BELOW_THRESHOLD, Phase.BEFORE, 8, missing_votes=3, facts={"votes_to_win": 5})
SUPPORTERS = step(
    Verdict.NOT_FUNDED, Reason.SUPPORTERS_LACK, missing_money=12, facts={"supporters": 2, "supporters_hold": Fraction(30)}
)
PARTIAL = step(Verdict.EXTRA, Reason.PARTIAL, Phase.EXTRA)


@pytest.mark.parametrize(
    ("each", "made", "language", "text"),
    [
        (LOST, context(), "kk", "Жеңбеді: «roads» санатының бюджетінде қалғаны — <31>, ал құны — <42>: жетпегені <11>. "
         "Тағы 1 дауыс жеткілікті болар еді."),
        (LOST, context(), "ru", "Не победил: в бюджете категории «roads» осталось <31>, он стоит <42>: не хватило <11>. "
         "Хватило бы ещё 1 голоса."),
        (LOST, context(by_points=True), "en", "Lost: in the budget of the category “roads” <31> were left, it costs <42>: "
         "<11> too little. 1 more point would have been enough."),
        (BELOW, context(min_score="10", min_score_op="gt"), "kk",
         "Жеңбеді: жобаға 10 дауыстан артық керек; жинағаны — 8 дауыс. "
         "Тағы 3 дауыс шекке ғана жетер еді; жеңу үшін тағы 5 дауыс керек болды."),
        (BELOW, context(min_score="10", min_score_op="gt"), "ru",
         "Не победил: проекту нужно больше 10 голосов; у него 8 голосов. "
         "Ещё 3 хватило бы лишь для порога; для победы нужно было ещё 5 голосов."),
        (BELOW, context(min_score="10.5", min_score_op="gt"), "en",
         "Lost: a project needs at least 11 votes; it got 8 votes. "
         "3 more would only have met the threshold; 5 more votes would have won."),
        (step(Verdict.FUNDED, Reason.SELECTED, facts={"rank": 1}), context("equal-shares", comparison="votes"), "en",
         "Won: it got 112 votes. After it <8> were left."),
        (SUPPORTERS, context("equal-shares"), "en",
         "Lost: its 2 supporters together had <30> left, it costs <42>. <12> were missing."),
        (PARTIAL, context(partial="0.8"), "en",
         "Funded separately: the list ended at it: <50> were left, at least 80% of its cost <42>. By the rules it is funded."),
        (step(Verdict.FUNDED, Reason.SELECTED), context(), "en", "Won: it got 112 votes. After it <8> were left."),
        (step(Verdict.FUNDED, Reason.SELECTED, key="1/20"), context("density"), "en",
         "Won: it costs <20> per vote. After it <8> were left."),
        (step(Verdict.FUNDED, Reason.SELECTED, key="1/6"), context("equal-shares"), "en",
         "Won: its supporters paid for it from their equal shares, each at most <7>. After it <8> were left."),
        (step(Verdict.FUNDED, Reason.SELECTED, key="7/2"), context("equal-shares", utility="score"), "en",
         "Won: its supporters paid for it from their equal shares, each at most <7/2> per point given. After it <8> were left."),
        (step(Verdict.FUNDED, Reason.SELECTED, key="7/2"), context("phragmen"), "en",
         "Won: its supporters held its cost together when every voter had received <7/2>. After it <8> were left."),
        (step(Verdict.NOT_FUNDED, Reason.NOT_IN_BEST_SET, missing_votes=2), context("welfare"), "en",
         "Lost: it is not in the chosen set, and no set that the rules allow has more votes in all. "
         "2 more votes would have been enough."),
    ],
)
def test_sentences_word_for_word(each, made, language, text):
    assert sentence(each, made, language) == text


def test_step_line_tells_what_came_in_and_what_was_decided():
    won = step(Verdict.FUNDED, Reason.SELECTED)
    assert step_line(won, context(), "en") == "3. Stadium: 112 votes, costs <42>, <50> left → funded, <8> left"
    assert step_line(BELOW, context(), "en") == "3. Stadium: 8 votes, costs <42> → below the threshold"


def test_tie_says_who_and_that_people_decide():
    tie = Tie(("1", "2", "3"), Fraction(5), Phase.RULE, True, "none")
    equal = "“Stadium”, “Park” and “Well” each have 5 votes."
    assert tie_sentence(tie, context(), "en") == f"{equal} Which goes first decides who wins. People have to decide."


def test_outcome_in_one_line():
    won, _, none, waiting = outcomes()
    said = [outcome_sentence(each, context(), "en") for each in (won, none, waiting)]
    assert said == [
        "1 project won. <42> of <50> are given out, <3> are left. 1 project is funded separately. <5> of the budget goes to that.",
        "No project won. <50> are left.",
        "The result waits for people to decide a tie between 2 projects.",
    ]


def test_a_title_with_braces_is_shown_as_it_is():
    made = Context("votes", stated("votes", {}), {"2": "{by} {0}"}, COSTS, money)
    told = step(Verdict.NOT_FUNDED, Reason.CONFLICT, facts={"by": "2"})
    assert "“{by} {0}”" in sentence(told, made, "en")


def test_a_project_without_a_title_is_named_by_its_id():
    assert context().name("77") == "77"
    assert joined("en", ()) == ""


RULES = st.one_of(
    st.tuples(
        st.just("votes"),
        texts(fit=["skip", "stop"], partial=["", "0.5"], conflicts=["", "a/b", "a/b:b"], leftover=["", "pool"]),
    ),
    st.tuples(st.just("density"), texts(conflicts=["", "a/b"], leftover=["", "pool"], tie=["", "id"])),
    st.tuples(
        st.just("equal-shares"),
        texts(completion=["", "add1u", "utilitarian", "none"], utility=["", "cardinality", "score"], comparison=["", "votes"]),
    ),
    st.tuples(st.just("phragmen"), texts(unaffordable=["", "skip"], conflicts=["", "a/b"], leftover=["", "pool"])),
    st.tuples(st.just("welfare"), texts(conflicts=["", "a/b"], tie=["", "cheaper"])),
)


@settings(max_examples=300, deadline=None)
@given(elections(), RULES)
def test_every_step_of_a_real_outcome_is_explained(found, how):
    rule, params = how[0], fitting(found, how[1])
    outcome = registry.run(found, rule, params)
    made = Context.of(found, outcome, money)
    for language in LANGUAGES:
        told = [why(each, made, language) for each in outcome.steps] + [step_line(each, made, language) for each in outcome.steps]
        told += [tie_sentence(tie, made, language) for tie in outcome.ties] + [outcome_sentence(outcome, made, language)]
        assert not [text for text in told if re.search(r"[{}]|  |\.\.", text)]
        assert len(told) >= 2 * len(found.projects) + 1
