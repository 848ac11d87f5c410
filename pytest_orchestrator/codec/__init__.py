"""File formats: hardened YAML in, frozen values out, and the JSON Schema that describes both."""
