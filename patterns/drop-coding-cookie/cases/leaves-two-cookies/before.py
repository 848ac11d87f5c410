# -*- coding: utf-8 -*-
# vim: set fileencoding=utf-8 :
"""Text."""
