"""What running the product needs: embedded servers, processes, pages, logs."""
