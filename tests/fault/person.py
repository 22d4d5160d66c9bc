"""Whom the stories of faults are about: nobody, under a name that nobody bears."""

FIRST_NAME = "Hòa Thử Nghiệm"
CANARY = FIRST_NAME.encode()
"""What must stand nowhere but in sealed fields (I5)."""
