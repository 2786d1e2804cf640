"""Use cases of the product: one public function for each intention."""
