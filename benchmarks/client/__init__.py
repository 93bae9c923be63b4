"""Measuring the client against its peers: a server, a process for each client, and a table."""
