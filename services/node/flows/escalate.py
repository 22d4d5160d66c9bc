"""Whom an escalation goes to: a member of the directory with the function.

The own province first, then that of the other member. The ministry stands in for
a province's coordinator that is this member itself, that is the very member that
is silent, or that is not in the network; and for police and border guard where no
member of theirs is near, so that danger to life never stays inside.
"""

from __future__ import annotations

from datetime import date

from services.node.domain.errors import NotLawfulError
from services.node.domain.escalations import EscalationRow, Level
from services.node.domain.functions import Function
from services.node.domain.referrals import ReferralType
from services.node.flows.own import OwnMember
from services.node.store.rows import ReferralRow


def who_to_tell(
    own: OwnMember, about: ReferralRow | None, row: EscalationRow, on: date
) -> str | None:
    """The member that a ring goes to, or None where it stays inside."""
    if row.to is None:
        return None
    if about is not None and about.referral_type == ReferralType.ESCALATION:
        # An escalation that nobody takes up goes up, never round: it ends at the
        # ministry.
        peer = own.functions_of(about.peer)
        if row.level is not Level.L4 or Function.FOCAL_MINISTRY in peer:
            return None
    wanted = [row.to]
    if row.to is Function.PROVINCE_SOCIAL or row.level is Level.L5:
        wanted.append(Function.FOCAL_MINISTRY)
    for function in wanted:
        told = _holder(own, about, function, on)
        if told is not None:
            return told
    return None


def _holder(
    own: OwnMember, about: ReferralRow | None, function: Function, on: date
) -> str | None:
    directory = own.adopted.directory
    silent = {own.name} if about is None else {own.name, about.peer}
    able = [
        member
        for member in directory.members_with(function.value)
        if member.name not in silent and _may_be_told(own, member.name, on)
    ]
    if function is Function.FOCAL_MINISTRY:
        return able[0].name if able else None
    near = [directory.member(own.name).province]
    if about is not None:
        near.append(directory.member(about.peer).province)
    for province in near:
        for member in able:
            if province and member.province == province:
                return member.name
    return None


def _may_be_told(own: OwnMember, member: str, on: date) -> bool:
    try:
        own.adopted.policy.may_send.competence(
            ReferralType.ESCALATION,
            own.functions_of(own.name),
            own.functions_of(member),
            on,
        )
    except NotLawfulError:
        return False
    return True
