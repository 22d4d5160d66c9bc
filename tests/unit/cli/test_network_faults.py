"""What every node says of itself is merged, and what does not fit is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.cli.network_faults import (
    FaultKind,
    MemberView,
    check_views,
)
from services.node.wire.answerability import (
    CaseAnswerability,
    NodeNow,
    Period,
    ReferralEnd,
    Wait,
)

NOW = datetime(2018, 3, 30, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def day(number: int) -> datetime:
    return datetime(2018, 3, number, tzinfo=UTC)


def period(since: int, event: bytes, given_by: str = "", **changes) -> Period:
    usual = Period(
        since_event=event,
        since_at=day(since),
        since_step="release" if given_by else "case_opened",
        given_by=given_by,
        until_event=None,
        until_at=None,
        until_step="",
        to_member="",
        taker_has_it=True,
        giver_has_it=True,
    )
    return replace(usual, **changes)


def ended(until: int, event: bytes, to_member: str, **changes) -> dict[str, Any]:
    usual = {
        "until_event": event,
        "until_at": day(until),
        "until_step": "release",
        "to_member": to_member,
    }
    return usual | changes


def end(peer: str, side: str = "giver", state: str = "in_service", *waits: Wait):
    return ReferralEnd(b"offer", side, peer, state, waits)


def case(name: str, answerable: str, *periods: Period, ends=()) -> CaseAnswerability:
    return CaseAnswerability(name, answerable, periods, tuple(ends))


def view(member: str, *cases: CaseAnswerability, **clock) -> MemberView:
    return MemberView(member, replace(NodeNow(member, NOW, NOW), **clock), cases)


HANOI = case(
    "R-HANO-I000",
    "handed",
    period(5, b"case", **ended(6, b"referred", "lao-cai")),
    ends=[end("lao-cai")],
)
LAO_CAI = case(
    "R-LAOC-AI00",
    "answerable",
    period(6, b"referred", "hanoi"),
    ends=[end("hanoi", "receiver")],
)
UNCONFIRMED = case(
    "R-HANO-I000",
    "handed_unconfirmed",
    period(5, b"case", **ended(6, b"referred", "lao-cai"), taker_has_it=False),
    ends=[end("lao-cai")],
)


def found(*views: MemberView) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.kind.value, each.where) for each in check_views(views).faults]


def test_one_chain_over_two_members_is_sound_and_names_who_answers() -> None:
    report = check_views([view("lao-cai", LAO_CAI), view("hanoi", HANOI)])
    assert report.faults == ()
    (person,) = report.chains
    assert person.chain.holders == ("lao-cai",)
    assert {each.label for each in person.cases} == {
        "hanoi R-HANO-I000",
        "lao-cai R-LAOC-AI00",
    }


def test_people_who_share_no_event_are_never_linked() -> None:
    other = case("R-OTHE-R000", "answerable", period(5, b"other"))
    assert (
        len(check_views([view("hanoi", HANOI, other), view("lao-cai", LAO_CAI)]).chains)
        == 2
    )


def test_a_share_links_a_case_that_never_answered() -> None:
    share = replace(end("police", "giver"), offer_event=b"share")
    giver = replace(LAO_CAI, referrals=(*LAO_CAI.referrals, share))
    helps = case(
        "R-POLI-CE00",
        "not_answerable",
        ends=[replace(share, side="receiver", peer="lao-cai")],
    )
    views = [view("hanoi", HANOI), view("lao-cai", giver), view("police", helps)]
    report = check_views(views)
    assert (len(report.chains), report.faults) == (1, ())


def test_a_period_that_is_gone_is_a_gap_at_both_ends() -> None:
    gone = replace(LAO_CAI, periods=())
    faults = found(view("hanoi", HANOI), view("lao-cai", gone))
    assert ("gap", ("hanoi R-HANO-I000",)) in faults
    assert ("belief", ("lao-cai R-LAOC-AI00",)) in faults
    taken = found(view("lao-cai", LAO_CAI), view("hanoi", replace(HANOI, periods=())))
    assert ("gap", ("hanoi R-HANO-I000", "lao-cai R-LAOC-AI00")) in taken


def test_a_case_that_nobody_ever_answered_for_is_a_gap() -> None:
    assert ("gap", ("hanoi R-HANO-I000",)) in found(
        view("hanoi", replace(HANOI, periods=(), answerable="not_answerable"))
    )


def test_a_second_open_period_is_an_overlap_that_names_both() -> None:
    kept = replace(HANOI, periods=(*HANOI.periods, period(7, b"planted")))
    faults = found(view("hanoi", kept), view("lao-cai", LAO_CAI))
    assert ("overlap", ("hanoi R-HANO-I000", "lao-cai R-LAOC-AI00")) in faults


def test_a_release_under_way_is_no_fault_before_its_deadline() -> None:
    empty = replace(LAO_CAI, periods=(), answerable="not_answerable")
    wait = Wait("unreachable", "release", NOW - HOUR, NOW + HOUR)
    early = replace(
        UNCONFIRMED, referrals=(end("lao-cai", "giver", "in_service", wait),)
    )
    assert found(view("hanoi", early), view("lao-cai", empty)) == []
    late = replace(wait, due=NOW - HOUR / 2)
    over = replace(
        UNCONFIRMED, referrals=(end("lao-cai", "giver", "in_service", late),)
    )
    assert found(view("hanoi", over), view("lao-cai", empty)) == [
        ("unconfirmed", ("hanoi R-HANO-I000",))
    ]


def test_a_countersignature_under_way_is_no_overlap() -> None:
    giver = case("R-GIVE-R000", "answerable", period(5, b"case"), ends=[end("lao-cai")])
    taker = case(
        "R-TAKE-R000",
        "answerable",
        period(
            6, b"signed", "yunnan", since_step="countersignature", giver_has_it=False
        ),
        ends=[end("yunnan", "receiver")],
    )
    views = [view("yunnan", giver), view("lao-cai", taker)]
    report = check_views(views)
    assert report.faults == ()
    assert report.chains[0].chain.holders == ("lao-cai",)
    # The same, although the giver is known to have it: it never let go.
    heard = replace(taker, periods=(replace(taker.periods[0], giver_has_it=True),))
    kinds = {kind for kind, _ in found(views[0], view("lao-cai", heard))}
    assert kinds >= {"overlap"}


@pytest.mark.parametrize(
    ("deadline", "step", "kind"),
    [
        ("released", "accept", FaultKind.UNANSWERED),
        ("countersigned", "minutes", FaultKind.UNCONFIRMED),
        ("unreachable", "offer", FaultKind.UNDELIVERED),
        ("unreachable", "countersignature", FaultKind.UNCONFIRMED),
    ],
)
def test_what_waits_too_long_is_named(deadline, step, kind) -> None:
    wait = Wait(deadline, step, NOW - HOUR, NOW - HOUR / 2)
    late = replace(
        LAO_CAI,
        referrals=(
            *LAO_CAI.referrals,
            replace(end("yen-bai", "giver", "accepted", wait), offer_event=b"o2"),
        ),
    )
    assert found(view("hanoi", HANOI), view("lao-cai", late)) == [
        (kind.value, ("lao-cai R-LAOC-AI00",))
    ]


def test_a_dispute_is_named() -> None:
    disputed = replace(HANOI, referrals=(end("lao-cai", "giver", "disputed"),))
    assert found(view("hanoi", disputed), view("lao-cai", LAO_CAI)) == [
        ("disputed", ("hanoi R-HANO-I000",))
    ]


def test_what_a_node_shows_must_be_what_its_periods_say() -> None:
    shown = replace(HANOI, answerable="answerable")
    assert found(view("hanoi", shown), view("lao-cai", LAO_CAI)) == [
        ("belief", ("hanoi R-HANO-I000",))
    ]


def test_a_closed_case_is_no_gap() -> None:
    closed = replace(
        LAO_CAI,
        answerable="handed",
        periods=(
            period(
                6,
                b"referred",
                "hanoi",
                **ended(29, b"closed", "", until_step="case_closed"),
            ),
        ),
    )
    assert found(view("hanoi", HANOI), view("lao-cai", closed)) == []


def test_a_node_that_is_away_is_named_and_its_chains_are_not_judged() -> None:
    assert found(view("hanoi", HANOI), MemberView("lao-cai", None)) == [
        ("unreachable", ("lao-cai",))
    ]


@pytest.mark.parametrize("clock", ["wire_now", "case_now"])
def test_a_clock_that_is_far_from_the_others_is_named(clock) -> None:
    views = [view("hanoi"), view("son-la"), view("lao-cai", **{clock: NOW + HOUR})]
    assert found(*views) == [("clock", ("lao-cai",))]
    near = [view("hanoi"), view("son-la"), view("lao-cai", **{clock: NOW + HOUR / 5})]
    assert found(*near) == []
