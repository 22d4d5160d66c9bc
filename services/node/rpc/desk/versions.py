"""Versions of a data category, as answers of CaseService."""

from __future__ import annotations

from relais.desk.v1 import case_pb2
from services.node.flows.versions import OpenedVersion
from services.node.rpc.conversions import record_to
from services.node.rpc.desk.render import millis
from services.node.store.versions import VersionRow


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
