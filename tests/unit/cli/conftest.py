"""Logs to audit."""

from __future__ import annotations

import pytest

from tests.unit.cli.audit_world import AuditWorld, make_busy_world, make_world


@pytest.fixture
def empty_world() -> AuditWorld:
    """Logs that hold the adopted directory and nothing else."""
    return make_world()


@pytest.fixture(scope="session")
def audit_world() -> AuditWorld:
    """Logs with some of everything; tests change copies of their rows."""
    return make_busy_world()
