# -*- coding: utf-8 -*-
# A comment.
# -*- coding: latin-1 -*-
"""Text."""
