"""Rules of the product over frozen values; imports numpy and nothing else."""
