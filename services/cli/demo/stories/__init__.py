"""The storybook: ways that people take through the mechanism, one a module.

Each is played by real nodes, for a reader by ``make demo STORY=n`` and for the
tests in tests/network/stories, which say what has to be true of it.
"""
