"""Storage: journal of raw answers, lake of Delta tables, state, snapshot."""
