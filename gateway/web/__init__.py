"""What every page and every call of the API stands on: visitors, headers, words."""
