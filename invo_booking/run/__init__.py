"""Run the product: embedded servers, processes, built pages, logs."""
