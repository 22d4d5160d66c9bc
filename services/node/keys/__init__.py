"""Keys: suites, signing, sealing, key files, TLS certificates, keys at rest.

The lowest floor with cryptography; imports ``domain`` only.
"""
