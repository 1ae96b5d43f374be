"""Reading: any file into rows of cells of numbered paragraphs."""
