"""Acting on slots: handing in, reviewing, taking what an older edition had; elements and lines alongside."""
