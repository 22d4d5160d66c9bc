"""What a case may become, row by row; a module a section of domain.md §6."""

from __future__ import annotations

from tests.expect.case_steps_beside import BESIDE
from tests.expect.case_steps_reception import RECEPTION
from tests.expect.case_steps_reintegration import REINTEGRATION
from tests.expect.case_steps_return import RETURN

LINES = [*RECEPTION, *BESIDE, *RETURN, *REINTEGRATION]
