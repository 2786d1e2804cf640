"""What every use case may need: dependencies, ports, rights, history, links."""
