"""A question -> a cited answer or a refusal: route, retrieve, compose, cite, chain."""
