"""`./run bench --huge`: what pages cost at a million posts beside what they cost at sixty thousand."""
