# encoding: UTF-8
# Some words.
