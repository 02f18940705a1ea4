"""What billing decides: prices, products, rating, instalments, invoice documents. Pure: no I/O, no clock."""
