"""Rows of the policy in force, as an administrator reads them."""

from __future__ import annotations

from datetime import date

from relais.desk.v1 import upkeep_pb2 as pb
from services.node.domain.agreements import AgreementTable
from services.node.domain.code_lists import CodeRow, CodeTable
from services.node.domain.escalations import EscalationRow, EscalationTable


def rungs(table: EscalationTable, on: date) -> list[pb.RungRule]:
    """Who hears of a clock that runs out, in the order of the policy."""
    return [_rung(row) for row in table.rows if row.rule.in_force(on)]


def list_versions(table: CodeTable, on: date) -> list[pb.CodeListVersion]:
    """Every list that has codes on that day, by name."""
    lists: dict[str, list[CodeRow]] = {}
    for row in table.rows:
        if row.rule.in_force(on):
            lists.setdefault(row.list, []).append(row)
    return [
        pb.CodeListVersion(
            list=name,
            codes=len(rows),
            since=max(row.rule.valid_from for row in rows).isoformat(),
            origins=sorted({row.origin.value for row in rows}),
        )
        for name, rows in sorted(lists.items())
    ]


def agreed(
    table: AgreementTable, here: str, there: str, on: date
) -> list[pb.PeerAgreement]:
    """What two countries agreed and is in force on that day."""
    return [
        pb.PeerAgreement(law=rule.law, since=rule.valid_from.isoformat())
        for rule in table.between(here, there, on)
    ]


def _rung(row: EscalationRow) -> pb.RungRule:
    return pb.RungRule(
        deadlines=sorted(row.deadlines or ()),
        priorities=sorted(row.priorities),
        ends=sorted(row.ends),
        level=row.level.value,
        share=row.share,
        channel=row.channel.value,
        to=row.to.value if row.to else "",
        valid_from=row.rule.valid_from.isoformat(),
    )
