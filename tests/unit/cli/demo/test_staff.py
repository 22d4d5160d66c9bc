"""Who works in the demo can do what the house asks of an office."""

from __future__ import annotations

from services.cli.demo.staff import CASE_WORKERS
from services.node.domain.leading import leading
from services.node.domain.people import Officer, Role


def test_in_every_office_of_the_demo_whoever_works_on_cases_has_somebody_who_leads():
    for member, workers in CASE_WORKERS.items():
        staff = [
            Officer(each.pseudonym, Role(each.role), each.unit, each.active)
            for each in workers
        ]
        for asker in staff:
            if asker.role is Role.SUPERVISOR:
                continue
            assert leading(staff, asker.pseudonym), (member, asker.pseudonym)
