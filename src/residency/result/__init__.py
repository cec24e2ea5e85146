"""Results: reasons, answers and decisions, and the words of them."""
