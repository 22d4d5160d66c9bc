"""Relais' services: one folder a kind, one engine, one command line."""
