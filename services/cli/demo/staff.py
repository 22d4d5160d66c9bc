"""Who works where in the demo: officers by pseudonym, never by name.

Every node has an administrator, who can open no case, and an auditor, who can
read none. Those who act in the journey come on top, and in every office that holds
cases somebody besides them who leads, or none could be closed (ADR 0027).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from services.cli.network import Network, Running
from services.cli.office import ADMINISTRATOR, AUDITOR, OFFICE, enter
from services.cli.staff_sign_ins import enrol_staff
from services.node.domain.people import Role
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import OfficerRead

CASE_WORKERS: dict[str, tuple[OfficerRead, ...]] = {
    "hotline-hanoi": (
        OfficerRead("operator-7", "operator", "calls", active=True),
        OfficerRead("supervisor-2", "supervisor", "calls", active=True),
        OfficerRead("supervisor-3", "supervisor", "review", active=True),
    ),
    "lao-cai": (
        OfficerRead("officer-11", "officer", "victim-support", active=True),
        OfficerRead("officer-14", "officer", "victim-support", active=True),
        OfficerRead("supervisor-1", "supervisor", "review", active=True),
    ),
    "liaison-yunnan": (
        OfficerRead("liaison-5", "liaison", "returns", active=True),
        OfficerRead("liaison-6", "liaison", "returns", active=True),
        OfficerRead("supervisor-6", "supervisor", "review", active=True),
    ),
    "consulate-kunming": (
        OfficerRead("consul-3", "agency_officer", "papers", active=True),
        OfficerRead("consul-4", "agency_officer", "papers", active=True),
    ),
    "border-guard-lao-cai": (
        OfficerRead("guard-9", "agency_officer", "gate", active=True),
        OfficerRead("guard-10", "agency_officer", "gate", active=True),
    ),
    "nha-hoa-ban": (
        OfficerRead("manager-1", "manager", "house", active=True),
        OfficerRead("manager-2", "manager", "house", active=True),
    ),
    "nha-suoi-trong": (
        OfficerRead("manager-1", "manager", "house", active=True),
        OfficerRead("manager-2", "manager", "house", active=True),
    ),
    "nha-doi-che": (
        OfficerRead("manager-1", "manager", "house", active=True),
        OfficerRead("manager-2", "manager", "house", active=True),
    ),
    "dien-bien": (
        OfficerRead("officer-31", "officer", "victim-support", active=True),
        OfficerRead("supervisor-4", "supervisor", "review", active=True),
    ),
    "ha-giang": (
        OfficerRead("officer-31", "officer", "victim-support", active=True),
        OfficerRead("supervisor-4", "supervisor", "review", active=True),
    ),
    "lai-chau": (
        OfficerRead("officer-31", "officer", "victim-support", active=True),
        OfficerRead("supervisor-4", "supervisor", "review", active=True),
    ),
    "an-giang": (
        OfficerRead("officer-31", "officer", "victim-support", active=True),
        OfficerRead("supervisor-4", "supervisor", "review", active=True),
    ),
    "son-la": (
        OfficerRead("officer-31", "officer", "victim-support", active=True),
        OfficerRead("supervisor-4", "supervisor", "review", active=True),
    ),
    "liaison-laos": (
        OfficerRead("liaison-8", "liaison", "returns", active=True),
        OfficerRead("liaison-9", "liaison", "returns", active=True),
        OfficerRead("supervisor-9", "supervisor", "review", active=True),
    ),
    "liaison-malaysia": (
        OfficerRead("liaison-8", "liaison", "returns", active=True),
        OfficerRead("liaison-9", "liaison", "returns", active=True),
        OfficerRead("supervisor-9", "supervisor", "review", active=True),
    ),
    "liaison-cambodia": (
        OfficerRead("liaison-8", "liaison", "returns", active=True),
        OfficerRead("liaison-9", "liaison", "returns", active=True),
        OfficerRead("supervisor-9", "supervisor", "review", active=True),
    ),
    "mission-kuala-lumpur": (
        OfficerRead("consul-5", "agency_officer", "papers", active=True),
        OfficerRead("consul-6", "agency_officer", "papers", active=True),
    ),
    "police-lao-cai": (
        OfficerRead("police-2", "agency_officer", "verification", active=True),
        OfficerRead("police-3", "agency_officer", "verification", active=True),
    ),
    "police-an-giang": (
        OfficerRead("police-4", "agency_officer", "verification", active=True),
        OfficerRead("police-5", "agency_officer", "verification", active=True),
    ),
    "border-guard-an-giang": (
        OfficerRead("guard-12", "agency_officer", "gate", active=True),
        OfficerRead("guard-13", "agency_officer", "gate", active=True),
    ),
    "legal-aid-lao-cai": (
        OfficerRead("lawyer-1", "agency_officer", "legal-aid", active=True),
        OfficerRead("lawyer-2", "agency_officer", "legal-aid", active=True),
    ),
    "ministry": (
        OfficerRead("coordinator-1", "officer", "coordination", active=True),
        OfficerRead("supervisor-7", "supervisor", "review", active=True),
    ),
    "yen-bai": (
        OfficerRead("officer-21", "officer", "reintegration", active=True),
        OfficerRead("supervisor-5", "supervisor", "review", active=True),
    ),
}
"""Of every office that holds cases; each has somebody who leads, besides any other."""


def case_workers(member: str) -> tuple[str, ...]:
    """Pseudonyms of those who work on cases at ``member``, the first acts."""
    return tuple(each.pseudonym for each in CASE_WORKERS.get(member, ()))


def second_to(member: str, officer: str) -> str:
    """Who reads what ``officer`` sends abroad: of her unit, or who leads; or nobody."""
    workers = CASE_WORKERS.get(member, ())
    units = {each.unit for each in workers if each.pseudonym == officer}
    return next(
        (
            each.pseudonym
            for each in workers
            if each.pseudonym != officer
            and (each.role == Role.SUPERVISOR or each.unit in units)
        ),
        "",
    )


async def hire(desk: DeskClient) -> None:
    """Enters the officers of one node; those there already stay."""
    await enter(desk, (*OFFICE, *CASE_WORKERS.get(desk.member, ())))


async def hire_everywhere(desks: dict[str, DeskClient]) -> None:
    """Enters the officers of every node."""
    await asyncio.gather(*(hire(each) for each in desks.values()))


async def enter_everybody(network: Network) -> None:
    """Enters the officers of every node that runs."""

    async def at(member: Running) -> None:
        async with DeskClient(member.local_socket, member.name) as desk:
            await hire(desk)

    await asyncio.gather(*(at(each) for each in network.members()))


async def enrol_everybody(network: Network, now: Callable[[], datetime]) -> None:
    """Makes a sign-in for every officer; ``now`` tells the wire clock."""
    for member in network.declared.members:
        officers = (ADMINISTRATOR, AUDITOR, *case_workers(member.name))
        await enrol_staff(network.place(member.name), officers, now)
