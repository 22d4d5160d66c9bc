"""What a node answers about what members wrote to one another, as frozen values.

They mirror messages of relais.desk.v1 by their field names, as ``desk_values`` do.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.rpc.desk_values import ReferralRead, SaidRead


@dataclass(frozen=True, slots=True)
class TalkRead:
    """What was asked and answered in one referral, in order."""

    referral: ReferralRead
    messages: tuple[SaidRead, ...]
