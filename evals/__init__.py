"""Cases, scorers, runs, comparisons, gates and reports: does an edition still answer right?"""
