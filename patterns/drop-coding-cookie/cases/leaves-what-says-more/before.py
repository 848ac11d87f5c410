# -*- mode: python; coding: utf-8; tab-width: 4 -*-
"""Text."""
