"""A small OpenID provider for development and demonstrations: pick a person, be signed in as them.

It stands where Katso or Suomi.fi identification stands in production. It asks for no proof of who anybody is.
"""
