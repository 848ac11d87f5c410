#!/usr/bin/env python
# Copyright
# -*- coding: utf-8 -*-
"""Text."""
