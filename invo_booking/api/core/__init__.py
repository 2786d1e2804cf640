"""What every route needs: gate, policy, limits, problems, shapes."""
