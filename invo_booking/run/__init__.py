"""Run the product: its embedded servers, processes, built pages and logs."""
