"""Data categories: the unit of consent, of encryption and of need-to-know.

Promises the fourteen codes and nothing else. Which fields belong to which
category is decided by ``casesheet``; who may receive which by ``need_to_know``.
"""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """A data category of one person (or, for D0, of one referral)."""

    D0 = "D0"
    """Routing: pseudonym, referral, type, priority, deadlines, sender, recipient."""
    D1 = "D1"
    """Minimal profile: age band, sex, citizenship, language, minors travelling."""
    D2 = "D2"
    """Identity: names, birth date, papers, photograph, parents' names."""
    D3 = "D3"
    """Contact and location: safe-contact rule, telephone, address, shelter."""
    D4 = "D4"
    """Trafficking account: status, exploitation, recruitment, control, events."""
    D5 = "D5"
    """Health: fitness to travel, urgent care, pregnancy, disability."""
    D6 = "D6"
    """Psychosocial: screening, counselling needs."""
    D7 = "D7"
    """Security and risk: threat level, nearness of perpetrators, places to avoid."""
    D8 = "D8"
    """Family and tracing: relatives, assessment, who may be told."""
    D9 = "D9"
    """Legal: criminal case, status, legal aid, immigration status."""
    D10 = "D10"
    """Documents: scans."""
    D11 = "D11"
    """Services and plan: needs, services, goals, follow-ups."""
    D12 = "D12"
    """Finance: allowance, cost, loan."""
    D13 = "D13"
    """Child protection: guardian, best-interest decision, school."""
