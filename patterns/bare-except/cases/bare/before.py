try:
    run()
except: pass
