"""Referrals that somebody writes and has not sent: screens and tests begin there."""

from __future__ import annotations

from dataclasses import replace

from gateway.forms import referral as draft_forms
from gateway.forms.referral import Draft
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.identifiers import new_id
from services.node.rpc.desk_client import DeskClient
from tests.console.consoles import HOUSE, LIAISON, PROVINCE
from tests.console.scenes import NEED, Scenes
from tests.console.screen import OFFICER

ANSWER = (
    ("answer", ("given",)),
    ("capacity", ("adult",)),
    ("method", ("written",)),
    ("consent_language", ("vi",)),
    ("interpreter", ("",)),
    ("consent_witness", ("",)),
    ("informed_points", tuple(INFORMED_POINTS)),
    ("valid_days", ("90",)),
)


def whole_draft(case: str) -> Draft:
    """A referral that is written and not sent."""
    return Draft(
        case,
        referral_type="reception",
        priority="urgent",
        constraints=("same_sex_staff", "step_free"),
        need=NEED,
        need_language="vi",
        recipient=HOUSE,
        categories=("D1",),
        answer=ANSWER,
        event=new_id().hex(),
    )


def crossing_draft(case: str) -> Draft:
    """One that asks over the border for somebody by name: it takes two to send."""
    return replace(
        whole_draft(case),
        referral_type="tracing",
        recipient=LIAISON,
        categories=("D1", "D2"),
    )


def kept(scenes: Scenes, draft: Draft, officer: str = OFFICER) -> str:
    """Keeps it at the node; its number."""

    async def act(desk: DeskClient, who: str) -> str:
        line = await desk.keep_form(
            who, draft_forms.KIND, draft_forms.to_bytes(draft), case=draft.case
        )
        return line.form_id.hex()

    return scenes.at(PROVINCE, act, officer)


def childs_draft(case: str) -> Draft:
    """One for a child, who agreed together with her guardian."""
    said = dict(ANSWER) | {"capacity": ("child_assent_plus_guardian",)}
    return replace(whole_draft(case), answer=tuple(said.items()))
