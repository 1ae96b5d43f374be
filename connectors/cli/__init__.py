"""The command line ``aeo``: each module is one group of commands; heavy imports happen inside the commands."""
