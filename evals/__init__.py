"""Cases, scorers, runs, comparisons and reports: does an edition still answer right?"""
