"""Ledger: the Merkle tree, proofs, checkpoints as signed notes, leaves, evidence.

Pure values and checks; imports ``keys`` and ``domain`` only, so that an auditor
needs little more than this.
"""
