"""Versions of a data category and of the plan, as answers of CaseService."""

from __future__ import annotations

from relais.casefile.v1 import standing_pb2
from relais.desk.v1 import case_pb2
from services.node.flows.versions import OpenedPlan, OpenedVersion
from services.node.rpc.conversions import record_to
from services.node.rpc.desk.render import millis
from services.node.store.versions import PlanVersionRow, VersionRow
from services.node.wire.mapping import to_message


def version_message(row: VersionRow) -> case_pb2.RecordVersion:
    """Where a version comes from."""
    return case_pb2.RecordVersion(
        number=row.number,
        recorded_at=millis(row.recorded_at),
        recorded_by=row.recorded_by,
        unit=row.unit,
        source=row.source,
    )


def opened_message(opened: OpenedVersion) -> case_pb2.OpenedVersion:
    """A version with what it holds."""
    return case_pb2.OpenedVersion(
        version=version_message(opened.row), record=record_to(opened.record)
    )


def plan_version_message(row: PlanVersionRow, own: str) -> case_pb2.RecordVersion:
    """Where a version of the plan comes from: always this member, ``own``."""
    return case_pb2.RecordVersion(
        number=row.number,
        recorded_at=millis(row.recorded_at),
        recorded_by=row.recorded_by,
        unit=row.unit,
        source=own,
    )


def opened_plan_message(opened: OpenedPlan, own: str) -> case_pb2.OpenedPlan:
    """A version of the plan with what it holds."""
    return case_pb2.OpenedPlan(
        version=plan_version_message(opened.row, own),
        plan=to_message(opened.plan, standing_pb2.ReintegrationPlan),
    )
