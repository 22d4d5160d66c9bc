"""Who is answerable: never nobody, never on send."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.node.domain.errors import NotLawfulError
from services.node.domain.responsibility import (
    Answerability,
    AnswerabilityEvent,
    AnswerabilityPeriod,
    ChainFault,
    after,
    chain_of_responsibility,
)

EXPECTED = {
    ("not_answerable", "case_opened"): "answerable",
    ("answerable", "release_sent"): "handed_unconfirmed",
    ("handed_unconfirmed", "release_receipted"): "handed",
    ("handed_unconfirmed", "release_refused"): "answerable",
    ("answerable", "countersignature_received"): "handed",
    ("not_answerable", "release_received"): "answerable",
    ("answerable", "release_received"): "answerable",
    ("handed_unconfirmed", "release_received"): "answerable",
    ("handed", "release_received"): "answerable",
    ("not_answerable", "countersignature_sent"): "answerable",
    ("answerable", "countersignature_sent"): "answerable",
    ("handed_unconfirmed", "countersignature_sent"): "answerable",
    ("handed", "countersignature_sent"): "answerable",
    ("answerable", "release_receipted"): "answerable",
    ("handed", "release_receipted"): "handed",
    ("answerable", "case_closed"): "closed",
    ("not_answerable", "case_closed"): "not_answerable",
    ("handed", "case_closed"): "handed",
    ("closed", "case_reopened"): "answerable",
    ("closed", "release_received"): "answerable",
    ("closed", "countersignature_sent"): "answerable",
    ("closed", "release_receipted"): "closed",
}


@pytest.mark.parametrize("state", list(Answerability))
@pytest.mark.parametrize("event", list(AnswerabilityEvent))
def test_only_who_is_answerable_hands_over(state, event) -> None:
    expected = EXPECTED.get((state.value, event.value))
    if expected is not None:
        assert after(state, event) == expected
        return
    with pytest.raises(NotLawfulError) as caught:
        after(state, event)
    assert caught.value.code == "responsibility.not_answerable"


def day(number: int) -> datetime:
    return datetime(2018, 3, number, tzinfo=UTC)


def period(
    member, since, event, until=None, until_event=None, **more
) -> AnswerabilityPeriod:
    return AnswerabilityPeriod(
        member,
        day(since),
        event,
        None if until is None else day(until),
        until_event,
        **more,
    )


JOURNEY = [
    period("hanoi", 5, b"case", 5, b"referred"),
    period("lao-cai", 6, b"referred", 8, b"found"),
    period("yunnan", 8, b"found", 21, b"minutes"),
    period("lao-cai", 20, b"minutes", 22, b"placed"),
    period("shelter", 22, b"placed", None, None),
]


def test_the_chain_follows_her_way_and_the_receivers_leaf_decides() -> None:
    chain = chain_of_responsibility(reversed(JOURNEY))
    assert chain.problems == ()
    # Hanoi believed itself free a day early, Yunnan stayed a day too long.
    assert [(each.member, each.since, each.until) for each in chain.periods] == [
        ("hanoi", day(5), day(6)),
        ("lao-cai", day(6), day(8)),
        ("yunnan", day(8), day(20)),
        ("lao-cai", day(20), day(22)),
        ("shelter", day(22), None),
    ]


def test_a_view_given_twice_changes_nothing() -> None:
    assert chain_of_responsibility([*JOURNEY, *JOURNEY]) == chain_of_responsibility(
        JOURNEY
    )


def test_a_handover_that_nobody_took_is_a_gap() -> None:
    chain = chain_of_responsibility(JOURNEY[:2] + JOURNEY[3:])
    (problem,) = chain.problems
    assert problem.fault is ChainFault.GAP
    assert (problem.at, problem.members) == (day(8), ("lao-cai",))


def test_the_last_ones_handover_that_nobody_took_is_a_gap() -> None:
    (problem,) = chain_of_responsibility(JOURNEY[:1]).problems
    assert problem.fault is ChainFault.GAP


def test_two_who_took_the_same_handover_overlap() -> None:
    second = period("yen-bai", 23, b"placed")
    (problem,) = chain_of_responsibility([*JOURNEY, second]).problems
    assert problem.fault is ChainFault.OVERLAP
    assert (problem.at, problem.members) == (day(23), ("shelter", "yen-bai"))


def test_one_who_never_let_go_overlaps_with_the_next() -> None:
    kept = period("hanoi", 5, b"case")
    faults = chain_of_responsibility([kept, JOURNEY[1], JOURNEY[2]]).problems
    assert ChainFault.OVERLAP in {each.fault for each in faults}
    assert ("hanoi", "lao-cai") in {each.members for each in faults}


def test_a_closed_case_leaves_no_gap() -> None:
    closed = period("shelter", 22, b"placed", 30, b"")
    assert chain_of_responsibility([*JOURNEY[:4], closed]).problems == ()
    assert chain_of_responsibility([]).periods == ()


def test_handovers_of_one_instant_stand_in_the_order_of_their_events() -> None:
    """Names must not decide: nothing says that minutes take time."""
    at_once = [
        period("yunnan", 8, b"found", 8, b"minutes"),
        period("lao-cai", 8, b"minutes", 8, b"placed"),
        period("an-shelter", 8, b"placed"),
    ]
    chain = chain_of_responsibility(reversed(at_once))
    assert chain.problems == ()
    assert [each.member for each in chain.periods] == [
        "yunnan",
        "lao-cai",
        "an-shelter",
    ]


def test_a_release_that_nobody_has_yet_leaves_the_giver_answerable() -> None:
    unconfirmed = replace(JOURNEY[0], taker_has_it=False)
    chain = chain_of_responsibility([unconfirmed])
    assert (chain.holders, chain.problems) == (("hanoi",), ())
    assert chain.periods[0].until is None


def test_the_receivers_countersignature_decides_before_the_giver_hears_of_it() -> None:
    giver = period("yunnan", 8, b"found")
    taker = period("lao-cai", 20, b"minutes", given_by="yunnan", giver_has_it=False)
    chain = chain_of_responsibility(
        [period("yen-bai", 1, b"c", 8, b"found"), giver, taker]
    )
    assert (chain.holders, chain.problems) == (("lao-cai",), ())
    assert chain.periods[1].until == day(20)


def test_the_giver_may_be_answerable_again_before_it_hears_that_it_was_not() -> None:
    """She came back before the countersignature arrived."""
    first = period("yunnan", 8, b"case", 22, b"back")
    away = period(
        "lao-cai", 20, b"minutes", 22, b"back", given_by="yunnan", giver_has_it=False
    )
    second = period("yunnan", 22, b"back", given_by="lao-cai")
    chain = chain_of_responsibility([second, first, away])
    assert (chain.holders, chain.problems) == (("yunnan",), ())
    assert [each.member for each in chain.periods] == ["yunnan", "lao-cai", "yunnan"]


def test_a_begin_that_nobody_gave_is_a_gap() -> None:
    taken = replace(JOURNEY[1], given_by="hanoi")
    (problem,) = chain_of_responsibility([taken, *JOURNEY[2:]]).problems
    assert problem.fault is ChainFault.GAP
    assert (problem.at, problem.members) == (day(6), ("hanoi", "lao-cai"))


def test_clocks_that_differ_make_no_fault_of_linked_handovers() -> None:
    """Lao Cai's clock is slow: it handed on before it was handed over, it says."""
    slow = [
        period("hanoi", 5, b"case", 8, b"referred"),
        period("lao-cai", 8, b"referred", 7, b"placed"),
        period("shelter", 7, b"placed"),
    ]
    chain = chain_of_responsibility(slow)
    assert chain.problems == ()
    assert [each.member for each in chain.periods] == ["hanoi", "lao-cai", "shelter"]


def test_responsibility_that_goes_round_is_nobodys() -> None:
    ring = [
        period("yunnan", 8, b"back", 20, b"minutes"),
        period("lao-cai", 20, b"minutes", 22, b"back"),
    ]
    chain = chain_of_responsibility(ring)
    assert {each.fault for each in chain.problems} == {ChainFault.GAP}
    assert chain.holders == ()
