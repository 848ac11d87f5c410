"""Text."""
# -*- coding: utf-8 -*-
