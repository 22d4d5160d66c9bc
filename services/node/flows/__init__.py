"""One act each: reads, a pure decision, the rows to write. No network, no loop."""
