"""Claims with a label, right or wrong: does the check of a model's sentences drop what is wrong and keep what is right?"""
