"""Billing: usage, price books, invoices and the files that finance works with."""
