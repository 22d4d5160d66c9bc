"""Officers: who acts at a member, and which kind of act a role allows.

Promises one table, role by kind of act. Of which kind a step is, is said by
``rights``; of which a call is, by the table of callers. Which step a *member* may
take is decided by ``steps`` and ``may_send``; whether somebody is who they say they
are by sign-in. An officer is a pseudonym, never a name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from services.node.domain.errors import NotPermittedError
from services.node.domain.functions import Function
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
    """A kind of act: few, so that a table of roles stays readable.

    In parentheses the screens of the console's study that it stands for.
    """

    CASE = "case"
    """Read the work and a case, write what is known, record an answer, ask others for
    help and follow that (S2, S4, S5, S7)."""
    DECISION = "decision"
    """Decide on what others ask, and do what was accepted: receive, hand over, witness,
    give a task back (S6, S8)."""
    CARE = "care"
    """Accompany a person: return, plan, visits and calls, minors (S9)."""
    EXCHANGE = "exchange"
    """See every corridor, and take the steps of a return abroad (S10)."""
    SEARCH = "search"
    """Find a case or a referral by its code (S11)."""
    OWN_LEDGER = "own_ledger"
    """Read the member's own ledger as far as it is about its cases (S14, own)."""
    APPROVAL = "approval"
    """Be the second person of an act that needs two, such as sending abroad."""
    CLOSURE_APPROVAL = "closure_approval"
    """Be the second person of closing a case: whoever leads (S9)."""
    OVERRIDE_APPROVAL = "override_approval"
    """Be the second person of an emergency override, or review one."""
    ADMISSION = "admission"
    """Be the second person when somebody is let in: a colleague, or a program."""
    ASSIGNMENT = "assignment"
    """Say which officer works on what (S2)."""
    AUTOMATIC = "automatic"
    """Answer an acceptance by release or void."""
    ADMINISTRATION = "administration"
    """Add officers, change the node's settings and keys."""
    AUDIT = "audit"
    """Verify ledgers and read what they hold without a person's data."""


_SHELTER = frozenset(
    {
        Act.CASE,
        Act.DECISION,
        Act.CARE,
        Act.SEARCH,
        Act.OWN_LEDGER,
        Act.APPROVAL,
        Act.OVERRIDE_APPROVAL,
        Act.ADMISSION,
    }
)
_PROVINCE = _SHELTER | {Act.EXCHANGE}
_LEADING = frozenset({Act.ASSIGNMENT, Act.CLOSURE_APPROVAL})

MAY: dict[Role, frozenset[Act]] = {
    Role.OPERATOR: frozenset({Act.CASE, Act.SEARCH}),
    Role.SUPERVISOR: _PROVINCE | _LEADING,
    Role.OFFICER: _PROVINCE,
    Role.MANAGER: _SHELTER | _LEADING,
    Role.LIAISON: _PROVINCE,
    Role.AGENCY_OFFICER: frozenset(
        {
            Act.CASE,
            Act.DECISION,
            Act.APPROVAL,
            # An agency has no role that leads, and no other second person for its
            # emergencies.
            Act.CLOSURE_APPROVAL,
            Act.OVERRIDE_APPROVAL,
            Act.ADMISSION,
        }
    ),
    Role.AUDITOR: frozenset({Act.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Act.ADMINISTRATION, Act.ADMISSION}),
    Role.NODE: frozenset({Act.AUTOMATIC}),
}
"""Which role may do which kind of act, at every member.

Source: the table of screens and roles in the console's study (§7).
"""

MAY_AT: dict[tuple[Role, Function], frozenset[Act]] = {
    (Role.AGENCY_OFFICER, Function.MISSION): frozenset({Act.EXCHANGE}),
}
"""What a role may besides where the member has a function."""

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


def acts_of(role: Role, functions: Collection[Function] = ()) -> frozenset[Act]:
    """The kinds of act that a role allows at a member with these functions."""
    more = (MAY_AT.get((role, each), frozenset()) for each in functions)
    return MAY[role].union(*more)


def check_may(
    officer: Officer, *acts: Act, functions: Collection[Function] = ()
) -> None:
    """Raise ``NotPermittedError`` unless the role allows one of these kinds of act.

    ``functions`` are those of the officer's member. Codes: ``people.inactive`` and
    ``people.role_may_not``.
    """
    if not officer.active:
        raise NotPermittedError(
            "people.inactive",
            f"Officer {officer.pseudonym} is no longer active.",
            remedy="Act as an active officer.",
        )
    if acts_of(officer.role, functions).isdisjoint(acts):
        able = plain_list(
            sorted(each for each in Role if acts_of(each, functions) & set(acts))
        )
        act = min(acts)
        raise NotPermittedError(
            "people.role_may_not",
            f"The role of officer {officer.pseudonym}, {plain(officer.role)}, does not"
            f" allow this: {plain(act)}.",
            remedy=f"It is allowed to: {able}.",
        )
