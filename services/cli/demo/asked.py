"""She is asked alone, in her language; every answer is written down."""

from __future__ import annotations

import asyncio

from services.cli.demo.answers import answer, record
from services.cli.demo.journey import Journey
from services.cli.demo.stage import Acting, Stage
from services.node.domain.records import ConsentCopy


async def asked_alone(stage: Stage, journey: Journey) -> None:
    """Her wishes, one question and one recipient at a time."""
    cast, tell = journey.cast, stage.narrator
    liaison, case = stage.at("liaison-yunnan"), journey.cases["liaison-yunnan"]
    tell.chapter("She is asked")
    await stage.moves_to(10, "14:00")
    tell.says(
        f"Alone with a social worker, in {cast.language_name}, through "
        f"{cast.interpreter}. She is told what each answer is for, for how long it "
        "holds, how to take it back, and that help does not depend on it. She wishes "
        "to go home, and she knows now that her brother called."
    )
    to_lao_cai = ("voluntary_return", "lao-cai")
    await write_down(
        stage,
        liaison,
        case,
        answer(cast, *to_lao_cai, "D1 D5 D7", yes=True),
        answer(cast, *to_lao_cai, "D2", yes=True),
        answer(cast, "travel_document", "consulate-kunming", "D1 D2", yes=True),
        answer(cast, "border_handover", "border-guard-lao-cai", "D1 D2", yes=True),
        answer(cast, "contact_family", "family", "D0", yes=cast.lets_family_know),
        answer(cast, "contact_family", "family", "D3", yes=False),
        answer(cast, "criminal_justice_cooperation", "police-lao-cai", "D4", yes=False),
    )
    await liaison.add(
        case,
        record("D5", local_fit_to_travel="fit"),
        record("D7", local_risk_level="medium", local_escort="needed"),
    )
    await stage.learned(liaison, case)


async def write_down(
    stage: Stage, who: Acting, case: str, *answers: ConsentCopy
) -> None:
    """Each answer becomes a record; a no as much as a yes."""
    await asyncio.gather(
        *(who.desk.record_consent(who.officer, case, each) for each in answers)
    )
    for each in answers:
        stage.narrator.answered(each)
