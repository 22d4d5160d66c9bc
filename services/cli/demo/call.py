"""A brother calls; the Hanoi centre refers to Lao Cai."""

from __future__ import annotations

from datetime import timedelta

from services.cli.demo.answers import brother, identity, offer, profile, record
from services.cli.demo.journey import Journey
from services.cli.demo.stage import Acting, Stage
from services.node.domain.override import OverrideAsked

LAW = "Law 66/2011/QH12 Art 26; Joint Circular 01/2014 Art 4"
"""What the officers cite: receiving and protecting somebody abroad."""

_REVIEW_WITHIN = timedelta(hours=24)


async def call(stage: Stage, journey: Journey) -> None:
    """The call, the case, and the referral under an override for her name."""
    cast, tell = journey.cast, stage.narrator
    centre = stage.at("hotline-hanoi")
    tell.chapter("A call to 18001567")
    await stage.moves_to(0, "08:25")
    tell.says(
        "A man who works in Nghe An calls. His sister went to Yunnan to work and has "
        "not answered for three weeks. He asks whether somebody can look for her."
    )
    opened = await centre.desk.open_case(
        centre.officer,
        "hotline",
        (
            profile(cast),
            identity(cast),
            record("D3", "en", local_last_heard_of="a market town in Yunnan"),
            brother(cast),
        ),
    )
    journey.cases["hotline-hanoi"] = opened.case_pseudonym
    tell.does("hotline-hanoi", f"opens case {opened.case_pseudonym}: it answers now.")
    await stage.learned(centre, opened.case_pseudonym)
    await _refer(stage, journey, centre)


async def _refer(stage: Stage, journey: Journey, centre: Acting) -> None:
    cast, tell = journey.cast, stage.narrator
    await stage.moves_to(0, "08:32")
    await override(stage, journey, "hotline-hanoi", "lao-cai", "reception_shelter")
    referral = await centre.offer(
        journey.cases["hotline-hanoi"],
        "lao-cai",
        offer(
            cast,
            "reception",
            "emergency",
            "A relative has not heard from her for three weeks; please look for her.",
            "safe_accommodation",
        ),
        "D2",
    )
    journey.referrals["call"] = referral
    tell.does(
        "hotline-hanoi",
        "refers her to Lao Cai, from where she left. Her name travels sealed; the "
        "brother's number stays in Hanoi.",
    )
    await stage.moves_to(0, "08:38")
    lao_cai = stage.at("lao-cai")
    journey.cases["lao-cai"] = await lao_cai.accept(referral)
    tell.does(
        "lao-cai",
        f"accepts as {journey.cases['lao-cai']}; the node in Hanoi releases the key "
        "by itself. From now on Lao Cai answers for her.",
    )
    await lao_cai.waits_for_person(journey.cases["lao-cai"], "needs_assessed")
    tell.does(
        "lao-cai",
        "cannot ask what she needs yet: that clock stands still, for a named reason.",
    )
    await stage.learned(lao_cai, journey.cases["lao-cai"])


async def override(
    stage: Stage, journey: Journey, member: str, recipient: str, purpose: str
) -> None:
    """Two officers of ``member`` open her name to one recipient, for a day."""
    first, second = stage.at(member), stage.at(member, 1)
    status, case = await first.desk.get_status(), journey.cases[member]
    asked = OverrideAsked(
        recipient=recipient,
        purpose=purpose,
        category="D2",
        law=LAW,
        reason="She cannot be asked: nobody can reach her. She may be in danger.",
        review_by=status.case_now + _REVIEW_WITHIN,
    )
    approval = await first.asks_second(second, case, asked)
    stage.narrator.does(
        member,
        "cannot ask her. An officer asks for an emergency override; a second one "
        "reads exactly what it opens, and approves it.",
    )
    journey.overrides[member] = await first.desk.record_override(
        first.officer, case, asked, approval
    )
    stage.narrator.does(
        member,
        "records it, by two: one category, her name, to one recipient "
        f"({LAW}; review within 24 hours).",
    )


async def review(stage: Stage, journey: Journey, member: str) -> None:
    """Somebody who asked for nothing looks at the override and confirms it."""
    reviewer = stage.at(member, 2)
    await reviewer.desk.review_override(
        reviewer.officer,
        journey.cases[member],
        journey.overrides[member],
        "confirmed",
    )
    stage.narrator.does(member, "a third officer reviews the override and confirms it.")
