"""The policy: the dated tables by which a node rules.

Promises that a policy is read whole or not at all, with every problem listed at
once by table, row and column. The bytes come from the directory; the files under
``deploy/policy`` only seed them. Each table's meaning is in its own module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.node.domain.agreements import AgreementTable, read_agreements
from services.node.domain.best_interests import (
    BestInterestsTable,
    read_best_interests,
)
from services.node.domain.calendars import (
    CalendarTable,
    HoursTable,
    read_calendar,
    read_desk_hours,
)
from services.node.domain.case_steps import CaseStepTable, read_case_steps
from services.node.domain.code_lists import CodeTable, read_code_lists
from services.node.domain.deadlines import DeadlineTable, read_deadlines
from services.node.domain.entitlements import EntitlementTable, read_entitlements
from services.node.domain.errors import InvalidInputError
from services.node.domain.escalations import EscalationTable, read_escalations
from services.node.domain.handoff import MovesOn, Step
from services.node.domain.limits import LimitTable, check_limits, read_limits
from services.node.domain.may_send import SendTable, read_may_send
from services.node.domain.need_to_know import NeedTable, read_need_to_know
from services.node.domain.offer_parts import OfferParts, read_offer_parts
from services.node.domain.outcomes import OutcomeTable, read_outcomes
from services.node.domain.pauses import PauseTable, read_pauses
from services.node.domain.quantities import QuantityTable, read_quantities
from services.node.domain.referrals import ReferralType
from services.node.domain.retention import RetentionTable, read_retention
from services.node.domain.second_person import SecondPersonTable, read_second_person
from services.node.domain.steps import Side, StepTable, read_steps
from services.node.domain.tables import Row


class Table(Protocol):
    """Any table: its rows in the order of the file."""

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, each with the rule it is."""


READERS: dict[str, Callable[[bytes, list[str]], Table]] = {
    "steps": read_steps,
    "need_to_know": read_need_to_know,
    "limits": read_limits,
    "offer_parts": read_offer_parts,
    "may_send": read_may_send,
    "deadlines": read_deadlines,
    "outcomes": read_outcomes,
    "calendar": read_calendar,
    "desk_hours": read_desk_hours,
    "escalations": read_escalations,
    "pauses": read_pauses,
    "retention": read_retention,
    "case_steps": read_case_steps,
    "entitlements": read_entitlements,
    "code_lists": read_code_lists,
    "quantities": read_quantities,
    "second_person": read_second_person,
    "agreements": read_agreements,
    "best_interests": read_best_interests,
}
"""Every table by its name, with what reads it; its seed is the file of that name."""

TABLES = tuple(READERS)
"""The names of the tables; their seeds are files of these names with ``.csv``."""

RULED_BY = frozenset(
    {
        "approval_answered",
        "consent_expiring",
        "consent_other",
        "consent_turning_18",
        "data_disposition",
        "left_without_notice",
        "lost_contact",
        "override_review",
        "placement_confirmed_before",
        "recall_acknowledged",
        "reconsent_fresh",
        "reopen_allowed",
        "risk_valid",
        "supervisor_decides",
        "unreachable_window",
        "unsafe_answered",
    }
)
"""Deadlines that rules ask for by name: by a policy without one nobody could rule."""

_MOVES_AT = {Step.RELEASE: MovesOn.RELEASE, Step.COUNTERSIGNATURE: MovesOn.MINUTES}


@dataclass(frozen=True, slots=True)
class Policy:
    """All tables of one version, such as ``vn-2018.1``; a field a table."""

    version: str
    steps: StepTable
    need_to_know: NeedTable
    limits: LimitTable
    offer_parts: OfferParts
    may_send: SendTable
    deadlines: DeadlineTable
    outcomes: OutcomeTable
    calendar: CalendarTable
    desk_hours: HoursTable
    escalations: EscalationTable
    pauses: PauseTable
    retention: RetentionTable
    case_steps: CaseStepTable
    entitlements: EntitlementTable
    code_lists: CodeTable
    quantities: QuantityTable
    second_person: SecondPersonTable
    agreements: AgreementTable
    best_interests: BestInterestsTable


def parse_policy(version: str, tables: Mapping[str, bytes]) -> Policy:
    """The policy that these tables state, each as CSV in UTF-8 by its name.

    Raises ``InvalidInputError("policy.invalid")``, which lists every problem.
    """
    problems: list[str] = []
    if not version or version != "".join(version.split()):
        problems.append("the version must be one word")
    policy = check_policy_tables(version, tables, problems)
    if policy is None or problems:
        raise _invalid(problems)
    return policy


def check_policy_tables(
    version: str, tables: Mapping[str, bytes], problems: list[str]
) -> Policy | None:
    """The policy as far as it can be read; what is wrong is added to ``problems``.

    None if a table is missing. Tables that are there are read all the same, so
    that everything is named at once.
    """
    problems.extend(f"table {name} is missing" for name in TABLES if name not in tables)
    problems.extend(
        f"table {name} is not known" for name in sorted(tables) if name not in TABLES
    )
    found = read_tables(tables, problems)
    if len(found) != len(TABLES):
        return None
    policy = Policy(version=version, **found)  # type: ignore[arg-type] # by its name
    check_across(policy, problems)
    return policy


def read_tables(tables: Mapping[str, bytes], problems: list[str]) -> dict[str, Table]:
    """Each known table that is given; what is wrong is added to ``problems``."""
    return {
        name: read(tables[name], problems)
        for name, read in READERS.items()
        if name in tables
    }


def check_across(policy: Policy, problems: list[str]) -> None:
    """What tables must agree on; what is wrong is added to ``problems``."""
    _check_moves(policy, problems.append)
    check_limits(policy.need_to_know, policy.limits, problems)
    _check_deadlines(policy, problems.append)
    _check_clocks(policy, problems.append)


def _check_moves(policy: Policy, problem: Callable[[str], None]) -> None:
    """Steps move responsibility exactly where ``may_send`` says that they do.

    A step that only arrives moves it where its author is the receiver, and nowhere
    else: responsibility moves at the receiver's leaf (protocol.md §4). What the
    receiver logged has moved already, so the giver that had gone on meanwhile must
    end its time by it; what the giver logged moves nothing until the receiver takes
    it in, and there it must be lawful as it comes.
    """
    moves_on: dict[ReferralType, MovesOn] = {
        row.referral_type: row.moves_on for row in policy.may_send.rows
    }
    for row in policy.steps.rows:
        for referral_type in sorted(row.referral_types & moves_on.keys()):
            moves_here = _MOVES_AT.get(row.step) is moves_on[referral_type] and (
                not row.arrival_only or row.author is Side.RECEIVER
            )
            if row.moves_responsibility != moves_here:
                problem(
                    f"steps row {row.rule.row} column moves_responsibility: a"
                    f" {referral_type} moves on {moves_on[referral_type]}"
                )


def _check_deadlines(policy: Policy, problem: Callable[[str], None]) -> None:
    """Every deadline that a rule, a ring or a pause names stands in ``deadlines``."""
    known = {row.deadline for row in policy.deadlines.rows}
    for name in sorted(RULED_BY - known):
        problem(f"deadlines column deadline: no row is {name}, which a rule asks for")
    named = [(row.rule, row.deadlines or ()) for row in policy.escalations.rows]
    named += [(row.rule, row.deadlines) for row in policy.pauses.rows]
    for rule, deadlines in named:
        for name in sorted(set(deadlines) - known):
            problem(
                f"{rule.table} row {rule.row} column deadlines: no deadline is"
                f" named {name}"
            )


def _check_clocks(policy: Policy, problem: Callable[[str], None]) -> None:
    """What a case starts or stops is a deadline that the policy knows."""
    known = {row.deadline for row in policy.deadlines.rows}
    for row in policy.case_steps.rows:
        for column, named in (("starts", row.starts), ("meets", row.meets)):
            for name in sorted(named - known):
                problem(
                    f"case_steps row {row.rule.row} column {column}: {name} is no"
                    " deadline of the policy"
                )


def _invalid(problems: list[str]) -> InvalidInputError:
    return InvalidInputError(
        "policy.invalid",
        f"{len(problems)} problem(s): {'; '.join(problems)}.",
        where="policy",
        remedy="Correct the tables; a policy is taken whole or not at all.",
    )
