"""A text whose letters a system wrote or read in another way than they were meant, as it was meant."""
