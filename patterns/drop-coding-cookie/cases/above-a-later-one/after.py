# a tool

# coding: of the fourth line
