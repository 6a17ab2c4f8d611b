"""What is seen inside a network and beside it: the instruments' mathematics."""
