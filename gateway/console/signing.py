"""S8: an arrival that a second officer, or the person, signs too."""

from __future__ import annotations

from starlette.responses import Response

from gateway.console.sending import whole_files
from gateway.web.pages import see_other
from gateway.web.visitors import Officer
from services.node.domain.bodies_return import Arrival
from services.node.domain.both_sign import ArrivalAsked, SignedBy
from services.node.domain.categories import Category
from services.node.domain.handoff import Body
from services.node.rpc.approval_values import ApprovalOpened
from services.node.rpc.desk_values import ReferralRead


def is_thumbprint(body: Body) -> bool:
    """Whether the person signed by a thumb, so that a scan goes with it."""
    return isinstance(body, Arrival) and body.signed_by == SignedBy.THUMBPRINT


async def scans_of(officer: Officer, code: str) -> tuple[str, ...]:
    """The documents of a case that may be the scan of a thumbprint, in hex.

    Those that were added here: what came from another member signs no arrival.
    """
    own = officer.visitor.site.config.member
    return tuple(
        each.attachment_id.hex()
        for each in await whole_files(officer, code)
        if each.category == Category.D10 and each.source == own
    )


async def ask_second(
    officer: Officer, referral: ReferralRead, body: Body, event: bytes
) -> Response | None:
    """Asks a colleague to sign the arrival; None where nobody is to."""
    if not isinstance(body, Arrival) or body.signed_by != SignedBy.SECOND_OFFICER:
        return None
    act = ArrivalAsked(referral.referral_id, body.arrived_at, body.handover_code)
    asked = await officer.desk.ask_approval(
        officer.name, referral.case_pseudonym, act, approval_id=event
    )
    return see_other(f"/approvals/{asked.approval_id.hex()}")


async def record_arrival(
    officer: Officer, opened: ApprovalOpened, act: ArrivalAsked, event: bytes
) -> Response:
    """Records the arrival that a colleague has signed."""
    await officer.desk.take_step(
        officer.name,
        act.referral_id,
        Arrival(
            act.arrived_at,
            SignedBy.SECOND_OFFICER.value,
            handover_code=act.handover_code,
        ),
        event_id=event,
        approval_id=opened.approval.approval_id,
    )
    return see_other(f"/referrals/{act.referral_id.hex()}?done=arrival")
