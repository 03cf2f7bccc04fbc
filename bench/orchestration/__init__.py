"""Measures apify-orchestrator beside the npm package of the same name."""
