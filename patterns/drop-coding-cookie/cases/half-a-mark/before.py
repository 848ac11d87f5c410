# -*- coding: utf-8 -
"""Text."""
