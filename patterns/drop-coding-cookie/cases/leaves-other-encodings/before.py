# -*- coding: ascii -*-
"""Text."""
