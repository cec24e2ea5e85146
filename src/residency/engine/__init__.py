"""The engine: decides every question about one tenant, by one register, on one day."""
