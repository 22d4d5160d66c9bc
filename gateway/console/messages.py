"""S7, messages: what was asked and answered with others in one case.

Apart from what is written in the case file, which no other member sees. Each
referral that is opened for it is a look of its own, kept before the page is shown.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import member_names
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.handoff import Step
from services.node.rpc.desk_values import ConversationRead, ReferralRead, SaidRead

router = APIRouter(prefix="/cases")
_MESSAGES = (Step.QUESTION, Step.ANSWER)


@dataclass(frozen=True, slots=True)
class Talk:
    """What was asked and answered in one referral, oldest first."""

    referral: ReferralRead
    messages: tuple[SaidRead, ...]


@router.get("/{code}/messages")
async def messages(officer: SignedIn, code: str) -> Response:
    """Member by member, the newest referral first."""
    case = await officer.desk.get_case(officer.name, code)
    found = await asyncio.gather(
        *(
            officer.desk.get_referral(officer.name, each.referral_id)
            for each in case.referrals
        )
    )
    return page(
        officer.visitor,
        "messages.html",
        here="/cases",
        code=case.case_pseudonym,
        talks=[_talk(each) for each in reversed(found)],
        names=await member_names(officer),
    )


def _talk(said: ConversationRead) -> Talk:
    asked = tuple(each for each in said.steps if each.step in _MESSAGES)
    return Talk(said.referral, asked)
