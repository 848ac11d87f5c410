# -*- coding: utf-8 -*- Copyright
"""Text."""
