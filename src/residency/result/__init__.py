"""What comes back: reasons, answers, decisions and the words of them."""
