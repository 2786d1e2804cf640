"""Read and write the host calendar."""
