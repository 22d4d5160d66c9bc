"""`python -m services.cli`, which is what the `relais` script runs."""

from __future__ import annotations

from services.cli.main import main

main()
