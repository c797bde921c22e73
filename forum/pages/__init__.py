"""What pages of the forum show: few queries, light rows, cached fragments."""
