"""
# -*- coding: utf-8 -*-
"""
