"""What people who know the trade read in an edition beyond its structure, as data: judged lines, links, elements."""
