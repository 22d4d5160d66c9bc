"""What members may do and by which policy: description, suspension, closing.

Promises: as ``directory.key_changes``. Two approvers decide each of these; a
description also needs its member, suspension and closing ask it nothing
(protocol.md §2). Nothing here can be undone by repeating an older entry.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from services.node.directory.admission import with_member
from services.node.directory.descriptions import (
    check_description,
    check_policy,
    check_reason,
)
from services.node.directory.leaf import SignedEntry
from services.node.directory.state import Directory, PolicyState
from services.node.directory.vouching import (
    APPROVALS_NEEDED,
    check_approvals,
    check_own,
    check_proofs,
)
from services.node.domain.errors import NotLawfulError
from services.node.wire.entries import (
    MemberChange,
    MemberClose,
    MemberSuspend,
    Policy,
)


def apply_member_change(
    directory: Directory, signed: SignedEntry, change: MemberChange
) -> Directory:
    """Replace the description: functions carry rights, so others approve."""
    check_description(change.description)
    check_own(directory, signed)
    check_approvals(directory, signed, needed=APPROVALS_NEEDED)
    member = replace(
        directory.member(signed.entry.subject),
        description=change.description,
        described_at=directory.size,
    )
    return with_member(directory, member)


def apply_member_suspend(
    directory: Directory, signed: SignedEntry, change: MemberSuspend
) -> Directory:
    """Stop a member's part for now; the member has no say."""
    check_reason(change.reason)
    check_proofs(signed, ())
    check_approvals(directory, signed, needed=APPROVALS_NEEDED)
    member = replace(
        directory.member(signed.entry.subject), suspended_at=directory.size
    )
    return with_member(directory, member)


def apply_member_close(
    directory: Directory, signed: SignedEntry, change: MemberClose
) -> Directory:
    """End a member's part; its name and keys stay its own for ever."""
    check_reason(change.reason)
    check_proofs(signed, ())
    check_approvals(directory, signed, needed=APPROVALS_NEEDED)
    member = replace(directory.member(signed.entry.subject), closed_at=directory.size)
    return with_member(directory, member)


def apply_policy(
    directory: Directory, signed: SignedEntry, change: Policy
) -> Directory:
    """Adopt a policy: approved under the one before, and never one from before."""
    check_policy(change)
    if change.version in directory.policy_versions:
        raise NotLawfulError(
            "directory.policy_known", "This version of the policy was adopted before."
        )
    check_proofs(signed, ())
    check_approvals(directory, signed, needed=APPROVALS_NEEDED)
    adopted = replace(
        directory,
        policy=PolicyState(
            version=change.version,
            tables=MappingProxyType({each.name: each.csv for each in change.tables}),
            approver_functions=change.approver_functions,
            adopted_at=directory.size,
        ),
        policy_versions=directory.policy_versions | {change.version},
    )
    if len(adopted.approvers) < APPROVALS_NEEDED:
        raise NotLawfulError(
            "directory.policy_locks_out",
            f"Under this policy {len(adopted.approvers)} member(s) could approve; "
            f"expected at least {APPROVALS_NEEDED}.",
        )
    return adopted
