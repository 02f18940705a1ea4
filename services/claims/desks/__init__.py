"""What may be asked of the service, one desk a family of requests; `requests.py` gives each its order."""
