"""Who may send which referral to whom, and on what responsibility moves.

Promises the table ``may_send``: referral type by function of the giver by
function of the receiver. Kinds play no part here.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from services.node.domain import tables
from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.handoff import MovesOn
from services.node.domain.plain_words import (
    day_words,
    members,
    opening,
    plain,
    resting_on,
)
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import Rule


@dataclass(frozen=True, slots=True)
class SendRow:
    """A giver with this function may offer this to a receiver with that one."""

    rule: Rule
    referral_type: ReferralType
    giver: Function
    receiver: Function
    moves_on: MovesOn


@dataclass(frozen=True, slots=True)
class Competence:
    """Why a referral may go, and on what it moves.

    Only the functions in which it is received count for what the receiver needs
    to know, not all that the member holds.
    """

    moves_on: MovesOn
    receiver_functions: frozenset[Function]
    rows: tuple[SendRow, ...]


@dataclass(frozen=True, slots=True)
class SendTable:
    """The table ``may_send`` of one policy version."""

    rows: tuple[SendRow, ...]

    def competence(
        self,
        referral_type: ReferralType,
        giver: AbstractSet[Function],
        receiver: AbstractSet[Function],
        on: date,
    ) -> Competence:
        """Why a member with the functions ``giver`` may offer to ``receiver``.

        Raises ``NotLawfulError("referral.not_between")`` if no row in force on
        that day allows it; the error names the functions that may receive.
        """
        sent = [
            row
            for row in self.rows
            if row.referral_type is referral_type
            and row.giver in giver
            and row.rule.in_force(on)
        ]
        rows = tuple(row for row in sent if row.receiver in receiver)
        if not rows:
            able = {row.receiver for row in sent}
            told = f"to {members(able)}" if able else "to nobody"
            raise NotLawfulError(
                "referral.not_between",
                resting_on(
                    f"{opening(members(giver, 'and'))} cannot offer a referral for"
                    f" {plain(referral_type)} to {members(receiver, 'and')} on"
                    f" {day_words(on)}.",
                    f"the table may_send has no row from {_listed(giver)} to"
                    f" {_listed(receiver)}",
                ),
                where="may_send",
                remedy=f"It can be offered {told}. ({_listed(able)})",
            )
        functions = frozenset(row.receiver for row in rows)
        return Competence(rows[0].moves_on, functions, rows)

    def types_between(
        self, giver: AbstractSet[Function], receiver: AbstractSet[Function], on: date
    ) -> tuple[ReferralType, ...]:
        """What ``competence`` allows between the two on that day; maybe nothing."""
        found = {
            row.referral_type
            for row in self.rows
            if row.giver in giver and row.receiver in receiver and row.rule.in_force(on)
        }
        return tuple(each for each in ReferralType if each in found)


_COLUMNS = {
    "referral_type": tables.one_of(ReferralType),
    "giver": tables.one_of(Function),
    "receiver": tables.one_of(Function),
    "moves_on": tables.one_of(MovesOn),
}


def read_may_send(raw: bytes, problems: list[str]) -> SendTable:
    """The table ``may_send``; what is wrong is added to ``problems``.

    All rows of one referral type name the same event on which responsibility
    moves: both ends must know it whatever functions they looked at.
    """
    rows = tables.read_table("may_send", raw, SendRow, _COLUMNS, problems)
    tables.check_unambiguous(
        rows, lambda row: [(row.referral_type, row.giver, row.receiver)], problems
    )
    first: dict[ReferralType, SendRow] = {}
    for row in rows:
        other = first.setdefault(row.referral_type, row)
        if row.moves_on is not other.moves_on:
            problems.append(
                f"may_send row {row.rule.row} column moves_on: a {row.referral_type}"
                f" moves on {other.moves_on} in row {other.rule.row}"
            )
    return SendTable(rows)


def _listed(functions: AbstractSet[Function]) -> str:
    return " and ".join(sorted(functions)) or "a member without functions"
