"""What learned classifiers tell of a message: acts and kinds, listings, words about the answer itself, what joins two things."""
