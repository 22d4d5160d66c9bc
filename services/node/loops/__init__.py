"""What never ends: each wakes, calls one flow, sleeps."""
