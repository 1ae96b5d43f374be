"""Calls to a chat model: within a budget, what comes back read in whatever form, why nothing came."""
