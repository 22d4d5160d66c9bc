"""Every word that a reader sees: catalogues, coded answers, dates and numbers."""
