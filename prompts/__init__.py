"""The words sent to models: Markdown files whose variables are checked when loaded, with a fingerprint."""
