"""Officers: who acts at a member, and which kind of act a role allows.

Promises one table, role by kind of act. Which step a *member* may take is
decided by ``steps`` and ``may_send``; whether somebody is who they say they are
by sign-in. An officer is a pseudonym, never a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.node.domain.errors import NotPermittedError
from services.node.domain.handoff import Actor
from services.node.domain.plain_words import plain, plain_list


class Role(StrEnum):
    """What an officer does at the member."""

    OPERATOR = "operator"
    """Takes calls at a hotline centre."""
    SUPERVISOR = "supervisor"
    """Answers for a shift or a team and approves what needs a second person."""
    OFFICER = "officer"
    """Works on cases at a provincial service."""
    MANAGER = "manager"
    """Runs a shelter."""
    LIAISON = "liaison"
    """Works on cases for a foreign liaison."""
    AGENCY_OFFICER = "agency_officer"
    """Works for police, border guard, a mission or another authority."""
    AUDITOR = "auditor"
    """Reads ledgers and numbers, never a case."""
    ADMINISTRATOR = "administrator"
    """Keeps the node running; cannot open a case."""
    NODE = "node"
    """The node itself, for what it answers without a person."""


class Act(StrEnum):
    """A kind of act."""

    CASE = "case"
    """Read and write a case, take a step of a referral, record an answer."""
    APPROVAL = "approval"
    """Be the second person of an act that needs two, such as closing a case."""
    OVERRIDE_APPROVAL = "override_approval"
    """Be the second person of an emergency override, or review one."""
    ADMISSION = "admission"
    """Be the second person when somebody is let in: a colleague, or a program."""
    AUTOMATIC = "automatic"
    """Answer an acceptance by release or void."""
    ADMINISTRATION = "administration"
    """Add officers, change the node's settings and keys."""
    AUDIT = "audit"
    """Verify ledgers and read what they hold without a person's data."""


_CASE_AND_SECOND = frozenset(
    {Act.CASE, Act.APPROVAL, Act.OVERRIDE_APPROVAL, Act.ADMISSION}
)

MAY: dict[Role, frozenset[Act]] = {
    Role.OPERATOR: frozenset({Act.CASE}),
    Role.SUPERVISOR: _CASE_AND_SECOND,
    Role.OFFICER: _CASE_AND_SECOND,
    Role.MANAGER: _CASE_AND_SECOND,
    Role.LIAISON: _CASE_AND_SECOND,
    Role.AGENCY_OFFICER: _CASE_AND_SECOND,
    Role.AUDITOR: frozenset({Act.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Act.ADMINISTRATION, Act.ADMISSION}),
    Role.NODE: frozenset({Act.AUTOMATIC}),
}
"""Which role may do which kind of act."""

MAX_PSEUDONYM = 64
"""Longest pseudonym, in characters."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who acts at this member; ``pseudonym`` is unique within it."""

    pseudonym: str
    role: Role
    unit: str
    active: bool

    def actor(self) -> Actor:
        """How this officer stands in a handoff."""
        return Actor(self.pseudonym, self.role.value, self.unit)


NODE_ACTOR = Actor("node", Role.NODE.value, "node")
"""The node itself, as it stands in a handoff."""


def is_pseudonym(text: str) -> bool:
    """Whether ``text`` has the shape of a pseudonym: short, one word."""
    return 0 < len(text) <= MAX_PSEUDONYM and not any(c.isspace() for c in text)


def check_may(officer: Officer, act: Act) -> None:
    """Raise ``NotPermittedError`` unless this officer may do this kind of act.

    Codes: ``people.inactive`` and ``people.role_may_not``.
    """
    if not officer.active:
        raise NotPermittedError(
            "people.inactive",
            f"Officer {officer.pseudonym} is no longer active.",
            remedy="Act as an active officer.",
        )
    if act not in MAY[officer.role]:
        able = plain_list(sorted(role for role, acts in MAY.items() if act in acts))
        raise NotPermittedError(
            "people.role_may_not",
            f"The role of officer {officer.pseudonym}, {plain(officer.role)}, does not"
            f" allow this: {plain(act)}.",
            remedy=f"It is allowed to: {able}.",
        )
