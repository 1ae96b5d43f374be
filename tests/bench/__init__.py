"""The long measurements behind ``aeo bench``."""
