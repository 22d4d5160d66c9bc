"""The mechanism as pure values: standard library only, no clock, no I/O."""
