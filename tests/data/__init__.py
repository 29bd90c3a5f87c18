"""Small look-alikes of real files, and what writes them."""
