# -*- coding: utf-8 -*-
# a tool

# coding: of the fourth line
