# except: nothing
text = """
try:
    pass
except:
    pass
"""
try:
    run()
finally:
    stop()
