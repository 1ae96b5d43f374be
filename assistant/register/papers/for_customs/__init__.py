"""What is shown on the customs visit: the binder, its catalogue and page, the register as a workbook."""
