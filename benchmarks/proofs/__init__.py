"""The long forms of the proofs."""
