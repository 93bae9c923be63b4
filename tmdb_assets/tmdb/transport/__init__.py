"""Transports: one request, and what came of it; all that knows the HTTP libraries."""
