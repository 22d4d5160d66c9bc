"""Sealing: padding, envelopes and their parts.

Imports ``keys`` and ``domain`` only; headers and payloads are bytes here.
"""
