
#coding=utf-8
x = "text"
