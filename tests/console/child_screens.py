"""The screens of a referral for which it is decided what is best for the person."""

from __future__ import annotations

from dataclasses import replace

from services.node.domain.best_interests import BestInterests
from services.node.domain.referrals import PURPOSE_OF, ReferralType
from services.node.rpc.desk_client import DeskClient
from tests.console.consoles import HOUSE, PROVINCE
from tests.console.drafts import childs_draft, kept
from tests.console.scenes import NEED, Scenes, known, yes
from tests.console.screen import FORM, OFFICER, Screen


def screens_for_a_child(scenes: Scenes) -> tuple[Screen, ...]:
    """The notice, the page, the check, and what the second officer reads."""
    band = known("D1", prs_Gender="Feminine", local_age_band="9_17")
    draft = childs_draft(scenes.case(PROVINCE, OFFICER, (band,)))
    said = replace(
        draft,
        concern="child",
        deciders=("member", "child_protection"),
        considered=("views", "family"),
        best_reasons=NEED,
        best_language="vi",
        decided_by="member",
    )
    decided = BestInterests(said.considered, NEED, "vi", said.decided_by)

    async def act(desk: DeskClient, who: str) -> bytes:
        answer = yes(PURPOSE_OF[ReferralType.RECEPTION], HOUSE, "D1")
        capacity = "child_assent_plus_guardian"
        both = replace(answer, subject="both", capacity=capacity)
        await desk.record_consent(who, draft.case, both)
        sent = replace(draft.sending(draft.offer()), best_interests=decided)
        return (await desk.ask_approval(who, draft.case, sent)).approval_id

    form = f"/refer/{kept(scenes, replace(said, considered=()))}"
    whole = f"/refer/{kept(scenes, said)}"
    asked = f"/approvals/{scenes.at(PROVINCE, act, OFFICER).hex()}"
    return (
        Screen("child-need", PROVINCE, OFFICER, f"{form}/need"),
        Screen("child-interests", PROVINCE, OFFICER, f"{form}/interests"),
        Screen("child-interests-error", PROVINCE, OFFICER, f"{form}/interests", FORM),
        Screen("child-check", PROVINCE, OFFICER, f"{whole}/check"),
        Screen("child-approval", PROVINCE, "officer-11", asked),
    )
