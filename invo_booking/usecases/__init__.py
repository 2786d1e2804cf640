"""What can be asked of the product: one public function for each intention."""
