"""Another authority's node: border guard, police, mission, consulate."""
