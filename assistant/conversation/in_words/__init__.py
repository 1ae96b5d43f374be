"""The register in words: asked about, handed in to, handed over, reminded, and answered under its own messages."""
